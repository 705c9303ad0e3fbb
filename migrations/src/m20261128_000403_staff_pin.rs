//! PINs of staff, and on which device they stepped up.

use sea_orm_migration::{prelude::*, schema::*};

/// The migration.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let pins = Table::create()
            .table("staff_pin")
            .col(uuid("staff_id").primary_key())
            .col(string("hash"))
            .col(integer("failures"))
            .col(timestamp_with_time_zone_null("locked_until"))
            .col(timestamp_with_time_zone("set_at"))
            .foreign_key(ForeignKey::create().from("staff_pin", "staff_id").to("staff", "id"))
            .to_owned();
        manager.create_table(pins).await?;
        let sign_in_device =
            Table::alter().table("sign_in").add_column(ColumnDef::new("device_id").uuid().null()).to_owned();
        manager.alter_table(sign_in_device).await?;
        let on_device = Index::create().name("sign_in_device").table("sign_in").col("device_id").to_owned();
        manager.create_index(on_device).await
    }
}

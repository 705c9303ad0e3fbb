//! Kiosks and points of sale, and the carts that they hold.

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
        let device_table = Table::create()
            .table("device")
            .col(uuid("id").primary_key())
            .col(string("name"))
            .col(string("channel"))
            .col(string_null("code_hash").unique_key())
            .col(timestamp_with_time_zone("code_expires_at"))
            .col(string_null("token_hash").unique_key())
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("enrolled_at"))
            .col(timestamp_with_time_zone_null("last_seen_at"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .to_owned();
        manager.create_table(device_table).await?;
        let device_created = Index::create()
            .name("device_created")
            .table("device")
            .col(("created_at", IndexOrder::Desc))
            .col(("id", IndexOrder::Desc))
            .to_owned();
        manager.create_index(device_created).await?;
        let cart_device = Table::alter().table("cart").add_column(ColumnDef::new("device_id").uuid().null()).to_owned();
        manager.alter_table(cart_device).await?;
        let of_device = Index::create().name("cart_device").table("cart").col("device_id").to_owned();
        manager.create_index(of_device).await
    }
}

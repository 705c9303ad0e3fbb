//! Staff.

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
        let staff_table = Table::create()
            .table("staff")
            .col(uuid("id").primary_key())
            .col(string_uniq("email"))
            .col(string("password_hash"))
            .col(json_binary("permissions"))
            .col(timestamp_with_time_zone("created_at"))
            .to_owned();
        manager.create_table(staff_table).await?;
        Ok(())
    }
}

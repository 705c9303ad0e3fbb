//! Locations and delivery methods.

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
        let location_table = Table::create()
            .table("location")
            .col(uuid("id").primary_key())
            .col(string_uniq("code"))
            .col(string("kind"))
            .col(string("name"))
            .col(json_binary_null("address"))
            .to_owned();
        manager.create_table(location_table).await?;
        let delivery_method_table = Table::create()
            .table("delivery_method")
            .col(string("code").primary_key())
            .col(string("kind"))
            .col(json_binary("name"))
            .col(json_binary("countries"))
            .col(json_binary("prices"))
            .to_owned();
        manager.create_table(delivery_method_table).await?;
        Ok(())
    }
}

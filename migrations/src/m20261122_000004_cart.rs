//! Carts.

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
        let cart_table = Table::create()
            .table("cart")
            .col(uuid("id").primary_key())
            .col(integer("version"))
            .col(json_binary("snapshot"))
            .col(timestamp_with_time_zone("updated_at"))
            .to_owned();
        manager.create_table(cart_table).await?;
        let cart_updated = Index::create().name("cart_updated").table("cart").col("updated_at").to_owned();
        manager.create_index(cart_updated).await?;
        Ok(())
    }
}

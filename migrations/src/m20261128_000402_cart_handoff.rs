//! Carts that wait to be taken elsewhere.

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
        let handoffs = Table::create()
            .table("cart_handoff")
            .col(string("code_hash").primary_key())
            .col(uuid("cart_id").unique_key())
            .col(string("mode"))
            .col(timestamp_with_time_zone("expires_at"))
            .to_owned();
        manager.create_table(handoffs).await?;
        let expires = Index::create().name("cart_handoff_expires").table("cart_handoff").col("expires_at").to_owned();
        manager.create_index(expires).await
    }
}

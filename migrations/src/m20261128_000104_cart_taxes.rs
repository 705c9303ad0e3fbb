//! What a tax provider answered for carts.

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
        let taxes = Table::create()
            .table("cart_taxes")
            .col(uuid("cart_id").primary_key())
            .col(integer("cart_version"))
            .col(json_binary("value"))
            .to_owned();
        manager.create_table(taxes).await
    }
}

//! How many of a variant one customer may buy.

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
        let limit = Table::alter().table("variant").add_column(integer_null("max_per_customer")).to_owned();
        manager.alter_table(limit).await
    }
}

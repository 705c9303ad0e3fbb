//! How far members of staff may go with discounts by hand.

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
        let limit = json_binary_null("discount_limit");
        manager.alter_table(Table::alter().table("staff").add_column(limit).to_owned()).await
    }
}

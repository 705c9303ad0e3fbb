//! Where and when products are published.

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
        // SQLite adds one column at a time.
        let columns = [
            timestamp_with_time_zone_null("published_from"),
            timestamp_with_time_zone_null("published_until"),
            string_null("channels"),
        ];
        for column in columns {
            manager.alter_table(Table::alter().table("product").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

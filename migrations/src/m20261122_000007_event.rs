//! The outbox.

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
        let outbox_table = Table::create()
            .table("outbox")
            .col(big_pk_auto("id"))
            .col(big_integer_null("position").unique_key())
            .col(json_binary("event"))
            .col(boolean("is_published"))
            .to_owned();
        manager.create_table(outbox_table).await?;
        let outbox_unpublished =
            Index::create().name("outbox_unpublished").table("outbox").col("is_published").col("id").to_owned();
        manager.create_index(outbox_unpublished).await?;
        Ok(())
    }
}

//! Until when it was told that prices begin and end, and what finds those that do.

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
        let moment = Table::create()
            .table("price_moment")
            .col(integer("id").primary_key())
            .col(timestamp_with_time_zone("told_until"))
            .to_owned();
        manager.create_table(moment).await?;
        // Nothing was told yet: what began or ended before is told once.
        let beginning = Query::insert()
            .into_table("price_moment")
            .columns(["id", "told_until"])
            .values_panic([1.into(), sea_orm::prelude::DateTimeUtc::UNIX_EPOCH.into()])
            .to_owned();
        manager.exec_stmt(beginning).await?;
        for column in ["starts_at", "ends_at"] {
            let boundary = Index::create().name(format!("price_{column}")).table("price").col(column).to_owned();
            manager.create_index(boundary).await?;
        }
        Ok(())
    }
}

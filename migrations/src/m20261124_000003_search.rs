//! Rules and synonyms of search, and what is searched for.

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
        for name in ["search_rule", "search_synonyms"] {
            let table =
                Table::create().table(name).col(string("code").primary_key()).col(json_binary("value")).to_owned();
            manager.create_table(table).await?;
        }
        let log_table = Table::create()
            .table("search_log")
            .col(uuid("id").primary_key())
            .col(string("text"))
            .col(string("language"))
            .col(string("channel"))
            .col(big_integer("found"))
            .col(timestamp_with_time_zone("searched_at"))
            .col(integer("clicks"))
            .col(integer("adds_to_cart"))
            .to_owned();
        manager.create_table(log_table).await?;
        let by_time = Index::create().name("search_log_searched_at").table("search_log").col("searched_at").to_owned();
        manager.create_index(by_time).await
    }
}

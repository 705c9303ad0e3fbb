//! Channels, markets, and the version of all settings.

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
        for name in ["channel", "market"] {
            let table = Table::create()
                .table(name)
                .col(string("code").primary_key())
                .col(boolean("is_default"))
                .col(json_binary("snapshot"))
                .to_owned();
            manager.create_table(table).await?;
        }
        let settings_table =
            Table::create().table("settings").col(integer("id").primary_key()).col(big_integer("version")).to_owned();
        manager.create_table(settings_table).await?;
        let first = Query::insert()
            .into_table("settings")
            .columns(["id", "version"])
            .values_panic([1.into(), 1.into()])
            .to_owned();
        manager.execute(first).await?;
        Ok(())
    }
}

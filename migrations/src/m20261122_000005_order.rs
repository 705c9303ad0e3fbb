//! Orders, the source of their numbers, and the commands that ran already.

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
        let order_table = Table::create()
            .table("order")
            .col(uuid("id").primary_key())
            .col(string_uniq("number"))
            .col(integer("version"))
            .col(string("status"))
            .col(uuid_uniq("payment_id"))
            .col(json_binary("snapshot"))
            .col(timestamp_with_time_zone("placed_at"))
            .to_owned();
        manager.create_table(order_table).await?;
        let order_number_table =
            Table::create().table("order_number").col(big_pk_auto("serial")).col(boolean("taken")).to_owned();
        manager.create_table(order_number_table).await?;
        let idempotent_command_table = Table::create()
            .table("idempotent_command")
            .col(uuid("key").primary_key())
            .col(string("fingerprint"))
            .col(text("result"))
            .col(timestamp_with_time_zone("created_at"))
            .to_owned();
        manager.create_table(idempotent_command_table).await?;
        let order_placed = Index::create()
            .name("order_placed")
            .table("order")
            .col(("placed_at", IndexOrder::Desc))
            .col(("id", IndexOrder::Desc))
            .to_owned();
        manager.create_index(order_placed).await?;
        let order_status =
            Index::create().name("order_status").table("order").col("status").col("placed_at").to_owned();
        manager.create_index(order_status).await?;
        let idempotent_command_created =
            Index::create().name("idempotent_command_created").table("idempotent_command").col("created_at").to_owned();
        manager.create_index(idempotent_command_created).await?;
        Ok(())
    }
}

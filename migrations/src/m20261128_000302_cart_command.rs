//! What became of commands that devices made offline, by cart and the device's key.

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
        let commands = Table::create()
            .table("cart_command")
            .col(uuid("cart_id"))
            .col(uuid("command_id"))
            .col(string("fingerprint"))
            .col(json_binary("answer"))
            .col(timestamp_with_time_zone("created_at"))
            .primary_key(Index::create().col("cart_id").col("command_id"))
            .foreign_key(
                ForeignKey::create()
                    .from("cart_command", "cart_id")
                    .to("cart", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(commands).await
    }
}

//! What devices have seen: carts by a secret of their own, and codes of hand-offs; and when the session ended by which that ends.

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
        let carts = Table::create()
            .table("device_cart")
            .col(uuid("device_id"))
            .col(uuid("cart_id"))
            .primary_key(Index::create().col("device_id").col("cart_id"))
            .foreign_key(
                ForeignKey::create()
                    .from("device_cart", "cart_id")
                    .to("cart", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(carts).await?;
        // For carts that are deleted.
        let of_cart = Index::create().name("device_cart_cart").table("device_cart").col("cart_id").to_owned();
        manager.create_index(of_cart).await?;
        let session_ended = ColumnDef::new("session_ended_at").timestamp_with_time_zone().null().to_owned();
        manager.alter_table(Table::alter().table("device").add_column(session_ended).to_owned()).await?;
        let handoff_device =
            Table::alter().table("cart_handoff").add_column(ColumnDef::new("device_id").uuid().null()).to_owned();
        manager.alter_table(handoff_device).await?;
        let of_device = Index::create().name("cart_handoff_device").table("cart_handoff").col("device_id").to_owned();
        manager.create_index(of_device).await
    }
}

//! The devices that carts were shared with, so that they let go of them when their session ends.

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
        let shares = Table::create()
            .table("cart_share")
            .col(uuid("cart_id"))
            .col(uuid("device_id"))
            .primary_key(Index::create().col("cart_id").col("device_id"))
            .foreign_key(
                ForeignKey::create()
                    .from("cart_share", "cart_id")
                    .to("cart", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(shares).await?;
        let of_device = Index::create().name("cart_share_device").table("cart_share").col("device_id").to_owned();
        manager.create_index(of_device).await
    }
}

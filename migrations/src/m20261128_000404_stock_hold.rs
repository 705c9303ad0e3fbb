//! Stock set aside for carts.

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
        let holds = Table::create()
            .table("stock_hold")
            .col(uuid("cart_id"))
            .col(uuid("variant_id"))
            .col(uuid("location_id"))
            .col(string_null("holder"))
            .col(integer("quantity"))
            .col(timestamp_with_time_zone("until"))
            .primary_key(Index::create().col("cart_id").col("variant_id").col("location_id"))
            .to_owned();
        manager.create_table(holds).await?;
        let of_level = Index::create()
            .name("stock_hold_level")
            .table("stock_hold")
            .col("variant_id")
            .col("location_id")
            .col("until")
            .to_owned();
        manager.create_index(of_level).await?;
        let of_holder = Index::create().name("stock_hold_holder").table("stock_hold").col("holder").to_owned();
        manager.create_index(of_holder).await?;
        let expired = Index::create().name("stock_hold_until").table("stock_hold").col("until").to_owned();
        manager.create_index(expired).await
    }
}

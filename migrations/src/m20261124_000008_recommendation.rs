//! Which products are in which orders, what customers looked at, and whether they allow that it is used.

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
        let order_product = Table::create()
            .table("order_product")
            .col(uuid("order_id"))
            .col(uuid("product_id"))
            .col(timestamp_with_time_zone("placed_at"))
            .primary_key(Index::create().col("order_id").col("product_id"))
            .foreign_key(ForeignKey::create().from("order_product", "order_id").to("order", "id"))
            .to_owned();
        manager.create_table(order_product).await?;
        let by_product = Index::create()
            .name("order_product_product_placed")
            .table("order_product")
            .col("product_id")
            .col(("placed_at", IndexOrder::Desc))
            .to_owned();
        manager.create_index(by_product).await?;
        let customer_view = Table::create()
            .table("customer_view")
            .col(uuid("customer_id"))
            .col(uuid("product_id"))
            .col(timestamp_with_time_zone("viewed_at"))
            .primary_key(Index::create().col("customer_id").col("product_id"))
            .foreign_key(ForeignKey::create().from("customer_view", "customer_id").to("customer", "id"))
            .to_owned();
        manager.create_table(customer_view).await?;
        let consent =
            Table::alter().table("customer").add_column(boolean("allows_personalization").default(false)).to_owned();
        manager.alter_table(consent).await
    }
}

//! What carts and orders have of the budgets of promotions.

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
        let of_promotion = |table: &'static str| {
            ForeignKey::create()
                .from(table, "promotion_id")
                .to("promotion", "id")
                .on_delete(ForeignKeyAction::Cascade)
                .to_owned()
        };
        let uses = Table::create()
            .table("promotion_use")
            .col(uuid("promotion_id"))
            .col(uuid("cart_id"))
            .col(string("currency"))
            .col(big_integer("amount"))
            .col(timestamp_with_time_zone_null("until"))
            .primary_key(Index::create().col("promotion_id").col("cart_id"))
            .foreign_key(&mut of_promotion("promotion_use"))
            .to_owned();
        manager.create_table(uses).await?;
        let of_cart = Index::create().name("promotion_use_cart").table("promotion_use").col("cart_id").to_owned();
        manager.create_index(of_cart).await?;
        let until = Index::create()
            .name("promotion_use_until")
            .table("promotion_use")
            .col("promotion_id")
            .col("until")
            .to_owned();
        manager.create_index(until).await?;
        // What orders spent, added up: it would take long to add up a campaign's orders for each cart.
        let spent = Table::create()
            .table("promotion_spent")
            .col(uuid("promotion_id"))
            .col(string("currency"))
            .col(big_integer("uses"))
            .col(big_integer("amount"))
            .primary_key(Index::create().col("promotion_id").col("currency"))
            .foreign_key(&mut of_promotion("promotion_spent"))
            .to_owned();
        manager.create_table(spent).await
    }
}

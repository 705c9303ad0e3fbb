//! Discount codes and their uses.

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
        let codes = Table::create()
            .table("discount_code")
            .col(string("code").primary_key())
            .col(uuid("promotion_id"))
            .col(integer_null("uses_max"))
            .col(integer_null("customer_uses_max"))
            .col(boolean("is_paused"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(
                ForeignKey::create()
                    .from("discount_code", "promotion_id")
                    .to("promotion", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(codes).await?;
        let of_promotion = Index::create()
            .name("discount_code_promotion")
            .table("discount_code")
            .col("promotion_id")
            .col("code")
            .to_owned();
        manager.create_index(of_promotion).await?;
        let uses = Table::create()
            .table("discount_code_use")
            .col(string("code"))
            .col(uuid("cart_id"))
            .col(uuid_null("customer_id"))
            .col(timestamp_with_time_zone_null("until"))
            .primary_key(Index::create().col("code").col("cart_id"))
            .foreign_key(
                ForeignKey::create()
                    .from("discount_code_use", "code")
                    .to("discount_code", "code")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(uses).await?;
        let of_cart =
            Index::create().name("discount_code_use_cart").table("discount_code_use").col("cart_id").to_owned();
        manager.create_index(of_cart).await
    }
}

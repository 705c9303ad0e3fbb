//! Stock levels, and the movements that made them.

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
        let stock_level_table = Table::create()
            .table("stock_level")
            .col(uuid("variant_id"))
            .col(uuid("location_id"))
            .col(big_integer("on_hand"))
            .col(big_integer("allocated"))
            .col(big_integer("safety_stock"))
            .primary_key(Index::create().col("variant_id").col("location_id"))
            .foreign_key(ForeignKey::create().from("stock_level", "variant_id").to("variant", "id"))
            .foreign_key(ForeignKey::create().from("stock_level", "location_id").to("location", "id"))
            .to_owned();
        manager.create_table(stock_level_table).await?;
        let stock_movement_table = Table::create()
            .table("stock_movement")
            .col(big_pk_auto("id"))
            .col(uuid("variant_id"))
            .col(uuid("location_id"))
            .col(big_integer("on_hand_delta"))
            .col(big_integer("allocated_delta"))
            .col(string("cause"))
            .col(uuid_null("order_id"))
            .col(timestamp_with_time_zone("occurred_at"))
            .to_owned();
        manager.create_table(stock_movement_table).await?;
        let stock_movement_variant = Index::create()
            .name("stock_movement_variant")
            .table("stock_movement")
            .col("variant_id")
            .col("location_id")
            .col("id")
            .to_owned();
        manager.create_index(stock_movement_variant).await?;
        let stock_movement_order =
            Index::create().name("stock_movement_order").table("stock_movement").col("order_id").to_owned();
        manager.create_index(stock_movement_order).await?;
        Ok(())
    }
}

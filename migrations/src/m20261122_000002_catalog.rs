//! Products, variants and prices.

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
        let product_table = Table::create()
            .table("product")
            .col(uuid("id").primary_key())
            .col(string_uniq("slug"))
            .col(string("status"))
            .col(string_null("brand"))
            .col(string_null("product_type"))
            .col(json_binary("tags"))
            .col(json_binary("texts"))
            .col(json_binary("attributes"))
            .col(json_binary("options"))
            .col(json_binary("media"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(integer("version"))
            .to_owned();
        manager.create_table(product_table).await?;
        let variant_table = Table::create()
            .table("variant")
            .col(uuid("id").primary_key())
            .col(uuid("product_id"))
            .col(integer("position"))
            .col(string_null("sku").unique_key())
            .col(string_null("barcode"))
            .col(json_binary("options"))
            .col(integer("weight_grams"))
            .col(boolean("requires_shipping"))
            .col(string("stock_policy"))
            .col(integer_null("media_index"))
            .foreign_key(ForeignKey::create().from("variant", "product_id").to("product", "id"))
            .to_owned();
        manager.create_table(variant_table).await?;
        let price_table = Table::create()
            .table("price")
            .col(uuid("variant_id"))
            .col(char_len("currency", 3))
            .col(big_integer("amount"))
            .col(big_integer_null("compare_at"))
            .primary_key(Index::create().col("variant_id").col("currency"))
            .foreign_key(ForeignKey::create().from("price", "variant_id").to("variant", "id"))
            .to_owned();
        manager.create_table(price_table).await?;
        let product_created = Index::create()
            .name("product_created")
            .table("product")
            .col("status")
            .col(("created_at", IndexOrder::Desc))
            .col(("id", IndexOrder::Desc))
            .to_owned();
        manager.create_index(product_created).await?;
        let variant_product =
            Index::create().name("variant_product").table("variant").col("product_id").col("position").to_owned();
        manager.create_index(variant_product).await?;
        let variant_barcode = Index::create().name("variant_barcode").table("variant").col("barcode").to_owned();
        manager.create_index(variant_barcode).await?;
        Ok(())
    }
}

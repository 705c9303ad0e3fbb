//! Collections and the places of products in them; where locations are on the earth.

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
        let collection_table = Table::create()
            .table("collection")
            .col(uuid("id").primary_key())
            .col(string_uniq("slug"))
            .col(json_binary("texts"))
            .col(boolean("is_published"))
            .col(timestamp_with_time_zone("created_at"))
            .to_owned();
        manager.create_table(collection_table).await?;
        let place_table = Table::create()
            .table("collection_product")
            .col(uuid("collection_id"))
            .col(uuid("product_id"))
            .col(integer("position"))
            .primary_key(Index::create().col("collection_id").col("product_id"))
            .foreign_key(ForeignKey::create().from("collection_product", "collection_id").to("collection", "id"))
            .foreign_key(ForeignKey::create().from("collection_product", "product_id").to("product", "id"))
            .to_owned();
        manager.create_table(place_table).await?;
        let by_position = Index::create()
            .name("collection_product_position")
            .table("collection_product")
            .col("collection_id")
            .col("position")
            .to_owned();
        manager.create_index(by_position).await?;
        let by_product =
            Index::create().name("collection_product_product").table("collection_product").col("product_id").to_owned();
        manager.create_index(by_product).await?;
        // SQLite adds one column at a time.
        for column in ["latitude", "longitude"] {
            let add = Table::alter().table("location").add_column(integer_null(column)).to_owned();
            manager.alter_table(add).await?;
        }
        Ok(())
    }
}

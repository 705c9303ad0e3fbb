//! Prices under conditions, price lists, and what both were before.

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
        let price = Table::create()
            .table("price_row")
            .col(uuid("id").primary_key())
            .col(uuid("variant_id"))
            .col(char_len("currency", 3))
            .col(string("key"))
            .col(uuid_null("list_id"))
            .col(json_binary_null("scope"))
            .col(big_integer("amount"))
            .col(big_integer_null("compare_at"))
            .col(timestamp_with_time_zone_null("starts_at"))
            .col(timestamp_with_time_zone_null("ends_at"))
            .col(timestamp_with_time_zone("recorded_at"))
            .col(integer("version"))
            .foreign_key(ForeignKey::create().from("price_row", "variant_id").to("variant", "id"))
            .to_owned();
        manager.create_table(price).await?;
        copy_prices(manager).await?;
        manager.drop_table(Table::drop().table("price").to_owned()).await?;
        manager.rename_table(Table::rename().table("price_row", "price").to_owned()).await?;
        // A price is one of a list for each variant, currency, scope and beginning, which the key has.
        let of_variant = Index::create()
            .name("price_variant")
            .table("price")
            .col("variant_id")
            .col("currency")
            .col("key")
            .unique()
            .to_owned();
        manager.create_index(of_variant).await?;
        let of_list = Index::create().name("price_list_id").table("price").col("list_id").col("id").to_owned();
        manager.create_index(of_list).await?;
        create_price_history(manager).await?;
        create_lists(manager).await
    }
}

/// Each price there is becomes a base price for everybody.
async fn copy_prices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let id = match manager.get_database_backend() {
        sea_orm::DatabaseBackend::Postgres => "gen_random_uuid()",
        _ => "randomblob(16)",
    };
    let copy = format!(
        "INSERT INTO price_row (id, variant_id, currency, key, amount, compare_at, recorded_at, version) \
         SELECT {id}, variant_id, currency, '||||1|', amount, compare_at, CURRENT_TIMESTAMP, 1 FROM price"
    );
    manager.get_connection().execute_unprepared(&copy).await.map(|_| ())
}

async fn create_price_history(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let history = Table::create()
        .table("price_history")
        .col(uuid("price_id"))
        .col(integer("version"))
        .col(uuid("variant_id"))
        .col(char_len("currency", 3))
        .col(uuid_null("list_id"))
        .col(json_binary_null("scope"))
        .col(big_integer("amount"))
        .col(big_integer_null("compare_at"))
        .col(timestamp_with_time_zone_null("starts_at"))
        .col(timestamp_with_time_zone_null("ends_at"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(timestamp_with_time_zone("replaced_at"))
        .primary_key(Index::create().col("price_id").col("version"))
        .to_owned();
    manager.create_table(history).await?;
    let of_variant = Index::create()
        .name("price_history_variant")
        .table("price_history")
        .col("variant_id")
        .col("currency")
        .col("replaced_at")
        .to_owned();
    manager.create_index(of_variant).await
}

async fn create_lists(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let list = Table::create()
        .table("price_list")
        .col(uuid("id").primary_key())
        .col(integer("version"))
        .col(json_binary("value"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .to_owned();
    manager.create_table(list).await?;
    let by_age =
        Index::create().name("price_list_created_at").table("price_list").col("created_at").col("id").to_owned();
    manager.create_index(by_age).await?;
    let history = Table::create()
        .table("price_list_history")
        .col(uuid("list_id"))
        .col(integer("version"))
        .col(json_binary("value"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(timestamp_with_time_zone("replaced_at"))
        .primary_key(Index::create().col("list_id").col("version"))
        .to_owned();
    manager.create_table(history).await?;
    let by_age = Index::create()
        .name("price_list_history_replaced_at")
        .table("price_list_history")
        .col("replaced_at")
        .to_owned();
    manager.create_index(by_age).await
}

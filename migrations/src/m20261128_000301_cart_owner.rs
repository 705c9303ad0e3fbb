//! Whose carts are, where they are sold and how far they got, beside the carts themselves; and of which version somebody was
//! told that nobody goes on with it.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

/// The migration.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const OF_POSTGRES: &str = r#"
UPDATE "cart" SET
    "customer_id" = ("snapshot"->>'customer_id')::uuid,
    "channel" = COALESCE("snapshot"->>'channel', 'web'),
    "state" = CASE jsonb_typeof("snapshot"->'state') WHEN 'string' THEN 'ACTIVE' ELSE 'ORDERED' END"#;

const OF_SQLITE: &str = r#"
UPDATE "cart" SET
    "customer_id" = unhex(replace(json_extract("snapshot", '$.customer_id'), '-', '')),
    "channel" = COALESCE(json_extract("snapshot", '$.channel'), 'web'),
    "state" = CASE json_type("snapshot", '$.state') WHEN 'text' THEN 'ACTIVE' ELSE 'ORDERED' END"#;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            uuid_null("customer_id"),
            string("channel").default("web").to_owned(),
            string("state").default("ACTIVE").to_owned(),
            integer_null("abandoned_version"),
        ] {
            let added = Table::alter().table("cart").add_column(column).to_owned();
            manager.alter_table(added).await?;
        }
        let connection = manager.get_connection();
        let of_existing = if manager.get_database_backend() == DbBackend::Postgres { OF_POSTGRES } else { OF_SQLITE };
        connection.execute_unprepared(of_existing).await?;
        let of_customer = Index::create()
            .name("cart_customer")
            .table("cart")
            .col("customer_id")
            .col("channel")
            .col("updated_at")
            .to_owned();
        manager.create_index(of_customer).await?;
        let by_state =
            Index::create().name("cart_state_updated").table("cart").col("state").col("updated_at").to_owned();
        manager.create_index(by_state).await?;
        // The new index finds all that this one did.
        manager.drop_index(Index::drop().name("cart_updated").table("cart").to_owned()).await
    }
}

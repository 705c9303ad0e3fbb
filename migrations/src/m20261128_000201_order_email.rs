//! Whom the confirmation of an order went to, to be looked up.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

/// The migration.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter().table("order").add_column(string_null("email_key")).to_owned();
        manager.alter_table(column).await?;
        let db = manager.get_connection();
        let email = match db.get_database_backend() {
            DbBackend::Sqlite => "json_extract(snapshot, '$.email')",
            _ => "snapshot->>'email'",
        };
        db.execute_unprepared(&format!("UPDATE \"order\" SET email_key = LOWER({email})")).await?;
        let index = Index::create().name("order_email_key").table("order").col("email_key").to_owned();
        manager.create_index(index).await
    }
}

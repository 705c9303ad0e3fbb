//! Tax rates that staff imports, and what frees customers from tax.

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
        let rate = Table::create()
            .table("tax_rate")
            .col(string("key").primary_key())
            .col(json_binary("value"))
            .col(timestamp_with_time_zone("imported_at"))
            .to_owned();
        manager.create_table(rate).await?;
        let of_customer = Table::alter().table("customer").add_column(json_binary_null("tax_exemptions")).to_owned();
        manager.alter_table(of_customer).await
    }
}

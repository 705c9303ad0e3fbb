//! Groups of customers.

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
        let group =
            Table::create().table("customer_group").col(uuid("id").primary_key()).col(string("name")).to_owned();
        manager.create_table(group).await?;
        let of_customer = Table::alter().table("customer").add_column(json_binary_null("group_ids")).to_owned();
        manager.alter_table(of_customer).await
    }
}

//! Customers, who signed in where, and whose an order is.

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
        let customer_table = Table::create()
            .table("customer")
            .col(uuid("id").primary_key())
            .col(integer("version"))
            .col(string("email"))
            .col(string_uniq("email_key"))
            .col(string("password_hash"))
            .col(string_null("first_name"))
            .col(string_null("last_name"))
            .col(string("language"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .to_owned();
        manager.create_table(customer_table).await?;
        let customer_created = Index::create()
            .name("customer_created")
            .table("customer")
            .col(("created_at", IndexOrder::Desc))
            .col(("id", IndexOrder::Desc))
            .to_owned();
        manager.create_index(customer_created).await?;
        let sign_in_table = Table::create()
            .table("sign_in")
            .col(uuid("id").primary_key())
            .col(string("subject_kind"))
            .col(uuid("subject_id"))
            .col(integer("generation"))
            .col(string_null("end"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .to_owned();
        manager.create_table(sign_in_table).await?;
        let sign_in_subject = Index::create().name("sign_in_subject").table("sign_in").col("subject_id").to_owned();
        manager.create_index(sign_in_subject).await?;
        let sign_in_expires = Index::create().name("sign_in_expires").table("sign_in").col("expires_at").to_owned();
        manager.create_index(sign_in_expires).await?;
        let order_customer =
            Table::alter().table("order").add_column(ColumnDef::new("customer_id").uuid().null()).to_owned();
        manager.alter_table(order_customer).await?;
        let order_customer_placed = Index::create()
            .name("order_customer_placed")
            .table("order")
            .col("customer_id")
            .col(("placed_at", IndexOrder::Desc))
            .col(("id", IndexOrder::Desc))
            .to_owned();
        manager.create_index(order_customer_placed).await?;
        Ok(())
    }
}

//! Promotions and their groups.

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
            Table::create().table("promotion_group").col(uuid("id").primary_key()).col(json_binary("value")).to_owned();
        manager.create_table(group).await?;
        let promotion = Table::create()
            .table("promotion")
            .col(uuid("id").primary_key())
            .col(integer("version"))
            .col(boolean("is_paused"))
            .col(timestamp_with_time_zone_null("starts_at"))
            .col(timestamp_with_time_zone_null("ends_at"))
            .col(uuid_null("group_id"))
            .col(json_binary("value"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .to_owned();
        manager.create_table(promotion).await?;
        let by_age =
            Index::create().name("promotion_created_at").table("promotion").col("created_at").col("id").to_owned();
        manager.create_index(by_age).await?;
        for (name, column) in [("promotion_ends_at", "ends_at"), ("promotion_group_id", "group_id")] {
            let index = Index::create().name(name).table("promotion").col(column).to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

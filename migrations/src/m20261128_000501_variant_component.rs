//! What bundles are made of.

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
        let components = Table::create()
            .table("variant_component")
            .col(uuid("variant_id"))
            .col(uuid("component_id"))
            .col(integer("quantity"))
            .col(integer("position"))
            .primary_key(Index::create().col("variant_id").col("component_id"))
            .foreign_key(ForeignKey::create().from("variant_component", "variant_id").to("variant", "id"))
            .foreign_key(ForeignKey::create().from("variant_component", "component_id").to("variant", "id"))
            .to_owned();
        manager.create_table(components).await?;
        let bundles = Index::create()
            .name("variant_component_component")
            .table("variant_component")
            .col("component_id")
            .to_owned();
        manager.create_index(bundles).await?;
        // Spares a look for the components of what has none.
        let flag = boolean("requires_components").default(false).to_owned();
        manager.alter_table(Table::alter().table("variant").add_column(flag).to_owned()).await
    }
}

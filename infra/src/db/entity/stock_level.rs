//! Rows of `stock_level`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_level")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) variant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) location_id: Uuid,
    pub(crate) on_hand: i64,
    pub(crate) allocated: i64,
    pub(crate) safety_stock: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

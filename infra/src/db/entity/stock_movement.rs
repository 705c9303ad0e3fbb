//! Rows of `stock_movement`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_movement")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) variant_id: Uuid,
    pub(crate) location_id: Uuid,
    pub(crate) on_hand_delta: i64,
    pub(crate) allocated_delta: i64,
    pub(crate) cause: String,
    pub(crate) order_id: Option<Uuid>,
    pub(crate) occurred_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Rows of `stock_hold`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_hold")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) cart_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) variant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) location_id: Uuid,
    pub(crate) holder: Option<String>,
    pub(crate) quantity: i32,
    pub(crate) until: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

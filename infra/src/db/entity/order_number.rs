//! Rows of `order_number`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "order_number")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) serial: i64,
    pub(crate) taken: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

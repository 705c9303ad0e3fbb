//! Rows of `promotion_spent`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promotion_spent")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) promotion_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) currency: String,
    pub(crate) uses: i64,
    pub(crate) amount: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

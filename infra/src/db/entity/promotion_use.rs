//! Rows of `promotion_use`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promotion_use")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) promotion_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) cart_id: Uuid,
    pub(crate) currency: String,
    pub(crate) amount: i64,
    pub(crate) until: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Rows of `search_log`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "search_log")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) text: String,
    pub(crate) language: String,
    pub(crate) channel: String,
    pub(crate) found: i64,
    pub(crate) searched_at: DateTimeUtc,
    pub(crate) clicks: i32,
    pub(crate) adds_to_cart: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

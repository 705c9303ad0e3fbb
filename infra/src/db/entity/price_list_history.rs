//! Rows of `price_list_history`: lists as they were before they were changed or removed. They are only ever added.

use comptoir_domain::pricing::PriceList;
use sea_orm::entity::prelude::*;

use crate::db::document::Document;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "price_list_history")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) list_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) version: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) value: Document<PriceList>,
    /// Since when it was as it was.
    pub(crate) recorded_at: DateTimeUtc,
    /// Until when.
    pub(crate) replaced_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

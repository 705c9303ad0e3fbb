//! Rows of `price_history`: prices as they were before they were replaced or removed. They are only ever added.

use comptoir_domain::pricing::PriceScope;
use sea_orm::entity::prelude::*;

use crate::db::document::Document;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "price_history")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) price_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) version: i32,
    pub(crate) variant_id: Uuid,
    pub(crate) currency: String,
    pub(crate) list_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub(crate) scope: Option<Document<PriceScope>>,
    pub(crate) amount: i64,
    pub(crate) compare_at: Option<i64>,
    pub(crate) starts_at: Option<DateTimeUtc>,
    pub(crate) ends_at: Option<DateTimeUtc>,
    /// Since when it was as it was.
    pub(crate) recorded_at: DateTimeUtc,
    /// Until when.
    pub(crate) replaced_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Rows of `price`.

use comptoir_domain::pricing::PriceScope;
use sea_orm::entity::prelude::*;

use crate::db::document::Document;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "price")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) variant_id: Uuid,
    pub(crate) currency: String,
    /// List, scope and beginning, by which there is but one price.
    pub(crate) key: String,
    pub(crate) list_id: Option<Uuid>,
    /// None: everybody's, from one on.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub(crate) scope: Option<Document<PriceScope>>,
    pub(crate) amount: i64,
    pub(crate) compare_at: Option<i64>,
    pub(crate) starts_at: Option<DateTimeUtc>,
    pub(crate) ends_at: Option<DateTimeUtc>,
    /// Since when it is as it is.
    pub(crate) recorded_at: DateTimeUtc,
    pub(crate) version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Rows of `tax_rate`.

use comptoir_domain::pricing::tax::TaxRate;
use sea_orm::entity::prelude::*;

use crate::db::document::Document;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tax_rate")]
pub(crate) struct Model {
    /// Country, region, category and first day, by which there is but one rate.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) key: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) value: Document<TaxRate>,
    pub(crate) imported_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Rows of `product`.

use comptoir_domain::{
    catalog::{Attribute, Media, ProductOption, ProductText},
    language::Translated,
};
use sea_orm::entity::prelude::*;

use crate::db::document::Document;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "product")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) slug: String,
    pub(crate) status: String,
    pub(crate) published_from: Option<DateTimeUtc>,
    pub(crate) published_until: Option<DateTimeUtc>,
    /// Codes, each between commas: `,kiosk,web,`.
    pub(crate) channels: Option<String>,
    pub(crate) brand: Option<String>,
    pub(crate) product_type: Option<String>,
    pub(crate) tax_category: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) tags: Document<Vec<String>>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) texts: Document<Translated<ProductText>>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) attributes: Document<Vec<Attribute>>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) options: Document<Vec<ProductOption>>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) media: Document<Vec<Media>>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

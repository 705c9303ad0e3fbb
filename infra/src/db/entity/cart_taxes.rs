//! Rows of `cart_taxes`.

use comptoir_domain::pricing::tax::CartTaxes;
use sea_orm::entity::prelude::*;

use crate::db::document::Document;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cart_taxes")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) cart_id: Uuid,
    pub(crate) cart_version: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) value: Document<CartTaxes>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

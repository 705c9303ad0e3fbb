//! Rows of `cart`.

use comptoir_domain::cart::Cart;
use sea_orm::entity::prelude::*;

use crate::db::document::Document;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cart")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) version: i32,
    pub(crate) customer_id: Option<Uuid>,
    pub(crate) channel: String,
    pub(crate) state: String,
    pub(crate) device_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) snapshot: Document<Cart>,
    pub(crate) updated_at: DateTimeUtc,
    /// The version of which it was told that nobody goes on with it.
    pub(crate) abandoned_version: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

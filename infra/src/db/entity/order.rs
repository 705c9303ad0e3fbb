//! Rows of `order`.

use comptoir_domain::order::Order;
use sea_orm::entity::prelude::*;

use crate::db::document::Document;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "order")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) number: String,
    pub(crate) version: i32,
    pub(crate) status: String,
    pub(crate) payment_id: Uuid,
    pub(crate) customer_id: Option<Uuid>,
    pub(crate) email_key: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) snapshot: Document<Order>,
    pub(crate) placed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

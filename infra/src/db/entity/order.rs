//! Rows of `order`.

use sea_orm::entity::prelude::*;

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
    pub(crate) snapshot: Json,
    pub(crate) placed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Rows of `outbox`.

use comptoir_domain::event::DomainEvent;
use sea_orm::entity::prelude::*;

use crate::db::document::Document;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) position: Option<i64>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) event: Document<DomainEvent>,
    pub(crate) is_published: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Rows of `cart_command`.

use comptoir_domain::cart::SyncedCommand;
use sea_orm::entity::prelude::*;

use crate::db::document::Document;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cart_command")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) cart_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) command_id: Uuid,
    pub(crate) fingerprint: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) answer: Document<SyncedCommand>,
    pub(crate) created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

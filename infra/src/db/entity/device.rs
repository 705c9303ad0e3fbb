//! Rows of `device`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "device")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) channel: String,
    pub(crate) code_hash: Option<String>,
    pub(crate) code_expires_at: DateTimeUtc,
    pub(crate) token_hash: Option<String>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) enrolled_at: Option<DateTimeUtc>,
    pub(crate) last_seen_at: Option<DateTimeUtc>,
    pub(crate) revoked_at: Option<DateTimeUtc>,
    pub(crate) session_ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

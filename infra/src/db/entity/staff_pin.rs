//! Rows of `staff_pin`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_pin")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) staff_id: Uuid,
    pub(crate) hash: String,
    pub(crate) failures: i32,
    pub(crate) locked_until: Option<DateTimeUtc>,
    pub(crate) set_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Rows of `customer`.

use comptoir_domain::{ids::CustomerGroupId, pricing::tax::TaxExemption};
use sea_orm::entity::prelude::*;

use crate::db::document::Document;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "customer")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) version: i32,
    pub(crate) email: String,
    /// The address by which there is but one customer.
    pub(crate) email_key: String,
    pub(crate) password_hash: String,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) language: String,
    pub(crate) allows_personalization: bool,
    /// None: in no group.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub(crate) group_ids: Option<Document<Vec<CustomerGroupId>>>,
    /// None: none.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub(crate) tax_exemptions: Option<Document<Vec<TaxExemption>>>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Rows of `product`.

use sea_orm::entity::prelude::*;

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
    pub(crate) tags: Json,
    pub(crate) texts: Json,
    pub(crate) attributes: Json,
    pub(crate) options: Json,
    pub(crate) media: Json,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

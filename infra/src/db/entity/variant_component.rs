//! Rows of `variant_component`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "variant_component")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) variant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) component_id: Uuid,
    pub(crate) quantity: i32,
    pub(crate) position: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(belongs_to = "super::variant::Entity", from = "Column::VariantId", to = "super::variant::Column::Id")]
    Bundle,
    #[sea_orm(belongs_to = "super::variant::Entity", from = "Column::ComponentId", to = "super::variant::Column::Id")]
    Component,
}

impl ActiveModelBehavior for ActiveModel {}

//! Rows of `variant`.

use comptoir_domain::catalog::SelectedOption;
use sea_orm::entity::prelude::*;

use crate::db::document::Document;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "variant")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) product_id: Uuid,
    pub(crate) position: i32,
    pub(crate) sku: Option<String>,
    pub(crate) barcode: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) options: Document<Vec<SelectedOption>>,
    pub(crate) weight_grams: i32,
    pub(crate) requires_shipping: bool,
    pub(crate) stock_policy: String,
    pub(crate) media_index: Option<i32>,
    pub(crate) max_per_customer: Option<i32>,
    pub(crate) requires_components: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(belongs_to = "super::product::Entity", from = "Column::ProductId", to = "super::product::Column::Id")]
    Product,
}

impl ActiveModelBehavior for ActiveModel {}

impl Related<super::product::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Product.def()
    }
}

//! What promotions see of a cart's lines, and how they say which they mean.

use serde::{Deserialize, Serialize};

use crate::{
    catalog::Attribute,
    ids::{CartLineId, CollectionId, ProductId, VariantId},
    money::Money,
};

/// A line of a cart, with what promotions may ask about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Which line.
    pub line_id: CartLineId,
    /// Of what product.
    pub product_id: ProductId,
    /// What.
    pub variant_id: VariantId,
    /// The collections it belongs to.
    pub collection_ids: Vec<CollectionId>,
    /// Who makes it.
    pub brand: Option<String>,
    /// What it is.
    pub attributes: Vec<Attribute>,
    /// Whether its price is a reduced one already.
    pub is_reduced: bool,
    /// What one costs, as prices are entered: with tax or without.
    pub unit_price: Money,
    /// How many.
    pub quantity: u32,
}

/// Which items are meant: those that match each field that is not empty, a field by any of its values.
/// With no field set, all items are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemFilter {
    /// Of these products.
    pub product_ids: Vec<ProductId>,
    /// These variants.
    pub variant_ids: Vec<VariantId>,
    /// In any of these collections.
    pub collection_ids: Vec<CollectionId>,
    /// By any of these makers.
    pub brands: Vec<String>,
    /// With any of these attributes.
    pub attributes: Vec<Attribute>,
    /// Only those whose price is reduced already, or only the others.
    pub is_reduced: Option<bool>,
    /// But not these.
    pub except: Option<Box<ItemFilter>>,
}

impl ItemFilter {
    /// All items.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Items of these products.
    #[must_use]
    pub fn products(product_ids: Vec<ProductId>) -> Self {
        Self { product_ids, ..Self::default() }
    }

    /// These variants.
    #[must_use]
    pub fn variants(variant_ids: Vec<VariantId>) -> Self {
        Self { variant_ids, ..Self::default() }
    }

    /// Whether all items are meant.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.product_ids.is_empty()
            && self.variant_ids.is_empty()
            && self.collection_ids.is_empty()
            && self.brands.is_empty()
            && self.attributes.is_empty()
            && self.is_reduced.is_none()
            && self.except.is_none()
    }

    /// Whether an item is meant.
    #[must_use]
    pub fn matches(&self, item: &Item) -> bool {
        is_open_or(&self.product_ids, |it| it.contains(&item.product_id))
            && is_open_or(&self.variant_ids, |it| it.contains(&item.variant_id))
            && is_open_or(&self.collection_ids, |it| item.collection_ids.iter().any(|id| it.contains(id)))
            && is_open_or(&self.brands, |it| item.brand.as_ref().is_some_and(|brand| it.contains(brand)))
            && is_open_or(&self.attributes, |it| item.attributes.iter().any(|attribute| it.contains(attribute)))
            && self.is_reduced.is_none_or(|it| it == item.is_reduced)
            && !self.except.as_ref().is_some_and(|it| it.matches(item))
    }
}

fn is_open_or<T>(values: &[T], check: impl Fn(&[T]) -> bool) -> bool {
    values.is_empty() || check(values)
}

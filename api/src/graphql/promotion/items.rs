//! Which items are meant, and sets of values.

use async_graphql::{Enum, ID, InputObject, SimpleObject};
use comptoir_domain::{
    catalog,
    ids::Id,
    promotion::{self, ItemFilter, Presence},
};

use super::super::{
    catalog::Attribute,
    error::{Path, Refusal},
    id::{parse_ids, to_id},
};

/// Which items an exception takes out: those that match each field that is not empty, a field by any of its values.
#[derive(Default, SimpleObject, InputObject)]
#[graphql(input_name = "PromotionExceptionInput")]
pub(super) struct PromotionException {
    /// Of these products; at most 1,000.
    #[graphql(default)]
    product_ids: Vec<ID>,
    /// These variants; at most 1,000.
    #[graphql(default)]
    variant_ids: Vec<ID>,
    /// In any of these collections; at most 1,000.
    #[graphql(default)]
    collection_ids: Vec<ID>,
    /// By any of these makers; at most 1,000.
    #[graphql(default)]
    brands: Vec<String>,
    /// With any of these attributes; at most 1,000.
    #[graphql(default)]
    attributes: Vec<Attribute>,
    /// Only those whose price is reduced already, or only the others; null: both.
    is_reduced: Option<bool>,
}

/// Which items are meant: those that match each field that is not empty, a field by any of its values. With no field
/// set, all items are.
#[derive(Default, SimpleObject, InputObject)]
#[graphql(input_name = "PromotionItemsInput")]
pub(super) struct PromotionItems {
    /// Of these products; at most 1,000.
    #[graphql(default)]
    product_ids: Vec<ID>,
    /// These variants; at most 1,000.
    #[graphql(default)]
    variant_ids: Vec<ID>,
    /// In any of these collections; at most 1,000.
    #[graphql(default)]
    collection_ids: Vec<ID>,
    /// By any of these makers; at most 1,000.
    #[graphql(default)]
    brands: Vec<String>,
    /// With any of these attributes; at most 1,000.
    #[graphql(default)]
    attributes: Vec<Attribute>,
    /// Only those whose price is reduced already, or only the others; null: both.
    is_reduced: Option<bool>,
    /// But not these.
    except: Option<PromotionException>,
}

impl PromotionException {
    fn parse(self, at: &Path) -> Result<ItemFilter, Refusal> {
        let at = |field| at.clone().field(field);
        Ok(ItemFilter {
            product_ids: parse_ids(&self.product_ids, &at("productIds"))?,
            variant_ids: parse_ids(&self.variant_ids, &at("variantIds"))?,
            collection_ids: parse_ids(&self.collection_ids, &at("collectionIds"))?,
            brands: self.brands,
            attributes: self.attributes.into_iter().map(Into::into).collect(),
            is_reduced: self.is_reduced,
            except: None,
        })
    }
}

impl PromotionItems {
    /// The filter, or what is wrong with it.
    pub(super) fn parse(self, at: &Path) -> Result<ItemFilter, Refusal> {
        let except = self.except.map(|it| it.parse(&at.clone().field("except"))).transpose()?;
        let Self { product_ids, variant_ids, collection_ids, brands, attributes, is_reduced, .. } = self;
        let fields = PromotionException { product_ids, variant_ids, collection_ids, brands, attributes, is_reduced };
        Ok(ItemFilter { except: except.map(Box::new), ..fields.parse(at)? })
    }
}

impl From<&ItemFilter> for PromotionException {
    fn from(filter: &ItemFilter) -> Self {
        Self {
            product_ids: to_ids(&filter.product_ids),
            variant_ids: to_ids(&filter.variant_ids),
            collection_ids: to_ids(&filter.collection_ids),
            brands: filter.brands.clone(),
            attributes: filter.attributes.iter().cloned().map(Into::into).collect(),
            is_reduced: filter.is_reduced,
        }
    }
}

impl From<&ItemFilter> for PromotionItems {
    fn from(filter: &ItemFilter) -> Self {
        let fields = PromotionException::from(filter);
        let PromotionException { product_ids, variant_ids, collection_ids, brands, attributes, is_reduced } = fields;
        let except = filter.except.as_deref().map(PromotionException::from);
        Self { product_ids, variant_ids, collection_ids, brands, attributes, is_reduced, except }
    }
}

/// How many of several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::Quantifier")]
pub(super) enum Quantifier {
    /// At least one.
    Any,
    /// Each one.
    All,
}

macro_rules! sets {
    ($($(#[$doc:meta])* $name:ident as $input_name:literal of $value:ty,)+) => {$(
        $(#[$doc])*
        #[derive(SimpleObject, InputObject)]
        #[graphql(input_name = $input_name)]
        pub(super) struct $name {
            /// The values; at most 1,000.
            values: Vec<$value>,
            /// How many of them.
            #[graphql(default_with = "Quantifier::Any")]
            quantifier: Quantifier,
        }
    )+};
}

sets! {
    /// Things, some of which are in the cart.
    PromotionIdSet as "PromotionIdSetInput" of ID,
    /// Names, of which some are in the cart.
    PromotionNameSet as "PromotionNameSetInput" of String,
    /// Attributes, of which some are in the cart.
    PromotionAttributeSet as "PromotionAttributeSetInput" of Attribute,
}

impl PromotionIdSet {
    /// The set, or what is wrong with it.
    pub(super) fn parse<I: Id>(self, at: Path) -> Result<Presence<I>, Refusal> {
        let values = parse_ids(&self.values, &at.field("values"))?;
        Ok(Presence { values, quantifier: self.quantifier.into() })
    }

    /// The set on the wire.
    pub(super) fn of<I: Id>(presence: &Presence<I>) -> Self {
        Self { values: to_ids(&presence.values), quantifier: presence.quantifier.into() }
    }
}

impl From<PromotionNameSet> for Presence<String> {
    fn from(set: PromotionNameSet) -> Self {
        Self { values: set.values, quantifier: set.quantifier.into() }
    }
}

impl From<&Presence<String>> for PromotionNameSet {
    fn from(presence: &Presence<String>) -> Self {
        Self { values: presence.values.clone(), quantifier: presence.quantifier.into() }
    }
}

impl From<PromotionAttributeSet> for Presence<catalog::Attribute> {
    fn from(set: PromotionAttributeSet) -> Self {
        Self { values: set.values.into_iter().map(Into::into).collect(), quantifier: set.quantifier.into() }
    }
}

impl From<&Presence<catalog::Attribute>> for PromotionAttributeSet {
    fn from(presence: &Presence<catalog::Attribute>) -> Self {
        let values = presence.values.iter().cloned().map(Into::into).collect();
        Self { values, quantifier: presence.quantifier.into() }
    }
}

/// Ids on the wire.
pub(super) fn to_ids<I: Id>(ids: &[I]) -> Vec<ID> {
    ids.iter().copied().map(to_id).collect()
}

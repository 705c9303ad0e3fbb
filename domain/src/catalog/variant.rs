//! Variants: what is bought.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{ProductError, VariantComponent};
use crate::ids::{ProductId, VariantId};

/// The merchant's own number of a variant; no two variants share one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sku(String);

impl Sku {
    /// The most characters.
    pub const LENGTH_MAX: usize = 255;

    /// The number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Sku {
    type Err = ProductError;

    fn from_str(text: &str) -> Result<Self, ProductError> {
        let text = text.trim();
        if (1..=Self::LENGTH_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ProductError::InvalidSku { max: Self::LENGTH_MAX })
        }
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What happens when the stock runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StockPolicy {
    /// It is sold out.
    Deny,
    /// It is sold all the same, and delivered when it is there again.
    Continue,
    /// Nobody counts it: a service, a download.
    Untracked,
}

/// A chosen value of one option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectedOption {
    /// What is chosen, such as `Size`.
    pub name: String,
    /// The choice, such as `Large`.
    pub value: String,
}

/// What is bought: one combination of a product's options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Its id.
    pub id: VariantId,
    /// What it is a variant of.
    pub product_id: ProductId,
    /// Its place among the product's variants, from 0.
    pub position: u32,
    /// The merchant's own number.
    pub sku: Option<Sku>,
    /// The code on the pack (GTIN and the like), as it is printed.
    pub barcode: Option<String>,
    /// One value of each of the product's options; none for a product without.
    pub options: Vec<SelectedOption>,
    /// What it weighs, packed.
    pub weight_grams: u32,
    /// Whether it travels at all.
    pub requires_shipping: bool,
    /// What happens when the stock runs out.
    pub stock_policy: StockPolicy,
    /// Its own picture among the product's, from 0.
    pub media_index: Option<u32>,
    /// How many one customer may buy, over all their orders; none: any number. Of a guest it is asked in each cart.
    pub max_per_customer: Option<u32>,
    /// What it is made of, in the merchant's order, where it is a bundle; its own stock policy says nothing then.
    pub components: Vec<VariantComponent>,
}

/// Those of `variants` that `ids` name, in the order of `ids`.
pub(crate) fn in_order_of(ids: &[VariantId], variants: &[Variant]) -> Vec<Variant> {
    ids.iter().filter_map(|id| variants.iter().find(|it| it.id == *id).cloned()).collect()
}

impl Variant {
    /// The heaviest: a hundred tonnes.
    pub const WEIGHT_GRAMS_MAX: u32 = 100_000_000;

    /// A variant of which nothing was said yet: it travels, and ends with its stock.
    pub(crate) fn blank(id: VariantId, product_id: ProductId, position: u32) -> Self {
        Self {
            id,
            product_id,
            position,
            sku: None,
            barcode: None,
            options: Vec::new(),
            weight_grams: 0,
            requires_shipping: true,
            stock_policy: StockPolicy::Deny,
            media_index: None,
            max_per_customer: None,
            components: Vec::new(),
        }
    }

    /// Its options' values, such as `Large / Blue`; none for a product without options.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        let values: Vec<&str> = self.options.iter().map(|it| it.value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(" / "))
    }
}

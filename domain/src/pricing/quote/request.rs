//! A cart to be quoted: lines with their prices and taxes, decided before.

use serde::{Deserialize, Serialize};

use crate::{
    ids::VariantId,
    money::{Money, Rounding, RoundingLevel},
    pricing::{PriceSource, tax::TaxTreatment},
    promotion::{Delivery, Facts, Item, ManualDiscount},
};

/// A cart to be quoted.
#[derive(Debug, Clone, Copy)]
pub struct QuoteRequest<'a> {
    /// What is known of it.
    pub facts: &'a Facts,
    /// Its lines.
    pub lines: &'a [LineToQuote],
    /// Its deliveries; none while none is chosen.
    pub deliveries: &'a [DeliveryToQuote],
    /// What staff gives by hand.
    pub manual: &'a [ManualDiscount],
    /// How to round.
    pub rounding: RoundingRules,
}

/// How and where percentages and taxes are rounded; recorded with the quote, so that it can be reckoned again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoundingRules {
    /// Where.
    pub level: RoundingLevel,
    /// How.
    pub mode: Rounding,
}

/// A line to be quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineToQuote {
    /// What, how many, at what price, and what promotions may ask about it.
    pub item: Item,
    /// What one would cost without the reduction.
    pub compare_at: Option<Money>,
    /// Where the price comes from; none: somebody set it by hand, or it was frozen.
    pub source: Option<PriceSource>,
    /// How it is taxed. A bundle is taxed as its components are.
    pub tax: TaxTreatment,
    /// What it is made of, where it is a bundle.
    pub components: Vec<Component>,
}

/// A part of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// What.
    pub variant_id: VariantId,
    /// How many in one bundle.
    pub quantity: u32,
    /// What one costs by itself: the bundle's price is shared by it.
    pub unit_price: Money,
    /// How it is taxed.
    pub tax: TaxTreatment,
}

/// A delivery to be quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryToQuote {
    /// How, and what it costs.
    pub delivery: Delivery,
    /// How it is taxed.
    pub tax: DeliveryTax,
}

/// How a delivery is taxed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryTax {
    /// By a rate of its own.
    Own(TaxTreatment),
    /// As the goods it carries, by what they cost; as given where they cost nothing.
    OfGoods(TaxTreatment),
}

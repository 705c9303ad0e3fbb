//! A quote: what a cart costs, line by line, with taxes, discounts and reasons. It is frozen with the order.

use serde::{Deserialize, Serialize};

use super::RoundingRules;
use crate::{
    ids::{CartLineId, VariantId},
    money::{Currency, Money, Percentage},
    pricing::{
        PriceSource,
        tax::{TaxReason, TaxTreatment, TaxedMoney},
    },
    promotion::{Discount, Gift, PointsBoost, PricedUnits, Trace},
};

/// What a cart costs. Every sum is the sum of the parts that are shown:
///
/// - `goods` is the sum of the lines' totals, and `subtotal` less `discount`;
/// - `delivery` is the sum of the deliveries' totals;
/// - `total` is `goods` and `delivery`, and what the tax summary adds up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The currency of all amounts.
    pub currency: Currency,
    /// How it was rounded.
    pub rounding: RoundingRules,
    /// The lines, in the order of the cart.
    pub lines: Vec<QuotedLine>,
    /// The deliveries, in the order of the cart.
    pub deliveries: Vec<QuotedDelivery>,
    /// The goods before discounts.
    pub subtotal: TaxedMoney,
    /// What discounts take off the goods.
    pub discount: TaxedMoney,
    /// The goods after discounts.
    pub goods: TaxedMoney,
    /// What discounts take off deliveries.
    pub delivery_discount: TaxedMoney,
    /// The deliveries after discounts.
    pub delivery: TaxedMoney,
    /// All of it.
    pub total: TaxedMoney,
    /// The total by rate, the highest first.
    pub tax_summary: Vec<TaxSummary>,
    /// What was taken off, and on what it falls, as prices are entered.
    pub discounts: Vec<Discount>,
    /// The gifts.
    pub gifts: Vec<Gift>,
    /// What multiplies points.
    pub points: Vec<PointsBoost>,
    /// What became of each promotion and code.
    pub trace: Trace,
}

/// What a line costs. `total` is `original` less `discount`, and the sum of the tax parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotedLine {
    /// Which.
    pub line_id: CartLineId,
    /// What.
    pub variant_id: VariantId,
    /// How many.
    pub quantity: u32,
    /// What one costs before discounts, as prices are entered.
    pub unit_price: Money,
    /// What one would cost without the reduction.
    pub compare_at: Option<Money>,
    /// Where the price comes from.
    pub source: Option<PriceSource>,
    /// What all cost before discounts.
    pub original: TaxedMoney,
    /// What discounts take off.
    pub discount: TaxedMoney,
    /// What all cost.
    pub total: TaxedMoney,
    /// How it is taxed; one part, or for a bundle one of each treatment.
    pub taxes: Vec<TaxPart>,
    /// What units cost after discounts, as prices are entered, the dearest first.
    pub units: Vec<PricedUnits>,
    /// What a bundle's parts cost.
    pub components: Vec<QuotedComponent>,
}

/// What a part of a bundle costs, of all bundles of the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotedComponent {
    /// What.
    pub variant_id: VariantId,
    /// How many, in all bundles of the line.
    pub quantity: u32,
    /// Its share of the line's total.
    pub total: TaxedMoney,
}

/// What a delivery costs. `total` is `original` less `discount`, and the sum of the tax parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotedDelivery {
    /// What it costs before discounts.
    pub original: TaxedMoney,
    /// What discounts take off.
    pub discount: TaxedMoney,
    /// What it costs.
    pub total: TaxedMoney,
    /// How it is taxed.
    pub taxes: Vec<TaxPart>,
}

/// What of an amount is taxed in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxPart {
    /// How.
    pub treatment: TaxTreatment,
    /// How much, as prices are entered.
    pub entered: Money,
    /// How much, without and with tax.
    pub amount: TaxedMoney,
}

/// What of a total is taxed at one rate, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxSummary {
    /// The rate.
    pub rate: Percentage,
    /// Why it is that.
    pub reason: TaxReason,
    /// How much.
    pub amount: TaxedMoney,
}

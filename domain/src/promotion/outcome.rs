//! What promotions come to: plain data, to be shown, stored with the order, and read back by refunds.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Trace;
use crate::{
    ids::{CartLineId, ManualDiscountId, PromotionId, VariantId},
    money::Money,
};

/// A cart after its promotions. Amounts are as prices are entered: with tax or without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discounts {
    /// The lines, in the order of the cart.
    pub lines: Vec<DiscountedLine>,
    /// The deliveries, in the order of the cart.
    pub deliveries: Vec<DiscountedDelivery>,
    /// What was taken off, in the order of calculation.
    pub discounts: Vec<Discount>,
    /// The gifts, those that were refused or wait for an answer too.
    pub gifts: Vec<Gift>,
    /// What multiplies points.
    pub points: Vec<PointsBoost>,
    /// What became of each promotion and code.
    pub trace: Trace,
}

/// A line after its promotions. `total` is `original` less what discounts allocate to it, and the sum of `units`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscountedLine {
    /// Which.
    pub line_id: CartLineId,
    /// What it cost before.
    pub original: Money,
    /// What it costs.
    pub total: Money,
    /// What its units cost, the dearest first.
    pub units: Vec<PricedUnits>,
}

/// Units of a line that cost the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedUnits {
    /// How many.
    pub count: u32,
    /// What one costs.
    pub amount: Money,
}

/// A delivery after its promotions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscountedDelivery {
    /// What it cost before.
    pub original: Money,
    /// What it costs.
    pub total: Money,
}

/// What one promotion, or one member of staff, took off. `amount` is the sum of the allocations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// Who.
    pub source: DiscountSource,
    /// How much altogether; gifts count with their value.
    pub amount: Money,
    /// Off what, each thing once.
    pub allocations: Vec<Allocation>,
}

/// Where a discount comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DiscountSource {
    /// A promotion.
    Promotion(PromotionId),
    /// A member of staff.
    Manual(ManualDiscountId),
}

/// What of a discount falls on one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// On what.
    pub target: AllocationTarget,
    /// How much.
    pub amount: Money,
    /// How many units became cheaper.
    pub units: u32,
}

/// What a discount falls on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AllocationTarget {
    /// A line.
    Line(CartLineId),
    /// A delivery, by its place, from 0.
    Delivery(usize),
    /// A gift: its value, which nobody pays.
    Gift(VariantId),
}

/// A gift of a promotion. It belongs to no line, and to no subtotal that conditions see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gift {
    /// Which promotion gives it.
    pub promotion_id: PromotionId,
    /// What.
    pub variant_id: VariantId,
    /// How many.
    pub quantity: u32,
    /// What it would cost altogether.
    pub value: Money,
    /// Whether the shopper gets it.
    pub state: GiftState,
}

/// Whether the shopper gets a gift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GiftState {
    /// It comes with the order.
    Added,
    /// It waits to be accepted.
    Offered,
    /// The shopper does not want it.
    Refused,
}

/// A multiplier of points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsBoost {
    /// Which promotion gives it.
    pub promotion_id: PromotionId,
    /// By what the points are multiplied.
    pub factor: Decimal,
    /// Of which lines.
    pub line_ids: Vec<CartLineId>,
}

//! What carts and orders are made of: amounts with their taxes, what was taken off, and why.

mod discount;
mod manual;
mod points;
mod taxed_money;
mod trace;

pub(super) use self::{
    discount::Discount,
    manual::ManualDiscount,
    points::PointsMultiplier,
    taxed_money::{Rounding, RoundingMode, TaxRoundingLevel, TaxSummary, TaxedMoney},
    trace::{CodeTrace, NearestOffer, PromotionReason, PromotionTrace, rejected},
};

//! What carts and orders are made of: amounts with their taxes, what was taken off, and why.

mod discount;
mod taxed_money;
mod trace;

pub(super) use self::{
    discount::Discount,
    taxed_money::{Rounding, RoundingMode, TaxRoundingLevel, TaxSummary, TaxedMoney},
    trace::{CodeTrace, NearestOffer, PromotionReason, PromotionTrace, rejected},
};

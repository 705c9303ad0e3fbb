//! Prices of variants.

use crate::{ids::VariantId, money::Money};

/// What a variant costs in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// What is sold.
    pub variant_id: VariantId,
    /// What one costs.
    pub amount: Money,
    /// What one cost before, shown struck through; always above `amount`.
    pub compare_at: Option<Money>,
}

/// Checks a price with its former price.
///
/// # Errors
/// The reason: below zero, another currency, or a former price that is not above the price.
pub fn check_compare_at(amount: Money, compare_at: Option<Money>) -> Result<(), &'static str> {
    if amount.minor() < 0 {
        return Err("a price cannot be negative");
    }
    match compare_at {
        Some(former) if former.currency() != amount.currency() => Err("the former price is in another currency"),
        Some(former) if former.minor() <= amount.minor() => Err("the former price is not above the price"),
        _ => Ok(()),
    }
}

//! Price rows: what a variant costs, to whom, from how many, and when.

use serde::{Deserialize, Serialize};

use super::PriceContext;
use crate::{
    clock::Window,
    codes::{ChannelCode, MarketCode},
    ids::{CustomerGroupId, LoyaltyTierId, PriceId, PriceListId, VariantId},
    money::Money,
};

/// What a variant costs under some conditions. There is one row of a list for each variant, currency, scope and beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRow {
    /// Its id.
    pub id: PriceId,
    /// What is sold.
    pub variant_id: VariantId,
    /// The list it belongs to; none: it is a base price, which every list comes before.
    pub list_id: Option<PriceListId>,
    /// What one costs.
    pub amount: Money,
    /// What one cost before, where the merchant states it; always above `amount`.
    pub compare_at: Option<Money>,
    /// Whom it is for, and from how many.
    pub scope: PriceScope,
    /// When it is in force.
    pub window: Window,
}

/// Whom a price is for, and from how many. What is not set is open to all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PriceScope {
    /// In this market only.
    pub market: Option<MarketCode>,
    /// In this channel only.
    pub channel: Option<ChannelCode>,
    /// For customers of this group only.
    pub customer_group_id: Option<CustomerGroupId>,
    /// For customers of this tier only.
    pub loyalty_tier_id: Option<LoyaltyTierId>,
    /// From so many of the variant in the cart, over all its lines; 1: any number.
    pub minimum_quantity: u32,
}

impl Default for PriceScope {
    fn default() -> Self {
        Self { market: None, channel: None, customer_group_id: None, loyalty_tier_id: None, minimum_quantity: 1 }
    }
}

/// What a price can be narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PriceQualifier {
    /// A market.
    Market,
    /// A channel.
    Channel,
    /// A customer group.
    CustomerGroup,
    /// A loyalty tier.
    LoyaltyTier,
}

impl PriceScope {
    /// What it is narrowed to. Their number is its specificity.
    #[must_use]
    pub fn qualifiers(&self) -> Vec<PriceQualifier> {
        [
            (self.market.is_some(), PriceQualifier::Market),
            (self.channel.is_some(), PriceQualifier::Channel),
            (self.customer_group_id.is_some(), PriceQualifier::CustomerGroup),
            (self.loyalty_tier_id.is_some(), PriceQualifier::LoyaltyTier),
        ]
        .into_iter()
        .filter_map(|(is_set, qualifier)| is_set.then_some(qualifier))
        .collect()
    }

    /// How many qualifiers it has.
    pub(super) fn specificity(&self) -> usize {
        usize::from(self.market.is_some())
            + usize::from(self.channel.is_some())
            + usize::from(self.customer_group_id.is_some())
            + usize::from(self.loyalty_tier_id.is_some())
    }

    /// Whether it covers so many units sold in `context`.
    pub(super) fn covers(&self, context: &PriceContext, quantity: u32) -> bool {
        self.minimum_quantity <= quantity
            && (self.market.is_none() || self.market == context.market)
            && (self.channel.is_none() || self.channel == context.channel)
            && self.customer_group_id.is_none_or(|it| context.customer_group_ids.contains(&it))
            && (self.loyalty_tier_id.is_none() || self.loyalty_tier_id == context.loyalty_tier_id)
    }
}

/// What staff says of a price. It takes the place of the row of the same variant, currency, list, scope and beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceDraft {
    /// What is sold.
    pub variant_id: VariantId,
    /// The list it belongs to; none: it is a base price.
    pub list_id: Option<PriceListId>,
    /// What one costs.
    pub amount: Money,
    /// What one cost before.
    pub compare_at: Option<Money>,
    /// Whom it is for, and from how many.
    pub scope: PriceScope,
    /// When it is in force.
    pub window: Window,
}

/// Why a price cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PriceRowError {
    /// Below zero, or too much.
    #[error("a price is from 0 to {PRICE_MAX} of the smallest unit of its currency")]
    Amount,
    /// A former price that does not fit.
    #[error("{0}")]
    CompareAt(&'static str),
    /// A minimum of nothing, or of more than anybody can buy.
    #[error("the minimum quantity is from 1 to {MINIMUM_QUANTITY_MAX}")]
    MinimumQuantity,
    /// It would never be in force.
    #[error("the price would end before it begins")]
    Window,
}

/// The highest price in minor units: a full cart of the dearest things still costs an amount that there is.
pub const PRICE_MAX: i64 = 1_000_000_000_000;

/// The largest minimum quantity.
pub const MINIMUM_QUANTITY_MAX: u32 = 100_000;

impl PriceDraft {
    /// A base price for everybody, always.
    #[must_use]
    pub fn base(variant_id: VariantId, amount: Money, compare_at: Option<Money>) -> Self {
        let (scope, window) = (PriceScope::default(), Window::ALWAYS);
        Self { variant_id, list_id: None, amount, compare_at, scope, window }
    }

    /// Whether `row` is the one whose place it takes.
    #[must_use]
    pub fn replaces(&self, row: &PriceRow) -> bool {
        self.variant_id == row.variant_id
            && self.amount.currency() == row.amount.currency()
            && self.list_id == row.list_id
            && self.scope == row.scope
            && self.window.from == row.window.from
    }

    /// The row, with the id of the one it replaces or a new one.
    #[must_use]
    pub fn into_row(self, id: PriceId) -> PriceRow {
        let Self { variant_id, list_id, amount, compare_at, scope, window } = self;
        PriceRow { id, variant_id, list_id, amount, compare_at, scope, window }
    }

    /// Checks what a merchant entered.
    ///
    /// # Errors
    /// [`PriceRowError`].
    pub fn check(&self) -> Result<(), PriceRowError> {
        if !(0..=PRICE_MAX).contains(&self.amount.minor()) {
            return Err(PriceRowError::Amount);
        }
        check_compare_at(self.amount, self.compare_at).map_err(PriceRowError::CompareAt)?;
        if !(1..=MINIMUM_QUANTITY_MAX).contains(&self.scope.minimum_quantity) {
            return Err(PriceRowError::MinimumQuantity);
        }
        if self.window.is_empty() { Err(PriceRowError::Window) } else { Ok(()) }
    }
}

/// Checks a price with its former price.
///
/// # Errors
/// The reason: below zero, too much, another currency, or a former price that is not above the price.
pub fn check_compare_at(amount: Money, compare_at: Option<Money>) -> Result<(), &'static str> {
    if amount.minor() < 0 {
        return Err("a price cannot be negative");
    }
    if PRICE_MAX < amount.minor().max(compare_at.map_or(0, |it| it.minor())) {
        return Err("a price is at most 1,000,000,000,000 of the smallest unit of its currency");
    }
    match compare_at {
        Some(former) if former.currency() != amount.currency() => Err("the former price is in another currency"),
        Some(former) if former.minor() <= amount.minor() => Err("the former price is not above the price"),
        _ => Ok(()),
    }
}

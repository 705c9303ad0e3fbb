//! What was taken off, and on what it falls.

use async_graphql::{ID, SimpleObject};
use comptoir_domain::{
    promotion::{self, AllocationTarget, DiscountSource},
    settings::Settings,
};

use super::super::{id::to_id, money::Money};

/// What of a discount falls on one thing.
#[derive(SimpleObject)]
struct DiscountAllocation {
    /// The line of the cart; null where it falls on the delivery or a gift.
    line_id: Option<ID>,
    /// Whether it falls on the delivery.
    is_of_delivery: bool,
    /// The gift, whose value it is.
    gift_variant_id: Option<ID>,
    /// How much.
    amount: Money,
    /// How many units became cheaper.
    units: u32,
}

/// What one promotion, or one member of staff, took off: `amount` is the sum of the allocations, as prices are entered.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Discount {
    /// The promotion; null where staff gave it by hand.
    promotion_id: Option<ID>,
    /// The discount that staff gave by hand: one of `manualDiscounts`; null where a promotion gives it.
    manual_discount_id: Option<ID>,
    /// What the promotion is called; null where it is gone.
    name: Option<String>,
    /// How much altogether.
    amount: Money,
    /// On what it falls.
    allocations: Vec<DiscountAllocation>,
}

impl Discount {
    pub(in crate::graphql) fn of(it: &promotion::Discount, settings: &Settings) -> Self {
        let (promotion, manual) = match it.source {
            DiscountSource::Promotion(id) => (Some(id), None),
            DiscountSource::Manual(id) => (None, Some(id)),
        };
        let allocation = |it: &promotion::Allocation| DiscountAllocation {
            line_id: if let AllocationTarget::Line(id) = it.target { Some(to_id(id)) } else { None },
            gift_variant_id: if let AllocationTarget::Gift(id) = it.target { Some(to_id(id)) } else { None },
            is_of_delivery: matches!(it.target, AllocationTarget::Delivery(_)),
            amount: it.amount.into(),
            units: it.units,
        };
        Self {
            promotion_id: promotion.map(to_id),
            manual_discount_id: manual.map(to_id),
            name: promotion.and_then(|it| settings.promotions.find(it)).map(|it| it.name.clone()),
            amount: it.amount.into(),
            allocations: it.allocations.iter().map(allocation).collect(),
        }
    }
}

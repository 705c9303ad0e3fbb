//! What a promotion sees, and whether its condition holds.

use super::{
    Basis, CodeState, Condition, Facts, Gift, Item, ItemFilter, Presence, Quantifier,
    basket::{Basket, Line},
};
use crate::{
    ids::PromotionId,
    money::{Rounding, RoundingLevel},
};

/// What a promotion sees at its turn.
#[derive(Clone, Copy)]
pub(super) struct View<'v, 'a> {
    pub(super) facts: &'a Facts,
    pub(super) basket: &'v Basket<'a>,
    pub(super) basis: Basis,
    pub(super) promotion_id: Option<PromotionId>,
    pub(super) level: RoundingLevel,
    pub(super) rounding: Rounding,
    /// The gifts of the promotions before.
    pub(super) gifts: &'v [Gift],
}

impl View<'_, '_> {
    /// What a line costs, on the promotion's basis.
    pub(super) fn amount_of(&self, line: &Line) -> i64 {
        match self.basis {
            Basis::Running => line.now(),
            Basis::Original => line.original(),
        }
    }

    /// What the items meant cost together.
    pub(super) fn subtotal(&self, items: &ItemFilter) -> i64 {
        self.basket.matching(items).map(|(_, it)| self.amount_of(it)).sum()
    }

    /// How many units of the items meant there are.
    pub(super) fn quantity(&self, items: &ItemFilter) -> u32 {
        self.basket.matching(items).fold(0, |sum: u32, (_, it)| sum.saturating_add(it.item.quantity))
    }

    /// The most units that one line of the items meant has.
    pub(super) fn line_quantity(&self, items: &ItemFilter) -> u32 {
        self.basket.matching(items).map(|(_, it)| it.item.quantity).max().unwrap_or_default()
    }

    /// Whether something in the cart is so.
    pub(super) fn has_item(&self, check: impl Fn(&Item) -> bool) -> bool {
        self.basket.lines.iter().any(|it| check(it.item))
    }

    /// Whether a usable code of this promotion was entered.
    pub(super) fn has_code(&self) -> bool {
        let mut codes = self.facts.codes.iter();
        codes.any(|it| {
            it.promotion_id.is_some() && it.promotion_id == self.promotion_id && it.state == CodeState::Usable
        })
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, condition: &Condition) -> bool {
        let facts = self.facts;
        match condition {
            Condition::All(children) => children.iter().all(|it| self.holds(it)),
            Condition::Any(children) => children.iter().any(|it| self.holds(it)),
            Condition::None(children) => !children.iter().any(|it| self.holds(it)),
            Condition::Subtotal { items, comparison, amount } => {
                amount.get(facts.currency).is_some_and(|it| comparison.holds(self.subtotal(items), it.minor()))
            }
            Condition::Quantity { items, comparison, count } => comparison.holds(self.quantity(items), *count),
            Condition::LineQuantity { items, comparison, count } => comparison.holds(self.line_quantity(items), *count),
            Condition::Products(it) => self.has(it, |item, id| item.product_id == *id),
            Condition::Variants(it) => self.has(it, |item, id| item.variant_id == *id),
            Condition::Collections(it) => self.has(it, |item, id| item.collection_ids.contains(id)),
            Condition::Attributes(it) => self.has(it, |item, attribute| item.attributes.contains(attribute)),
            Condition::Brands(it) => self.has(it, |item, brand| item.brand.as_ref() == Some(brand)),
            Condition::CustomerGroups(ids) => ids.iter().any(|it| facts.customer_group_ids.contains(it)),
            Condition::Segments(ids) => ids.iter().any(|it| facts.segment_ids.contains(it)),
            Condition::LoyaltyTiers(ids) => is_one_of(facts.loyalty_tier_id.as_ref(), ids),
            Condition::FirstOrder(is_first) => facts.is_first_order == Some(*is_first),
            Condition::Channels(codes) => is_one_of(facts.channel.as_ref(), codes),
            Condition::Markets(codes) => is_one_of(facts.market.as_ref(), codes),
            Condition::Locations(ids) => is_one_of(facts.location_id.as_ref(), ids),
            Condition::Devices(kinds) => is_one_of(facts.device.as_ref(), kinds),
            Condition::LiveShows(ids) => is_one_of(facts.live_show_id.as_ref(), ids),
            Condition::TimeWindow(window) => window.contains(facts.now),
            Condition::Daypart(daypart) => daypart.contains(facts.now),
            Condition::FulfillmentKinds(kinds) => self.basket.legs.iter().any(|it| kinds.contains(&it.delivery.kind)),
            Condition::PaymentMeans(means) => is_one_of(facts.payment_means.as_ref(), means),
            Condition::Code => self.has_code(),
        }
    }

    fn has<T>(&self, presence: &Presence<T>, is: impl Fn(&Item, &T) -> bool) -> bool {
        let is_present = |value: &T| self.has_item(|item| is(item, value));
        match presence.quantifier {
            Quantifier::Any => presence.values.iter().any(is_present),
            Quantifier::All => presence.values.iter().all(is_present),
        }
    }
}

fn is_one_of<T: PartialEq>(actual: Option<&T>, values: &[T]) -> bool {
    actual.is_some_and(|it| values.contains(it))
}

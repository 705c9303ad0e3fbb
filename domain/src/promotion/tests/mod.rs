//! What the engine of promotions promises. The shop of these tests is small and in euros.

mod amounts;
pub(crate) mod any;
mod brute;
mod check;
mod conditions;
mod deals;
mod given;
mod nearest;
mod order;
mod properties;

use chrono::DateTime;
use uuid::Uuid;

use super::*;
use crate::{
    channel::DeliveryKind,
    clock::{Timestamp, Window},
    ids::{CartLineId, Id, PromotionGroupId, PromotionId},
    money::{Amounts, Currency, Money, Percentage, Rounding, RoundingLevel},
};

pub(crate) fn id<T: Id>(n: u128) -> T {
    T::from_uuid(Uuid::from_u128(n))
}

pub(crate) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub(crate) fn euros(minor: i64) -> Amounts {
    Amounts::one(eur(minor))
}

pub(crate) fn percent(text: &str) -> Percentage {
    text.parse().unwrap()
}

/// Noon on 1 June 2026, UTC.
pub(crate) fn noon() -> Timestamp {
    DateTime::from_timestamp(1_780_315_200, 0).unwrap()
}

/// `quantity` of the n-th product, on the n-th line.
pub(crate) fn item(n: u128, price: i64, quantity: u32) -> Item {
    Item {
        line_id: id(n),
        product_id: id(n),
        variant_id: id(n),
        collection_ids: Vec::new(),
        brand: None,
        attributes: Vec::new(),
        is_reduced: false,
        unit_price: eur(price),
        quantity,
    }
}

pub(crate) fn delivery(price: i64) -> Delivery {
    Delivery { method: "standard".parse().unwrap(), kind: DeliveryKind::Ship, price: eur(price) }
}

/// The n-th promotion: it comes before those with greater numbers.
pub(crate) fn promotion(n: u128, kind: ActionKind) -> Promotion {
    Promotion {
        id: id(n),
        name: format!("promotion {n}"),
        is_paused: false,
        window: Window::ALWAYS,
        priority: 0,
        group_id: None,
        combination: Combination::Common,
        basis: Basis::Running,
        budget: None,
        condition: None,
        actions: vec![Action::of(kind)],
    }
}

pub(crate) fn products(numbers: &[u128]) -> ItemFilter {
    ItemFilter::products(numbers.iter().map(|it| id(*it)).collect())
}

pub(crate) fn off_order(text: &str) -> ActionKind {
    ActionKind::Percentage { target: Target::Order(ItemFilter::all()), percent: percent(text) }
}

pub(crate) fn off_lines(numbers: &[u128], text: &str) -> ActionKind {
    ActionKind::Percentage { target: Target::Lines(products(numbers)), percent: percent(text) }
}

pub(crate) fn amount_off(target: Target, minor: i64, spread: Spread) -> ActionKind {
    ActionKind::FixedAmount { target, amount: euros(minor), spread }
}

pub(crate) fn free_delivery() -> ActionKind {
    ActionKind::Percentage { target: Target::Delivery(Vec::new()), percent: Percentage::HUNDRED }
}

pub(crate) fn spend(comparison: Comparison, minor: i64) -> Condition {
    Condition::Subtotal { items: ItemFilter::all(), comparison, amount: euros(minor) }
}

/// A cart, and what is promised to it.
#[derive(Debug, Clone)]
pub(crate) struct Shop {
    pub(crate) facts: Facts,
    pub(crate) items: Vec<Item>,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) manual: Vec<ManualDiscount>,
    pub(crate) promotions: Vec<Promotion>,
    pub(crate) groups: Vec<PromotionGroup>,
    pub(crate) level: RoundingLevel,
}

impl Shop {
    pub(crate) fn new(items: Vec<Item>, promotions: Vec<Promotion>) -> Self {
        Self {
            facts: Facts::new(noon(), Currency::EUR),
            items,
            deliveries: Vec::new(),
            manual: Vec::new(),
            promotions,
            groups: Vec::new(),
            level: RoundingLevel::Line,
        }
    }

    pub(crate) fn discount(&self) -> Discounts {
        let set = PromotionSet::new(self.promotions.clone(), self.groups.clone());
        discount(&self.request(), &set).unwrap()
    }

    pub(crate) fn request(&self) -> DiscountRequest<'_> {
        DiscountRequest {
            facts: &self.facts,
            items: self.items.iter().collect(),
            deliveries: self.deliveries.iter().collect(),
            manual: &self.manual,
            level: self.level,
            rounding: Rounding::HalfUp,
        }
    }
}

impl Discounts {
    /// What the goods cost.
    pub(crate) fn goods(&self) -> i64 {
        self.lines.iter().map(|it| it.total.minor()).sum()
    }

    /// What each line costs.
    pub(crate) fn totals(&self) -> Vec<i64> {
        self.lines.iter().map(|it| it.total.minor()).collect()
    }

    /// What the n-th promotion takes off.
    pub(crate) fn amount(&self, n: u128) -> i64 {
        let source = DiscountSource::Promotion(id(n));
        self.discounts.iter().find(|it| it.source == source).map_or(0, |it| it.amount.minor())
    }

    /// What of the n-th promotion falls on each line.
    pub(crate) fn allocations(&self, n: u128) -> Vec<i64> {
        let source = DiscountSource::Promotion(id(n));
        let discount = self.discounts.iter().find(|it| it.source == source);
        let of_line = |line_id: CartLineId| {
            let allocations = discount.iter().flat_map(|it| &it.allocations);
            let mine = allocations.filter(|it| it.target == AllocationTarget::Line(line_id));
            mine.map(|it| it.amount.minor()).sum()
        };
        self.lines.iter().map(|it| of_line(it.line_id)).collect()
    }

    /// What became of the n-th promotion.
    pub(crate) fn outcome(&self, n: u128) -> &Outcome {
        let promotion_id: PromotionId = id(n);
        &self.trace.promotions.iter().find(|it| it.promotion_id == promotion_id).unwrap().outcome
    }

    /// What the n-th promotion lacks.
    pub(crate) fn gaps(&self, n: u128) -> &[Gap] {
        match self.outcome(n) {
            Outcome::Rejected { reason: Rejection::NotMet { gaps } } => gaps,
            other => panic!("{other:?}"),
        }
    }
}

fn group(n: u128, mode: GroupMode) -> PromotionGroup {
    PromotionGroup { id: id(n), name: format!("group {n}"), parent_id: None, mode, priority: 0 }
}

fn in_group(promotion: Promotion, n: u128) -> Promotion {
    Promotion { group_id: Some(id::<PromotionGroupId>(n)), ..promotion }
}

fn when(condition: Condition, promotion: Promotion) -> Promotion {
    Promotion { condition: Some(condition), ..promotion }
}

fn capped(promotion: Promotion, cap: Cap) -> Promotion {
    let actions = promotion.actions.into_iter().map(|it| Action { cap: cap.clone(), ..it }).collect();
    Promotion { actions, ..promotion }
}

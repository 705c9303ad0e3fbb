//! What each action proposes to take off, on what the promotions before it left. Pure; nothing is taken yet.

mod bundle;
mod deal;
mod fixed;
mod manual;
mod percentage;
mod pick;
mod pool;
mod price;
mod tiered;

pub(super) use bundle::SLOTS_MAX;
pub(super) use manual::manual;

use super::{
    Action, ActionKind, Benefit, Deal, Fact, FactValue, Gap, Slot, Test,
    cut::{Cut, Proposal},
    gap::{Trail, missing},
    view::View,
};
use crate::money::{Amounts, Money};

/// Why an action proposes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is nothing that it would make cheaper.
    Nothing,
    /// It has no amount in the cart's currency.
    NoAmount,
    /// It has not enough to work on.
    Short(Shortage),
}

/// What an action has not enough of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shortage {
    /// The part of the action that asks for it, and which one of several.
    pub(super) part: &'static str,
    pub(super) slot: Option<usize>,
    /// Units, or an amount.
    pub(super) fact: Fact,
    pub(super) required: i64,
    pub(super) actual: i64,
}

impl Shortage {
    /// What it tells, for the action at `index`.
    pub(super) fn gap(&self, index: usize, view: &View) -> Gap {
        let value = |it: i64| match self.fact {
            Fact::Subtotal => FactValue::Amount(Money::new(it, view.facts.currency)),
            _ => FactValue::Count(u32::try_from(it).unwrap_or(u32::MAX)),
        };
        Gap {
            path: Trail::Action { index, part: self.part, slot: self.slot }.to_string(),
            fact: self.fact,
            test: Test::AtLeast,
            required: value(self.required),
            actual: value(self.actual),
            missing: missing(Test::AtLeast, self.required, self.actual).map(value),
        }
    }
}

/// What an action proposes, its cap applied. Gifts and points take nothing off, and are not asked here.
pub(super) fn propose(view: &View, action: &Action) -> Result<Proposal, Refusal> {
    let cap = &action.cap;
    let mut proposal = match &action.kind {
        ActionKind::Percentage { target, percent } => percentage::percentage(view, target, *percent, cap),
        ActionKind::FixedAmount { target, amount, spread } => {
            fixed::fixed(view, target, amount_in(view, amount)?, *spread, cap)
        }
        ActionKind::UnitPrice { items, price } => price::unit_price(view, items, amount_in(view, price)?, cap),
        ActionKind::DeliveryPrice { methods, price } => price::delivery_price(view, methods, amount_in(view, price)?),
        ActionKind::BundlePrice { slots, price, deal } => bundle::bundle(view, slots, amount_in(view, price)?, *deal)?,
        ActionKind::NthItem { items, nth, benefit, deal } => {
            let slot = |quantity| Slot { items: items.clone(), quantity };
            let (buy, get) = (slot(nth.saturating_sub(1)), slot(1));
            deal::buy_get(view, &buy, &get, benefit, *deal, cap.units)?
        }
        ActionKind::BuyGet { buy, get, benefit, deal } => deal::buy_get(view, buy, get, benefit, *deal, cap.units)?,
        ActionKind::TieredSpend { target, tiers } => tiered::by_spend(view, target, tiers, cap)?,
        ActionKind::TieredQuantity { target, tiers } => tiered::by_quantity(view, target, tiers, cap)?,
        ActionKind::Gift { .. } | ActionKind::PointsMultiplier { .. } => Proposal::default(),
    };
    if let Some(most) = &cap.amount {
        proposal.limit(amount_in(view, most)?);
    }
    let is_deal = proposal.is_deal;
    proposal.cuts.retain(|it| 0 < it.off || is_deal);
    if proposal.total() == 0 { Err(Refusal::Nothing) } else { Ok(proposal) }
}

/// What would make a tiered action that applies take off more.
pub(super) fn next_tier(view: &View, action: &Action) -> Option<Shortage> {
    match &action.kind {
        ActionKind::TieredSpend { target, tiers } => tiered::next_by_spend(view, target, tiers),
        ActionKind::TieredQuantity { target, tiers } => tiered::next_by_quantity(view, target, tiers),
        _ => None,
    }
}

/// The amount in the cart's currency; one below zero, which no checked promotion has, is nothing.
fn amount_in(view: &View, amounts: &Amounts) -> Result<i64, Refusal> {
    amounts.get(view.facts.currency).map(|it| it.minor().max(0)).ok_or(Refusal::NoAmount)
}

/// How many times a deal may happen.
fn most_occurrences(deal: Deal) -> u32 {
    deal.max_occurrences.unwrap_or(u32::MAX)
}

/// Makes chosen units cheaper, line by line.
fn benefit_cuts(view: &View, picked: &[super::cut::Picked], benefit: &Benefit) -> Result<Vec<Cut>, Refusal> {
    Ok(match benefit {
        Benefit::Percentage(percent) => percentage::off_lines(view, picked, *percent),
        Benefit::AmountOff(amount) => fixed::off_units(picked, amount_in(view, amount)?),
        Benefit::Price(price) => price::down_to(picked, amount_in(view, price)?),
    })
}

//! Tiers: the one that is reached holds for the whole amount, or for all units.

use super::{Refusal, Shortage, amount_in, fixed, percentage, pick};
use crate::promotion::{Cap, Fact, QuantityTier, SpendTier, Spread, Target, TierBenefit, cut::Proposal, view::View};

/// What the highest tier reached by amount takes off.
pub(super) fn by_spend(view: &View, target: &Target, tiers: &[SpendTier], cap: &Cap) -> Result<Proposal, Refusal> {
    let spent = spent(view, target);
    let mut reached = None;
    for tier in tiers {
        if amount_in(view, &tier.from)? <= spent {
            reached = Some(&tier.benefit);
        }
    }
    match reached {
        Some(benefit) => take(view, target, benefit, cap),
        None => Err(next_by_spend(view, target, tiers).map_or(Refusal::Nothing, Refusal::Short)),
    }
}

/// What the highest tier reached by units takes off.
pub(super) fn by_quantity(
    view: &View,
    target: &Target,
    tiers: &[QuantityTier],
    cap: &Cap,
) -> Result<Proposal, Refusal> {
    let units = units(view, target);
    match tiers.iter().rev().find(|it| it.from <= units) {
        Some(tier) => take(view, target, &tier.benefit, cap),
        None => Err(next_by_quantity(view, target, tiers).map_or(Refusal::Nothing, Refusal::Short)),
    }
}

/// The first tier by amount that is not reached.
pub(super) fn next_by_spend(view: &View, target: &Target, tiers: &[SpendTier]) -> Option<Shortage> {
    let actual = spent(view, target);
    let bounds = tiers.iter().enumerate().filter_map(|(slot, it)| Some((slot, amount_in(view, &it.from).ok()?)));
    let (slot, required) = bounds.into_iter().find(|(_, from)| actual < *from)?;
    Some(Shortage { part: "tiers", slot: Some(slot), fact: Fact::Subtotal, required, actual })
}

/// The first tier by units that is not reached.
pub(super) fn next_by_quantity(view: &View, target: &Target, tiers: &[QuantityTier]) -> Option<Shortage> {
    let actual = units(view, target);
    let (slot, tier) = tiers.iter().enumerate().find(|(_, it)| actual < it.from)?;
    let (required, actual) = (tier.from.into(), actual.into());
    Some(Shortage { part: "tiers", slot: Some(slot), fact: Fact::Quantity, required, actual })
}

fn take(view: &View, target: &Target, benefit: &TierBenefit, cap: &Cap) -> Result<Proposal, Refusal> {
    Ok(match benefit {
        TierBenefit::Percentage(percent) => percentage::percentage(view, target, *percent, cap),
        TierBenefit::Amount(amount) => fixed::fixed(view, target, amount_in(view, amount)?, Spread::AcrossByValue, cap),
    })
}

fn spent(view: &View, target: &Target) -> i64 {
    match target {
        Target::Lines(items) | Target::Order(items) => view.subtotal(items),
        Target::Delivery(methods) => {
            pick::legs(view, methods).into_iter().map(|(_, it)| pick::leg_amount(view, it)).sum()
        }
    }
}

fn units(view: &View, target: &Target) -> u32 {
    match target {
        Target::Lines(items) | Target::Order(items) => view.quantity(items),
        Target::Delivery(methods) => u32::try_from(pick::legs(view, methods).len()).unwrap_or(u32::MAX),
    }
}

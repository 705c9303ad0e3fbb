//! Whether an action can do what it says.

use rust_decimal::Decimal;

use super::{Issues, Problem, TIERS_MAX, tree::check_items};
use crate::{
    money::{Amounts, Currency, Percentage},
    promotion::{
        Action, ActionClass, ActionKind, Benefit, Cap, Deal, Slot, SpendTier, Target, TierBenefit, apply::SLOTS_MAX,
    },
};

/// The highest factor of points.
const FACTOR_MAX: u32 = 1_000;

/// The most units of a gift.
const GIFTS_MAX: u32 = 100;

/// Checks one action.
pub(super) fn check(action: &Action, path: &str, issues: &mut Issues) {
    let at = |part: &str| format!("{path}.{part}");
    match &action.kind {
        ActionKind::Percentage { target, percent } => {
            check_target(target, path, issues);
            check_percent(*percent, &at("percent"), issues);
        }
        ActionKind::FixedAmount { target, amount, .. } => {
            check_target(target, path, issues);
            check_not_zero(amount, &at("amounts"), issues);
        }
        ActionKind::UnitPrice { items, .. } => check_items(items, &at("items"), issues),
        ActionKind::DeliveryPrice { .. } => {}
        ActionKind::BundlePrice { slots, deal, .. } => check_bundle(slots, *deal, path, issues),
        ActionKind::NthItem { items, nth, benefit, deal } => {
            check_items(items, &at("items"), issues);
            issues.add_if(*nth < 2, at("nth"), Problem::TooSmall { min: 2 });
            check_benefit(benefit, path, issues);
            check_deal(*deal, path, issues);
        }
        ActionKind::BuyGet { buy, get, benefit, deal } => {
            check_slot(buy, &at("buy"), issues);
            check_slot(get, &at("get"), issues);
            check_benefit(benefit, path, issues);
            check_deal(*deal, path, issues);
        }
        ActionKind::TieredSpend { target, tiers } => {
            check_target(target, path, issues);
            check_count(tiers.len(), TIERS_MAX, &at("tiers"), issues);
            check_spend_tiers(tiers, path, issues);
            let benefits = tiers.iter().map(|it| &it.benefit);
            benefits.enumerate().for_each(|(index, it)| check_tier(it, &at(&format!("tiers[{index}]")), issues));
        }
        ActionKind::TieredQuantity { target, tiers } => {
            check_target(target, path, issues);
            check_count(tiers.len(), TIERS_MAX, &at("tiers"), issues);
            for (index, (before, tier)) in (1..).zip(tiers.iter().zip(tiers.iter().skip(1))) {
                let with = at(&format!("tiers[{}]", index - 1));
                let is_wrong = tier.from <= before.from;
                issues.add_if(is_wrong, at(&format!("tiers[{index}].from")), Problem::TiersOverlap { with });
            }
            let benefits = tiers.iter().map(|it| &it.benefit);
            benefits.enumerate().for_each(|(index, it)| check_tier(it, &at(&format!("tiers[{index}]")), issues));
        }
        ActionKind::Gift { quantity, .. } => {
            issues.add_if(*quantity == 0, at("quantity"), Problem::TooSmall { min: 1 });
            issues.add_if(GIFTS_MAX < *quantity, at("quantity"), Problem::TooMany { max: GIFTS_MAX as usize });
        }
        ActionKind::PointsMultiplier { items, factor } => {
            check_items(items, &at("items"), issues);
            let is_wrong = *factor <= Decimal::ZERO || Decimal::from(FACTOR_MAX) < *factor;
            issues.add_if(is_wrong, at("factor"), Problem::Factor { max: FACTOR_MAX });
            issues.add_if(*factor == Decimal::ONE, at("factor"), Problem::NoEffect);
        }
    }
    check_cap(action, &at("cap"), issues);
}

/// A cap limits something, and leaves something.
fn check_cap(action: &Action, path: &str, issues: &mut Issues) {
    let Cap { amount, units, units_per_line } = &action.cap;
    let at = |part: &str| format!("{path}.{part}");
    if let Some(amount) = amount {
        check_not_zero(amount, &at("amounts"), issues);
        let takes_off = !matches!(action.kind, ActionKind::Gift { .. } | ActionKind::PointsMultiplier { .. });
        issues.add_if(!takes_off, at("amounts"), Problem::NoEffect);
    }
    issues.add_if(*units == Some(0), at("units"), Problem::TooSmall { min: 1 });
    issues.add_if(*units_per_line == Some(0), at("unitsPerLine"), Problem::TooSmall { min: 1 });
    let has_units = action.class() == ActionClass::Product && !matches!(action.kind, ActionKind::BundlePrice { .. });
    issues.add_if(units.is_some() && !has_units, at("units"), Problem::CapWithoutUnits);
    let is_per_line = units_per_line.is_some() && (!has_units || action.is_deal());
    issues.add_if(is_per_line, at("unitsPerLine"), Problem::CapWithoutUnits);
    if let (ActionKind::BuyGet { get, .. }, Some(cap)) = (&action.kind, *units) {
        let problem = Problem::CapBelowDeal { cap, needed: get.quantity };
        issues.add_if(0 < cap && cap < get.quantity, at("units"), problem);
    }
}

fn check_target(target: &Target, path: &str, issues: &mut Issues) {
    match target {
        Target::Lines(items) => check_items(items, &format!("{path}.target.lines"), issues),
        Target::Order(items) => check_items(items, &format!("{path}.target.order"), issues),
        Target::Delivery(_) => {}
    }
}

fn check_percent(percent: Percentage, path: &str, issues: &mut Issues) {
    issues.add_if(percent == Percentage::ZERO || Percentage::HUNDRED < percent, path, Problem::Percentage);
}

fn check_not_zero(amount: &Amounts, path: &str, issues: &mut Issues) {
    issues.add_if(amount.iter().any(|it| it.minor() == 0), path, Problem::NoEffect);
}

fn check_benefit(benefit: &Benefit, path: &str, issues: &mut Issues) {
    match benefit {
        Benefit::Percentage(it) => check_percent(*it, &format!("{path}.benefit.percent"), issues),
        Benefit::AmountOff(it) => check_not_zero(it, &format!("{path}.benefit.amounts"), issues),
        Benefit::Price(_) => {}
    }
}

fn check_tier(benefit: &TierBenefit, path: &str, issues: &mut Issues) {
    match benefit {
        TierBenefit::Percentage(it) => check_percent(*it, &format!("{path}.benefit.percent"), issues),
        TierBenefit::Amount(it) => check_not_zero(it, &format!("{path}.benefit.amounts"), issues),
    }
}

fn check_deal(deal: Deal, path: &str, issues: &mut Issues) {
    let is_never = deal.max_occurrences == Some(0);
    issues.add_if(is_never, format!("{path}.deal.maxOccurrences"), Problem::TooSmall { min: 1 });
}

fn check_slot(slot: &Slot, path: &str, issues: &mut Issues) {
    check_items(&slot.items, &format!("{path}.items"), issues);
    issues.add_if(slot.quantity == 0, format!("{path}.quantity"), Problem::TooSmall { min: 1 });
}

fn check_bundle(slots: &[Slot], deal: Deal, path: &str, issues: &mut Issues) {
    check_count(slots.len(), SLOTS_MAX, &format!("{path}.slots"), issues);
    for (index, slot) in slots.iter().enumerate() {
        check_slot(slot, &format!("{path}.slots[{index}]"), issues);
    }
    check_deal(deal, path, issues);
}

fn check_count(count: usize, max: usize, path: &str, issues: &mut Issues) {
    issues.add_if(count == 0, path, Problem::Empty);
    issues.add_if(max < count, path, Problem::TooMany { max });
}

/// Each tier begins above the one before it, in every currency.
fn check_spend_tiers(tiers: &[SpendTier], path: &str, issues: &mut Issues) {
    let from = |tier: &SpendTier, currency: Currency| tier.from.get(currency).map(|it| it.minor());
    for (index, (before, tier)) in (1..).zip(tiers.iter().zip(tiers.iter().skip(1))) {
        let is_wrong =
            tier.from.iter().any(|it| from(before, it.currency()).is_some_and(|before| it.minor() <= before));
        let with = format!("{path}.tiers[{}]", index - 1);
        issues.add_if(is_wrong, format!("{path}.tiers[{index}].from"), Problem::TiersOverlap { with });
    }
}

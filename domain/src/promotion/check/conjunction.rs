//! Whether conditions that must all hold can hold together.
//!
//! What has to hold at once is gathered from each `all`, with what a `none` in it forbids. Looked for are ranges of the
//! same number that do not meet, sets of the same single fact that share no value, windows that do not overlap, the same
//! condition wanted and forbidden, and deals that need more units than a condition allows.

use super::{Issues, Problem};
use crate::{
    clock::Window,
    promotion::{ActionKind, Comparison, Condition, ItemFilter, Promotion},
};

/// A fact that has to hold, or must not.
struct Demand<'a> {
    path: String,
    leaf: &'a Condition,
    is_wanted: bool,
}

/// Checks the whole tree: its root, and each `all` below an `any`.
pub(super) fn check(condition: &Condition, promotion: &Promotion, issues: &mut Issues) {
    check_at(condition, "condition", promotion, 0, issues);
}

fn check_at(condition: &Condition, path: &str, promotion: &Promotion, depth: usize, issues: &mut Issues) {
    if super::CONDITION_DEPTH_MAX < depth {
        return;
    }
    let mut demands = Vec::new();
    let mut choices = Vec::new();
    gather(condition, path, true, &mut demands, &mut choices);
    check_ranges(&demands, issues);
    check_sets(&demands, issues);
    check_windows(&demands, promotion.window, issues);
    check_opposites(&demands, issues);
    check_deals(&demands, promotion, issues);
    for (path, child) in choices {
        check_at(child, &path, promotion, depth + 1, issues);
    }
}

/// Gathers what has to hold at once, and the ways between which there is a choice.
fn gather<'a>(
    condition: &'a Condition,
    path: &str,
    is_wanted: bool,
    demands: &mut Vec<Demand<'a>>,
    choices: &mut Vec<(String, &'a Condition)>,
) {
    let own = format!("{path}.{}", condition.name());
    let children = condition.children().iter().enumerate().take(super::CONDITION_NODES_MAX);
    let children = children.map(|(index, it)| (format!("{own}[{index}]"), it));
    match (condition, is_wanted) {
        (Condition::All(_), true) | (Condition::Any(_), false) => {
            children.for_each(|(path, it)| gather(it, &path, is_wanted, demands, choices));
        }
        (Condition::None(_), true) => children.for_each(|(path, it)| gather(it, &path, false, demands, choices)),
        (Condition::Any(_), true) => choices.extend(children),
        (Condition::All(_) | Condition::None(_), false) => {}
        (leaf, _) => demands.push(Demand { path: own, leaf, is_wanted }),
    }
}

/// What a number may be, with where that is said.
struct Range {
    low: (i64, Option<String>),
    high: (i64, Option<String>),
}

/// What a number is of: the fact's name, the items, and the currency's code.
type Subject<'a> = (&'static str, &'a ItemFilter, &'static str);

fn check_ranges(demands: &[Demand], issues: &mut Issues) {
    let mut ranges: Vec<(Subject, Range)> = Vec::new();
    for demand in demands {
        for (subject, comparison, given) in numbers(demand.leaf) {
            let Some((low, high)) = bounds(comparison, given, demand.is_wanted) else { continue };
            let range = match ranges.iter_mut().find(|it| it.0 == subject) {
                Some((_, range)) => range,
                None => {
                    ranges.push((subject, Range { low: (0, None), high: (i64::MAX, None) }));
                    let Some((_, range)) = ranges.last_mut() else { continue };
                    range
                }
            };
            if range.low.0 < low {
                range.low = (low, Some(demand.path.clone()));
            }
            if high < range.high.0 {
                range.high = (high, Some(demand.path.clone()));
            }
        }
    }
    for (_, range) in ranges.into_iter().filter(|(_, it)| it.high.0 < it.low.0) {
        match (range.low.1, range.high.1) {
            (Some(with), Some(path)) if with != path => issues.add(path, Problem::Contradiction { with }),
            (Some(path), _) | (None, Some(path)) => issues.add(path, Problem::NeverHolds),
            (None, None) => {}
        }
    }
}

/// The numbers that a fact compares, in each currency.
fn numbers(leaf: &Condition) -> Vec<(Subject<'_>, Comparison, i64)> {
    let name = leaf.name();
    match leaf {
        Condition::Subtotal { items, comparison, amount } => {
            amount.iter().map(|it| ((name, items, it.currency().code()), *comparison, it.minor())).collect()
        }
        Condition::Quantity { items, comparison, count } | Condition::LineQuantity { items, comparison, count } => {
            vec![((name, items, ""), *comparison, i64::from(*count))]
        }
        _ => Vec::new(),
    }
}

/// The least and the most that a comparison allows, or with `is_wanted` false its opposite.
fn bounds(comparison: Comparison, given: i64, is_wanted: bool) -> Option<(i64, i64)> {
    Some(match (comparison, is_wanted) {
        (Comparison::AtLeast, true) | (Comparison::LessThan, false) => (given, i64::MAX),
        (Comparison::MoreThan, true) | (Comparison::AtMost, false) => (given.saturating_add(1), i64::MAX),
        (Comparison::AtMost, true) | (Comparison::MoreThan, false) => (i64::MIN, given),
        (Comparison::LessThan, true) | (Comparison::AtLeast, false) => (i64::MIN, given.saturating_sub(1)),
        (Comparison::Equal, true) => (given, given),
        (Comparison::Equal, false) => return None,
    })
}

/// Sets of a fact that has one value: all that are wanted share one that is not forbidden.
fn check_sets(demands: &[Demand], issues: &mut Issues) {
    let mut wanted: Vec<(&'static str, Vec<String>, &str)> = Vec::new();
    for demand in demands.iter().filter(|it| it.is_wanted) {
        let Some(values) = single_values(demand.leaf) else { continue };
        let name = demand.leaf.name();
        match wanted.iter_mut().find(|it| it.0 == name) {
            Some((_, common, first)) => {
                common.retain(|it| values.contains(it));
                if common.is_empty() {
                    let with = (*first).to_owned();
                    issues.add(demand.path.as_str(), Problem::Contradiction { with });
                    return;
                }
            }
            None => wanted.push((name, values, &demand.path)),
        }
    }
    for demand in demands.iter().filter(|it| !it.is_wanted) {
        let Some(values) = single_values(demand.leaf) else { continue };
        let of_fact = wanted.iter_mut().find(|it| it.0 == demand.leaf.name());
        let Some((_, common, first)) = of_fact.filter(|it| !it.1.is_empty()) else { continue };
        common.retain(|it| !values.contains(it));
        if common.is_empty() {
            issues.add(demand.path.as_str(), Problem::Contradiction { with: (*first).to_owned() });
        }
    }
}

/// The values of a fact that a cart has one of.
fn single_values(leaf: &Condition) -> Option<Vec<String>> {
    let texts = |values: &mut dyn Iterator<Item = String>| Some(values.collect());
    match leaf {
        Condition::LoyaltyTiers(it) => texts(&mut it.iter().map(ToString::to_string)),
        Condition::Channels(it) => texts(&mut it.iter().map(ToString::to_string)),
        Condition::Markets(it) => texts(&mut it.iter().map(ToString::to_string)),
        Condition::Locations(it) => texts(&mut it.iter().map(ToString::to_string)),
        Condition::Devices(it) => texts(&mut it.iter().map(|it| format!("{it:?}"))),
        Condition::LiveShows(it) => texts(&mut it.iter().map(ToString::to_string)),
        Condition::PaymentMeans(it) => texts(&mut it.iter().map(ToString::to_string)),
        Condition::FirstOrder(it) => Some(vec![it.to_string()]),
        _ => None,
    }
}

fn check_windows(demands: &[Demand], of_promotion: Window, issues: &mut Issues) {
    let mut open = of_promotion;
    let mut with = "window";
    for demand in demands.iter().filter(|it| it.is_wanted) {
        let Condition::TimeWindow(window) = demand.leaf else { continue };
        let both = open.intersect(window);
        if both.is_empty() && !open.is_empty() && !window.is_empty() {
            issues.add(demand.path.as_str(), Problem::Contradiction { with: with.to_owned() });
            return;
        }
        (open, with) = (both, &demand.path);
    }
}

/// The same condition, wanted and forbidden. Facts with one value were looked at already.
fn check_opposites(demands: &[Demand], issues: &mut Issues) {
    for forbidden in demands.iter().filter(|it| !it.is_wanted) {
        let is_seen = single_values(forbidden.leaf).is_some() || !numbers(forbidden.leaf).is_empty();
        let same = demands.iter().find(|it| it.is_wanted && it.leaf == forbidden.leaf);
        if let Some(same) = same.filter(|_| !is_seen) {
            issues.add(forbidden.path.as_str(), Problem::Contradiction { with: same.path.clone() });
        }
    }
}

/// Deals that need more units than a condition on the same items, or on all, allows.
fn check_deals(demands: &[Demand], promotion: &Promotion, issues: &mut Issues) {
    for demand in demands {
        let Condition::Quantity { items, comparison, count } = demand.leaf else { continue };
        let Some((_, most)) = bounds(*comparison, i64::from(*count), demand.is_wanted) else { continue };
        for (index, action) in promotion.actions.iter().enumerate() {
            let (needed, is_same) = match &action.kind {
                ActionKind::BuyGet { buy, get, .. } => {
                    (i64::from(buy.quantity) + i64::from(get.quantity), buy.items == *items && get.items == *items)
                }
                ActionKind::NthItem { items: of_deal, nth, .. } => (i64::from(*nth), of_deal == items),
                ActionKind::BundlePrice { slots, .. } => {
                    (slots.iter().map(|it| i64::from(it.quantity)).sum(), slots.iter().all(|it| it.items == *items))
                }
                _ => continue,
            };
            if most < needed && promotion.actions.len() == 1 && (is_same || items.is_all()) {
                issues.add(format!("actions[{index}]"), Problem::Contradiction { with: demand.path.clone() });
            }
        }
    }
}

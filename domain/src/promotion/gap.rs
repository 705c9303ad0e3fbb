//! What a condition lacks: the same walk over the tree as [`View::holds`], which says why not.

use std::fmt::{self, Display};

use super::{Condition, Fact, FactValue, Gap, Presence, Quantifier, Test, view::View};
use crate::money::Money;

/// The most values of a set that a gap lists.
const VALUES_MAX: usize = 20;

/// Where in a promotion something is; written only where it is told.
#[derive(Clone, Copy)]
pub(super) enum Trail<'t> {
    /// The condition's root.
    Condition,
    /// A part of an action.
    Action { index: usize, part: &'static str, slot: Option<usize> },
    /// A child of a node.
    Child { parent: &'t Trail<'t>, node: &'static str, index: usize },
}

impl Display for Trail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Condition => f.write_str("condition"),
            Self::Action { index, part, slot: None } => write!(f, "actions[{index}].{part}"),
            Self::Action { index, part, slot: Some(slot) } => write!(f, "actions[{index}].{part}[{slot}]"),
            Self::Child { parent, node, index } => write!(f, "{parent}.{node}[{index}]"),
        }
    }
}

/// What a condition that does not hold lacks; empty where it holds.
pub(super) fn gaps(view: &View, condition: &Condition) -> Vec<Gap> {
    walk(view, condition, true, &Trail::Condition)
}

/// What is lacking for a condition to hold, or with `want` false not to hold.
fn walk(view: &View, condition: &Condition, want: bool, trail: &Trail) -> Vec<Gap> {
    if view.holds(condition) == want {
        return Vec::new();
    }
    let (children, is_every) = match condition {
        Condition::All(children) => (children, want),
        Condition::Any(children) => (children, !want),
        Condition::None(children) => (children, want),
        leaf => return vec![leaf_gap(view, leaf, want, trail)],
    };
    let node = condition.name();
    let child_want = want != matches!(condition, Condition::None(_));
    let of_children = children
        .iter()
        .enumerate()
        .map(|(index, child)| walk(view, child, child_want, &Trail::Child { parent: trail, node, index }));
    if is_every {
        of_children.flatten().collect()
    } else {
        // One child is enough: the one that is nearest.
        of_children.min_by_key(|it| distance(it)).unwrap_or_default()
    }
}

/// How far away something is: what cannot be had by adding to the cart is farthest.
fn distance(gaps: &[Gap]) -> (usize, usize, i64, u32) {
    let fixed = gaps.iter().filter(|it| it.missing.is_none()).count();
    let amount = gaps.iter().map(|it| if let Some(FactValue::Amount(it)) = &it.missing { it.minor() } else { 0 });
    let count = gaps.iter().map(|it| if let Some(FactValue::Count(it)) = &it.missing { *it } else { 0 });
    (fixed, gaps.len(), amount.sum(), count.sum())
}

fn leaf_gap(view: &View, leaf: &Condition, want: bool, trail: &Trail) -> Gap {
    let (fact, test, required, actual, missing) = describe(view, leaf, want);
    let test = if want { test } else { test.negated() };
    Gap { path: format!("{trail}.{}", leaf.name()), fact, test, required, actual, missing }
}

/// What a gap says of a fact; the test is that of the condition itself.
type Description = (Fact, Test, FactValue, FactValue, Option<FactValue>);

fn describe(view: &View, leaf: &Condition, want: bool) -> Description {
    let facts = view.facts;
    let money = |minor| FactValue::Amount(Money::new(minor, facts.currency));
    let number = |fact, comparison, given: u32, actual: u32| {
        let test = Test::from(comparison);
        let missing = missing(if want { test } else { test.negated() }, given.into(), actual.into());
        let missing = missing.and_then(|it| u32::try_from(it).ok()).map(FactValue::Count);
        (fact, test, FactValue::Count(given), FactValue::Count(actual), missing)
    };
    match leaf {
        Condition::Subtotal { items, comparison, amount } => {
            let (given, actual) = (amount.get(facts.currency).map_or(0, Money::minor), view.subtotal(items));
            let test = Test::from(*comparison);
            let missing = missing(if want { test } else { test.negated() }, given, actual).map(money);
            (Fact::Subtotal, test, money(given), money(actual), missing)
        }
        Condition::Quantity { items, comparison, count } => {
            number(Fact::Quantity, *comparison, *count, view.quantity(items))
        }
        Condition::LineQuantity { items, comparison, count } => {
            number(Fact::LineQuantity, *comparison, *count, view.line_quantity(items))
        }
        Condition::Products(it) => presence(view, Fact::Products, it, |item, id| item.product_id == *id, want),
        Condition::Variants(it) => presence(view, Fact::Variants, it, |item, id| item.variant_id == *id, want),
        Condition::Collections(it) => {
            presence(view, Fact::Collections, it, |item, id| item.collection_ids.contains(id), want)
        }
        Condition::Attributes(it) => {
            let values = it.values.iter().map(|it| format!("{}: {}", it.key, it.value)).collect();
            let named = Presence { values, quantifier: it.quantifier };
            let has = |item: &super::Item, text: &String| {
                item.attributes.iter().any(|it| *text == format!("{}: {}", it.key, it.value))
            };
            presence(view, Fact::Attributes, &named, has, want)
        }
        Condition::Brands(it) => {
            presence(view, Fact::Brands, it, |item, brand| item.brand.as_ref() == Some(brand), want)
        }
        other => describe_context(view, other),
    }
}

/// As [`describe`], for facts that no item changes.
fn describe_context(view: &View, leaf: &Condition) -> Description {
    let facts = view.facts;
    let any = |fact, required, actual| (fact, Test::AnyOf, required, actual, None);
    match leaf {
        Condition::CustomerGroups(ids) => any(Fact::CustomerGroup, values(ids), values(&facts.customer_group_ids)),
        Condition::Segments(ids) => any(Fact::Segment, values(ids), values(&facts.segment_ids)),
        Condition::LoyaltyTiers(ids) => any(Fact::LoyaltyTier, values(ids), known(facts.loyalty_tier_id.as_ref())),
        Condition::FirstOrder(is_first) => {
            let actual = facts.is_first_order.map_or(FactValue::Absent, FactValue::Flag);
            (Fact::FirstOrder, Test::Equal, FactValue::Flag(*is_first), actual, None)
        }
        Condition::Channels(codes) => any(Fact::Channel, values(codes), known(facts.channel.as_ref())),
        Condition::Markets(codes) => any(Fact::Market, values(codes), known(facts.market.as_ref())),
        Condition::Locations(ids) => any(Fact::Location, values(ids), known(facts.location_id.as_ref())),
        Condition::Devices(kinds) => {
            let name = |it: &super::DeviceKind| format!("{it:?}");
            let actual = facts.device.as_ref().map_or(FactValue::Absent, |it| FactValue::Values(vec![name(it)]));
            any(Fact::Device, FactValue::Values(kinds.iter().map(name).collect()), actual)
        }
        Condition::LiveShows(ids) => any(Fact::LiveShow, values(ids), known(facts.live_show_id.as_ref())),
        Condition::TimeWindow(window) => {
            let (required, actual) = (FactValue::Window(*window), FactValue::Moment(facts.now));
            (Fact::TimeWindow, Test::Within, required, actual, None)
        }
        Condition::Daypart(daypart) => {
            let (required, actual) = (FactValue::Daypart(daypart.clone()), FactValue::Moment(facts.now));
            (Fact::Daypart, Test::Within, required, actual, None)
        }
        Condition::FulfillmentKinds(kinds) => {
            let names = |it: Vec<String>| FactValue::Values(it);
            let actual = view.basket.legs.iter().map(|it| format!("{:?}", it.delivery.kind)).collect();
            let required = kinds.iter().map(|it| format!("{it:?}")).collect();
            any(Fact::FulfillmentKind, names(required), names(actual))
        }
        Condition::PaymentMeans(means) => any(Fact::PaymentMeans, values(means), known(facts.payment_means.as_ref())),
        _ => (Fact::Code, Test::Equal, FactValue::Flag(true), FactValue::Flag(view.has_code()), None),
    }
}

/// What has to be added to `actual` so that it passes the test.
pub(super) fn missing(test: Test, required: i64, actual: i64) -> Option<i64> {
    match test {
        Test::AtLeast | Test::Equal if actual < required => Some(required - actual),
        Test::MoreThan if actual <= required => Some(required - actual + 1),
        Test::NotEqual if actual == required => Some(1),
        _ => None,
    }
}

fn presence<T: Display>(
    view: &View,
    fact: Fact,
    presence: &Presence<T>,
    is: impl Fn(&super::Item, &T) -> bool,
    want: bool,
) -> Description {
    let is_there = |value: &&T| view.has_item(|item| is(item, value));
    let (there, missing): (Vec<&T>, Vec<&T>) = presence.values.iter().partition(is_there);
    let test = match presence.quantifier {
        Quantifier::Any => Test::AnyOf,
        Quantifier::All => Test::AllOf,
    };
    let missing = want.then(|| values(&missing));
    (fact, test, values(&presence.values), values(&there), missing)
}

fn values<T: Display>(values: &[T]) -> FactValue {
    FactValue::Values(values.iter().take(VALUES_MAX).map(ToString::to_string).collect())
}

fn known<T: Display>(value: Option<&T>) -> FactValue {
    value.map_or(FactValue::Absent, |it| FactValue::Values(vec![it.to_string()]))
}

//! Whether a condition is well formed: its size, its sets, its times.

use super::{
    CONDITION_DEPTH_MAX, CONDITION_NODES_MAX, CONDITION_VALUES_MAX, Issues, PROMOTION_NAME_LENGTH_MAX, Problem, is_name,
};
use crate::{
    catalog::Attribute,
    promotion::{Condition, Daypart, ItemFilter},
};

/// Checks a condition and all that is in it.
pub(super) fn check(condition: &Condition, issues: &mut Issues) {
    let mut nodes = 0;
    walk(condition, "condition", 1, &mut nodes, issues);
    let max = CONDITION_NODES_MAX;
    issues.add_if(max < nodes, "condition", Problem::TooMany { max });
}

fn walk(condition: &Condition, path: &str, depth: usize, nodes: &mut usize, issues: &mut Issues) {
    *nodes += 1;
    if CONDITION_DEPTH_MAX < depth {
        issues.add(path, Problem::TooDeep { max: CONDITION_DEPTH_MAX });
        return;
    }
    let own = format!("{path}.{}", condition.name());
    match condition {
        Condition::All(children) | Condition::Any(children) | Condition::None(children) => {
            issues.add_if(children.is_empty(), &own, Problem::Empty);
            for (index, child) in children.iter().enumerate().take(CONDITION_NODES_MAX + 1) {
                walk(child, &format!("{own}[{index}]"), depth + 1, nodes, issues);
            }
        }
        leaf => check_leaf(leaf, &own, issues),
    }
}

fn check_leaf(leaf: &Condition, path: &str, issues: &mut Issues) {
    match leaf {
        Condition::Subtotal { items, .. }
        | Condition::Quantity { items, .. }
        | Condition::LineQuantity { items, .. } => check_items(items, &format!("{path}.items"), issues),
        Condition::Products(it) => check_values(&it.values, path, issues),
        Condition::Variants(it) => check_values(&it.values, path, issues),
        Condition::Collections(it) => check_values(&it.values, path, issues),
        Condition::Attributes(it) => {
            check_values(&attribute_texts(&it.values), path, issues);
            check_names(attribute_names(&it.values), &format!("{path}.values"), issues);
        }
        Condition::Brands(it) => {
            check_values(&it.values, path, issues);
            check_names(brand_names(&it.values), &format!("{path}.values"), issues);
        }
        Condition::CustomerGroups(it) => check_values(it, path, issues),
        Condition::Segments(it) => check_values(it, path, issues),
        Condition::LoyaltyTiers(it) => check_values(it, path, issues),
        Condition::Channels(it) => check_values(it, path, issues),
        Condition::Markets(it) => check_values(it, path, issues),
        Condition::Locations(it) => check_values(it, path, issues),
        Condition::Devices(it) => {
            check_values(&it.iter().map(|it| format!("{it:?}")).collect::<Vec<_>>(), path, issues)
        }
        Condition::LiveShows(it) => check_values(it, path, issues),
        Condition::FulfillmentKinds(it) => {
            check_values(&it.iter().map(|it| format!("{it:?}")).collect::<Vec<_>>(), path, issues);
        }
        Condition::PaymentMeans(it) => check_values(it, path, issues),
        Condition::TimeWindow(window) => issues.add_if(window.is_empty(), path, Problem::NeverOpens),
        Condition::Daypart(daypart) => check_daypart(daypart, path, issues),
        _ => {}
    }
}

fn check_daypart(daypart: &Daypart, path: &str, issues: &mut Issues) {
    let days: Vec<String> = daypart.weekdays.iter().map(ToString::to_string).collect();
    if !days.is_empty() {
        check_values(&days, &format!("{path}.weekdays"), issues);
    }
    // All day is told by leaving the hours out.
    let is_never = daypart.hours.is_some_and(|it| it.from == it.until);
    issues.add_if(is_never, format!("{path}.hours"), Problem::NeverOpens);
}

/// Checks which items are meant; naming none means all of them.
pub(super) fn check_items(items: &ItemFilter, path: &str, issues: &mut Issues) {
    check_some(&items.product_ids, &format!("{path}.productIds"), issues);
    check_some(&items.variant_ids, &format!("{path}.variantIds"), issues);
    check_some(&items.collection_ids, &format!("{path}.collectionIds"), issues);
    check_some(&items.brands, &format!("{path}.brands"), issues);
    check_some(&attribute_texts(&items.attributes), &format!("{path}.attributes"), issues);
    check_names(brand_names(&items.brands), &format!("{path}.brands"), issues);
    check_names(attribute_names(&items.attributes), &format!("{path}.attributes"), issues);
    if let Some(except) = &items.except {
        let path = format!("{path}.except");
        // An exception that means all leaves nothing, and one with exceptions of its own nobody understands.
        issues.add_if(except.is_all() || **except == without_exception(items), &path, Problem::NeverHolds);
        issues.add_if(except.except.is_some(), format!("{path}.except"), Problem::TooDeep { max: 1 });
        check_items(&without_exception(except), &path, issues);
    }
}

fn without_exception(items: &ItemFilter) -> ItemFilter {
    ItemFilter { except: None, ..items.clone() }
}

fn attribute_texts(attributes: &[Attribute]) -> Vec<String> {
    attributes.iter().map(|it| format!("{}: {}", it.key, it.value)).collect()
}

fn brand_names(brands: &[String]) -> impl Iterator<Item = (String, &str)> {
    brands.iter().enumerate().map(|(index, it)| (format!("[{index}]"), it.as_str()))
}

fn attribute_names(attributes: &[Attribute]) -> impl Iterator<Item = (String, &str)> {
    attributes.iter().enumerate().flat_map(|(index, it)| {
        [(format!("[{index}].key"), it.key.as_str()), (format!("[{index}].value"), it.value.as_str())]
    })
}

/// Checks texts, each with its place below `path`.
fn check_names<'a>(names: impl Iterator<Item = (String, &'a str)>, path: &str, issues: &mut Issues) {
    for (place, _) in names.filter(|(_, it)| !is_name(it)) {
        issues.add(format!("{path}{place}"), Problem::Text { max: PROMOTION_NAME_LENGTH_MAX });
    }
}

fn check_some<T: PartialEq + ToString>(values: &[T], path: &str, issues: &mut Issues) {
    if !values.is_empty() {
        check_values(values, path, issues);
    }
}

/// A set has at least one value, not too many, and none of them twice.
fn check_values<T: PartialEq + ToString>(values: &[T], path: &str, issues: &mut Issues) {
    issues.add_if(values.is_empty(), path, Problem::Empty);
    let max = CONDITION_VALUES_MAX;
    if max < values.len() {
        issues.add(path, Problem::TooMany { max });
        return;
    }
    let twice = values.iter().enumerate().find(|(index, it)| values.iter().take(*index).any(|other| other == *it));
    if let Some((_, value)) = twice {
        issues.add(path, Problem::Twice { value: value.to_string() });
    }
}

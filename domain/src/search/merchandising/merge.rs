//! Puts the answers to parts of a question together that share no product. Pure.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    Effect, Placement, RuleCode,
    plan::{Slot, Slots},
};
use crate::{
    ids::ProductId,
    search::{Facet, FacetValue, Hit, NumberKey, NumberRange, PlacedHit, SearchResult},
};

/// The totals, facets, numbers and prices of all `results`; no hits.
pub(crate) fn merge(results: &[SearchResult]) -> SearchResult {
    let mut facets: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    let mut numbers: BTreeMap<&NumberKey, (i64, i64)> = BTreeMap::new();
    let mut price_range = None;
    for result in results {
        for facet in &result.facets {
            let counts = facets.entry(&facet.key).or_default();
            for value in &facet.values {
                *counts.entry(&value.value).or_default() += value.count;
            }
        }
        for number in &result.numbers {
            let range = numbers.entry(&number.key).or_insert((number.min, number.max));
            *range = (range.0.min(number.min), range.1.max(number.max));
        }
        price_range = widest(price_range, result.price_range);
    }
    let facet = |(key, counts): (&str, BTreeMap<&str, u64>)| {
        let value = |(value, count): (&str, u64)| FacetValue { value: value.to_owned(), count };
        let mut values: Vec<FacetValue> = counts.into_iter().map(value).collect();
        // Stable: equally frequent values stay in their order.
        values.sort_by_key(|it| Reverse(it.count));
        values.truncate(Facet::VALUES_MAX);
        Facet { key: key.to_owned(), values }
    };
    let number = |(key, (min, max)): (&NumberKey, (i64, i64))| NumberRange { key: key.clone(), min, max };
    SearchResult {
        total: results.iter().map(|it| it.total).sum(),
        hits: Vec::new(),
        facets: facets.into_iter().map(facet).collect(),
        numbers: numbers.into_iter().map(number).collect(),
        price_range,
    }
}

/// The hits of a page: `pins` at their places, and what partitions have on the page between them.
pub(crate) fn in_places(slots: &Slots, pins: &[&(u32, ProductId, RuleCode)], others: Vec<PlacedHit>) -> Vec<PlacedHit> {
    let mut others = others.into_iter();
    let pinned = |idx: usize| {
        let (_, id, rule) = pins.get(idx)?;
        let placement = Placement { rule: rule.clone(), effect: Effect::Pinned };
        Some(PlacedHit { hit: Hit { id: *id, score: None }, placement: Some(placement), boost: None })
    };
    let place = |slot: &Slot| match slot {
        Slot::Pin(idx) => pinned(*idx),
        Slot::Next => others.next(),
    };
    slots.places.iter().filter_map(place).collect()
}

fn widest(left: Option<(i64, i64)>, right: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (left, right) {
        (Some(left), Some(right)) => Some((left.0.min(right.0), left.1.max(right.1))),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_and_ranges_grow() {
        let value = |value: &str, count| FacetValue { value: value.to_owned(), count };
        let result = |count, price_range| SearchResult {
            total: count,
            facets: vec![Facet { key: "color".to_owned(), values: vec![value("Blue", count), value("Red", 1)] }],
            price_range,
            ..SearchResult::default()
        };
        let merged = merge(&[result(2, Some((5, 9))), result(3, None), result(1, Some((1, 6)))]);
        assert_eq!((merged.total, merged.price_range), (6, Some((1, 9))));
        assert_eq!(merged.facets[0].values, [value("Blue", 6), value("Red", 3)]);
    }
}

//! What was counted, put together over all segments.

use std::{cmp::Reverse, collections::BTreeMap};

use comptoir_domain::search::{Facet, FacetValue, NumberKey, NumberRange};

use super::{columns::MinMax, schema::NAME_SEPARATOR};

/// What was counted.
#[derive(Default)]
pub(super) struct Summary {
    /// How many products.
    pub(super) total: u64,
    /// The lowest and highest price.
    pub(super) price_range: Option<MinMax>,
    /// How many products have each key, separator and value.
    pub(super) counts: BTreeMap<String, u64>,
    /// The lowest and highest of each number.
    pub(super) numbers: BTreeMap<String, MinMax>,
}

impl Summary {
    /// The facets by key, the most frequent values first.
    pub(super) fn facets(&self) -> Vec<Facet> {
        let mut facets: BTreeMap<&str, Vec<(&str, u64)>> = BTreeMap::new();
        for (term, count) in &self.counts {
            if let Some((key, value)) = term.split_once(NAME_SEPARATOR) {
                facets.entry(key).or_default().push((value, *count));
            }
        }
        let facet = |(key, mut values): (&str, Vec<(&str, u64)>)| {
            // Stable: equally frequent values stay in their order.
            values.sort_by_key(|it| Reverse(it.1));
            values.truncate(Facet::VALUES_MAX);
            let value = |(value, count): (&str, u64)| FacetValue { value: value.to_owned(), count };
            Facet { key: key.to_owned(), values: values.into_iter().map(value).collect() }
        };
        facets.into_iter().map(facet).collect()
    }

    /// The numbers by key.
    pub(super) fn numbers(&self) -> Vec<NumberRange> {
        let number = |(name, (min, max)): (&String, &MinMax)| {
            let (key, unit) = name.split_once(NAME_SEPARATOR)?;
            let key = NumberKey { key: key.to_owned(), unit: unit.to_owned() };
            Some(NumberRange { key, min: *min, max: *max })
        };
        self.numbers.iter().filter_map(number).collect()
    }

    /// Adds what another segment has.
    pub(super) fn add(&mut self, other: Self) {
        self.total += other.total;
        if let Some((min, max)) = other.price_range {
            self.price_range = Some(self.price_range.map_or((min, max), |it| (it.0.min(min), it.1.max(max))));
        }
        for (term, count) in other.counts {
            *self.counts.entry(term).or_default() += count;
        }
        for (name, (min, max)) in other.numbers {
            let range = self.numbers.entry(name).or_insert((min, max));
            *range = (range.0.min(min), range.1.max(max));
        }
    }
}

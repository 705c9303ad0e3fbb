//! What is counted over all that was found: how many, facets and prices.

use std::{cmp::Reverse, collections::BTreeMap, io};

use comptoir_domain::search::{Facet, FacetValue};
use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{Column, StrColumn},
};

use super::schema::{FACET, FACET_SEPARATOR, PRICE};

/// The most values of a facet.
const VALUES_MAX: usize = 100;

/// Counts. Tantivy's aggregations cut the values of each segment before they are added up; these counts are exact.
pub(super) struct SummaryCollector {
    /// The code of the currency of prices.
    pub(super) currency: &'static str,
}

/// What was counted.
#[derive(Default)]
pub(super) struct Summary {
    /// How many products.
    pub(super) total: u64,
    /// The lowest and highest price.
    pub(super) price_range: Option<(i64, i64)>,
    /// How many products have each key, separator and value.
    counts: BTreeMap<String, u64>,
}

impl Summary {
    /// The facets by key, the most frequent values first.
    pub(super) fn facets(self) -> Vec<Facet> {
        let mut facets: BTreeMap<String, Vec<FacetValue>> = BTreeMap::new();
        for (term, count) in self.counts {
            if let Some((key, value)) = term.split_once(FACET_SEPARATOR) {
                facets.entry(key.to_owned()).or_default().push(FacetValue { value: value.to_owned(), count });
            }
        }
        let facet = |(key, mut values): (String, Vec<FacetValue>)| {
            // Stable: equally frequent values stay in their order.
            values.sort_by_key(|it| Reverse(it.count));
            values.truncate(VALUES_MAX);
            Facet { key, values }
        };
        facets.into_iter().map(facet).collect()
    }

    fn add(&mut self, other: Self) {
        self.total += other.total;
        if let Some((min, max)) = other.price_range {
            self.widen(min, max);
        }
        for (term, count) in other.counts {
            *self.counts.entry(term).or_default() += count;
        }
    }

    fn widen(&mut self, min: i64, max: i64) {
        self.price_range = Some(self.price_range.map_or((min, max), |it| (it.0.min(min), it.1.max(max))));
    }
}

impl Collector for SummaryCollector {
    type Fruit = Summary;
    type Child = SegmentSummary;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentSummary> {
        let columns = segment.fast_fields();
        let facets = columns.str(FACET)?;
        Ok(SegmentSummary {
            counts: vec![0; facets.as_ref().map_or(0, |it| it.num_terms())],
            facets,
            min: columns.column_opt(&format!("{PRICE}.{}.min", self.currency))?,
            max: columns.column_opt(&format!("{PRICE}.{}.max", self.currency))?,
            summary: Summary::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<io::Result<Summary>>) -> tantivy::Result<Summary> {
        let mut summary = Summary::default();
        for segment in segments {
            summary.add(segment?);
        }
        Ok(summary)
    }
}

/// Counts in one segment, by the number of the facet's term.
pub(super) struct SegmentSummary {
    facets: Option<StrColumn>,
    counts: Vec<u32>,
    min: Option<Column<i64>>,
    max: Option<Column<i64>>,
    summary: Summary,
}

impl SegmentSummary {
    fn total(mut self) -> io::Result<Summary> {
        let Some(facets) = self.facets else {
            return Ok(self.summary);
        };
        let found = (0_u64..).zip(self.counts).filter(|(_, count)| 0 < *count);
        let (ordinals, counts): (Vec<u64>, Vec<u32>) = found.unzip();
        let mut counts = counts.into_iter();
        facets.dictionary().sorted_ords_to_term_cb(&ordinals, |term| {
            let count = counts.next().map_or(0, u64::from);
            self.summary.counts.insert(String::from_utf8_lossy(term).into_owned(), count);
        })?;
        Ok(self.summary)
    }
}

impl SegmentCollector for SegmentSummary {
    type Fruit = io::Result<Summary>;

    fn collect(&mut self, document: DocId, _: Score) {
        self.summary.total += 1;
        let price = |column: &Option<Column<i64>>| column.as_ref().and_then(|it| it.first(document));
        if let (Some(min), Some(max)) = (price(&self.min), price(&self.max)) {
            self.summary.widen(min, max);
        }
        for ordinal in self.facets.iter().flat_map(|it| it.term_ords(document)) {
            if let Some(count) = usize::try_from(ordinal).ok().and_then(|it| self.counts.get_mut(it)) {
                *count += 1;
            }
        }
    }

    fn harvest(self) -> io::Result<Summary> {
        self.total()
    }
}

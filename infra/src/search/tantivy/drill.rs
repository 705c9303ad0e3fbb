//! What is counted beside the hits: how many, facets, numbers and prices.
//!
//! Filters by facet, number and price are looked at here and not in the query: what fails one of them alone is counted for that one,
//! as what else could be chosen ("drill sideways"). One walk over what the words find counts everything.

use std::{ops::Range, sync::Arc};

use comptoir_domain::search::{FacetFilter, FacetRequest, NumberFilter, SearchFilter, SearchQuery};
use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
};

use super::{
    columns::{Columns, MinMax, NamedRange, Place, SegmentColumns, index},
    schema::name_of,
    summary::Summary,
};

/// Collects hits of those that satisfy all filters, and counts.
pub(super) struct DrillCollector<'a, C> {
    /// Who takes the hits; nobody where none are wanted.
    pub(super) hits: Option<C>,
    /// The filters, and what is to be counted.
    pub(super) question: &'a SearchQuery,
    /// What is counted, of all segments.
    pub(super) columns: &'a Columns,
}

impl<C: Collector> Collector for DrillCollector<'_, C> {
    type Fruit = (Summary, Option<C::Fruit>);
    type Child = SegmentDrill<C::Child>;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Self::Child> {
        let hits = self.hits.as_ref().map(|it| it.for_segment(ordinal, segment)).transpose()?;
        Ok(SegmentDrill { hits, counter: Counter::new(self.question, self.columns.segment(ordinal)?) })
    }

    fn requires_scoring(&self) -> bool {
        self.hits.as_ref().is_some_and(Collector::requires_scoring)
    }

    fn merge_fruits(
        &self,
        segments: Vec<(Summary, Option<<C::Child as SegmentCollector>::Fruit>)>,
    ) -> tantivy::Result<Self::Fruit> {
        let mut summary = Summary::default();
        let mut found = Vec::new();
        for (counted, hits) in segments {
            summary.add(counted);
            found.extend(hits);
        }
        let hits = self.hits.as_ref().map(|it| it.merge_fruits(found)).transpose()?;
        Ok((summary, hits))
    }
}

/// Collects in one segment.
pub(super) struct SegmentDrill<S> {
    hits: Option<S>,
    counter: Counter,
}

impl<S: SegmentCollector> SegmentCollector for SegmentDrill<S> {
    type Fruit = (Summary, Option<S::Fruit>);

    fn collect(&mut self, document: DocId, score: Score) {
        if self.counter.count(document)
            && let Some(hits) = &mut self.hits
        {
            hits.collect(document, score);
        }
    }

    fn harvest(self) -> Self::Fruit {
        (self.counter.summary(), self.hits.map(SegmentCollector::harvest))
    }
}

/// A filter.
enum Filter {
    /// Any of these; `own` are all of its facet.
    Facet { places: Vec<Place>, own: Range<Place> },
    /// A price that meets the range.
    Price(Option<i64>, Option<i64>),
    /// A number that meets the range; of no place: no product of the segment has it.
    Number(Option<Place>, Option<i64>, Option<i64>),
}

struct Counter {
    columns: Arc<SegmentColumns>,
    filters: Vec<Filter>,
    /// The facets that are counted; none: all.
    counted: Option<Vec<Range<Place>>>,
    is_counting: bool,
    /// The view that was asked for and the wider ones, as far as products have prices of their own in them.
    views: Vec<Place>,
    total: u64,
    /// By the place of the facet.
    counts: Vec<u32>,
    price_range: Option<MinMax>,
    /// By the place of the number.
    numbers: Vec<Option<MinMax>>,
}

impl Counter {
    fn new(question: &SearchQuery, columns: Arc<SegmentColumns>) -> Self {
        let SegmentColumns { facets, prices, numbers } = &*columns;
        let facet = |it: &FacetFilter| Filter::Facet {
            places: it.values.iter().filter_map(|value| facets.place(&name_of(&it.key, value))).collect(),
            own: facets.places(&it.key),
        };
        let number =
            |it: &NumberFilter| Filter::Number(numbers.place(&name_of(&it.key.key, &it.key.unit)), it.min, it.max);
        let SearchFilter { facets: wanted, price, numbers: wanted_numbers, .. } = &question.filter;
        let price = (!price.is_empty()).then_some(Filter::Price(price.min, price.max));
        let counted = match &question.facets {
            FacetRequest::Keys(keys) => Some(keys.iter().map(|it| facets.places(it)).collect()),
            FacetRequest::All | FacetRequest::None => None,
        };
        Self {
            filters: wanted.iter().map(facet).chain(price).chain(wanted_numbers.iter().map(number)).collect(),
            counted,
            is_counting: question.facets != FacetRequest::None,
            views: question.view.widening().iter().filter_map(|it| prices.place(&it.to_string())).collect(),
            total: 0,
            counts: vec![0; facets.names().len()],
            price_range: None,
            numbers: vec![None; numbers.names().len()],
            columns,
        }
    }

    /// Counts a document where it has to be counted; whether it satisfies all filters.
    fn count(&mut self, document: DocId) -> bool {
        let mut failed = self.filters.iter().enumerate().filter(|(_, it)| !self.satisfies(document, it)).map(|it| it.0);
        match (failed.next(), failed.next()) {
            (None, _) => {
                self.total += 1;
                if self.is_counting {
                    self.count_facets(document, None);
                    self.widen_price(document);
                    self.widen_numbers(document, None);
                }
                true
            }
            (Some(only), None) => {
                if self.is_counting {
                    self.count_for(document, only);
                }
                false
            }
            _ => false,
        }
    }

    /// Counts a document that fails the filter `only` alone.
    fn count_for(&mut self, document: DocId, only: usize) {
        match self.filters.get(only) {
            Some(Filter::Facet { own, .. }) => self.count_facets(document, Some(own.clone())),
            Some(Filter::Price(..)) => self.widen_price(document),
            Some(Filter::Number(Some(place), ..)) => self.widen_numbers(document, Some(*place)),
            _ => {}
        }
    }

    fn satisfies(&self, document: DocId, filter: &Filter) -> bool {
        let meets = |range: Option<MinMax>, min: Option<i64>, max: Option<i64>| {
            range.is_some_and(|it| min.is_none_or(|min| min <= it.1) && max.is_none_or(|max| it.0 <= max))
        };
        match filter {
            Filter::Facet { places, .. } => self.columns.facets.of(document).iter().any(|it| places.contains(it)),
            Filter::Price(min, max) => meets(self.price(document), *min, *max),
            Filter::Number(place, min, max) => {
                let has = self.columns.numbers.of(document).iter().find(|it| Some(it.place) == *place);
                meets(has.map(|it| (it.min, it.max)), *min, *max)
            }
        }
    }

    fn count_facets(&mut self, document: DocId, only: Option<Range<Place>>) {
        for place in self.columns.facets.of(document) {
            if only.as_ref().is_none_or(|it| it.contains(place))
                && let Some(count) = self.counts.get_mut(index(*place))
            {
                *count += 1;
            }
        }
    }

    fn price(&self, document: DocId) -> Option<MinMax> {
        let prices = self.columns.prices.of(document);
        let price = self.views.iter().find_map(|view| prices.iter().find(|it| it.place == *view));
        price.map(|it| (it.min, it.max))
    }

    fn widen_price(&mut self, document: DocId) {
        if let Some((min, max)) = self.price(document) {
            self.price_range = Some(widened(self.price_range, min, max));
        }
    }

    fn widen_numbers(&mut self, document: DocId, only: Option<Place>) {
        for NamedRange { place, min, max } in self.columns.numbers.of(document) {
            if only.is_none_or(|it| it == *place)
                && let Some(range) = self.numbers.get_mut(index(*place))
            {
                *range = Some(widened(*range, *min, *max));
            }
        }
    }

    fn summary(self) -> Summary {
        let is_counted = |place: Place| self.counted.as_ref().is_none_or(|it| it.iter().any(|it| it.contains(&place)));
        let counts = (0..).zip(self.columns.facets.names()).zip(self.counts);
        let counts = counts.filter(|((place, _), count)| 0 < *count && is_counted(*place));
        let numbers = self.columns.numbers.names().iter().zip(self.numbers);
        Summary {
            total: self.total,
            price_range: self.price_range,
            counts: counts.map(|((_, name), count)| (name.clone(), u64::from(count))).collect(),
            numbers: numbers.filter_map(|(name, range)| Some((name.clone(), range?))).collect(),
        }
    }
}

fn widened(range: Option<MinMax>, min: i64, max: i64) -> MinMax {
    range.map_or((min, max), |it| (it.0.min(min), it.1.max(max)))
}

//! What is counted beside the hits: how many, facets, numbers and prices.
//!
//! Filters by facet, number and price are looked at here and not in the query: what fails one of them alone is counted for that one,
//! as what else could be chosen ("drill sideways"). One walk over what the words find counts everything.

use std::{collections::BTreeMap, io, ops::Range};

use comptoir_domain::search::{FacetRequest, SearchQuery};
use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{Column, StrColumn},
};

use super::{
    schema::{FACET, FACET_SEPARATOR, NUMBER, NUMBER_KEY, PRICE},
    summary::Summary,
};

/// Collects hits of those that satisfy all filters, and counts.
pub(super) struct DrillCollector<'a, C> {
    /// Who takes the hits; nobody where none are wanted.
    pub(super) hits: Option<C>,
    /// The filters, and what is to be counted.
    pub(super) question: &'a SearchQuery,
}

impl<C: Collector> Collector for DrillCollector<'_, C> {
    type Fruit = (Summary, Option<C::Fruit>);
    type Child = SegmentDrill<C::Child>;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Self::Child> {
        let hits = self.hits.as_ref().map(|it| it.for_segment(ordinal, segment)).transpose()?;
        Ok(SegmentDrill { hits, counter: Counter::new(self.question, segment)? })
    }

    fn requires_scoring(&self) -> bool {
        self.hits.as_ref().is_some_and(Collector::requires_scoring)
    }

    fn merge_fruits(
        &self,
        segments: Vec<(io::Result<Summary>, Option<<C::Child as SegmentCollector>::Fruit>)>,
    ) -> tantivy::Result<Self::Fruit> {
        let mut summary = Summary::default();
        let mut found = Vec::new();
        for (counted, hits) in segments {
            summary.add(counted?);
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
    type Fruit = (io::Result<Summary>, Option<S::Fruit>);

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

/// A range of a column pair: the lowest and the highest of each product.
struct RangeColumns {
    min: Option<Column<i64>>,
    max: Option<Column<i64>>,
}

impl RangeColumns {
    fn open(segment: &SegmentReader, path: &str) -> tantivy::Result<Self> {
        let column = |end: &str| segment.fast_fields().column_opt(&format!("{path}.{end}"));
        Ok(Self { min: column("min")?, max: column("max")? })
    }

    fn get(&self, document: DocId) -> Option<(i64, i64)> {
        Some((self.min.as_ref()?.first(document)?, self.max.as_ref()?.first(document)?))
    }
}

/// A number of the segment, and what of it was found so far.
struct NumberColumns {
    name: String,
    columns: RangeColumns,
    range: Option<(i64, i64)>,
}

/// A filter.
enum Filter {
    /// Any of these terms; `own` are all terms of its facet.
    Facet { terms: Vec<u64>, own: Range<u64> },
    /// A price that meets the range.
    Price(Option<i64>, Option<i64>),
    /// A number that meets the range, by the number of its key's term; none: no product of the segment has it.
    Number(Option<u64>, Option<i64>, Option<i64>),
}

struct Counter {
    filters: Vec<Filter>,
    facets: Option<StrColumn>,
    /// By the number of the facet's term.
    counts: Vec<u32>,
    /// The terms that are counted; none: all.
    counted: Option<Vec<Range<u64>>>,
    is_counting: bool,
    price: RangeColumns,
    number_keys: Option<StrColumn>,
    /// By the number of the key's term.
    numbers: Vec<NumberColumns>,
    /// The terms of the document that is looked at.
    terms: Vec<u64>,
    total: u64,
    price_range: Option<(i64, i64)>,
}

impl Counter {
    fn new(question: &SearchQuery, segment: &SegmentReader) -> tantivy::Result<Self> {
        let facets = segment.fast_fields().str(FACET)?;
        let number_keys = segment.fast_fields().str(NUMBER_KEY)?;
        let mut filters = Vec::new();
        for filter in &question.filter.facets {
            let mut terms = Vec::new();
            for value in &filter.values {
                terms.extend(term_of(facets.as_ref(), &format!("{}{FACET_SEPARATOR}{value}", filter.key))?);
            }
            filters.push(Filter::Facet { terms, own: terms_of_key(facets.as_ref(), &filter.key)? });
        }
        if !question.filter.price.is_empty() {
            filters.push(Filter::Price(question.filter.price.min, question.filter.price.max));
        }
        for filter in &question.filter.numbers {
            let term = term_of(number_keys.as_ref(), &number_name(&filter.key.key, &filter.key.unit))?;
            filters.push(Filter::Number(term, filter.min, filter.max));
        }
        let counted = match &question.facets {
            FacetRequest::Keys(keys) => {
                Some(keys.iter().map(|it| terms_of_key(facets.as_ref(), it)).collect::<tantivy::Result<_>>()?)
            }
            _ => None,
        };
        let is_counting = question.facets != FacetRequest::None;
        let needs_numbers = is_counting || !question.filter.numbers.is_empty();
        let numbers = if needs_numbers { number_columns(number_keys.as_ref(), segment)? } else { Vec::new() };
        Ok(Self {
            filters,
            counts: vec![0; facets.as_ref().map_or(0, |it| it.num_terms())],
            facets,
            counted,
            is_counting,
            price: RangeColumns::open(segment, &format!("{PRICE}.{}", question.currency.code()))?,
            number_keys,
            numbers,
            terms: Vec::new(),
            total: 0,
            price_range: None,
        })
    }

    /// Counts a document where it has to be counted; whether it satisfies all filters.
    fn count(&mut self, document: DocId) -> bool {
        if self.filters.is_empty() && !self.is_counting {
            self.total += 1;
            return true;
        }
        self.terms.clear();
        self.terms.extend(self.facets.iter().flat_map(|it| it.term_ords(document)));
        let mut failed = self.filters.iter().enumerate().filter(|(_, it)| !self.satisfies(document, it)).map(|it| it.0);
        match (failed.next(), failed.next()) {
            (None, _) => {
                self.total += 1;
                if self.is_counting {
                    self.count_terms(0..u64::MAX);
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
            Some(Filter::Facet { own, .. }) => self.count_terms(own.clone()),
            Some(Filter::Price(..)) => self.widen_price(document),
            Some(Filter::Number(Some(term), ..)) => self.widen_numbers(document, Some(*term)),
            _ => {}
        }
    }

    fn satisfies(&self, document: DocId, filter: &Filter) -> bool {
        let meets = |range: Option<(i64, i64)>, min: Option<i64>, max: Option<i64>| {
            range.is_some_and(|it| min.is_none_or(|min| min <= it.1) && max.is_none_or(|max| it.0 <= max))
        };
        match filter {
            Filter::Facet { terms, .. } => self.terms.iter().any(|it| terms.contains(it)),
            Filter::Price(min, max) => meets(self.price.get(document), *min, *max),
            Filter::Number(term, min, max) => {
                let columns = term.and_then(|it| self.numbers.get(usize::try_from(it).ok()?));
                columns.is_some_and(|it| meets(it.columns.get(document), *min, *max))
            }
        }
    }

    fn count_terms(&mut self, own: Range<u64>) {
        for term in self.terms.iter().filter(|it| own.contains(it)) {
            if let Some(count) = usize::try_from(*term).ok().and_then(|it| self.counts.get_mut(it)) {
                *count += 1;
            }
        }
    }

    fn widen_price(&mut self, document: DocId) {
        if let Some((min, max)) = self.price.get(document) {
            self.price_range = Some(widened(self.price_range, min, max));
        }
    }

    fn widen_numbers(&mut self, document: DocId, only: Option<u64>) {
        let Some(keys) = &self.number_keys else { return };
        for term in keys.term_ords(document).filter(|it| only.is_none_or(|only| only == *it)) {
            if let Some(NumberColumns { columns, range, .. }) =
                usize::try_from(term).ok().and_then(|it| self.numbers.get_mut(it))
                && let Some((min, max)) = columns.get(document)
            {
                *range = Some(widened(*range, min, max));
            }
        }
    }

    fn summary(self) -> io::Result<Summary> {
        let mut summary = Summary { total: self.total, price_range: self.price_range, ..Summary::default() };
        summary.numbers.extend(self.numbers.into_iter().filter_map(|it| Some((it.name, it.range?))));
        let Some(facets) = self.facets else { return Ok(summary) };
        let is_counted = |term: &u64| self.counted.as_ref().is_none_or(|it| it.iter().any(|it| it.contains(term)));
        let found = (0_u64..).zip(self.counts).filter(|(term, count)| 0 < *count && is_counted(term));
        let (ordinals, counts): (Vec<u64>, Vec<u32>) = found.unzip();
        let mut counts = counts.into_iter();
        facets.dictionary().sorted_ords_to_term_cb(&ordinals, |term| {
            let count = counts.next().map_or(0, u64::from);
            summary.counts.insert(String::from_utf8_lossy(term).into_owned(), count);
        })?;
        Ok(summary)
    }
}

/// The name that the columns of a number have.
pub(super) fn number_name(key: &str, unit: &str) -> String {
    format!("{key}{FACET_SEPARATOR}{unit}")
}

fn number_columns(keys: Option<&StrColumn>, segment: &SegmentReader) -> tantivy::Result<Vec<NumberColumns>> {
    let mut columns = Vec::new();
    let Some(keys) = keys else { return Ok(columns) };
    for term in 0..keys.num_terms() as u64 {
        let mut name = String::new();
        keys.ord_to_str(term, &mut name)?;
        let ranges = RangeColumns::open(segment, &format!("{NUMBER}.{name}"))?;
        columns.push(NumberColumns { name, columns: ranges, range: None });
    }
    Ok(columns)
}

fn widened(range: Option<(i64, i64)>, min: i64, max: i64) -> (i64, i64) {
    range.map_or((min, max), |it| (it.0.min(min), it.1.max(max)))
}

fn term_of(column: Option<&StrColumn>, term: &str) -> tantivy::Result<Option<u64>> {
    Ok(column.map(|it| it.dictionary().term_ord(term)).transpose()?.flatten())
}

/// The terms of a facet's key: in the order of terms they stand together.
fn terms_of_key(column: Option<&StrColumn>, key: &str) -> tantivy::Result<Range<u64>> {
    let Some(column) = column else { return Ok(0..0) };
    let after = char::from_u32(u32::from(FACET_SEPARATOR) + 1).unwrap_or(FACET_SEPARATOR);
    let place = |separator: char| column.dictionary().term_ord_or_next(format!("{key}{separator}"));
    let [start, end] = [place(FACET_SEPARATOR)?, place(after)?].map(|it| match it {
        tantivy::columnar::TermOrdHit::Exact(ord) | tantivy::columnar::TermOrdHit::Next(ord) => ord,
    });
    Ok(start..end)
}

/// Names to ranges.
pub(super) type Numbers = BTreeMap<String, (i64, i64)>;

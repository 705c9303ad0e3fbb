//! The order of hits. Ties go to the older identifier, so that pages never overlap.

use comptoir_domain::{
    ids::{Id, ProductId},
    search::{SearchQuery, SearchSort},
};
use tantivy::{
    DocId, Order, Score, Searcher, SegmentReader,
    collector::{
        SegmentSortKeyComputer, SortKeyComputer, TopDocs,
        sort_key::{NaturalComparator, SortBySimilarityScore, SortByStaticFastValue},
    },
    columnar::Column,
    query::Query,
};
use uuid::Uuid;

use super::{
    schema::{CREATED_AT, ID_HIGH, ID_LOW, PRICE},
    summary::{Summary, SummaryCollector},
};

/// What all hits are, and the identifiers of those on the page that `question` wants.
pub(super) fn search(
    searcher: &Searcher,
    query: &dyn Query,
    question: &SearchQuery,
) -> tantivy::Result<(Summary, Vec<ProductId>)> {
    let is_all = question.text.trim().is_empty();
    let price = || SortByPrice { column: format!("{PRICE}.{}.min", question.currency.code()) };
    let page = Page { searcher, query, question };
    match question.sort {
        SearchSort::Relevance if !is_all => page.ordered_by(SortBySimilarityScore),
        SearchSort::Relevance | SearchSort::Newest => {
            page.ordered_by((SortByStaticFastValue::<i64>::for_field(CREATED_AT), Order::Desc))
        }
        SearchSort::PriceAscending => page.ordered_by((price(), Order::Asc)),
        SearchSort::PriceDescending => page.ordered_by((price(), Order::Desc)),
    }
}

struct Page<'a> {
    searcher: &'a Searcher,
    query: &'a dyn Query,
    question: &'a SearchQuery,
}

impl Page<'_> {
    fn ordered_by<K: SortKeyComputer + Send + 'static>(&self, key: K) -> tantivy::Result<(Summary, Vec<ProductId>)> {
        let summary = SummaryCollector { currency: self.question.currency.code() };
        let [offset, limit] =
            [self.question.offset, self.question.limit].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
        if limit == 0 {
            return Ok((self.searcher.search(self.query, &summary)?, Vec::new()));
        }
        let top = TopDocs::with_limit(limit).and_offset(offset);
        let id = |column| (SortByStaticFastValue::<u64>::for_field(column), Order::Asc);
        let top = top.order_by((key, (id(ID_HIGH), id(ID_LOW))));
        let (summary, hits) = self.searcher.search(self.query, &(summary, top))?;
        let id = |(high, low): (Option<u64>, Option<u64>)| Some(ProductId::from_uuid(Uuid::from_u64_pair(high?, low?)));
        Ok((summary, hits.into_iter().filter_map(|((_, it), _)| id(it)).collect()))
    }
}

/// Sorts by the lowest price; a segment can be without the column of a currency.
struct SortByPrice {
    column: String,
}

impl SortKeyComputer for SortByPrice {
    type SortKey = Option<i64>;
    type Child = SegmentPrices;
    type Comparator = NaturalComparator;

    fn segment_sort_key_computer(&self, segment: &SegmentReader) -> tantivy::Result<SegmentPrices> {
        Ok(SegmentPrices { column: segment.fast_fields().column_opt(&self.column)? })
    }
}

struct SegmentPrices {
    column: Option<Column<i64>>,
}

impl SegmentSortKeyComputer for SegmentPrices {
    type SortKey = Option<i64>;
    type SegmentSortKey = Option<i64>;
    type SegmentComparator = NaturalComparator;

    fn segment_sort_key(&mut self, document: DocId, _: Score) -> Option<i64> {
        self.column.as_ref()?.first(document)
    }

    fn convert_segment_sort_key(&self, key: Option<i64>) -> Option<i64> {
        key
    }
}

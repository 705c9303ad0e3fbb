//! The order of hits. Ties go to the older identifier, so that pages never overlap.

use comptoir_domain::{
    ids::{Id, ProductId},
    search::{Hit, SearchQuery, SearchSort},
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
    columns::Columns,
    drill::DrillCollector,
    schema::{COLLECTION, CREATED_AT, ID_HIGH, ID_LOW, PRICE, collection_name},
    summary::Summary,
};

/// What all hits are, and those on the page that `question` wants.
pub(super) fn search(
    searcher: &Searcher,
    query: &dyn Query,
    question: &SearchQuery,
    columns: &Columns,
) -> tantivy::Result<(Summary, Vec<Hit>)> {
    let price = || SortByColumns { columns: question.view.widening().map(|it| format!("{PRICE}.{it}.min")).to_vec() };
    let page = Page { searcher, query, question, columns };
    if let Some(collection) = question.filter.collection.filter(|_| question.is_in_collection_order()) {
        let position = SortByColumns { columns: vec![format!("{COLLECTION}.{}", collection_name(collection))] };
        return page.ordered_by((position, Order::Asc), |_| None);
    }
    match question.sort {
        SearchSort::Relevance | SearchSort::Collection if !question.is_without_text() => {
            page.ordered_by(SortBySimilarityScore, |score| Some(f64::from(*score)))
        }
        SearchSort::Relevance | SearchSort::Collection | SearchSort::Newest => {
            page.ordered_by((SortByStaticFastValue::<i64>::for_field(CREATED_AT), Order::Desc), |_| None)
        }
        SearchSort::PriceAscending => page.ordered_by((price(), Order::Asc), |_| None),
        SearchSort::PriceDescending => page.ordered_by((price(), Order::Desc), |_| None),
    }
}

struct Page<'a> {
    searcher: &'a Searcher,
    query: &'a dyn Query,
    question: &'a SearchQuery,
    columns: &'a Columns,
}

impl Page<'_> {
    fn ordered_by<K: SortKeyComputer + Send + 'static>(
        &self,
        key: K,
        score: impl Fn(&K::SortKey) -> Option<f64>,
    ) -> tantivy::Result<(Summary, Vec<Hit>)>
    where
        K::SortKey: Clone + Send + Sync + std::fmt::Debug,
    {
        let [offset, limit] =
            [self.question.offset, self.question.limit].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
        // A page of none is no page.
        let top = TopDocs::with_limit(limit.max(1)).and_offset(offset);
        let id = |column| (SortByStaticFastValue::<u64>::for_field(column), Order::Asc);
        let top = top.order_by((key, (id(ID_HIGH), id(ID_LOW))));
        let hits = (0 < limit).then_some(top);
        let collector = DrillCollector { hits, question: self.question, columns: self.columns };
        let (summary, hits) = self.searcher.search(self.query, &collector)?;
        let id = |(high, low): (Option<u64>, Option<u64>)| Some(ProductId::from_uuid(Uuid::from_u64_pair(high?, low?)));
        let hits = hits.into_iter().flatten();
        let hits = hits.filter_map(|((key, it), _)| Some(Hit { id: id(it)?, score: score(&key) })).collect();
        Ok((summary, hits))
    }
}

/// Sorts by a number that not all products have: that of the first column which has one. A segment can be without any of them.
struct SortByColumns {
    columns: Vec<String>,
}

impl SortKeyComputer for SortByColumns {
    type SortKey = Option<i64>;
    type Child = SegmentNumbers;
    type Comparator = NaturalComparator;

    fn segment_sort_key_computer(&self, segment: &SegmentReader) -> tantivy::Result<SegmentNumbers> {
        let columns = self.columns.iter().map(|it| segment.fast_fields().column_opt(it));
        let columns = columns.collect::<tantivy::Result<Vec<Option<Column<i64>>>>>()?;
        Ok(SegmentNumbers { columns: columns.into_iter().flatten().collect() })
    }
}

struct SegmentNumbers {
    columns: Vec<Column<i64>>,
}

impl SegmentSortKeyComputer for SegmentNumbers {
    type SortKey = Option<i64>;
    type SegmentSortKey = Option<i64>;
    type SegmentComparator = NaturalComparator;

    fn segment_sort_key(&mut self, document: DocId, _: Score) -> Option<i64> {
        self.columns.iter().find_map(|it| it.first(document))
    }

    fn convert_segment_sort_key(&self, key: Option<i64>) -> Option<i64> {
        key
    }
}

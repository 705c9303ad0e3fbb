//! What is counted of products, in memory: a segment never changes, and unpacking its columns for each question would cost more than all
//! else of answering it.

use std::{collections::BTreeMap, io, ops::Range, sync::Arc};

use tantivy::{
    DocId, Searcher, SegmentOrdinal, SegmentReader, TantivyError,
    columnar::{Column, StrColumn},
    index::SegmentId,
};

use super::schema::{FACET, NAME_SEPARATOR, NUMBER, NUMBER_KEY, PRICE, PRICE_VIEW};

/// The place of a name among those of its segment.
pub(super) type Place = u32;

/// The character behind [`NAME_SEPARATOR`].
const AFTER_SEPARATOR: char = '\u{2}';

/// The columns of all segments of a commit, in their order.
#[derive(Default)]
pub(super) struct Columns {
    segments: Vec<(SegmentId, Arc<SegmentColumns>)>,
}

impl Columns {
    /// The columns of what `searcher` sees; those that `before` has are not read again.
    pub(super) fn read(searcher: &Searcher, before: &Self) -> tantivy::Result<Self> {
        let known: BTreeMap<SegmentId, &Arc<SegmentColumns>> =
            before.segments.iter().map(|(id, it)| (*id, it)).collect();
        let segment = |segment: &SegmentReader| {
            let id = segment.segment_id();
            let columns = known.get(&id).map(|it| Ok(Arc::clone(it)));
            Ok((id, columns.unwrap_or_else(|| SegmentColumns::read(segment).map(Arc::new))?))
        };
        let segments = searcher.segment_readers().iter().map(segment).collect::<tantivy::Result<_>>()?;
        Ok(Self { segments })
    }

    /// Those of the segment of this ordinal.
    pub(super) fn segment(&self, ordinal: SegmentOrdinal) -> tantivy::Result<Arc<SegmentColumns>> {
        let segment = self.segments.get(index(ordinal)).map(|it| Arc::clone(&it.1));
        segment.ok_or_else(|| TantivyError::InternalError(format!("no columns of segment {ordinal}")))
    }
}

/// The columns of one segment.
pub(super) struct SegmentColumns {
    /// The facets of each product, by the places of their names.
    pub(super) facets: Named<Place>,
    /// The prices of each product, by view.
    pub(super) prices: Named<NamedRange>,
    /// The numbers of each product.
    pub(super) numbers: Named<NamedRange>,
}

impl SegmentColumns {
    fn read(segment: &SegmentReader) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str(FACET)?;
        let ordinals = |document| ordinals(column.as_ref(), document);
        let facets = Named { names: names(column.as_ref())?, lists: Lists::new(segment.max_doc(), ordinals) };
        Ok(Self { facets, prices: ranges(segment, PRICE_VIEW, PRICE)?, numbers: ranges(segment, NUMBER_KEY, NUMBER)? })
    }
}

/// What each product has of some names.
pub(super) struct Named<T> {
    /// In alphabetical order.
    names: Vec<String>,
    lists: Lists<T>,
}

impl<T> Named<T> {
    /// All names, in their order.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The place of a name.
    pub(super) fn place(&self, name: &str) -> Option<Place> {
        Place::try_from(self.names.binary_search_by(|it| it.as_str().cmp(name)).ok()?).ok()
    }

    /// The places of the facets of a key, which stand together.
    pub(super) fn places(&self, key: &str) -> Range<Place> {
        let [start, end] = [NAME_SEPARATOR, AFTER_SEPARATOR].map(|it| {
            let name = format!("{key}{it}");
            Place::try_from(self.names.partition_point(|it| *it < name)).unwrap_or(Place::MAX)
        });
        start..end
    }

    /// What a product has.
    pub(super) fn of(&self, document: DocId) -> &[T] {
        self.lists.of(document)
    }
}

/// The lowest and the highest of something.
pub(super) type MinMax = (i64, i64);

/// The lowest and the highest that a product has of a name.
pub(super) struct NamedRange {
    /// The name's place.
    pub(super) place: Place,
    pub(super) min: i64,
    pub(super) max: i64,
}

/// A list for each product, one behind the other.
struct Lists<T> {
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T> Lists<T> {
    fn new<I: Iterator<Item = T>>(count: DocId, list: impl Fn(DocId) -> I) -> Self {
        let mut lists = Self { ends: Vec::new(), items: Vec::new() };
        for document in 0..count {
            lists.items.extend(list(document));
            lists.ends.push(u32::try_from(lists.items.len()).unwrap_or(u32::MAX));
        }
        lists.items.shrink_to_fit();
        lists
    }

    fn of(&self, document: DocId) -> &[T] {
        let end = |document| self.ends.get(index(document)).copied().map(index);
        let start = document.checked_sub(1).map_or(Some(0), end);
        start.zip(end(document)).and_then(|(start, end)| self.items.get(start..end)).unwrap_or_default()
    }
}

/// `place` as an index of lists by place.
pub(super) fn index(place: Place) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

fn ordinals(column: Option<&StrColumn>, document: DocId) -> impl Iterator<Item = Place> {
    column.into_iter().flat_map(move |it| it.term_ords(document)).filter_map(|it| Place::try_from(it).ok())
}

fn names(column: Option<&StrColumn>) -> io::Result<Vec<String>> {
    let Some(column) = column else { return Ok(Vec::new()) };
    let name = |ordinal| {
        let mut name = String::new();
        column.ord_to_str(ordinal, &mut name)?;
        Ok(name)
    };
    (0..column.num_terms() as u64).map(name).collect()
}

/// The ranges in the columns below `path`, whose names are in the column `names_of`.
fn ranges(segment: &SegmentReader, names_of: &str, path: &str) -> tantivy::Result<Named<NamedRange>> {
    let column = segment.fast_fields().str(names_of)?;
    let names = names(column.as_ref())?;
    let ends = |end: &str| -> tantivy::Result<Vec<Option<Column<i64>>>> {
        names.iter().map(|it| segment.fast_fields().column_opt(&format!("{path}.{it}.{end}"))).collect()
    };
    let (mins, maxs) = (ends("min")?, ends("max")?);
    let first = |columns: &[Option<Column<i64>>], place, document| columns.get(index(place))?.as_ref()?.first(document);
    let list = |document| {
        let range = |place| {
            Some(NamedRange { place, min: first(&mins, place, document)?, max: first(&maxs, place, document)? })
        };
        ordinals(column.as_ref(), document).filter_map(range).collect::<Vec<_>>().into_iter()
    };
    let lists = Lists::new(segment.max_doc(), list);
    Ok(Named { names, lists })
}

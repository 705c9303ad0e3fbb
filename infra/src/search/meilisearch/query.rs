//! From a question to Meilisearch's query, and back from its answer.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
};

use comptoir_domain::{
    catalog::{Gtin, Viewpoint},
    ids::{Id, ProductId},
    pricing::PriceView,
    search::{
        Facet, FacetFilter, FacetRequest, FacetValue, Hit, NumberKey, NumberRange, SearchFilter, SearchQuery,
        SearchResult, SearchSort, Selection, words,
    },
};
use serde::Deserialize;

use super::{
    document::{
        AVAILABLE_AT, CHANNELS, COLLECTIONS, CREATED_AT, FACETS, ID, IN_STOCK, NUMBERS, PRICES, PUBLISHED_FROM,
        PUBLISHED_UNTIL, collection_name, id_of, number_name, place_of,
    },
    server::{Ask, Server, ServerError},
};

/// A hit, as far as it is asked for.
#[derive(Debug, Deserialize)]
struct FoundHit {
    id: uuid::Uuid,
    #[serde(rename = "_rankingScore")]
    score: Option<f64>,
}

/// An answer, as far as it is looked at.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    hits: Vec<FoundHit>,
    #[serde(default)]
    total_hits: u64,
    #[serde(default)]
    facet_distribution: HashMap<String, HashMap<String, u64>>,
    #[serde(default)]
    facet_stats: HashMap<String, Stats>,
}

/// The lowest and highest of a number.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Stats {
    min: f64,
    max: f64,
}

/// What is counted without its own filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side<'a> {
    Facet(&'a str),
    Price,
    Number(&'a NumberKey),
}

/// Asks the index `uid`, whose products have prices in `views`, in one request whatever there is to ask.
pub(super) async fn ask(
    server: &Server,
    uid: &str,
    views: &BTreeSet<PriceView>,
    questions: &[SearchQuery],
) -> Result<Vec<SearchResult>, ServerError> {
    let questions: Vec<SearchQuery> = questions.iter().map(|it| seen_from(it, views)).collect();
    let plans: Vec<Option<Vec<Ask<'_>>>> = questions.iter().map(|it| asks_of(uid, it)).collect();
    let asked: Vec<Ask<'_>> = plans.iter().flatten().flatten().cloned().collect();
    let mut answers =
        if asked.is_empty() { Vec::new() } else { server.multi_search::<Answer>(&asked).await? }.into_iter();
    let result = |(question, plan): (&SearchQuery, &Option<Vec<Ask<'_>>>)| {
        let Some(plan) = plan else { return SearchResult::default() };
        let mut answers = answers.by_ref().take(plan.len());
        let main = answers.next();
        let sides: Vec<Answer> = answers.collect();
        main.map(|it| result_of(question, it, &sides)).unwrap_or_default()
    };
    Ok(questions.iter().zip(&plans).map(result).collect())
}

/// `question` with the narrowest of `views` that holds in its own.
fn seen_from(question: &SearchQuery, views: &BTreeSet<PriceView>) -> SearchQuery {
    let [.., widest] = question.view.widening();
    let view = question.view.widening().into_iter().find(|it| views.contains(it)).unwrap_or(widest);
    SearchQuery { view, ..question.clone() }
}

/// What the server is asked for one question: the question itself, and for each filter what else could be chosen. None where nothing can be found.
fn asks_of<'a>(uid: &'a str, question: &SearchQuery) -> Option<Vec<Ask<'a>>> {
    let q = words_to_ask(&question.text);
    if q.is_empty() && !question.is_without_text() {
        return None;
    }
    let page = Page::of(question);
    let main = Ask {
        index_uid: uid,
        filter: filter_of(question, None)?,
        facets: facets_to_count(question),
        sort: sort_of(question, q.is_empty()),
        attributes_to_retrieve: &[ID],
        matching_strategy: "all",
        show_ranking_score: is_by_relevance(question),
        page: page.number,
        hits_per_page: page.size,
        q,
    };
    let side = |side: Side<'_>| {
        let facets = match side {
            Side::Facet(key) => vec![format!("{FACETS}.{key}")],
            Side::Price => ends(PRICES, &question.view.to_string()),
            Side::Number(key) => ends(NUMBERS, &number_name(key)),
        };
        let filter = filter_of(question, Some(side))?;
        let none = Vec::new();
        Some(Ask { filter, facets, sort: none, show_ranking_score: false, page: 1, hits_per_page: 0, ..main.clone() })
    };
    let sides = sides_of(question).into_iter().filter_map(side);
    Some([main.clone()].into_iter().chain(sides.collect::<Vec<_>>()).collect())
}

/// Quotes and minus signs mean something to Meilisearch, so that it gets words alone; and a barcode as one, however it is printed.
fn words_to_ask(text: &str) -> String {
    let code: String = text.split(|it: char| it.is_whitespace() || it == '-').collect();
    if Gtin::parse(&code).is_ok() { code } else { words(text).join(" ") }
}

fn is_by_relevance(question: &SearchQuery) -> bool {
    matches!(question.sort, SearchSort::Relevance | SearchSort::Collection) && !question.is_without_text()
}

fn ends(attribute: &str, name: &str) -> Vec<String> {
    ["min", "max"].map(|end| format!("{attribute}.{name}.{end}")).to_vec()
}

fn facets_to_count(question: &SearchQuery) -> Vec<String> {
    let facets = match &question.facets {
        FacetRequest::None => return Vec::new(),
        FacetRequest::All => vec![FACETS.to_owned()],
        FacetRequest::Keys(keys) => keys.iter().filter(|it| is_key(it)).map(|it| format!("{FACETS}.{it}")).collect(),
    };
    let ranges = ends(PRICES, &question.view.to_string()).into_iter().chain([NUMBERS.to_owned()]);
    facets.into_iter().chain(ranges).collect()
}

/// The filters whose counts are others than those of all filters.
fn sides_of(question: &SearchQuery) -> Vec<Side<'_>> {
    let is_counted = |key: &str| match &question.facets {
        FacetRequest::None => false,
        FacetRequest::All => true,
        FacetRequest::Keys(keys) => keys.iter().any(|it| it == key),
    };
    let filter = &question.filter;
    let facets = filter.facets.iter().map(|it| it.key.as_str()).filter(|it| is_counted(it)).map(Side::Facet);
    let is_counting = question.facets != FacetRequest::None;
    let price = (is_counting && !filter.price.is_empty()).then_some(Side::Price);
    let numbers = filter.numbers.iter().filter(|_| is_counting).map(|it| Side::Number(&it.key));
    facets.chain(price).chain(numbers).collect()
}

fn result_of(question: &SearchQuery, main: Answer, sides: &[Answer]) -> SearchResult {
    let page = Page::of(question);
    let limit = usize::try_from(question.limit).unwrap_or(usize::MAX);
    let hits = main.hits.iter().skip(page.skip).take(limit);
    let hits = hits.map(|it| Hit { id: ProductId::from_uuid(it.id), score: it.score });
    let mut distribution = main.facet_distribution.clone();
    let mut stats = main.facet_stats.clone();
    for (side, answer) in sides_of(question).into_iter().zip(sides) {
        let is_own = |attribute: &str| match side {
            Side::Facet(key) => attribute.strip_prefix(FACETS).and_then(|it| it.strip_prefix('.')) == Some(key),
            Side::Price => attribute.starts_with(PRICES),
            Side::Number(key) => attribute.starts_with(&format!("{NUMBERS}.{}.", number_name(key))),
        };
        distribution.retain(|attribute, _| !is_own(attribute));
        stats.retain(|attribute, _| !is_own(attribute));
        distribution.extend(
            answer.facet_distribution.iter().filter(|it| is_own(it.0)).map(|(it, counts)| (it.clone(), counts.clone())),
        );
        stats.extend(answer.facet_stats.iter().filter(|it| is_own(it.0)).map(|(it, stats)| (it.clone(), *stats)));
    }
    SearchResult {
        total: main.total_hits,
        hits: hits.collect(),
        facets: facets_of(distribution),
        numbers: numbers_of(&stats),
        price_range: range_of(&stats, &format!("{PRICES}.{}", question.view)),
    }
}

/// The lowest `.min` and the highest `.max`. What is stored is far below 2^53, up to which a float is exact.
fn range_of(stats: &HashMap<String, Stats>, name: &str) -> Option<(i64, i64)> {
    let (min, max) = (stats.get(&format!("{name}.min"))?, stats.get(&format!("{name}.max"))?);
    Some((min.min as i64, max.max as i64))
}

fn numbers_of(stats: &HashMap<String, Stats>) -> Vec<NumberRange> {
    let number = |attribute: &String| {
        let name = attribute.strip_prefix(NUMBERS)?.strip_prefix('.')?.strip_suffix(".min")?;
        let (key, unit) = name.split_once('_')?;
        let (min, max) = range_of(stats, &format!("{NUMBERS}.{name}"))?;
        Some(NumberRange { key: NumberKey { key: key.to_owned(), unit: unit.to_owned() }, min, max })
    };
    let mut numbers: Vec<NumberRange> = stats.keys().filter_map(number).collect();
    numbers.sort_by(|left, right| left.key.cmp(&right.key));
    numbers
}

fn facets_of(distribution: HashMap<String, HashMap<String, u64>>) -> Vec<Facet> {
    let facet = |(attribute, counts): (String, HashMap<String, u64>)| {
        let key = attribute.strip_prefix(FACETS)?.strip_prefix('.')?.to_owned();
        let value = |(value, count)| FacetValue { value, count };
        let mut values: Vec<FacetValue> = counts.into_iter().map(value).collect();
        values.sort_by(|left, right| (Reverse(left.count), &left.value).cmp(&(Reverse(right.count), &right.value)));
        (!values.is_empty()).then_some(Facet { key, values })
    };
    let mut facets: Vec<Facet> = distribution.into_iter().filter_map(facet).collect();
    facets.sort_by(|left, right| left.key.cmp(&right.key));
    facets
}

/// Whether a key can be one of a facet: with other characters the server would take the filter for a wrong one.
fn is_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(char::is_alphanumeric)
}

/// The filter without that of `side`; empty where there is none to make, and `None` for one that no product satisfies.
fn filter_of(question: &SearchQuery, side: Option<Side<'_>>) -> Option<String> {
    let SearchFilter { facets, price, numbers, seen_from, in_stock_only, available_at, collection, only, except } =
        &question.filter;
    let mut parts = Vec::new();
    for filter in facets.iter().filter(|it| side != Some(Side::Facet(&it.key))) {
        if !is_key(&filter.key) {
            return None;
        }
        parts.push(one_of(filter));
    }
    if let Some(Viewpoint { channel, now }) = seen_from {
        let now = now.timestamp_micros();
        parts.push(format!("({PUBLISHED_FROM} NOT EXISTS OR {PUBLISHED_FROM} <= {now})"));
        parts.push(format!("({PUBLISHED_UNTIL} NOT EXISTS OR {PUBLISHED_UNTIL} > {now})"));
        parts.push(format!("({CHANNELS} NOT EXISTS OR {CHANNELS} = {})", quoted(channel.as_str())));
    }
    if *in_stock_only {
        parts.push(format!("{IN_STOCK} = true"));
    }
    if let Some(places) = available_at {
        let places: Vec<String> = places.iter().map(|it| quoted(&place_of(*it))).collect();
        if places.is_empty() {
            return None;
        }
        parts.push(format!("{AVAILABLE_AT} IN [{}]", places.join(", ")));
    }
    parts.extend(collection.map(|it| format!("{} EXISTS", quoted(&format!("{COLLECTIONS}.{}", collection_name(it))))));
    if side != Some(Side::Price) {
        parts.extend(meeting(PRICES, &question.view.to_string(), price.min, price.max));
    }
    for filter in numbers.iter().filter(|it| side != Some(Side::Number(&it.key))) {
        let name = number_name(&filter.key);
        parts.push(format!("{} EXISTS", quoted(&format!("{NUMBERS}.{name}.min"))));
        parts.extend(meeting(NUMBERS, &name, filter.min, filter.max));
    }
    if let Some(only) = only {
        parts.push(format!("({})", selected(only)?));
    }
    parts.extend(selected(except).map(|it| format!("NOT ({it})")));
    Some(parts.join(" AND "))
}

fn one_of(filter: &FacetFilter) -> String {
    let values: Vec<String> = filter.values.iter().map(|it| quoted(it)).collect();
    format!("{} IN [{}]", quoted(&format!("{FACETS}.{}", filter.key)), values.join(", "))
}

/// Ranges that meet this one.
fn meeting(attribute: &str, name: &str, min: Option<i64>, max: Option<i64>) -> impl Iterator<Item = String> {
    let [lowest, highest] = ["min", "max"].map(|end| quoted(&format!("{attribute}.{name}.{end}")));
    let parts = [min.map(|it| format!("{highest} >= {it}")), max.map(|it| format!("{lowest} <= {it}"))];
    parts.into_iter().flatten()
}

/// What a selection holds; `None` where that is nothing.
fn selected(selection: &Selection) -> Option<String> {
    let ids: Vec<String> = selection.products.iter().map(|it| quoted(&id_of(*it))).collect();
    let ids = (!ids.is_empty()).then(|| format!("{ID} IN [{}]", ids.join(", ")));
    let facets = selection.facets.iter().filter(|it| is_key(&it.key)).map(one_of);
    let parts: Vec<String> = ids.into_iter().chain(facets).collect();
    (!parts.is_empty()).then(|| parts.join(" OR "))
}

/// A value of a filter. Unquoted ones could hold operators.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What hits are sorted by. Products without a price come last in both directions; ties go to the older identifier.
fn sort_of(question: &SearchQuery, is_all: bool) -> Vec<String> {
    let price = || format!("{PRICES}.{}.min", question.view);
    let collection = question.filter.collection.filter(|_| question.is_in_collection_order());
    let first = match (collection, question.sort) {
        (Some(it), _) => format!("{COLLECTIONS}.{}:asc", collection_name(it)),
        (None, SearchSort::Relevance | SearchSort::Collection) if !is_all => return Vec::new(),
        (None, SearchSort::Relevance | SearchSort::Collection | SearchSort::Newest) => format!("{CREATED_AT}:desc"),
        (None, SearchSort::PriceAscending) => format!("{}:asc", price()),
        (None, SearchSort::PriceDescending) => format!("{}:desc", price()),
    };
    vec![first, format!("{ID}:asc")]
}

/// A page of Meilisearch's that holds all hits that are wanted: only pages come with an exact total.
#[derive(Debug, PartialEq, Eq)]
struct Page {
    /// From 1.
    number: usize,
    size: usize,
    /// How many hits of the page come before those that are wanted.
    skip: usize,
}

impl Page {
    fn of(question: &SearchQuery) -> Self {
        let [offset, limit] = [question.offset, question.limit].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
        if limit == 0 {
            return Self { number: 1, size: 0, skip: 0 };
        }
        let end = offset.saturating_add(limit);
        let size = (limit..end).find(|size| offset / size == (end - 1) / size).unwrap_or(end);
        Self { number: offset / size + 1, size, skip: offset % size }
    }
}

#[cfg(test)]
mod tests {
    use comptoir_domain::{money::Currency, search::PriceFilter};

    use super::*;

    fn question() -> SearchQuery {
        SearchQuery::all("en".parse().unwrap(), Currency::EUR.into(), 20)
    }

    #[test]
    fn a_page_holds_all_hits_that_are_wanted() {
        for (offset, limit) in
            [(0, 20), (20, 20), (40, 20), (5, 10), (7, 1), (9_999, 100), (10_000, 100), (1, 3), (33, 24)]
        {
            let page = Page::of(&SearchQuery { offset, limit, ..question() });
            let start = (page.number - 1) * page.size;
            assert_eq!(start + page.skip, offset as usize, "{page:?}");
            assert!(page.skip + limit as usize <= page.size, "{page:?}");
        }
        assert_eq!(Page::of(&SearchQuery { offset: 40, ..question() }), Page { number: 3, size: 20, skip: 0 });
        assert_eq!(Page::of(&SearchQuery { limit: 0, ..question() }), Page { number: 1, size: 0, skip: 0 });
    }

    #[test]
    fn filters_quote_what_they_are_given() {
        let facets = |key: &str, values: &[&str]| {
            let values = values.iter().map(ToString::to_string).collect();
            let facets = vec![FacetFilter { key: key.to_owned(), values }];
            SearchQuery { filter: SearchFilter { facets, ..SearchFilter::default() }, ..question() }
        };
        assert_eq!(filter_of(&question(), None).unwrap(), "");
        assert_eq!(
            filter_of(&facets("color", &["Red", "Blue"]), None).unwrap(),
            r#""facets.color" IN ["Red", "Blue"]"#
        );
        assert_eq!(
            filter_of(&facets("brand", &[r#"O'Neil "x" \ y"#]), None).unwrap(),
            r#""facets.brand" IN ["O'Neil \"x\" \\ y"]"#
        );
        for key in ["", "a b", "x\" OR \"y", "a.b", "_geo", "\\"] {
            assert_eq!(filter_of(&facets(key, &["x"]), None), None, "{key}");
        }
        let price = PriceFilter { min: Some(-1), max: Some(500) };
        let filter = SearchFilter { in_stock_only: true, price, ..SearchFilter::default() };
        let both = SearchQuery { filter, ..question() };
        let expected = r#"inStock = true AND "prices.EUR.max" >= -1 AND "prices.EUR.min" <= 500"#;
        assert_eq!(filter_of(&both, None).unwrap(), expected);
        assert_eq!(filter_of(&both, Some(Side::Price)).unwrap(), "inStock = true");
    }

    #[test]
    fn selections_are_left_in_and_left_out() {
        let product = |number| ProductId::from_uuid(uuid::Uuid::from_u128(number));
        let brand = FacetFilter { key: "brand".to_owned(), values: vec!["Hollis".to_owned()] };
        let only = Selection { products: vec![product(1)], facets: vec![brand] };
        let filter =
            SearchFilter { only: Some(only), except: Selection::of(vec![product(2)]), ..SearchFilter::default() };
        let id = |number: u128| uuid::Uuid::from_u128(number);
        let expected =
            format!(r#"(id IN ["{}"] OR "facets.brand" IN ["Hollis"]) AND NOT (id IN ["{}"])"#, id(1), id(2));
        assert_eq!(filter_of(&SearchQuery { filter, ..question() }, None).unwrap(), expected);
        let nothing = SearchFilter { only: Some(Selection::default()), ..SearchFilter::default() };
        assert_eq!(filter_of(&SearchQuery { filter: nothing, ..question() }, None), None);
        let nowhere = SearchFilter { available_at: Some(Vec::new()), ..SearchFilter::default() };
        assert_eq!(filter_of(&SearchQuery { filter: nowhere, ..question() }, None), None);
    }
}

//! From a question to Meilisearch's query, and back from its answer.

use std::{cmp::Reverse, collections::HashMap};

use comptoir_domain::{
    ids::{Id, ProductId},
    search::{Facet, FacetFilter, FacetValue, SearchQuery, SearchResult, SearchSort},
};
use meilisearch_sdk::search::{MatchingStrategies, SearchResults, Selectors};
use serde::Deserialize;

use super::{
    document::{CREATED_AT, FACETS, ID, IN_STOCK, PRICES},
    server::{Server, ServerError},
};
use crate::search::words::words;

/// A hit, as far as it is asked for.
#[derive(Debug, Deserialize)]
struct Hit {
    id: uuid::Uuid,
}

/// Asks the index `uid`.
pub(super) async fn ask(server: &Server, uid: &str, question: &SearchQuery) -> Result<SearchResult, ServerError> {
    // Quotes and minus signs mean something to Meilisearch, so that it gets words alone.
    let words = words(&question.text).join(" ");
    let finds_nothing = words.is_empty() && !question.text.trim().is_empty();
    let Some(filter) = filter_of(question).filter(|_| !finds_nothing) else {
        return Ok(SearchResult { total: 0, hits: Vec::new(), facets: Vec::new(), price_range: None });
    };
    let page = Page::of(question);
    let [min, max] = ["min", "max"].map(|end| price(question, end));
    let facets = [FACETS, min.as_str(), max.as_str()];
    let sort = sort_of(question, words.is_empty());
    let sort: Vec<&str> = sort.iter().map(String::as_str).collect();
    let index = server.index(uid);
    let mut search = index.search();
    search
        .with_query(&words)
        .with_matching_strategy(MatchingStrategies::ALL)
        .with_facets(Selectors::Some(&facets))
        .with_attributes_to_retrieve(Selectors::Some(&[ID]))
        .with_page(page.number)
        .with_hits_per_page(page.size);
    if !filter.is_empty() {
        search.with_filter(&filter);
    }
    if !sort.is_empty() {
        search.with_sort(&sort);
    }
    let results: SearchResults<Hit> = search.execute().await?;
    Ok(result_of(results, question, &page))
}

fn result_of(results: SearchResults<Hit>, question: &SearchQuery, page: &Page) -> SearchResult {
    let stats = results.facet_stats.unwrap_or_default();
    let [min, max] = ["min", "max"].map(|end| stats.get(&price(question, end)));
    // Minor units are far below 2^53, up to which a float is exact.
    let price_range = min.zip(max).map(|(min, max)| (min.min as i64, max.max as i64));
    let limit = usize::try_from(question.limit).unwrap_or(usize::MAX);
    SearchResult {
        total: results.total_hits.map_or(0, |it| u64::try_from(it).unwrap_or(u64::MAX)),
        hits: results
            .hits
            .into_iter()
            .skip(page.skip)
            .take(limit)
            .map(|it| ProductId::from_uuid(it.result.id))
            .collect(),
        facets: facets_of(results.facet_distribution.unwrap_or_default()),
        price_range,
    }
}

fn facets_of(distribution: HashMap<String, HashMap<String, usize>>) -> Vec<Facet> {
    let facet = |(attribute, counts): (String, HashMap<String, usize>)| {
        let key = attribute.strip_prefix(FACETS)?.strip_prefix('.')?.to_owned();
        let value = |(value, count)| FacetValue { value, count: u64::try_from(count).unwrap_or(u64::MAX) };
        let mut values: Vec<FacetValue> = counts.into_iter().map(value).collect();
        values.sort_by(|left, right| (Reverse(left.count), &left.value).cmp(&(Reverse(right.count), &right.value)));
        (!values.is_empty()).then_some(Facet { key, values })
    };
    let mut facets: Vec<Facet> = distribution.into_iter().filter_map(facet).collect();
    facets.sort_by(|left, right| left.key.cmp(&right.key));
    facets
}

/// The filter; empty where there is none to make, and `None` for one that no product satisfies.
fn filter_of(question: &SearchQuery) -> Option<String> {
    let mut parts = Vec::new();
    for FacetFilter { key, values } in &question.facets {
        // Keys are letters and digits; with others the server would take the filter for a wrong one.
        if key.is_empty() || !key.chars().all(char::is_alphanumeric) {
            return None;
        }
        let values: Vec<String> = values.iter().map(|it| quoted(it)).collect();
        parts.push(format!("{} IN [{}]", quoted(&format!("{FACETS}.{key}")), values.join(", ")));
    }
    if question.in_stock_only {
        parts.push(format!("{IN_STOCK} = true"));
    }
    parts.extend(question.price.min.map(|it| format!("{} >= {it}", price(question, "max"))));
    parts.extend(question.price.max.map(|it| format!("{} <= {it}", price(question, "min"))));
    Some(parts.join(" AND "))
}

/// A value of a filter. Unquoted ones could hold operators.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fn price(question: &SearchQuery, end: &str) -> String {
    format!("{PRICES}.{}.{end}", question.currency.code())
}

/// What hits are sorted by. Products without a price come last in both directions; ties go to the older identifier.
fn sort_of(question: &SearchQuery, is_all: bool) -> Vec<String> {
    let first = match question.sort {
        SearchSort::Relevance if !is_all => return Vec::new(),
        SearchSort::Relevance | SearchSort::Newest => format!("{CREATED_AT}:desc"),
        SearchSort::PriceAscending => format!("{}:asc", price(question, "min")),
        SearchSort::PriceDescending => format!("{}:desc", price(question, "min")),
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
        SearchQuery {
            text: String::new(),
            language: "en".parse().unwrap(),
            currency: Currency::EUR,
            facets: Vec::new(),
            price: PriceFilter::default(),
            in_stock_only: false,
            sort: SearchSort::Relevance,
            offset: 0,
            limit: 20,
        }
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
            SearchQuery { facets: vec![FacetFilter { key: key.to_owned(), values }], ..question() }
        };
        assert_eq!(filter_of(&question()).unwrap(), "");
        assert_eq!(filter_of(&facets("color", &["Red", "Blue"])).unwrap(), r#""facets.color" IN ["Red", "Blue"]"#);
        assert_eq!(
            filter_of(&facets("brand", &[r#"O'Neil "x" \ y"#])).unwrap(),
            r#""facets.brand" IN ["O'Neil \"x\" \\ y"]"#
        );
        for key in ["", "a b", "x\" OR \"y", "a.b", "_geo", "\\"] {
            assert_eq!(filter_of(&facets(key, &["x"])), None, "{key}");
        }
        let price = PriceFilter { min: Some(-1), max: Some(500) };
        let both = SearchQuery { in_stock_only: true, price, ..question() };
        assert_eq!(filter_of(&both).unwrap(), "inStock = true AND prices.EUR.max >= -1 AND prices.EUR.min <= 500");
    }
}

//! Facets, filters, prices, orders and pages.

use comptoir_domain::{
    money::Currency,
    search::{FacetFilter, PriceFilter, SearchFilter, SearchQuery, SearchResult, SearchSort},
};

use super::{
    engine::{engines_with, filtered, number, query},
    products::{Product, documents, euros, product},
};

fn filter(key: &str, values: &[&str]) -> FacetFilter {
    FacetFilter { key: key.to_owned(), values: values.iter().map(ToString::to_string).collect() }
}

fn by_facets(facets: Vec<FacetFilter>) -> SearchFilter {
    SearchFilter { facets, ..SearchFilter::default() }
}

fn facet(result: &SearchResult, key: &str) -> Vec<(String, u64)> {
    let facet = result.facets.iter().find(|it| it.key == key);
    facet.iter().flat_map(|it| &it.values).map(|it| (it.value.clone(), it.count)).collect()
}

fn counts(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
}

fn furniture() -> [Product; 5] {
    [
        product(1, "Oak table").facet("color", "Natural").facet("brand", "Hollis").price("EUR", 20_000, 30_000),
        product(2, "Oak chair")
            .facet("color", "Natural")
            .facet("color", "Black")
            .facet("brand", "Hollis")
            .price("EUR", 5_000, 5_000),
        product(3, "Pine chair")
            .facet("color", "White")
            .facet("brand", "Ä & Co \"x\" \\ AND y")
            .price("EUR", 3_000, 4_000)
            .sold_out(),
        product(4, "Pine bench").facet("color", "White").price("USD", 100, 200),
        product(5, "Steel bench").facet("color", "Black").facet("brand", "O'Neil"),
    ]
}

#[tokio::test]
async fn facets_count_what_is_found() {
    for engine in engines_with(&documents(furniture())).await {
        let all = engine.ask(&query("")).await;
        assert_eq!(all.total, 5, "{}", engine.name);
        assert_eq!(
            all.facets.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(),
            ["brand", "color"],
            "{}",
            engine.name
        );
        assert_eq!(facet(&all, "color"), counts(&[("Black", 2), ("Natural", 2), ("White", 2)]), "{}", engine.name);
        assert_eq!(
            facet(&all, "brand"),
            counts(&[("Hollis", 2), ("O'Neil", 1), ("Ä & Co \"x\" \\ AND y", 1)]),
            "{}",
            engine.name
        );
        let chairs = engine.ask(&query("chair")).await;
        assert_eq!(chairs.total, 2, "{}", engine.name);
        assert_eq!(facet(&chairs, "color"), counts(&[("Black", 1), ("Natural", 1), ("White", 1)]), "{}", engine.name);
    }
}

#[tokio::test]
async fn filters_hold_together_and_their_values_apart() {
    for engine in engines_with(&documents(furniture())).await {
        let cases: [(Vec<FacetFilter>, &[u128]); 8] = [
            (vec![filter("color", &["Black"])], &[2, 5]),
            (vec![filter("color", &["Black", "White"])], &[2, 3, 4, 5]),
            (vec![filter("color", &["Black"]), filter("brand", &["Hollis"])], &[2]),
            (vec![filter("color", &["Black"]), filter("color", &["Natural"])], &[2]),
            (vec![filter("brand", &["Ä & Co \"x\" \\ AND y"])], &[3]),
            (vec![filter("brand", &["O'Neil"])], &[5]),
            (vec![filter("brand", &["Holli"])], &[]),
            (vec![filter("no such key", &["x"])], &[]),
        ];
        for (facets, expected) in cases {
            let mut hits = engine.ranked(&filtered("", by_facets(facets.clone()))).await;
            hits.sort_unstable();
            assert_eq!(hits, expected, "{}: {facets:?}", engine.name);
        }
        let result = engine.ask(&filtered("bench", by_facets(vec![filter("color", &["Black"])]))).await;
        // What else could be chosen is counted as well.
        let colors = counts(&[("Black", 1), ("White", 1)]);
        assert_eq!((result.total, facet(&result, "color")), (1, colors), "{}", engine.name);
    }
}

#[tokio::test]
async fn odd_facet_filters_find_nothing() {
    for engine in engines_with(&documents(furniture())).await {
        for key in ["", "\"", "color\"", "a.b", "é", "color = x OR color", "\u{1}", "_geo", "color.x", "min"] {
            for value in ["", "\"", "\\", "\\\"", "'", "NULL", "*", "\u{1f525}"] {
                let result = engine.ask(&filtered("", by_facets(vec![filter(key, &[value])]))).await;
                assert_eq!(result.total, 0, "{}: {key:?} {value:?}", engine.name);
            }
        }
    }
}

#[tokio::test]
async fn a_facet_has_its_hundred_most_frequent_values() {
    let mut shop: Vec<_> = (0..150).map(|it| product(it, "Bead").facet("tag", &format!("t{it:03}")).0).collect();
    shop.push(product(500, "Bead").facet("tag", "t149").0);
    for engine in engines_with(&shop).await {
        let values = facet(&engine.ask(&query("bead")).await, "tag");
        assert_eq!(values.len(), 100, "{}", engine.name);
        assert_eq!(values.first(), Some(&("t149".to_owned(), 2)), "{}", engine.name);
        // Which of equally frequent values are left out is Meilisearch's own business.
        if !engine.is_tantivy() {
            continue;
        }
        assert_eq!(values.get(1), Some(&("t000".to_owned(), 1)), "{}", engine.name);
        assert_eq!(values.last(), Some(&("t098".to_owned(), 1)), "{}", engine.name);
    }
}

#[tokio::test]
async fn prices_filter_and_are_summed_up_in_their_currency() {
    for engine in engines_with(&documents(furniture())).await {
        let range = |min, max| PriceFilter { min, max };
        let cases: [(PriceFilter, &[u128]); 7] = [
            (range(Some(5_000), None), &[1, 2]),
            (range(None, Some(5_000)), &[2, 3]),
            (range(Some(4_000), Some(4_000)), &[3]),
            (range(Some(30_000), Some(i64::MAX)), &[1]),
            (range(Some(30_001), None), &[]),
            (range(Some(9_000), Some(10)), &[]),
            (range(Some(i64::MIN), Some(-1)), &[]),
        ];
        for (price, expected) in cases {
            let mut hits = engine.ranked(&filtered("", SearchFilter { price, ..SearchFilter::default() })).await;
            hits.sort_unstable();
            assert_eq!(hits, expected, "{}: {price:?}", engine.name);
        }
        assert_eq!(engine.ask(&query("")).await.price_range, Some((3_000, 30_000)), "{}", engine.name);
        assert_eq!(engine.ask(&query("oak chair")).await.price_range, Some((5_000, 5_000)), "{}", engine.name);
        assert_eq!(engine.ask(&query("steel")).await.price_range, None, "{}", engine.name);
        let in_dollars = SearchQuery { view: Currency::USD.into(), ..query("") };
        assert_eq!(engine.ask(&in_dollars).await.price_range, Some((100, 200)), "{}", engine.name);
        let free = SearchFilter { price: range(Some(0), None), ..SearchFilter::default() };
        let in_yen = SearchQuery { view: Currency::JPY.into(), sort: SearchSort::PriceAscending, ..filtered("", free) };
        assert_eq!(engine.ask(&in_yen).await.total, 0, "{}", engine.name);
    }
}

#[tokio::test]
async fn prices_are_those_of_the_market_and_the_channel() {
    let shop = documents([
        product(1, "Cup").price("EUR", 300, 300),
        product(2, "Cup").price("EUR", 200, 250).price_in(Some("de"), None, 500, 600),
        product(3, "Cup").price("EUR", 400, 400).price_in(None, Some("kiosk"), 100, 100),
        product(4, "Cup")
            .price("EUR", 700, 700)
            .price_in(Some("de"), None, 50, 50)
            .price_in(None, Some("kiosk"), 800, 800)
            .price_in(Some("de"), Some("kiosk"), 450, 450),
        product(5, "Cup").price_in(Some("fr"), None, 10, 10),
        product(6, "Cup"),
    ]);
    for engine in engines_with(&shop).await {
        for (market, channel, ascending, range) in [
            (None, None, [2, 1, 3, 4, 5, 6], (200, 700)),
            (Some("de"), None, [4, 1, 3, 2, 5, 6], (50, 600)),
            (Some("de"), Some("web"), [4, 1, 3, 2, 5, 6], (50, 600)),
            (None, Some("kiosk"), [3, 2, 1, 4, 5, 6], (100, 800)),
            (Some("it"), Some("kiosk"), [3, 2, 1, 4, 5, 6], (100, 800)),
            (Some("de"), Some("kiosk"), [3, 1, 4, 2, 5, 6], (100, 600)),
            (Some("fr"), Some("kiosk"), [5, 3, 2, 1, 4, 6], (10, 800)),
        ] {
            let here = format!("{} in {market:?} and {channel:?}", engine.name);
            let seen = |query: SearchQuery| SearchQuery { view: euros(market, channel), ..query };
            let sorted = |sort, limit| SearchQuery { sort, limit, ..seen(query("cup")) };
            assert_eq!(engine.ranked(&sorted(SearchSort::PriceAscending, 100)).await, ascending, "{here}");
            let dearest = engine.ask(&sorted(SearchSort::PriceDescending, 1)).await;
            let unpriced = if market == Some("fr") { 1 } else { 2 };
            let last = ascending[ascending.len() - unpriced - 1];
            assert_eq!(dearest.hits.iter().map(|it| number(it.id)).collect::<Vec<_>>(), [last], "{here}");
            assert_eq!(dearest.price_range, Some(range), "{here}");
            let price = PriceFilter { min: None, max: Some(range.0) };
            let cheap = seen(filtered("", SearchFilter { price, ..SearchFilter::default() }));
            assert_eq!(engine.ranked(&cheap).await, ascending[..1], "{here}");
        }
    }
}

#[tokio::test]
async fn what_is_sold_out_can_be_left_out() {
    for engine in engines_with(&documents(furniture())).await {
        let hits =
            engine.ranked(&filtered("chair", SearchFilter { in_stock_only: true, ..SearchFilter::default() })).await;
        assert_eq!(hits, [2], "{}", engine.name);
        engine.check("chair", &[2, 3]).await;
    }
}

#[tokio::test]
async fn each_order_holds_with_and_without_a_text() {
    let shop = documents([
        product(1, "Cup").price("EUR", 300, 900),
        product(2, "Cup").price("EUR", 100, 100),
        product(3, "Cup"),
        product(4, "Cup").price("EUR", 200, 1_000),
        product(5, "Cup").price("USD", 1, 1),
        product(6, "Cup").price("EUR", 200, 200),
    ]);
    for engine in engines_with(&shop).await {
        for text in ["", "cup"] {
            let sorted = |sort| SearchQuery { sort, ..query(text) };
            let cheapest = engine.ranked(&sorted(SearchSort::PriceAscending)).await;
            assert_eq!(cheapest, [2, 4, 6, 1, 3, 5], "{}: {text:?}", engine.name);
            let dearest = engine.ranked(&sorted(SearchSort::PriceDescending)).await;
            assert_eq!(dearest, [1, 4, 6, 2, 3, 5], "{}: {text:?}", engine.name);
            let newest = engine.ranked(&sorted(SearchSort::Newest)).await;
            assert_eq!(newest, [6, 5, 4, 3, 2, 1], "{}: {text:?}", engine.name);
        }
        let browsed = engine.ranked(&query("")).await;
        assert_eq!(browsed, [6, 5, 4, 3, 2, 1], "{}: without a text, newest first", engine.name);
    }
}

#[tokio::test]
async fn pages_neither_overlap_nor_leave_out() {
    let shop: Vec<_> = (1..=60).map(|it| product(it, "Cup").price("EUR", 100, 100).0).collect();
    for engine in engines_with(&shop).await {
        for sort in [SearchSort::Relevance, SearchSort::PriceAscending, SearchSort::PriceDescending, SearchSort::Newest]
        {
            let mut seen = Vec::new();
            for offset in (0..70).step_by(7) {
                let page = engine.ask(&SearchQuery { sort, offset, limit: 7, ..query("cup") }).await;
                assert_eq!(page.total, 60, "{}", engine.name);
                seen.extend(page.hits.into_iter().map(|it| it.id));
            }
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 60, "{}: {sort:?}", engine.name);
        }
        let none = engine.ask(&SearchQuery { limit: 0, ..query("cup") }).await;
        assert_eq!((none.total, none.hits.len()), (60, 0), "{}", engine.name);
        let far = engine.ask(&SearchQuery { offset: SearchQuery::OFFSET_MAX, ..query("cup") }).await;
        assert_eq!((far.total, far.hits.len()), (60, 0), "{}", engine.name);
    }
}

//! What products are narrowed by: choices with what else there is, numbers, places, collections, selections.

use comptoir_domain::{
    catalog::Viewpoint,
    ids::{CollectionId, Id as _, LocationId},
    search::{
        FacetFilter, FacetRequest, NumberFilter, NumberKey, PriceFilter, SearchFilter, SearchQuery, SearchResult,
        SearchSort, Selection,
    },
};
use uuid::Uuid;

use super::{
    engine::{Engine, engines_with, filtered, query},
    products::{Product, documents, id, product},
};

fn facet(key: &str, values: &[&str]) -> FacetFilter {
    FacetFilter { key: key.to_owned(), values: values.iter().map(ToString::to_string).collect() }
}

fn counts(result: &SearchResult, key: &str) -> Vec<(String, u64)> {
    let values = result.facets.iter().filter(|it| it.key == key).flat_map(|it| &it.values);
    let mut counts: Vec<_> = values.map(|it| (it.value.clone(), it.count)).collect();
    counts.sort();
    counts
}

fn expected(counts: &[(&str, u64)]) -> Vec<(String, u64)> {
    counts.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
}

async fn found(engine: &Engine, text: &str, filter: SearchFilter) -> Vec<u128> {
    let mut hits = engine.ranked(&filtered(text, filter)).await;
    hits.sort_unstable();
    hits
}

fn shirts() -> [Product; 6] {
    let shirt = |number, color: &str, size: &str, price| {
        product(number, "Shirt").facet("color", color).facet("size", size).price("EUR", price, price)
    };
    [
        shirt(1, "Red", "S", 100),
        shirt(2, "Red", "M", 200),
        shirt(3, "Blue", "S", 300),
        shirt(4, "Blue", "M", 400),
        shirt(5, "Blue", "L", 500),
        product(6, "Hat").facet("color", "Green").price("EUR", 50, 50),
    ]
}

#[tokio::test]
async fn a_facet_is_counted_without_its_own_filter_and_under_all_others() {
    for engine in engines_with(&documents(shirts())).await {
        let filter = SearchFilter {
            facets: vec![facet("color", &["Red"]), facet("size", &["S", "M"])],
            price: PriceFilter { min: Some(150), max: None },
            ..SearchFilter::default()
        };
        let result = engine.ask(&filtered("shirt", filter)).await;
        assert_eq!(result.total, 1, "{}", engine.name);
        assert_eq!(counts(&result, "color"), expected(&[("Blue", 2), ("Red", 1)]), "{}", engine.name);
        assert_eq!(counts(&result, "size"), expected(&[("M", 1)]), "{}", engine.name);
        // Without the filter by price: shirts 1 and 2.
        assert_eq!(result.price_range, Some((100, 200)), "{}", engine.name);
    }
}

#[tokio::test]
async fn only_what_is_asked_for_is_counted() {
    for engine in engines_with(&documents(shirts())).await {
        let ask = |facets| SearchQuery { facets, ..query("shirt") };
        let result = engine.ask(&ask(FacetRequest::Keys(vec!["size".to_owned(), "no such".to_owned()]))).await;
        let keys: Vec<_> = result.facets.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(keys, ["size"], "{}", engine.name);
        let none = engine.ask(&ask(FacetRequest::None)).await;
        assert_eq!((none.total, none.facets.len(), none.price_range), (5, 0, None), "{}", engine.name);
    }
}

#[tokio::test]
async fn numbers_are_filtered_by_range_in_their_unit() {
    let key = |unit: &str| NumberKey { key: "capacity".to_owned(), unit: unit.to_owned() };
    let shop = documents([
        product(1, "Cup").number("capacity", "ml", 200_000, 350_000),
        product(2, "Mug").number("capacity", "ml", 400_000, 400_000),
        product(3, "Salt").number("capacity", "g", 300_000, 300_000),
        product(4, "Lamp"),
    ]);
    for engine in engines_with(&shop).await {
        let range = |unit: &str, min, max| {
            let numbers = vec![NumberFilter { key: key(unit), min, max }];
            SearchFilter { numbers, ..SearchFilter::default() }
        };
        for (filter, hits) in [
            (range("ml", Some(300_000), None), &[1, 2][..]),
            (range("ml", None, Some(350_000)), &[1]),
            (range("ml", Some(351_000), Some(399_000)), &[]),
            (range("g", Some(0), None), &[3]),
            (range("ml", None, None), &[1, 2]),
            (range("", Some(0), None), &[]),
        ] {
            assert_eq!(found(&engine, "", filter.clone()).await, hits, "{}: {filter:?}", engine.name);
        }
        let result = engine.ask(&filtered("", range("ml", Some(400_000), None))).await;
        let numbers: Vec<_> = result.numbers.iter().map(|it| (it.key.clone(), it.min, it.max)).collect();
        assert_eq!(numbers, [(key("ml"), 200_000, 400_000)], "{}: without its own filter", engine.name);
        let all = engine.ask(&query("")).await;
        assert_eq!(all.numbers.len(), 2, "{}", engine.name);
    }
}

#[tokio::test]
async fn places_narrow_to_what_is_there() {
    let shop = documents([product(1, "Cup").at(7), product(2, "Cup").at(7).at(8), product(3, "Cup")]);
    let place = |number| LocationId::from_uuid(Uuid::from_u128(number));
    for engine in engines_with(&shop).await {
        for (places, hits) in
            [(vec![7], &[1, 2][..]), (vec![8], &[2]), (vec![8, 9], &[2]), (vec![9], &[]), (vec![], &[])]
        {
            let available_at = Some(places.iter().copied().map(place).collect());
            let filter = SearchFilter { available_at, ..SearchFilter::default() };
            assert_eq!(found(&engine, "cup", filter).await, hits, "{}: {places:?}", engine.name);
        }
    }
}

#[tokio::test]
async fn the_merchants_order_of_a_collection_survives_search() {
    let shop = documents([
        product(1, "Red cup").in_collection(5, 2),
        product(2, "Red mug").in_collection(5, 0).in_collection(6, 9),
        product(3, "Red jug").in_collection(5, 1).in_collection(6, 3),
        product(4, "Red cup"),
    ]);
    for engine in engines_with(&shop).await {
        let within = |text: &str, collection: u128, sort| {
            let collection = Some(CollectionId::from_uuid(Uuid::from_u128(collection)));
            SearchQuery { sort, ..filtered(text, SearchFilter { collection, ..SearchFilter::default() }) }
        };
        assert_eq!(engine.ranked(&within("", 5, SearchSort::Relevance)).await, [2, 3, 1], "{}", engine.name);
        assert_eq!(engine.ranked(&within("", 6, SearchSort::Collection)).await, [3, 2], "{}", engine.name);
        assert_eq!(engine.ranked(&within("red", 5, SearchSort::Collection)).await, [2, 3, 1], "{}", engine.name);
        assert_eq!(engine.ranked(&within("cup", 5, SearchSort::Relevance)).await, [1], "{}", engine.name);
        assert_eq!(engine.ranked(&within("", 5, SearchSort::Newest)).await, [3, 2, 1], "{}", engine.name);
        assert_eq!(engine.ranked(&within("", 7, SearchSort::Relevance)).await, [], "{}", engine.name);
        let paged = SearchQuery { offset: 1, limit: 1, ..within("", 5, SearchSort::Collection) };
        assert_eq!(engine.ranked(&paged).await, [3], "{}", engine.name);
    }
}

#[tokio::test]
async fn selections_are_left_in_and_left_out() {
    for engine in engines_with(&documents(shirts())).await {
        let blue = Selection { products: vec![id(1)], facets: vec![facet("color", &["Blue"])] };
        let only = SearchFilter { only: Some(blue.clone()), ..SearchFilter::default() };
        let except = SearchFilter { except: blue, ..SearchFilter::default() };
        let nothing = SearchFilter { only: Some(Selection::default()), ..SearchFilter::default() };
        assert_eq!(found(&engine, "", only).await, [1, 3, 4, 5], "{}", engine.name);
        assert_eq!(found(&engine, "shirt", except).await, [2], "{}", engine.name);
        assert_eq!(found(&engine, "", nothing).await, [], "{}", engine.name);
    }
}

#[tokio::test]
async fn several_questions_are_answered_in_their_order() {
    for engine in engines_with(&documents(shirts())).await {
        let questions = [query("hat"), query("\u{1f525}"), SearchQuery { limit: 0, ..query("shirt") }, query("")];
        let results = engine.search.search_many(&questions).await.unwrap();
        let totals: Vec<_> = results.iter().map(|it| (it.total, it.hits.len())).collect();
        assert_eq!(totals, [(1, 1), (0, 0), (5, 0), (6, 6)], "{}", engine.name);
        assert_eq!(engine.search.search_many(&[]).await.unwrap(), [], "{}", engine.name);
    }
}

#[tokio::test]
async fn only_what_is_published_in_a_channel_at_a_moment_is_found_and_counted() {
    let cup = |number, from, until, channels: &[&str]| {
        product(number, "Cup").facet("color", &format!("Color {number}")).published(from, until, channels)
    };
    let shop = documents([
        cup(1, None, None, &[]),
        cup(2, Some(100), None, &[]),
        cup(3, None, Some(200), &[]),
        cup(4, Some(100), Some(200), &["kiosk"]),
        cup(5, None, None, &["kiosk", "web"]),
        cup(6, None, None, &["kiosk-2"]),
    ]);
    for engine in engines_with(&shop).await {
        for (channel, second, hits) in [
            ("web", 99, &[1, 3, 5][..]),
            ("web", 100, &[1, 2, 3, 5]),
            ("web", 200, &[1, 2, 5]),
            ("kiosk", 99, &[1, 3, 5]),
            ("kiosk", 100, &[1, 2, 3, 4, 5]),
            ("kiosk", 200, &[1, 2, 5]),
            ("kiosk-2", 0, &[1, 3, 6]),
            ("app", 300, &[1, 2]),
        ] {
            let now = chrono::DateTime::from_timestamp(second, 0).unwrap();
            let from = Viewpoint { channel: channel.parse().unwrap(), now };
            let filter = SearchFilter { seen_from: Some(from), ..SearchFilter::default() };
            for text in ["", "cup"] {
                assert_eq!(found(&engine, text, filter.clone()).await, hits, "{}: {channel} at {second}", engine.name);
            }
            let result = engine.ask(&SearchQuery { limit: 0, ..filtered("cup", filter) }).await;
            assert_eq!(result.total, hits.len() as u64, "{}", engine.name);
            assert_eq!(counts(&result, "color").len(), hits.len(), "{}", engine.name);
        }
        assert_eq!(found(&engine, "cup", SearchFilter::default()).await, [1, 2, 3, 4, 5, 6], "{}", engine.name);
    }
}

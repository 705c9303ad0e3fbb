//! What is asked of a Meilisearch server, and how it fails.

use std::{
    collections::BTreeSet,
    error::Error as _,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use comptoir_domain::search::{
    FacetFilter, PriceFilter, ProductIndex as _, ProductSearch as _, SearchError, SearchFilter, SearchQuery, SearchSort,
};
use comptoir_infra::search::meilisearch::MeilisearchSearch;
use serde_json::json;

use super::{
    super::{
        engine::query,
        products::{documents, euros, id, product},
        stub::{Reply, Stub},
    },
    KEY, chain, connect, connect_for, current, healthy, refused,
};

#[tokio::test]
async fn connecting_sends_nothing_and_a_missing_server_is_an_error() {
    let stub = Stub::start(healthy).await;
    connect(&stub);
    assert!(stub.requests().is_empty());
    let nobody = MeilisearchSearch::connect("http://127.0.0.1:1", Some(KEY), "shop-").unwrap();
    let error = nobody.search(&query("cup")).await.unwrap_err();
    assert!(matches!(error, SearchError::Unavailable(_)));
    assert!(error.source().unwrap().source().is_some(), "{}", chain(&error));
    assert!(nobody.current().await.is_err());
    for (key, prefix) in [(Some("line\nbreak"), "shop-"), (None, "shop."), (None, "é")] {
        let error = MeilisearchSearch::connect("http://127.0.0.1:1", key, prefix).err().unwrap();
        assert!(!chain(&error).contains("break"), "{}", chain(&error));
    }
}

#[tokio::test]
async fn every_request_has_the_key_and_asks_for_no_compression() {
    let stub = Stub::start(healthy).await;
    let engine = connect(&stub);
    engine.search(&query("cup")).await.unwrap();
    current(&engine).await.write(&documents([product(1, "Cup")]), &[id(2)], 42).await.unwrap();
    let requests = stub.requests();
    assert!(8 <= requests.len(), "{requests:?}");
    for request in requests {
        assert_eq!(request.headers.get("authorization").unwrap(), "Bearer a-secret-key");
        assert_eq!(request.headers.get("accept-encoding"), None);
        let content_type = request.headers.get("content-type").map(String::as_str);
        assert_eq!(content_type, (!request.body.is_null()).then_some("application/json"), "{}", request.line);
    }
}

#[tokio::test]
async fn a_search_asks_for_exact_totals_of_all_words() {
    let stub = Stub::start(healthy).await;
    let engine = connect(&stub);
    let values = vec!["Red".to_owned(), "a \"b\" \\ c".to_owned()];
    let question = SearchQuery {
        filter: SearchFilter {
            facets: vec![FacetFilter { key: "color".to_owned(), values }],
            price: PriceFilter { min: Some(100), max: Some(200) },
            in_stock_only: true,
            ..SearchFilter::default()
        },
        sort: SearchSort::PriceAscending,
        offset: 40,
        limit: 20,
        ..query("\"L\u{2019}assiette\" -Bleue")
    };
    let result = engine.search(&question).await.unwrap();
    let sent = stub.last("POST /multi-search").body["queries"].clone();
    let color = r#""facets.color" IN ["Red", "a \"b\" \\ c"]"#;
    let price = r#""prices.EUR.max" >= 100 AND "prices.EUR.min" <= 200"#;
    let asked = |facets: &[&str], filter: String, page: u32, size: u32| {
        json!({
            "indexUid": "shop-products-v5-7", "q": "assiette bleue", "matchingStrategy": "all", "showRankingScore": false,
            "page": page, "hitsPerPage": size, "filter": filter, "facets": facets, "attributesToRetrieve": ["id"],
        })
    };
    let prices = ["prices.EUR.min", "prices.EUR.max"];
    let mut main =
        asked(&["facets", prices[0], prices[1], "numbers"], format!("{color} AND inStock = true AND {price}"), 3, 20);
    main["sort"] = json!(["prices.EUR.min:asc", "id:asc"]);
    // What else could be chosen is counted without the choice, in the same request.
    let colors = asked(&["facets.color"], format!("inStock = true AND {price}"), 1, 0);
    let ranges = asked(&prices, format!("{color} AND inStock = true"), 1, 0);
    assert_eq!(sent, json!([main, colors, ranges]));
    let hits: Vec<_> = result.hits.iter().map(|it| it.id).collect();
    assert_eq!((result.total, hits, result.price_range), (130, vec![id(3), id(1)], Some((100, 900))));
    let facets: Vec<_> = result
        .facets
        .iter()
        .map(|it| (it.key.as_str(), it.values.iter().map(|it| (it.value.as_str(), it.count)).collect::<Vec<_>>()))
        .collect();
    assert_eq!(facets, [("color", vec![("Blue", 40), ("Azure", 3), ("Red", 3)])]);
}

#[tokio::test]
async fn a_plain_search_sends_no_more_than_it_must() {
    let stub = Stub::start(healthy).await;
    let engine = connect(&stub);
    engine.search(&query("cup")).await.unwrap();
    let sent = stub.last("POST /multi-search").body["queries"][0].clone();
    assert_eq!((sent.get("filter"), sent.get("sort")), (None, None));
    engine.search(&query(" ")).await.unwrap();
    let sent = stub.last("POST /multi-search").body["queries"][0].clone();
    assert_eq!(sent.get("sort"), Some(&json!(["createdAt:desc", "id:asc"])));
    let count = stub.requests().len();
    let nothing = engine.search(&query("\u{1f525}")).await.unwrap();
    assert_eq!((nothing.total, stub.requests().len()), (0, count));
}

#[tokio::test]
async fn refusals_are_errors_that_never_say_the_key() {
    for (status, code) in [
        (401, "missing_authorization_header"),
        (403, "invalid_api_key"),
        (500, "internal"),
        (307, "moved"),
        (400, "invalid_search_filter"),
    ] {
        let stub = Stub::start(move |_| refused(status, code)).await;
        let engine = connect(&stub);
        let errors = [
            engine.search(&query("cup")).await.unwrap_err(),
            engine.current().await.err().unwrap(),
            engine.create(&BTreeSet::new()).await.err().unwrap(),
        ];
        for error in errors {
            assert!(matches!(error, SearchError::Unavailable(_)));
            assert!(error.source().is_some() && !chain(&error).contains(KEY), "{}", chain(&error));
        }
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_on() {
    let stub = Stub::start(|_| Reply::Silence).await;
    let started = Instant::now();
    let engine = connect_for(&stub, Duration::from_millis(300));
    let error = engine.search(&query("cup")).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert!(matches!(error, SearchError::Unavailable(_)) && !chain(&error).contains(KEY), "{}", chain(&error));
    // Nobody else waits for it: the next search is not even sent.
    let count = stub.requests().len();
    let error = engine.search(&query("cup")).await.unwrap_err();
    assert!(chain(&error).contains("a moment ago"), "{}", chain(&error));
    assert_eq!(stub.requests().len(), count);
}

#[tokio::test]
async fn one_slow_search_does_not_stop_the_others() {
    let stub = Stub::start(
        |request| {
            if request.body["queries"][0]["q"] == "slow" { Reply::Silence } else { healthy(request) }
        },
    )
    .await;
    let engine = connect_for(&stub, Duration::from_secs(2));
    // The server answers others while it leaves one waiting.
    let (slow, slow_query, cup) = (engine.clone(), query("slow"), query("cup"));
    let slow = tokio::spawn(async move { slow.search(&slow_query).await });
    while !slow.is_finished() {
        engine.search(&cup).await.unwrap();
    }
    assert!(matches!(slow.await.unwrap(), Err(SearchError::Unavailable(_))));
    engine.search(&cup).await.unwrap();
}

#[tokio::test]
async fn a_generation_that_another_process_replaced_is_looked_up_anew() {
    let asked = AtomicUsize::new(0);
    let stub = Stub::start(move |request| match request.line.as_str() {
        "GET /indexes/shop-state/documents/current" if 0 < asked.fetch_add(1, Ordering::SeqCst) => {
            Reply::Json(200, json!({"id": "current", "generation": "shop-products-v5-8"}))
        }
        "POST /multi-search" if request.body["queries"][0]["indexUid"] == "shop-products-v5-7" => {
            refused(400, "index_not_found")
        }
        _ => healthy(request),
    })
    .await;
    let result = connect(&stub).search(&query("cup")).await.unwrap();
    assert_eq!(result.total, 130);
    let lines = [
        "GET /indexes/shop-state/documents/current",
        "GET /indexes/shop-state/documents/shop-products-v5-7",
        "POST /multi-search",
        "GET /indexes/shop-state/documents/current",
        "GET /indexes/shop-state/documents/shop-products-v5-8",
        "POST /multi-search",
    ];
    assert_eq!(stub.lines(), lines);
}

#[tokio::test]
async fn prices_are_asked_for_where_products_have_them() {
    let stub = Stub::start(healthy).await;
    let engine = connect(&stub);
    for (market, channel, attribute) in [
        (None, None, "prices.EUR"),
        (Some("de"), Some("web"), "prices.EUR_de"),
        (Some("fr"), Some("web"), "prices.EUR"),
        (None, Some("kiosk"), "prices.EUR"),
    ] {
        let cheapest = SearchQuery { view: euros(market, channel), sort: SearchSort::PriceAscending, ..query("cup") };
        engine.search(&cheapest).await.unwrap();
        let sent = stub.last("POST /multi-search").body["queries"][0].clone();
        assert_eq!(sent["sort"][0], format!("{attribute}.min:asc"), "{market:?} {channel:?}");
        let facets = sent["facets"].as_array().unwrap();
        assert!(facets.contains(&json!(format!("{attribute}.max"))), "{facets:?}");
    }
}

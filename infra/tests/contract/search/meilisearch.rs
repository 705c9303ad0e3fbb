//! What is sent to a Meilisearch server, and what is made of its answers. The answers are those of version 1.50, cut to size.

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use comptoir_domain::{
    ids::Id as _,
    search::{
        FacetFilter, IndexGeneration, PriceFilter, ProductIndex as _, ProductSearch as _, SearchError, SearchQuery,
        SearchSort,
    },
};
use comptoir_infra::search::meilisearch::{MeilisearchLimits, MeilisearchSearch};
use serde_json::{Value, json};

use super::{
    engine::query,
    products::{documents, id, product},
    stub::{Reply, Request, Stub},
};

const KEY: &str = "a-secret-key";
const CURRENT: &str = "shop-products-v1-7";

fn connect(stub: &Stub) -> MeilisearchSearch {
    let limits =
        MeilisearchLimits { request_wait_max: Duration::from_millis(300), task_wait_max: Duration::from_millis(300) };
    MeilisearchSearch::connect_with(&format!("{}/", stub.url), Some(KEY), "shop-", limits).unwrap()
}

fn accepted(uid: u32, kind: &str) -> Reply {
    let body = json!({"taskUid": uid, "indexUid": "x", "status": "enqueued", "type": kind, "enqueuedAt": "2026-11-22T04:48:49.880125061Z"});
    Reply::Json(202, body)
}

fn task(status: &str, error: Value) -> Reply {
    Reply::Json(
        200,
        json!({"uid": 1, "indexUid": "x", "status": status, "type": "documentEdition", "canceledBy": null, "error": error}),
    )
}

fn refused(status: u16, code: &str) -> Reply {
    let link = format!("https://docs.meilisearch.com/errors#{code}");
    Reply::Json(status, json!({"message": "No.", "code": code, "type": "invalid_request", "link": link}))
}

fn found(hits: &[u128]) -> Reply {
    let hits: Vec<Value> = hits.iter().map(|it| json!({"id": id(*it).uuid()})).collect();
    Reply::Json(
        200,
        json!({
            "hits": hits, "query": "", "processingTimeMs": 9, "hitsPerPage": 20, "page": 1, "totalPages": 7, "totalHits": 130,
            "facetDistribution": {
                "facets.color": {"Red": 3, "Blue": 40, "Azure": 3}, "facets.size": {}, "prices.EUR.min": {"100": 1}, "prices.EUR.max": {"900": 1},
            },
            "facetStats": {"prices.EUR.min": {"min": 100, "max": 700}, "prices.EUR.max": {"min": 300, "max": 900}},
            "requestUid": "01a20195-e6b0-7920-8e52-e7b21484b1cb",
        }),
    )
}

/// A server with one generation, where everything succeeds.
fn healthy(request: &Request) -> Reply {
    match request.line.split_once(' ').unwrap() {
        ("GET", path) if path.starts_with("/tasks/") => task("succeeded", Value::Null),
        ("GET", "/indexes/shop-state/documents/current") => {
            Reply::Json(200, json!({"id": "current", "generation": CURRENT}))
        }
        ("GET", "/indexes/shop-state/documents/shop-products-v1-7") => {
            Reply::Json(200, json!({"id": CURRENT, "position": 41}))
        }
        ("GET", "/indexes?limit=1000") => {
            Reply::Json(200, json!({"results": [], "offset": 0, "limit": 1000, "total": 0}))
        }
        ("GET", path) if path.starts_with("/indexes/shop-products-v1-") => {
            Reply::Json(200, json!({"uid": "x", "createdAt": null, "updatedAt": null, "primaryKey": "id"}))
        }
        ("GET", _) => refused(404, "document_not_found"),
        ("POST", path) if path.ends_with("/search") => found(&[3, 1]),
        ("POST", path) if path.ends_with("/delete-batch") => accepted(1, "documentDeletion"),
        ("POST", "/indexes") => accepted(1, "indexCreation"),
        ("POST", _) => accepted(1, "documentAdditionOrUpdate"),
        ("PATCH", _) => accepted(1, "settingsUpdate"),
        ("DELETE", path) if path.contains("/documents/") => accepted(1, "documentDeletion"),
        ("DELETE", _) => accepted(1, "indexDeletion"),
        _ => refused(405, "bad_request"),
    }
}

async fn current(engine: &MeilisearchSearch) -> Box<dyn IndexGeneration> {
    engine.current().await.unwrap().unwrap()
}

/// All that a log could hold of `error`.
fn chain(error: &SearchError) -> String {
    let mut text = format!("{error:?}");
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(it) = next {
        text.push_str(&format!(" | {it}"));
        next = it.source();
    }
    text
}

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
    let question = SearchQuery {
        facets: vec![FacetFilter {
            key: "color".to_owned(),
            values: vec!["Red".to_owned(), "a \"b\" \\ c".to_owned()],
        }],
        price: PriceFilter { min: Some(100), max: Some(200) },
        in_stock_only: true,
        sort: SearchSort::PriceAscending,
        offset: 40,
        limit: 20,
        ..query("\"L\u{2019}assiette\" -Bleue")
    };
    let result = engine.search(&question).await.unwrap();
    let sent = stub.last("POST /indexes/shop-products-v1-7/search").body;
    let expected = json!({
        "q": "assiette bleue", "matchingStrategy": "all", "page": 3, "hitsPerPage": 20,
        "filter": r#""facets.color" IN ["Red", "a \"b\" \\ c"] AND inStock = true AND prices.EUR.max >= 100 AND prices.EUR.min <= 200"#,
        "facets": ["facets", "prices.EUR.min", "prices.EUR.max"], "attributesToRetrieve": ["id"],
        "sort": ["prices.EUR.min:asc", "id:asc"],
    });
    assert_eq!(sent, expected);
    assert_eq!((result.total, result.hits, result.price_range), (130, vec![id(3), id(1)], Some((100, 900))));
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
    let sent = stub.last("POST /indexes/shop-products-v1-7/search").body;
    assert_eq!((sent.get("filter"), sent.get("sort")), (None, None));
    engine.search(&query(" ")).await.unwrap();
    let sent = stub.last("POST /indexes/shop-products-v1-7/search").body;
    assert_eq!(sent.get("sort"), Some(&json!(["createdAt:desc", "id:asc"])));
    let count = stub.requests().len();
    let nothing = engine.search(&query("\u{1f525}")).await.unwrap();
    assert_eq!((nothing.total, stub.requests().len()), (0, count));
}

#[tokio::test]
async fn a_new_generation_has_its_settings_when_it_is_there() {
    let stub = Stub::start(healthy).await;
    let generation = connect(&stub).create().await.unwrap();
    let name = generation.name();
    assert!(name.strip_prefix("shop-products-v1-").unwrap().parse::<u64>().is_ok(), "{name}");
    let settings = format!("PATCH /indexes/{name}/settings");
    assert_eq!(stub.last("POST /indexes").body, json!({"uid": name, "primaryKey": "id"}));
    let lines: Vec<String> = stub.requests().into_iter().map(|it| it.line).collect();
    let tail: Vec<&str> = lines.iter().rev().take(4).rev().map(String::as_str).collect();
    assert_eq!(tail, ["POST /indexes", "GET /tasks/1", &settings, "GET /tasks/1"]);
    let mut sent = stub.last(&settings).body;
    assert!(sent["stopWords"].as_array().unwrap().contains(&json!("the")));
    sent.as_object_mut().unwrap().remove("stopWords");
    let expected = json!({
        "searchableAttributes": ["name", "facets", "codes", "description"],
        "filterableAttributes": ["facets", "prices", "inStock"],
        "sortableAttributes": ["prices", "createdAt", "id"],
        "displayedAttributes": ["id"],
        "rankingRules": ["sort", "words", "typo", "proximity", "attribute", "exactness"],
        "pagination": {"maxTotalHits": 10_100},
        "faceting": {"maxValuesPerFacet": 100, "sortFacetValuesBy": {"*": "count"}},
        "typoTolerance": {
            "enabled": true, "minWordSizeForTypos": {"oneTypo": 4, "twoTypos": 8}, "disableOnAttributes": ["codes"], "disableOnWords": [],
            "disableOnNumbers": true,
        },
    });
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_name_that_another_process_took_is_not_shared() {
    let asked = AtomicUsize::new(0);
    let stub = Stub::start(move |request| {
        let is_first = request.line.starts_with("GET /tasks/") && asked.fetch_add(1, Ordering::SeqCst) == 0;
        if is_first {
            task("failed", json!({"message": "Index already exists.", "code": "index_already_exists"}))
        } else {
            healthy(request)
        }
    })
    .await;
    let generation = connect(&stub).create().await.unwrap();
    let made: Vec<Value> =
        stub.requests().into_iter().filter(|it| it.line == "POST /indexes").map(|it| it.body["uid"].clone()).collect();
    assert_eq!(made.len(), 2);
    assert_ne!(made[0], made[1]);
    assert_eq!(made[1], generation.name());
}

#[tokio::test]
async fn a_write_goes_in_bounded_batches_and_its_position_last() {
    let stub = Stub::start(healthy).await;
    let generation = current(&connect(&stub)).await;
    assert_eq!(generation.position().await.unwrap(), 41);
    let before = stub.lines().len();
    let many: Vec<_> = (1..=2_500).map(|it| product(it, "Cup").price("EUR", 1, 2).0).collect();
    generation.write(&many, &[id(9_000)], 42).await.unwrap();
    let products = "/indexes/shop-products-v1-7";
    let add = format!("POST {products}/documents?primaryKey=id");
    let expected = [
        &format!("GET {products}"),
        &add,
        &add,
        &add,
        &format!("POST {products}/documents/delete-batch"),
        "POST /indexes/shop-state/documents?primaryKey=id",
    ];
    assert_eq!(stub.lines()[before..], expected);
    let sizes: Vec<usize> =
        stub.requests().iter().filter(|it| it.line == add).map(|it| it.body.as_array().unwrap().len()).collect();
    assert_eq!(sizes, [1_000, 1_000, 500]);
    let first = &stub.requests().into_iter().find(|it| it.line == add).unwrap().body[0];
    let expected = json!({
        "id": "00000000-0000-0000-0000-000000000001", "name": {"en": "Cup"}, "description": {"en": ""}, "facets": {}, "codes": [],
        "prices": {"EUR": {"min": 1, "max": 2}}, "inStock": true, "createdAt": 1_767_225_601_000_000_i64,
    });
    assert_eq!(*first, expected);
    let deleted = stub.last(&format!("POST {products}/documents/delete-batch")).body;
    assert_eq!(deleted, json!(["00000000-0000-0000-0000-000000002328"]));
    let state = stub.last("POST /indexes/shop-state/documents?primaryKey=id").body;
    assert_eq!(state, json!([{"id": CURRENT, "position": 42}]));
}

#[tokio::test]
async fn large_documents_make_small_batches() {
    let stub = Stub::start(healthy).await;
    let generation = current(&connect(&stub)).await;
    let text = "x".repeat(3 << 20);
    let large: Vec<_> = (1..=5).map(|it| product(it, "Cup").text("fr", "Tasse", &text).0).collect();
    generation.write(&large, &[], 42).await.unwrap();
    let batches =
        stub.requests().into_iter().filter(|it| it.line == "POST /indexes/shop-products-v1-7/documents?primaryKey=id");
    assert_eq!(batches.map(|it| it.body.as_array().unwrap().len()).collect::<Vec<_>>(), [2, 2, 1]);
}

#[tokio::test]
async fn a_task_that_does_not_succeed_leaves_the_position() {
    let failure = json!({"message": "Document identifier is invalid.", "code": "invalid_document_id", "type": "invalid_request", "link": ""});
    for (status, error, said) in [
        ("failed", failure, "invalid_document_id"),
        ("canceled", Value::Null, "canceled"),
        ("processing", Value::Null, "in time"),
    ] {
        let stub = Stub::start(move |request| {
            if request.line.starts_with("GET /tasks/") { task(status, error.clone()) } else { healthy(request) }
        })
        .await;
        let generation = current(&connect(&stub)).await;
        let error = generation.write(&documents([product(1, "Cup")]), &[], 42).await.unwrap_err();
        assert!(chain(&error).contains(said), "{}", chain(&error));
        assert!(!stub.lines().iter().any(|it| it.starts_with("POST /indexes/shop-state")), "{:?}", stub.lines());
    }
}

#[tokio::test]
async fn an_index_that_is_gone_is_not_written_to() {
    let is_gone = Arc::new(AtomicBool::new(false));
    let gone = Arc::clone(&is_gone);
    let stub = Stub::start(move |request| {
        let is_asked_for = request.line == "GET /indexes/shop-products-v1-7";
        if is_asked_for && gone.load(Ordering::SeqCst) { refused(404, "index_not_found") } else { healthy(request) }
    })
    .await;
    let engine = connect(&stub);
    let generation = current(&engine).await;
    is_gone.store(true, Ordering::SeqCst);
    assert!(generation.write(&documents([product(1, "Cup")]), &[id(2)], 42).await.is_err());
    assert!(engine.current().await.unwrap().is_none());
    assert!(engine.promote(generation).await.is_err());
    assert!(!stub.lines().iter().any(|it| it.starts_with("POST")), "{:?}", stub.lines());
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
            engine.create().await.err().unwrap(),
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
    let error = connect(&stub).search(&query("cup")).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(matches!(error, SearchError::Unavailable(_)) && !chain(&error).contains(KEY), "{}", chain(&error));
}

#[tokio::test]
async fn promoting_moves_the_pointer_before_it_removes_the_old_index() {
    let stub = Stub::start(healthy).await;
    let engine = connect(&stub);
    let next = engine.create().await.unwrap();
    let (name, before) = (next.name().to_owned(), stub.lines().len());
    engine.promote(next).await.unwrap();
    let expected = [
        &format!("GET /indexes/{name}"),
        "GET /indexes/shop-state/documents/current",
        "POST /indexes/shop-state/documents?primaryKey=id",
        "DELETE /indexes/shop-products-v1-7",
        "DELETE /indexes/shop-state/documents/shop-products-v1-7",
    ];
    assert_eq!(stub.lines()[before..], expected);
    let state = stub.last("POST /indexes/shop-state/documents?primaryKey=id").body;
    assert_eq!(state, json!([{"id": "current", "generation": name}]));
    engine.search(&query("cup")).await.unwrap();
    stub.last(&format!("POST /indexes/{name}/search"));
}

#[tokio::test]
async fn a_generation_that_another_process_replaced_is_looked_up_anew() {
    let asked = AtomicUsize::new(0);
    let stub = Stub::start(move |request| match request.line.as_str() {
        "GET /indexes/shop-state/documents/current" if 0 < asked.fetch_add(1, Ordering::SeqCst) => {
            Reply::Json(200, json!({"id": "current", "generation": "shop-products-v1-8"}))
        }
        "POST /indexes/shop-products-v1-7/search" => refused(404, "index_not_found"),
        _ => healthy(request),
    })
    .await;
    let result = connect(&stub).search(&query("cup")).await.unwrap();
    assert_eq!(result.total, 130);
    let lines = [
        "GET /indexes/shop-state/documents/current",
        "POST /indexes/shop-products-v1-7/search",
        "GET /indexes/shop-state/documents/current",
        "POST /indexes/shop-products-v1-8/search",
    ];
    assert_eq!(stub.lines(), lines);
}

#[tokio::test]
async fn an_index_of_another_version_is_none() {
    let stub = Stub::start(|request| match request.line.as_str() {
        "GET /indexes/shop-state/documents/current" => {
            Reply::Json(200, json!({"id": "current", "generation": "shop-products-v999-1"}))
        }
        _ => healthy(request),
    })
    .await;
    let engine = connect(&stub);
    assert!(engine.current().await.unwrap().is_none());
    assert!(engine.search(&query("cup")).await.is_err());
    let next = engine.create().await.unwrap();
    engine.promote(next).await.unwrap();
    stub.last("DELETE /indexes/shop-products-v999-1");
}

#[tokio::test]
async fn generations_without_a_maker_are_removed_after_a_day() {
    let stub = Stub::start(|request| match request.line.as_str() {
        "GET /indexes?limit=1000" => {
            let index = |uid: &str, at: &str| json!({"uid": uid, "createdAt": at, "updatedAt": at, "primaryKey": "id"});
            let results = [
                index(CURRENT, "2020-01-01T00:00:00Z"),
                index("shop-products-v1-1", "2020-01-01T00:00:00Z"),
                index("shop-products-v1-2", "2999-01-01T00:00:00Z"),
                index("shop-state", "2020-01-01T00:00:00Z"),
                index("other-products-v1-1", "2020-01-01T00:00:00Z"),
            ];
            Reply::Json(200, json!({"results": results, "offset": 0, "limit": 1000, "total": 5}))
        }
        _ => healthy(request),
    })
    .await;
    connect(&stub).create().await.unwrap();
    let removed: Vec<String> = stub.lines().into_iter().filter(|it| it.starts_with("DELETE")).collect();
    assert_eq!(
        removed,
        ["DELETE /indexes/shop-products-v1-1", "DELETE /indexes/shop-state/documents/shop-products-v1-1"]
    );
}

//! What a Meilisearch server is told to keep.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use comptoir_domain::search::{ProductIndex as _, ProductSearch as _};
use serde_json::{Value, json};

use super::{
    super::{
        engine::query,
        products::{documents, id, product},
        stub::{Reply, Stub},
    },
    CURRENT, chain, connect, connect_for, current, healthy, refused, task, views,
};

#[tokio::test]
async fn a_new_generation_has_its_settings_when_it_is_there() {
    let stub = Stub::start(healthy).await;
    let generation = connect(&stub).create(&BTreeSet::new()).await.unwrap();
    let name = generation.name();
    assert!(name.strip_prefix("shop-products-v5-").unwrap().parse::<u64>().is_ok(), "{name}");
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
        "filterableAttributes": ["id", "facets", "prices", "numbers", "inStock", "availableAt", "collections", "publishedFrom", "publishedUntil", "channels"],
        "sortableAttributes": ["prices", "collections", "createdAt", "id"],
        "displayedAttributes": ["id", "name"],
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
    let generation = connect(&stub).create(&BTreeSet::new()).await.unwrap();
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
    let products = "/indexes/shop-products-v5-7";
    let add = format!("POST {products}/documents?primaryKey=id");
    let expected = [
        &format!("GET {products}"),
        &format!("GET /indexes/shop-state/documents/{CURRENT}"),
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
        "prices": {"EUR": {"min": 1, "max": 2}, "EUR_de": {"min": 1, "max": 2}}, "numbers": {}, "availableAt": [], "collections": {}, "inStock": true, "createdAt": 1_767_225_601_000_000_i64,
    });
    assert_eq!(*first, expected);
    let deleted = stub.last(&format!("POST {products}/documents/delete-batch")).body;
    assert_eq!(deleted, json!(["00000000-0000-0000-0000-000000002328"]));
    let state = stub.last("POST /indexes/shop-state/documents?primaryKey=id").body;
    assert_eq!(state, json!([{"id": CURRENT, "position": 42, "views": views()}]));
}

#[tokio::test]
async fn large_documents_make_small_batches() {
    let stub = Stub::start(healthy).await;
    let generation = current(&connect(&stub)).await;
    let text = "x".repeat(3 << 20);
    let large: Vec<_> = (1..=5).map(|it| product(it, "Cup").text("fr", "Tasse", &text).0).collect();
    generation.write(&large, &[], 42).await.unwrap();
    let batches =
        stub.requests().into_iter().filter(|it| it.line == "POST /indexes/shop-products-v5-7/documents?primaryKey=id");
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
        let generation = current(&connect_for(&stub, Duration::from_millis(500))).await;
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
        let is_asked_for = request.line == "GET /indexes/shop-products-v5-7";
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
async fn promoting_moves_the_pointer_before_it_removes_the_old_index() {
    let stub = Stub::start(healthy).await;
    let engine = connect(&stub);
    let next = engine.create(&BTreeSet::new()).await.unwrap();
    let (name, before) = (next.name().to_owned(), stub.lines().len());
    engine.promote(next).await.unwrap();
    let expected = [
        &format!("GET /indexes/{name}"),
        "GET /indexes/shop-state/documents/current",
        "POST /indexes/shop-state/documents?primaryKey=id",
        "DELETE /indexes/shop-products-v5-7",
        "DELETE /indexes/shop-state/documents/shop-products-v5-7",
    ];
    assert_eq!(stub.lines()[before..], expected);
    let state = stub.last("POST /indexes/shop-state/documents?primaryKey=id").body;
    assert_eq!(state, json!([{"id": "current", "generation": name}]));
    engine.search(&query("cup")).await.unwrap();
    assert_eq!(stub.last("POST /multi-search").body["queries"][0]["indexUid"], name);
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
    let next = engine.create(&BTreeSet::new()).await.unwrap();
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
                index("shop-products-v5-1", "2020-01-01T00:00:00Z"),
                index("shop-products-v5-2", "2999-01-01T00:00:00Z"),
                index("shop-state", "2020-01-01T00:00:00Z"),
                index("other-products-v1-1", "2020-01-01T00:00:00Z"),
            ];
            Reply::Json(200, json!({"results": results, "offset": 0, "limit": 1000, "total": 5}))
        }
        _ => healthy(request),
    })
    .await;
    connect(&stub).create(&BTreeSet::new()).await.unwrap();
    let removed: Vec<String> = stub.lines().into_iter().filter(|it| it.starts_with("DELETE")).collect();
    assert_eq!(
        removed,
        ["DELETE /indexes/shop-products-v5-1", "DELETE /indexes/shop-state/documents/shop-products-v5-1"]
    );
}

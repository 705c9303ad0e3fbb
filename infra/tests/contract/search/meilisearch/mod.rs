//! What is sent to a Meilisearch server, and what is made of its answers. The answers are those of version 1.50, cut to size.

mod indexing;
mod searching;

use std::{error::Error, time::Duration};

use comptoir_domain::{
    ids::Id as _,
    search::{IndexGeneration, ProductIndex as _, SearchError},
};
use comptoir_infra::search::meilisearch::{MeilisearchLimits, MeilisearchSearch};
use serde_json::{Value, json};

use super::{
    products::id,
    stub::{Reply, Request, Stub},
};

const KEY: &str = "a-secret-key";
const CURRENT: &str = "shop-products-v5-7";

fn connect(stub: &Stub) -> MeilisearchSearch {
    connect_for(stub, Duration::from_secs(10))
}

/// Connects with so little patience.
fn connect_for(stub: &Stub, wait_max: Duration) -> MeilisearchSearch {
    let limits =
        MeilisearchLimits { request_wait_max: wait_max * 2, task_wait_max: wait_max, search_wait_max: wait_max };
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

/// The same answer to each of so many questions.
fn found(hits: &[u128], count: usize) -> Reply {
    let hits: Vec<Value> = hits.iter().map(|it| json!({"id": id(*it).uuid()})).collect();
    let answer = json!({
        "hits": hits, "query": "", "processingTimeMs": 9, "hitsPerPage": 20, "page": 1, "totalPages": 7, "totalHits": 130,
        "facetDistribution": {
            "facets.color": {"Red": 3, "Blue": 40, "Azure": 3}, "facets.size": {}, "prices.EUR.min": {"100": 1}, "prices.EUR.max": {"900": 1},
        },
        "facetStats": {"prices.EUR.min": {"min": 100, "max": 700}, "prices.EUR.max": {"min": 300, "max": 900}},
        "requestUid": "01a20195-e6b0-7920-8e52-e7b21484b1cb",
    });
    Reply::Json(200, json!({"results": vec![answer; count]}))
}

/// The views of its products: prices in euros, and others in Germany.
fn views() -> Value {
    json!(
        ["", "de"]
            .map(|it| json!({"currency": "EUR", "market": Some(it).filter(|it| !it.is_empty()), "channel": null}))
    )
}

/// A server with one generation, where everything succeeds.
fn healthy(request: &Request) -> Reply {
    match request.line.split_once(' ').unwrap() {
        ("GET", path) if path.starts_with("/tasks/") => task("succeeded", Value::Null),
        ("GET", "/indexes/shop-state/documents/current") => {
            Reply::Json(200, json!({"id": "current", "generation": CURRENT}))
        }
        ("GET", "/indexes/shop-state/documents/shop-products-v5-7") => {
            Reply::Json(200, json!({"id": CURRENT, "position": 41, "views": views()}))
        }
        ("GET", "/indexes?limit=1000") => {
            Reply::Json(200, json!({"results": [], "offset": 0, "limit": 1000, "total": 0}))
        }
        ("GET", path) if path.starts_with("/indexes/shop-products-v5-") => {
            Reply::Json(200, json!({"uid": "x", "createdAt": null, "updatedAt": null, "primaryKey": "id"}))
        }
        ("GET", _) => refused(404, "document_not_found"),
        ("POST", "/multi-search") => found(&[3, 1], request.body["queries"].as_array().map_or(0, Vec::len)),
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

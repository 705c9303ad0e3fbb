//! Documents by their hash: over POST, GET, event streams and sockets, and the list of trusted ones.

use serde_json::{Value, json};

use super::{
    Server,
    client::{Reply, post, post_with, send},
    websocket::Client,
};
use crate::http::{Limits, TrustedDocuments};

/// `printf '{ hello }' | sha256sum`
const HELLO: &str = "001c3174e099bd72b729d0c0a529ba9f5a740c446e2a6e1d71b283cb84ec3065";
/// `printf 'mutation { inc }' | sha256sum`
const INC: &str = "7527c6af5266b022d839a242b5495d6720a0cf705a17deaaa110e4482b5e7b05";

fn extension(hash: &str) -> Value {
    json!({"persistedQuery": {"version": 1, "sha256Hash": hash}})
}

async fn by_hash(server: &Server, hash: &str) -> Reply {
    post(server, &json!({"extensions": extension(hash)})).await
}

async fn register(server: &Server, query: &str, hash: &str) -> Reply {
    post(server, &json!({"query": query, "extensions": extension(hash)})).await
}

#[tokio::test]
async fn a_document_is_registered_once_and_then_run_by_its_hash() {
    let server = Server::start().await;
    let missed = by_hash(&server, HELLO).await;
    assert_eq!((missed.status, missed.code().as_str()), (400, "PERSISTED_QUERY_NOT_FOUND"));
    assert_eq!(missed.json()["errors"][0]["message"], "PersistedQueryNotFound");

    let hello = json!({"data": {"hello": "Hello world"}});
    assert_eq!(register(&server, "{ hello }", HELLO).await.json(), hello);
    assert_eq!(by_hash(&server, HELLO).await.json(), hello);
    assert_eq!(by_hash(&server, &HELLO.to_uppercase()).await.json(), hello);
    let get = format!(
        "GET /graphql?extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22{HELLO}%22%7D%7D"
    );
    assert_eq!(send(&server, &get, &[("Accept", "application/json")], "").await.json(), hello);
    let stream = send(&server, &get, &[("Accept", "text/event-stream")], "").await;
    assert!(stream.body.contains("Hello world"), "{stream:?}");
    let mut client = Client::ready(&server).await;
    client.send(json!({"id": "1", "type": "subscribe", "payload": {"extensions": extension(HELLO)}})).await;
    assert_eq!(client.next().await["payload"], hello);
}

#[tokio::test]
async fn a_mutation_by_hash_needs_post() {
    let server = Server::start().await;
    assert_eq!(register(&server, "mutation { inc }", INC).await.json(), json!({"data": {"inc": 1}}));
    let get = format!(
        "GET /graphql?extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22{INC}%22%7D%7D"
    );
    assert_eq!(send(&server, &get, &[("Accept", "application/json")], "").await.status, 405);
    assert_eq!(by_hash(&server, INC).await.json(), json!({"data": {"inc": 2}}));
}

#[tokio::test]
async fn a_wrong_hash_or_version_registers_nothing() {
    let server = Server::start().await;
    assert_eq!(register(&server, "{ count }", HELLO).await.code(), "PERSISTED_QUERY_HASH_MISMATCH");
    assert_eq!(by_hash(&server, HELLO).await.code(), "PERSISTED_QUERY_NOT_FOUND");
    let version = json!({"query": "{ hello }", "extensions": {"persistedQuery": {"version": 2, "sha256Hash": HELLO}}});
    assert_eq!(post(&server, &version).await.code(), "PERSISTED_QUERY_NOT_SUPPORTED");
    for hash in ["", "zz", &HELLO[1..]] {
        assert_eq!(by_hash(&server, hash).await.code(), "BAD_REQUEST", "{hash}");
    }
    assert_eq!(post(&server, &json!({"extensions": {"persistedQuery": HELLO}})).await.code(), "BAD_REQUEST");
    let reply = send(&server, "GET /graphql?variables=%7B%7D", &[("Accept", "application/json")], "").await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "BAD_REQUEST"), "neither a document nor a hash");
}

#[tokio::test]
async fn a_document_that_the_guard_refuses_is_not_kept() {
    let server = Server::with(|limits| limits.depth = 0).await;
    assert_eq!(register(&server, "{ hello }", HELLO).await.code(), "LIMIT_EXCEEDED");
    assert_eq!(by_hash(&server, HELLO).await.code(), "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn only_trusted_documents_run_where_there_is_a_list() {
    let list = json!({HELLO: "{ hello }"}).to_string();
    let server = Server::trusting(TrustedDocuments::parse(&list, &Limits::default()).unwrap()).await;
    let hello = json!({"data": {"hello": "Hello world"}});
    assert_eq!(by_hash(&server, HELLO).await.json(), hello);
    assert_eq!(post(&server, &json!({"query": "{ hello }"})).await.json(), hello);

    for refused in [
        json!({"query": "{ count }"}),
        json!({"query": "{ hello  }"}),
        json!({"query": "mutation { inc }", "extensions": extension(INC)}),
        json!({"extensions": extension(INC)}),
    ] {
        let reply = post(&server, &refused).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, "DOCUMENT_NOT_TRUSTED"), "{refused}");
    }
    let mut client = Client::ready(&server).await;
    client.subscribe("1", "{ count }").await;
    assert_eq!(client.next().await["payload"][0]["extensions"]["code"], "DOCUMENT_NOT_TRUSTED");

    let clerk = [("Authorization", "Bearer clerk")];
    let reply = post_with(&server, &clerk, &json!({"query": "{ count }"})).await;
    assert_eq!(reply.json(), json!({"data": {"count": 0}}), "staff may run any");
}

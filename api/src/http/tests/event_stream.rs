//! Operations over server-sent events.

use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::Duration};

use super::{
    Server,
    client::{Reply, post_with, read_to_end, read_until, send},
};

async fn events(server: &Server, query: &str) -> Reply {
    post_with(server, &[("Accept", "text/event-stream")], &json!({"query": query})).await
}

/// The response without the comments that keep it open, and without costs.
fn frames(reply: &Reply) -> String {
    let mut text = reply.body.as_str();
    while let Some(rest) = text.strip_prefix(":\n\n") {
        text = rest;
    }
    let mut text = text.replace("\n\n:\n\n", "\n\n");
    while let Some(start) = text.find(",\"extensions\":{\"cost\"") {
        let end = start + text[start..].find("}}").unwrap() + "}}".len();
        text.replace_range(start..end, "");
    }
    text
}

#[tokio::test]
async fn every_kind_of_operation_is_streamed_to_its_completion() {
    let server = Server::start().await;
    let reply = events(&server, "subscription { countTo(to: 2) }").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/event-stream; charset=utf-8")));
    assert_eq!(
        frames(&reply),
        "event: next\ndata: {\"data\":{\"countTo\":1}}\n\nevent: next\ndata: {\"data\":{\"countTo\":2}}\n\nevent: complete\ndata:\n\n"
    );
    let reply = events(&server, "{ hello }").await;
    assert_eq!(
        frames(&reply),
        "event: next\ndata: {\"data\":{\"hello\":\"Hello world\"}}\n\nevent: complete\ndata:\n\n"
    );
    assert!(frames(&events(&server, "mutation { inc }").await).contains("{\"data\":{\"inc\":1}}"));
}

#[tokio::test]
async fn an_operation_that_cannot_run_says_so_in_the_stream() {
    let server = Server::start().await;
    for (query, code) in [
        ("{ unknown }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { unknown }", "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { a b }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { forbidden }", "FORBIDDEN"),
    ] {
        let reply = events(&server, query).await;
        let text = frames(&reply);
        assert_eq!(reply.status, 200);
        assert!(text.starts_with("event: next\ndata: {\"errors\":") && text.contains(code), "{text}");
        assert!(text.ends_with("event: complete\ndata:\n\n"));
    }
    let reply = events(&server, "subscription { explode }").await;
    assert!(frames(&reply).contains("{\"explode\":1}") && reply.body.contains("INTERNAL"), "{reply:?}");
    assert!(!reply.body.contains("secret"));
}

#[tokio::test]
async fn what_is_wrong_with_the_request_itself_is_a_status() {
    let server = Server::start().await;
    let stream = ("Accept", "text/event-stream");
    let body = json!({"query": "{ hello }"});
    assert_eq!(post_with(&server, &[stream, ("Authorization", "Bearer bad")], &body).await.status, 401);
    assert_eq!(post_with(&server, &[stream], &json!([{"query": "{ hello }"}])).await.status, 400);
    assert_eq!(send(&server, "GET /graphql?query=mutation%7Binc%7D", &[stream], "").await.status, 405);
    let reply = send(&server, "GET /graphql?query=subscription%7BcountTo(to%3A1)%7D", &[stream], "").await;
    assert!(frames(&reply).contains("{\"countTo\":1}"), "a browser's EventSource can only GET");
}

/// Opens a stream and leaves it open.
async fn open(server: &Server, query: &str) -> TcpStream {
    let body = json!({"query": query}).to_string();
    let head =
        "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n";
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_silent_stream_is_kept_open_and_ends_without_completion_at_shutdown() {
    let mut server = Server::with(|limits| limits.sse_keep_alive = Duration::from_millis(20)).await;
    let mut stream = open(&server, "subscription { never }").await;
    read_until(&mut stream, "\r\n\r\n").await;
    for _ in 0..3 {
        read_until(&mut stream, ":\n\n").await;
    }
    server.stop().await;
    assert!(!read_to_end(&mut stream).await.contains("complete"));
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let server = Server::start().await;
    let headers = [("Accept", "text/event-stream"), ("Authorization", "Bearer brief")];
    let reply = post_with(&server, &headers, &json!({"query": "subscription { never }"})).await;
    assert!(!reply.body.contains("complete"), "{reply:?}");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut() {
    let mut server = Server::with(|limits| limits.write_timeout = Duration::from_millis(200)).await;
    let stream = open(&server, "subscription { flood }").await;
    // The stream never ends of itself, so the server only stops in time if the client is cut.
    stream.readable().await.unwrap();
    tokio::time::timeout(super::PATIENCE, async {
        while stream.take_error().unwrap().is_none() && stream.try_write(b"x").is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("the server resets the connection");
    server.stop().await;
}

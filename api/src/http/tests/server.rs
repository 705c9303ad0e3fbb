//! The server loop: slow heads, bounded connections, shutdown.

use serde_json::json;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{Duration, Instant, timeout},
};

use super::{
    PATIENCE, Server,
    client::{parse, post, read_to_end, read_until},
};

async fn connect(server: &Server, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

fn request(query: &str) -> String {
    let body = json!({"query": query}).to_string();
    format!(
        "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Waits until the server runs a slow field.
async fn slow_has_begun(server: &Server) {
    let begun = async { while post(server, &json!({"query": "{ begun }"})).await.json()["data"]["begun"] == 0 {} };
    timeout(PATIENCE, begun).await.unwrap();
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let server = Server::with(|limits| limits.header_read_timeout = Duration::from_millis(100)).await;
    for head in ["", "P", "POST /graphql HTTP/1.1\r\nHost: te"] {
        read_to_end(&mut connect(&server, head).await).await;
    }
    let mut dripping = connect(&server, "GET /").await;
    let dripped = async {
        while dripping.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, dripped).await.expect("a dripping head is cut");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_room() {
    let server = Server::with(|limits| limits.connections = 1).await;
    let mut first = connect(&server, &request("{ hello }")).await;
    read_until(&mut first, "Hello world").await;
    let mut second = connect(&server, &request("{ hello }")).await;
    let waited = timeout(Duration::from_millis(200), read_until(&mut second, "Hello world")).await;
    assert!(waited.is_err(), "the first connection is still open");
    drop(first);
    read_until(&mut second, "Hello world").await;
}

#[tokio::test]
async fn shutdown_answers_what_runs_and_takes_nothing_new() {
    let mut server = Server::start().await;
    let mut idle = connect(&server, &request("{ hello }")).await;
    read_until(&mut idle, "}}}").await;
    let mut running = connect(&server, &request("{ slow(millis: 300) }")).await;
    slow_has_begun(&server).await;
    server.stop().await;
    let reply = parse(&read_to_end(&mut running).await);
    assert_eq!(reply.json(), json!({"data": {"slow": true}}));
    assert_eq!(read_to_end(&mut idle).await, "");
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn draining_has_an_end() {
    let mut server = Server::with(|limits| limits.drain_timeout = Duration::from_millis(100)).await;
    let mut running = connect(&server, &request("{ slow(millis: 14000) }")).await;
    slow_has_begun(&server).await;
    let began = Instant::now();
    server.stop().await;
    assert!(began.elapsed() < Duration::from_secs(14), "it did not wait for what runs");
    assert_eq!(read_to_end(&mut running).await, "", "cut without an answer");
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let server = Server::start().await;
    let mut stream = connect(&server, &request("{ hello }")).await;
    read_until(&mut stream, "Hello world").await;
    stream.write_all(request("{ add(a: 1, b: 2) }").as_bytes()).await.unwrap();
    read_until(&mut stream, "{\"add\":3}").await;
    assert_eq!(post(&server, &json!({"query": "{ hello }"})).await.status, 200);
}

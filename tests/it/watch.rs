//! What those see who watch the server.

use comptoir_tests::{Client, Db, Installation, TestShop, both_databases, eventually, within};
use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::mpsc,
};

both_databases! {
    a_server_that_serves_is_ready_and_counted,
}

/// A collector that takes one export after another, as long as the test runs; what it was sent, with the heads of the requests.
async fn collector() -> (String, mpsc::UnboundedReceiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let sender = sender.clone();
            tokio::spawn(async move {
                let mut buffer = [0; 16 * 1024];
                while let Ok(count @ 1..) = stream.read(&mut buffer).await {
                    let _ = sender.send(buffer[..count].to_vec());
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
                }
            });
        }
    });
    (url, receiver)
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_go_to_the_collector_and_join_those_of_the_client() {
    let (url, mut received) = collector().await;
    let installation = Installation::new(Db::Sqlite).await.unwrap();
    let variables =
        [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=of the shop")];
    let server = installation.serve_with(&[], &variables);
    // The example of the W3C's Trace Context.
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let client = Client::new(&server.url).with_header("traceparent", &format!("00-{trace}-00f067aa0ba902b7-01"));
    let _ = client.query("query Providers { paymentProviders }", json!({})).await;
    server.stop();
    let mut all = Vec::new();
    while let Some(bytes) = within("an export", received.recv()).await {
        all.extend(bytes);
        let has = |it: &[u8]| all.windows(it.len()).any(|window| window == it);
        if has(b"query Providers") && has(&hex::decode(trace).unwrap()) {
            assert!(has(b"POST /v1/traces") && has(b"x-key: of the shop") && has(b"comptoir") && has(b"POST /graphql"));
            return;
        }
    }
}

async fn metric(client: &Client, name: &str) -> Option<u64> {
    let text = client.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    text.lines().find_map(|line| line.strip_prefix(&format!("{name} "))?.parse().ok())
}

async fn a_server_that_serves_is_ready_and_counted(shop: TestShop) {
    let client = shop.anonymous();
    let ready = client.answer(client.request(Method::GET, "/readyz")).await;
    assert_eq!((ready.status, &ready.body["database"]), (200, &json!("ok")));

    let queries = "comptoir_operations_total{transport=\"http\",type=\"query\",outcome=\"ok\"}";
    let before = metric(&client, queries).await.unwrap();
    let _ = client.query("{ paymentProviders }", json!({})).await;
    assert_eq!(metric(&client, queries).await, Some(before + 1));
    let memory = metric(&client, "process_resident_memory_bytes").await.unwrap();
    assert!((1 << 20..1 << 34).contains(&memory), "{memory}");
    let is_empty = async || (metric(&client, "comptoir_outbox_events_waiting").await == Some(0)).then_some(());
    eventually("all events to be published", is_empty).await;
}

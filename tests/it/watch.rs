//! What those see who watch the server.

use comptoir_tests::{Client, TestShop, both_databases, eventually};
use reqwest::Method;
use serde_json::json;

both_databases! {
    a_server_that_serves_is_ready_and_counted,
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

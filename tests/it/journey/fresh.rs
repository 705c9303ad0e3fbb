//! Freshness: how soon a change is searchable.

use std::time::Duration;

use comptoir_tests::{Client, TestShop, both_databases, eventually};
use serde_json::{Value, json};
use tokio::time::Instant;

both_databases! {
    a_change_is_searchable_within_two_seconds,
}

/// What is promised for the embedded index.
const SOON: Duration = Duration::from_secs(2);
/// How often it may take longer while the machine is busy with something else.
const TRIES: usize = 5;

/// What a search for `query` finds with `filter`, by slug.
async fn found(client: &Client, query: &str, filter: Value) -> Vec<String> {
    let document = "query($query: String!, $filter: SearchFilterInput) { search(query: $query, filter: $filter, first: 100) { relaxation { query } nodes { slug } } }";
    let found = client.query(document, json!({"query": query, "filter": filter})).await["search"].clone();
    if !found["relaxation"].is_null() {
        return Vec::new();
    }
    found["nodes"].as_array().unwrap().iter().map(|it| it["slug"].as_str().unwrap().to_owned()).collect()
}

/// Asserts that what `change` does to the stool is searchable soon: `look` says what to search for then, and whether it is to be found.
async fn soon(client: &Client, what: &str, change: impl AsyncFn(usize), look: impl Fn(usize) -> (String, Value, bool)) {
    let mut times = Vec::new();
    for attempt in 0..TRIES {
        change(attempt).await;
        let (started, (query, filter, expected)) = (Instant::now(), look(attempt));
        eventually(what, async || {
            let is_found = found(client, &query, filter.clone()).await.iter().any(|it| it == "oak-stool");
            (is_found == expected).then_some(())
        })
        .await;
        times.push(started.elapsed());
        if started.elapsed() <= SOON {
            return;
        }
    }
    panic!("{what} was searchable after {times:?}, not within {SOON:?}");
}

async fn a_change_is_searchable_within_two_seconds(shop: TestShop) {
    let (client, staff) = (shop.anonymous(), shop.staff().await);
    let save = async |mut input: Value| {
        input["slug"] = json!("oak-stool");
        let _ = staff.run("productSave", input).await.accepted();
    };
    let named =
        async |attempt: usize| save(json!({"texts": [{"language": "en", "name": format!("Quuxbar{attempt}")}]})).await;
    soon(&client, "a name", named, |attempt| (format!("Quuxbar{attempt}"), Value::Null, true)).await;

    let variants = [client.variant("OST-45").await, client.variant("OST-65").await];
    let price = |attempt: usize| 5_000 + attempt;
    let priced = async |attempt: usize| {
        let amount = json!({"amount": format!("{}.00", price(attempt)), "currency": "EUR"});
        let prices: Vec<_> = variants.iter().map(|it| json!({"variantId": it, "amount": amount})).collect();
        let _ = staff.run("pricesSet", json!({"prices": prices})).await.accepted();
    };
    let dear = |attempt: usize| {
        let amount = json!(format!("{}.00", price(attempt)));
        (String::new(), json!({"price": {"minimum": amount, "maximum": amount}}), true)
    };
    soon(&client, "a price", priced, dear).await;

    let location = client.location("lyon-warehouse").await;
    let stocked = async |attempt: usize| {
        let to = if attempt % 2 == 0 { 0 } else { 5 };
        let adjustment = |it: &String| json!({"variantId": it, "locationId": location, "change": {"to": to}});
        let adjustments: Vec<_> = variants.iter().map(adjustment).collect();
        let input = json!({"idempotencyKey": comptoir_tests::new_key(), "adjustments": adjustments});
        let _ = staff.run("inventoryAdjust", input).await.accepted();
    };
    soon(&client, "stock", stocked, |attempt| (String::new(), json!({"inStock": true}), attempt % 2 == 1)).await;

    // What is not seen any more is not shown, whatever the index holds: to come back takes the index.
    save(json!({"status": "DRAFT"})).await;
    let published = async |attempt: usize| {
        let status = if attempt % 2 == 0 { "ACTIVE" } else { "DRAFT" };
        save(json!({"status": status})).await;
    };
    soon(&client, "publication", published, |attempt| (String::new(), Value::Null, attempt % 2 == 0)).await;
}

//! Freshness: how soon a change is searchable.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use comptoir_tests::{Client, TestShop, both_databases, eventually};
use serde_json::{Value, json};
use tokio::time::Instant;

both_databases! {
    a_change_is_searchable_within_two_seconds,
    a_price_that_begins_by_itself_is_searchable,
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

/// Waits until the index holds no more than is shown: what is gone is hidden at once, but counted until the index knows.
async fn settled(client: &Client, filter: &Value) {
    let document =
        "query($filter: SearchFilterInput) { search(filter: $filter, first: 100) { totalCount nodes { slug } } }";
    eventually("the index to know what is gone", async || {
        let found = client.query(document, json!({"filter": filter})).await["search"].clone();
        (found["totalCount"] == found["nodes"].as_array().unwrap().len()).then_some(())
    })
    .await;
}

/// Asserts that the stool is found soon by what `look` says, once `change` has made it so; `undo` makes it otherwise before.
async fn soon(
    client: &Client,
    what: &str,
    undo: impl AsyncFn(),
    change: impl AsyncFn(usize),
    look: impl Fn(usize) -> (String, Value),
) {
    let mut times = Vec::new();
    for attempt in 0..TRIES {
        undo().await;
        change(attempt).await;
        let (started, (query, filter)) = (Instant::now(), look(attempt));
        eventually(what, async || {
            let found = found(client, &query, filter.clone()).await;
            found.iter().any(|it| it == "oak-stool").then_some(())
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
    soon(&client, "a name", async || (), named, |attempt| (format!("Quuxbar{attempt}"), Value::Null)).await;

    let variants = [client.variant("OST-45").await, client.variant("OST-65").await];
    let price = |attempt: usize| 5_000 + attempt;
    let priced = async |attempt: usize| {
        let amount = json!({"amount": format!("{}.00", price(attempt)), "currency": "EUR"});
        let prices: Vec<_> = variants.iter().map(|it| json!({"variantId": it, "amount": amount})).collect();
        let _ = staff.run("pricesSet", json!({"prices": prices})).await.accepted();
    };
    let dear = |attempt: usize| {
        let amount = json!(format!("{}.00", price(attempt)));
        (String::new(), json!({"price": {"minimum": amount, "maximum": amount}}))
    };
    soon(&client, "a price", async || (), priced, dear).await;

    // What is gone is not shown, whatever the index holds: to come back takes the index.
    let location = client.location("lyon-warehouse").await;
    let in_stock = json!({"inStock": true});
    let stock = async |quantity: u32| {
        let adjustment = |it: &String| json!({"variantId": it, "locationId": location, "change": {"to": quantity}});
        let adjustments: Vec<_> = variants.iter().map(adjustment).collect();
        let input = json!({"idempotencyKey": comptoir_tests::new_key(), "adjustments": adjustments});
        let _ = staff.run("inventoryAdjust", input).await.accepted();
    };
    let out_of_stock = async || {
        stock(0).await;
        settled(&client, &in_stock).await;
    };
    soon(&client, "stock", out_of_stock, async |_| stock(5).await, |_| (String::new(), in_stock.clone())).await;

    let draft = async || {
        save(json!({"status": "DRAFT"})).await;
        settled(&client, &Value::Null).await;
    };
    let publish = async |_| save(json!({"status": "ACTIVE"})).await;
    soon(&client, "publication", draft, publish, |_| (String::new(), Value::Null)).await;
}

async fn a_price_that_begins_by_itself_is_searchable(shop: TestShop) {
    let (client, staff) = (shop.anonymous(), shop.staff().await);
    let of = async |price: &str| {
        let price = json!({"price": {"minimum": price, "maximum": price}});
        found(&client, "", price).await.iter().any(|it| it == "stoneware-mug")
    };
    let list = async |name: &str, ends_at: Value| {
        let input = json!({"name": name, "type": "SALE", "endsAt": ends_at});
        staff.run("priceListCreate", input).await.accepted()["priceList"]["id"].clone()
    };
    #[expect(clippy::disallowed_methods, reason = "the server's windows are by the clock on the wall")]
    let soon = || (Utc::now() + TimeDelta::seconds(2)).to_rfc3339();
    let set = async |amount: &str, mut fields: Value| {
        fields["variantId"] = json!(client.variant("SMG-SA").await);
        fields["amount"] = json!({"amount": amount, "currency": "EUR"});
        let _ = staff.run("pricesSet", json!({"prices": [fields]})).await.accepted();
    };
    set("3.01", json!({"startsAt": soon()})).await;
    eventually("a price that begins", async || of("3.01").await.then_some(())).await;
    // A list that ends takes its prices with it.
    let sale = list("Flash sale", json!(soon())).await;
    set("2.02", json!({"priceListId": sale})).await;
    eventually("a list that ends", async || (!of("2.02").await && of("3.01").await).then_some(())).await;
    let sale = list("Sale", Value::Null).await;
    set("2.03", json!({"priceListId": sale})).await;
    eventually("a sale", async || of("2.03").await.then_some(())).await;
    let _ = staff.run("priceListUpdate", json!({"priceListId": sale, "isPaused": true})).await.accepted();
    eventually("a sale that is paused", async || (!of("2.03").await && of("3.01").await).then_some(())).await;
}

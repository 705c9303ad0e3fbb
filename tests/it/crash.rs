//! `kill -9` in the middle of orders.

use std::sync::Arc;

use comptoir_tests::{EventStream, TestCart, TestShop, both_databases, command, demo_variant, eventually, new_key};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::sync::mpsc;

both_databases! {
    what_was_acknowledged_survives_a_kill,
}

const CLIENTS: usize = 4;
const ORDERS_EACH: usize = 12;
const SKU: &str = "GPC-HB";

/// An order that a client sends.
#[derive(Clone)]
struct Sent {
    cart: TestCart,
    input: Value,
}

/// Orders one cart after the other, and tells of each that was acknowledged; ends when the server does.
async fn buy(orders: Arc<Vec<Sent>>, acknowledged: mpsc::UnboundedSender<(usize, usize, Value)>, client: usize) {
    for (index, Sent { cart, input }) in orders.iter().enumerate() {
        let Ok(answer) = cart.client.try_execute(&command("orderPlace"), json!({"input": input})).await else {
            return;
        };
        let payload = answer.data()["orderPlace"].clone();
        assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        acknowledged.send((client, index, payload)).unwrap();
    }
}

async fn what_was_acknowledged_survives_a_kill(shop: TestShop) {
    let mut streams = Vec::new();
    for _ in 0..CLIENTS {
        let carts = join_all((0..ORDERS_EACH).map(|_| TestCart::ready(&shop, &[(SKU, 1)]))).await;
        let sent = carts.into_iter().map(|cart| Sent { input: cart.order_input("approve"), cart });
        streams.push(Arc::new(sent.collect::<Vec<_>>()));
    }
    // The only sideboard: once it is ordered, the index has to learn that there is none.
    let last_one = TestCart::ready(&shop, &[("WSB", 1)]).await;
    let pending = TestCart::ready(&shop, &[("CHK", 1)]).await.order("pending").await.accepted();

    let (sender, mut acknowledged) = mpsc::unbounded_channel();
    let clients: Vec<_> = streams
        .iter()
        .enumerate()
        .map(|(client, orders)| tokio::spawn(buy(orders.clone(), sender.clone(), client)))
        .collect();
    drop(sender);
    let mut known = Vec::new();
    while known.len() < CLIENTS * ORDERS_EACH / 2 {
        known.push(acknowledged.recv().await.unwrap());
    }
    let sold_out = last_one.order("approve").await.accepted();
    let shop = shop.restarted();
    for client in clients {
        client.await.unwrap();
    }
    while let Some(order) = acknowledged.recv().await {
        known.push(order);
    }
    assert!(known.len() < CLIENTS * ORDERS_EACH, "the kill came too late to prove anything");

    let (staff, nobody) = (shop.staff().await, shop.anonymous());
    for payload in known.iter().map(|it| &it.2).chain([&sold_out, &pending]) {
        let order = &payload["order"];
        let seen = nobody.order(order["number"].as_str().unwrap(), payload["orderToken"].as_str()).await;
        assert_eq!(seen, *order);
    }
    // Each order took its stock, acknowledged or not.
    let orders = async || {
        let data = staff.query("{ orders(first: 100) { nodes { number status lines { sku } } } }", json!({})).await;
        let nodes = data["orders"]["nodes"].as_array().unwrap().clone();
        nodes.into_iter().filter(|it| it["lines"][0]["sku"] == SKU).collect::<Vec<_>>()
    };
    let stored = orders().await.len();
    assert!((known.len()..=known.len() + CLIENTS).contains(&stored), "{stored} orders, {} acknowledged", known.len());
    assert_eq!(staff.available(SKU).await, demo_variant(SKU).available() - i64::try_from(stored).unwrap());

    // Every client sends every order again.
    let mut numbers = Vec::new();
    for (client, orders) in streams.iter().enumerate() {
        for (index, Sent { cart, input }) in orders.iter().enumerate() {
            let again = nobody.with_cart_secret(&cart.secret).run("orderPlace", input.clone()).await.accepted();
            assert_eq!((&again["order"]["status"], &again["order"]["paymentState"]), (&json!("OPEN"), &json!("PAID")));
            if let Some((.., first)) = known.iter().find(|it| (it.0, it.1) == (client, index)) {
                assert_eq!((&again["order"], &again["isReplay"]), (&first["order"], &json!(true)));
            }
            numbers.push(again["order"]["number"].to_string());
        }
    }
    numbers.sort();
    numbers.dedup();
    assert_eq!((numbers.len(), orders().await.len()), (CLIENTS * ORDERS_EACH, CLIENTS * ORDERS_EACH));
    let count = i64::try_from(CLIENTS * ORDERS_EACH).unwrap();
    assert_eq!(staff.available(SKU).await, demo_variant(SKU).available() - count);

    assert_is_followed(&shop, &pending).await;
    assert_index_goes_on(&shop).await;
}

/// Asserts that who follows an order of before the kill hears what happens to it now.
async fn assert_is_followed(shop: &TestShop, pending: &Value) {
    let nobody = shop.anonymous();
    let document = "subscription($number: String!, $token: String, $after: Int) {
        orderUpdated(number: $number, token: $token, afterVersion: $after) { version order { status } }
    }";
    let order = &pending["order"];
    let variables = json!({"number": order["number"], "token": pending["orderToken"], "after": order["version"].as_i64().unwrap() - 1});
    let mut stream = EventStream::open(&nobody, document, variables).await;
    assert_eq!(stream.payload().await["data"]["orderUpdated"]["order"]["status"], "PENDING");
    assert_eq!(shop.webhook(&order["payment"]["id"], "approve").await.status, 204);
    assert_eq!(stream.payload().await["data"]["orderUpdated"]["order"]["status"], "OPEN");
}

/// Asserts that the index learns what happened before the kill, and what happens after it.
async fn assert_index_goes_on(shop: &TestShop) {
    let (staff, nobody) = (shop.staff().await, shop.anonymous());
    let found = async |filter: Value| {
        let document =
            "query($filter: SearchFilterInput) { search(query: \"walnut sideboard\", filter: $filter) { totalCount } }";
        nobody.query(document, json!({"filter": filter})).await["search"]["totalCount"].as_i64().unwrap()
    };
    assert_eq!(found(json!({})).await, 1);
    eventually("the sideboard to be sold out", async || (found(json!({"inStock": true})).await == 0).then_some(()))
        .await;
    let more = json!({"variantId": staff.variant("WSB").await, "locationId": staff.location("paris-marais").await, "change": {"by": 1}});
    let _ = staff.run("inventoryAdjust", json!({"idempotencyKey": new_key(), "adjustments": [more]})).await.accepted();
    eventually("the sideboard to be back", async || (found(json!({"inStock": true})).await == 1).then_some(())).await;
}

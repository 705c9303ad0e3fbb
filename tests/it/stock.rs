//! Many buyers of few things.

use comptoir_tests::{Payload, TestCart, TestShop, both_databases, command, eventually, new_key};
use futures_util::{StreamExt as _, future::join_all, stream};
use serde_json::json;

both_databases! {
    ten_of_sixty_four_buyers_get_one_of_ten,
}

const BUYERS: usize = 64;
const UNITS: i64 = 10;

/// Orders a cart; where the server is too busy, as it may be on a slow machine, again under the same key.
async fn buy(cart: &TestCart) -> Payload {
    let input = cart.order_input("approve");
    loop {
        let answer = cart.client.execute(&command("orderPlace"), json!({"input": input})).await;
        if answer.body.get("errors").is_none() {
            return Payload(answer.data()["orderPlace"].clone());
        }
        assert_eq!(answer.code(), "UNAVAILABLE", "{answer:?}");
    }
}

async fn ten_of_sixty_four_buyers_get_one_of_ten(shop: TestShop) {
    let staff = shop.staff().await;
    let variant = staff.variant("CHK").await;
    // Seven units in the warehouse and three in a store: an order may be served from either.
    let mut adjustments = Vec::new();
    for (code, units) in [("lyon-warehouse", 7), ("paris-marais", 3), ("lille-centre", 0), ("bordeaux-chartrons", 0)] {
        let location = staff.location(code).await;
        adjustments.push(json!({"variantId": variant, "locationId": location, "change": {"to": units}}));
    }
    let input = json!({"idempotencyKey": new_key(), "adjustments": adjustments});
    let _ = staff.run("inventoryAdjust", input).await.accepted();
    assert_eq!(staff.available("CHK").await, UNITS);

    // Prepared a few at a time: the crowd comes at the till.
    let prepared = stream::iter(0..BUYERS).map(|_| TestCart::ready(&shop, &[("CHK", 1)]));
    let carts: Vec<TestCart> = prepared.buffered(8).collect().await;
    let payloads: Vec<Payload> = join_all(carts.iter().map(buy)).await;

    let placed: Vec<_> = payloads.iter().filter(|it| it.errors().is_empty()).collect();
    let refused: Vec<_> = payloads.iter().filter(|it| !it.errors().is_empty()).collect();
    assert_eq!(
        (placed.len(), refused.len()),
        (10, 54),
        "{:?}",
        refused.iter().map(|it| it.codes()).collect::<Vec<_>>()
    );
    for payload in refused {
        let error = payload.refused("INSUFFICIENT_STOCK");
        assert_eq!((&error["left"], &error["path"]), (&json!(0), &json!(["input", "cartId"])));
    }
    assert_eq!(staff.available("CHK").await, 0);
    let orders = staff.query("{ orders(first: 100) { nodes { number lines { quantity } } } }", json!({})).await;
    let sold =
        orders["orders"]["nodes"].as_array().unwrap().iter().map(|it| it["lines"][0]["quantity"].as_i64().unwrap());
    assert_eq!(sold.sum::<i64>(), UNITS);
    let mut numbers: Vec<_> = placed.iter().map(|it| it.0["order"]["number"].to_string()).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 10, "each has a number of its own");

    // What nobody got can be got again as soon as it is there.
    let cancelled = placed[0].0["order"]["id"].clone();
    // Where the server was too busy to wait for the payment, it is settled afterwards.
    eventually("the order to be paid", async || {
        let document = "query($id: ID!) { node(id: $id) { ... on Order { status } } }";
        let found = staff.query(document, json!({"id": cancelled})).await;
        (found["node"]["status"] == "OPEN").then_some(())
    })
    .await;
    assert_eq!(
        staff.run("orderCancel", json!({"orderId": cancelled, "idempotencyKey": new_key()})).await.codes(),
        ["ORDER_PAID"]
    );
    let more = json!({"variantId": variant, "locationId": staff.location("lille-centre").await, "change": {"by": 1}});
    let _ = staff.run("inventoryAdjust", json!({"idempotencyKey": new_key(), "adjustments": [more]})).await.accepted();
    let again: Vec<_> = carts.iter().zip(&payloads).filter(|(_, it)| !it.errors().is_empty()).map(|it| it.0).collect();
    let payloads = join_all(again.iter().map(|it| buy(it))).await;
    assert_eq!(payloads.iter().filter(|it| it.errors().is_empty()).count(), 1);
    assert_eq!(staff.available("CHK").await, 0);
}

//! Stock that is set aside for carts: others cannot have it, and an order makes it.

use comptoir_tests::{Client, TestCart, TestShop, both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};

both_databases! {
    what_is_in_a_cart_is_kept_from_others,
    ten_of_thirty_two_carts_hold_one_of_ten,
    a_hold_is_renewed_a_few_times,
}

const HOLD: &str =
    "query($id: ID!) { cart(id: $id) { version hold { expiresAt isExpired renewalsLeft } notices { code } } }";

/// Sets stock aside for carts of the web shop, by this policy.
async fn set_aside(shop: &TestShop, policy: &str) {
    let web = json!({"code": "web", "kind": "WEB", "name": "Web", "isDefault": true, "holdPolicy": policy, "holdMinutes": 30});
    let _ = shop.staff().await.run("channelSave", web).await.accepted();
}

/// Makes it so many of a variant in all, in Lyon.
async fn stock(shop: &TestShop, sku: &str, units: i64) {
    let staff = shop.staff().await;
    let variant = staff.variant(sku).await;
    let mut adjustments = Vec::new();
    for (code, units) in
        [("lyon-warehouse", units), ("paris-marais", 0), ("lille-centre", 0), ("bordeaux-chartrons", 0)]
    {
        let location = staff.location(code).await;
        adjustments.push(json!({"variantId": variant, "locationId": location, "change": {"to": units}}));
    }
    let input = json!({"idempotencyKey": comptoir_tests::new_key(), "adjustments": adjustments});
    let _ = staff.run("inventoryAdjust", input).await.accepted();
}

async fn hold(client: &Client, cart: &TestCart) -> Value {
    client.query(HOLD, json!({"id": cart.id})).await["cart"].clone()
}

async fn what_is_in_a_cart_is_kept_from_others(shop: TestShop) {
    stock(&shop, "CHK", 5).await;
    let before = TestCart::create(&shop, &[("CHK", 1)]).await;
    assert_eq!(hold(&before.client, &before).await["hold"], Value::Null, "by default, nothing is");
    set_aside(&shop, "ON_CART").await;
    let cart = TestCart::ready(&shop, &[("CHK", 4)]).await;
    let first = hold(&cart.client, &cart).await;
    assert_eq!((&first["hold"]["isExpired"], &first["hold"]["renewalsLeft"]), (&json!(false), &json!(3)));
    assert_eq!(shop.anonymous().available("CHK").await, 1, "on the product's page");
    let variant = json!([{"variantId": cart.client.variant("CHK").await, "quantity": 2}]);
    let refused = shop.anonymous().run("cartCreate", json!({"currency": "EUR", "lines": variant})).await;
    let error = refused.refused("INSUFFICIENT_STOCK");
    assert_eq!((&error["available"], &error["requested"]), (&json!(1), &json!(2)));
    // Search looks as well, whatever its index has.
    let _ = TestCart::create(&shop, &[("CHK", 1)]).await;
    let found = shop.anonymous().query("{ search(query: \"knife\", filter: { inStock: true }) { nodes { variants(first: 5) { nodes { sku } } } } }", json!({})).await;
    assert!(!found["search"]["nodes"].to_string().contains("\"CHK\""), "{found:#}");

    // Neither reads nor other changes put the end off.
    let _ = cart.run("cartContactSet", json!({"email": "j@example.org"})).await.accepted();
    let later = hold(&cart.client, &cart).await;
    assert_eq!((&later["hold"], &later["notices"]), (&first["hold"], &json!([])));
    assert_eq!(cart.read().await["problems"], json!([]), "its own hold is not in its way");
    // Who had it in a cart before, comes too late; who holds it, orders it.
    assert_eq!(before.read().await["problems"][0]["code"], "INSUFFICIENT_STOCK");
    let placed = cart.order("approve").await.accepted();
    assert_eq!(placed["order"]["paymentState"], "PAID");
    assert_eq!(shop.anonymous().available("CHK").await, 0);
    assert_eq!(hold(&cart.client, &cart).await["hold"], Value::Null);

    // At a kiosk, the next one finds it again.
    set_aside(&shop, "NONE").await;
    let kiosk = shop.device("paris-marais-kiosk").await;
    let location = shop.staff().await.location("paris-marais").await;
    let channel = json!({"code": "paris-marais-kiosk", "kind": "KIOSK", "name": "Kiosk", "locationId": location, "holdPolicy": "ON_CART"});
    let _ = shop.staff().await.run("channelSave", channel).await.accepted();
    stock(&shop, "CHK", 8).await;
    let _ = TestCart::create_by(&kiosk.client, "EUR", &[("CHK", 1)]).await;
    let left = shop.anonymous().available("CHK").await;
    let _ = kiosk.client.query("mutation { kioskSessionEnd { releasedCarts } }", json!({})).await;
    assert_eq!(shop.anonymous().available("CHK").await, left + 1);
}

async fn ten_of_thirty_two_carts_hold_one_of_ten(shop: TestShop) {
    stock(&shop, "CHK", 10).await;
    set_aside(&shop, "ON_CART").await;
    let nobody = shop.anonymous();
    let lines = json!([{"variantId": nobody.variant("CHK").await}]);
    let create = async || {
        let input = json!({"input": {"currency": "EUR", "lines": lines}});
        loop {
            let answer = nobody.execute(&comptoir_tests::command("cartCreate"), input.clone()).await;
            if answer.body.get("errors").is_none() {
                return answer.data()["cartCreate"]["userErrors"].clone();
            }
            assert_eq!(answer.code(), "UNAVAILABLE", "{answer:?}");
        }
    };
    let answers = join_all((0..32).map(|_| create())).await;
    assert_eq!(answers.iter().filter(|it| **it == json!([])).count(), 10);
    for refused in answers.iter().filter(|it| **it != json!([])) {
        assert_eq!((&refused[0]["code"], &refused[0]["available"]), (&json!("INSUFFICIENT_STOCK"), &json!(0)));
    }
    assert_eq!(nobody.available("CHK").await, 0);
}

async fn a_hold_is_renewed_a_few_times(shop: TestShop) {
    let cart = TestCart::create(&shop, &[("CHK", 1)]).await;
    let refused = cart.run("cartHoldRenew", json!({})).await;
    assert_eq!(refused.refused("INVALID_INPUT")["path"], json!(["input", "cartId"]), "the channel sets nothing aside");
    for (minutes, is_allowed) in [(-1, false), (0, false), (121, false), (5_000_000_000_i64, false), (120, true)] {
        let web = json!({"code": "web", "kind": "WEB", "name": "Web", "isDefault": true, "holdMinutes": minutes});
        let saved = shop.staff().await.run("channelSave", web).await;
        assert_eq!(saved.errors().is_empty(), is_allowed, "{minutes}");
        if !is_allowed {
            assert_eq!(saved.refused("INVALID_INPUT")["path"], json!(["input", "holdMinutes"]));
        }
    }
    set_aside(&shop, "ON_CHECKOUT").await;
    let cart = TestCart::create(&shop, &[("CHK", 1)]).await;
    assert_eq!(hold(&cart.client, &cart).await["hold"], Value::Null, "checkout has not begun");
    let empty = TestCart::create(&shop, &[]).await;
    assert_eq!(empty.run("cartHoldRenew", json!({})).await.codes(), ["EMPTY_CART"]);
    assert_eq!(empty.read().await["version"], 1, "nothing was changed");
    cart.complete().await;
    let mut end = hold(&cart.client, &cart).await["hold"]["expiresAt"].clone();
    for left in [2, 1, 0] {
        let _ = cart.run("cartHoldRenew", json!({})).await.accepted();
        let renewed = hold(&cart.client, &cart).await["hold"].clone();
        assert_eq!(renewed["renewalsLeft"], left);
        assert!(end.as_str() < renewed["expiresAt"].as_str());
        end = renewed["expiresAt"].clone();
    }
    let refused = cart.run("cartHoldRenew", json!({})).await;
    assert_eq!(refused.refused("LIMIT_EXCEEDED")["maximum"], 4);
    assert_eq!(hold(&cart.client, &cart).await["hold"]["expiresAt"], end, "it has what it had");
}

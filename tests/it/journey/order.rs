//! Placing, paying, fulfilling and cancelling orders.

use comptoir_tests::{Client, TestCart, TestShop, amount, both_databases, demo_variant, new_key};
use serde_json::{Value, json};

both_databases! {
    an_approved_order_is_open_and_opens_to_its_token_alone,
    an_order_to_be_paid_by_hand_is_completed_by_staff,
    a_declined_order_gives_the_cart_and_the_stock_back,
    a_cancelled_order_gives_its_stock_back,
    an_order_that_staff_saw_otherwise_is_left_alone,
    all_that_a_cart_lacks_is_told_at_once,
    a_pickup_takes_from_its_store,
}

/// Runs a command of staff on an order, under a new key.
async fn command(staff: &Client, field: &str, order: &Value) -> comptoir_tests::Payload {
    staff.run(field, json!({"orderId": order["id"], "idempotencyKey": new_key()})).await
}

async fn an_approved_order_is_open_and_opens_to_its_token_alone(shop: TestShop) {
    let cart = TestCart::ready(&shop, &[("BRT-M-NV", 2), ("CNB-A5", 3)]).await;
    let placed = cart.order("approve").await.accepted();
    let (order, token) = (&placed["order"], placed["orderToken"].as_str().unwrap());
    assert_eq!((&order["status"], &order["paymentState"]), (&json!("OPEN"), &json!("PAID")));
    assert_eq!((&order["fulfillmentState"], &order["email"]), (&json!("UNFULFILLED"), &json!("jeanne@example.org")));
    assert_eq!(placed["isReplay"], false);
    // 2 × 59.00 + 3 × 16.50, and 4.90.
    let eur = |cents: i64| json!({"amount": amount(cents), "currency": "EUR"});
    assert_eq!(order["cost"], json!({"subtotal": eur(16750), "delivery": eur(490), "total": eur(17240)}));
    assert_eq!(order["payment"]["amount"], eur(17240));
    let names: Vec<_> = order["lines"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Breton striped shirt", "Clothbound notebook"]);
    assert_eq!(cart.read().await["state"], "ORDERED");

    let client = shop.anonymous();
    for (sku, quantity) in [("BRT-M-NV", 2), ("CNB-A5", 3)] {
        assert_eq!(client.available(sku).await, demo_variant(sku).available() - quantity);
    }

    let number = order["number"].as_str().unwrap();
    assert_eq!(client.order(number, Some(token)).await, *order);
    assert_eq!(client.order(&format!(" {} ", number.to_lowercase()), Some(token)).await, *order, "as people type it");
    let other = TestCart::ready(&shop, &[("CNB-A4", 1)]).await.order("approve").await.accepted();
    let (other_number, other_token) = (&other["order"]["number"], other["orderToken"].as_str().unwrap());
    assert_ne!(*other_number, number);
    let mut changed = token.to_owned();
    changed.replace_range(..1, if token.starts_with('x') { "y" } else { "x" });
    for wrong in [None, Some(""), Some(other_token), Some(changed.as_str()), Some(&token[..token.len() - 1]), Some("é")]
    {
        assert_eq!(client.order(number, wrong).await, Value::Null, "{wrong:?}");
        assert_eq!(cart.client.order(number, wrong).await, Value::Null, "who holds the cart: {wrong:?}");
    }
    assert_eq!(client.order("C999999999", Some(token)).await, Value::Null);
    assert_eq!(shop.staff().await.order(number, None).await, *order);
}

async fn an_order_to_be_paid_by_hand_is_completed_by_staff(shop: TestShop) {
    let staff = shop.staff().await;
    let cart = TestCart::ready(&shop, &[("CHK", 3)]).await;
    let placed = cart.order_manually().await.accepted();
    let (order, token) = (&placed["order"], placed["orderToken"].as_str());
    assert_eq!((&order["status"], &order["paymentState"]), (&json!("OPEN"), &json!("DUE")));
    let left = demo_variant("CHK").available() - 3;
    assert_eq!(staff.available("CHK").await, left);

    let key = new_key();
    let input = json!({"orderId": order["id"], "idempotencyKey": key});
    let paid = staff.run("orderMarkPaid", input.clone()).await.accepted();
    assert_eq!((&paid["order"]["paymentState"], &paid["order"]["status"]), (&json!("PAID"), &json!("OPEN")));
    let again = staff.run("orderMarkPaid", input.clone()).await.accepted();
    assert_eq!((&again["isReplay"], &again["order"]), (&json!(true), &paid["order"]));
    assert_eq!(staff.run("orderFulfill", input).await.codes(), ["IDEMPOTENCY_KEY_REUSED"]);
    assert_eq!(command(&staff, "orderMarkPaid", order).await.codes(), ["PAYMENT_NOT_DUE"]);
    assert_eq!(command(&staff, "orderCancel", order).await.codes(), ["ORDER_PAID"]);

    let fulfilled = command(&staff, "orderFulfill", order).await.accepted();
    let order = &fulfilled["order"];
    assert_eq!((&order["status"], &order["fulfillmentState"]), (&json!("COMPLETED"), &json!("FULFILLED")));
    assert_eq!(staff.available("CHK").await, left, "what left was set aside before");
    for field in ["orderFulfill", "orderCancel"] {
        assert_eq!(command(&staff, field, order).await.codes(), ["ORDER_NOT_OPEN"], "{field}");
    }
    assert_eq!(command(&staff, "orderMarkPaid", order).await.codes(), ["PAYMENT_NOT_DUE"]);
    assert_eq!(shop.anonymous().order(order["number"].as_str().unwrap(), token).await, *order);
    // What left is gone: counting three again makes three more.
    let on_hand = json!({"variantId": staff.variant("CHK").await, "locationId": staff.location("lyon-warehouse").await, "change": {"by": 3}});
    let _ =
        staff.run("inventoryAdjust", json!({"idempotencyKey": new_key(), "adjustments": [on_hand]})).await.accepted();
    assert_eq!(staff.available("CHK").await, left + 3);
}

async fn a_declined_order_gives_the_cart_and_the_stock_back(shop: TestShop) {
    let cart = TestCart::ready(&shop, &[("CHK", 2)]).await;
    let before = cart.read().await;
    let input = cart.order_input("decline");
    for attempt in ["first", "replay"] {
        let refused = cart.client.run("orderPlace", input.clone()).await;
        let error = refused.refused("PAYMENT_DECLINED");
        assert_eq!((&error["reason"], &error["path"]), (&json!("insufficient_funds"), &json!(["input", "payment"])));
        assert_eq!((&refused.0["order"], &refused.0["orderToken"]), (&Value::Null, &Value::Null), "{attempt}");
        assert_eq!(cart.client.available("CHK").await, demo_variant("CHK").available(), "{attempt}");
        let now = cart.read().await;
        assert_eq!((&now["state"], &now["lines"], &now["cost"]), (&json!("ACTIVE"), &before["lines"], &before["cost"]));
    }
    let placed = cart.order("approve").await.accepted();
    assert_eq!(placed["order"]["status"], "OPEN");
    assert_eq!(cart.client.available("CHK").await, demo_variant("CHK").available() - 2);
    // The key that was declined still tells what it did, and does nothing more.
    assert_eq!(cart.client.run("orderPlace", input).await.codes(), ["PAYMENT_DECLINED"]);
    assert_eq!(cart.read().await["state"], "ORDERED");
    assert_eq!(cart.client.available("CHK").await, demo_variant("CHK").available() - 2);
}

async fn a_cancelled_order_gives_its_stock_back(shop: TestShop) {
    let staff = shop.staff().await;
    for token in ["manual", "pending"] {
        let cart = TestCart::ready(&shop, &[("CHK", 2)]).await;
        let placed = if token == "manual" { cart.order_manually().await } else { cart.order(token).await };
        let order = placed.accepted()["order"].clone();
        assert_eq!(staff.available("CHK").await, demo_variant("CHK").available() - 2);
        let input = json!({"orderId": order["id"], "idempotencyKey": new_key()});
        for is_replay in [false, true] {
            let cancelled = staff.run("orderCancel", input.clone()).await.accepted();
            assert_eq!(cancelled["isReplay"], is_replay);
            let order = &cancelled["order"];
            assert_eq!((&order["status"], &order["cancelReason"]), (&json!("CANCELLED"), &json!("STAFF")));
            assert_eq!(order["paymentState"], "VOIDED");
            assert_eq!(staff.available("CHK").await, demo_variant("CHK").available());
        }
        // A late yes of the provider is noted, and moves no stock; of what is paid otherwise it says nothing.
        for _ in 0..2 {
            assert_eq!(shop.webhook(&order["payment"]["id"], "approve").await.status, 204);
            let late = staff.order(order["number"].as_str().unwrap(), None).await;
            let payment = if token == "manual" { "VOIDED" } else { "PAID" };
            assert_eq!((&late["status"], &late["paymentState"]), (&json!("CANCELLED"), &json!(payment)));
            assert_eq!(staff.available("CHK").await, demo_variant("CHK").available());
        }
        assert_eq!(command(&staff, "orderFulfill", &order).await.codes(), ["ORDER_NOT_OPEN"]);
        assert_eq!(staff.available("CHK").await, demo_variant("CHK").available());
    }
}

async fn an_order_that_staff_saw_otherwise_is_left_alone(shop: TestShop) {
    let staff = shop.staff().await;
    let placed = TestCart::ready(&shop, &[("CHK", 1)]).await.order_manually().await.accepted();
    let order = &placed["order"];
    let version = order["version"].as_i64().unwrap();
    let input = |version: i64| json!({"orderId": order["id"], "idempotencyKey": new_key(), "expectedVersion": version});
    let fulfilled = staff.run("orderFulfill", input(version)).await.accepted()["order"].clone();

    let refused = staff.run("orderMarkPaid", input(version)).await;
    let error = refused.refused("VERSION_CONFLICT");
    assert_eq!(
        (&error["currentVersion"], &error["path"]),
        (&fulfilled["version"], &json!(["input", "expectedVersion"]))
    );
    assert_eq!(refused.0["order"], fulfilled, "as it is");
    let paid = staff.run("orderMarkPaid", input(fulfilled["version"].as_i64().unwrap())).await.accepted();
    assert_eq!(paid["order"]["status"], "COMPLETED");
}

async fn all_that_a_cart_lacks_is_told_at_once(shop: TestShop) {
    let cart = TestCart::create(&shop, &[]).await;
    let refused = cart.order("approve").await;
    let mut codes = refused.codes();
    codes.sort_unstable();
    assert_eq!(codes, ["CONTACT_MISSING", "DELIVERY_MISSING", "EMPTY_CART", "SHIPPING_ADDRESS_MISSING"]);
    assert!(refused.errors().iter().all(|it| it["path"] == json!(["input", "cartId"])), "{refused:?}");

    // Two are on the cart when another buyer takes all but one.
    let taken = demo_variant("CHK").available() - 1;
    let slow = TestCart::ready(&shop, &[("CHK", 2), ("CNB-A5", 1)]).await;
    let _ = TestCart::ready(&shop, &[("CHK", taken)]).await.order("approve").await.accepted();
    let refused = slow.order("approve").await;
    let error = refused.refused("INSUFFICIENT_STOCK");
    let now = slow.read().await;
    assert_eq!((&error["left"], &error["lineId"]), (&json!(1), &now["lines"][0]["id"]));
    assert_eq!(error["path"], json!(["input", "cartId"]));
    assert_eq!((&now["state"], &now["lines"][0]["problem"]["available"]), (&json!("ACTIVE"), &json!(1)));
    assert_eq!(slow.client.available("CNB-A5").await, demo_variant("CNB-A5").available(), "all or nothing");
}

async fn a_pickup_takes_from_its_store(shop: TestShop) {
    let cart = TestCart::create(&shop, &[("CNB-A5", 2)]).await;
    let _ = cart.run("cartContactSet", json!({"email": "jeanne@example.org"})).await.accepted();
    let seen = cart.read().await;
    let options = seen["deliveryOptions"].as_array().unwrap();
    let bordeaux = options.iter().find(|it| it["location"]["code"] == "bordeaux-chartrons").unwrap();
    let _ = cart.run("cartDeliverySelect", json!({"handle": bordeaux["handle"]})).await.accepted();
    let placed = cart.order_manually().await.accepted();
    let delivery = &placed["order"]["delivery"];
    assert_eq!((&delivery["kind"], &delivery["location"]["code"]), (&json!("PICKUP"), &json!("bordeaux-chartrons")));

    let document = "{ variantBySku(sku: \"CNB-A5\") { availability { locations { location { code } quantity } } } }";
    let seen = cart.client.query(document, json!({})).await;
    for it in seen["variantBySku"]["availability"]["locations"].as_array().unwrap() {
        let code = it["location"]["code"].as_str().unwrap();
        let taken = if code == "bordeaux-chartrons" { 2 } else { 0 };
        assert_eq!(it["quantity"], demo_variant("CNB-A5").stock[code] - taken, "{code}");
    }
}

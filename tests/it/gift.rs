//! What promotions give to carts: told, taken or refused, and served with the order.

use comptoir_tests::{Client, TestCart, TestShop, both_databases};
use serde_json::{Value, json};

both_databases! {
    a_gift_comes_with_what_earns_it_and_goes_with_it,
    a_gift_is_taken_or_refused_by_the_shopper,
    a_gift_that_ran_out_is_told_of,
    a_gift_takes_stock_with_the_order,
    points_are_multiplied_for_some_lines,
    answers_to_gifts_are_refused_with_a_place,
    no_more_than_a_hundred_things_are_given_away,
}

const GIVEN: &str = "query($id: ID!) { cart(id: $id) {
    cost { discount { amount } total { gross { amount } } } totalQuantity
    gifts { promotionId variant { sku } quantity value { amount } state }
    pointsMultipliers { promotionId factor lineIds }
    discounts { name amount { amount } allocations { lineId isOfDelivery giftVariantId amount { amount } units } }
    promotions { name outcome reason amount { amount } }
} }";

async fn given(cart: &TestCart) -> Value {
    cart.client.query(GIVEN, json!({"id": cart.id})).await["cart"].clone()
}

/// A notebook (`CNB-A5`, 16.50) with every purchase from 60 EUR.
async fn notebook(staff: &Client, offer: &str) -> Value {
    let from = json!({"subtotal": {"comparison": "AT_LEAST", "amounts": [{"amount": "60.00", "currency": "EUR"}]}});
    let gift = json!({"gift": {"variantId": staff.variant("CNB-A5").await, "quantity": 2, "offer": offer}});
    let input = json!({"name": "Notebooks", "condition": from, "actions": [gift]});
    staff.run("promotionCreate", input).await.accepted()["promotion"]["id"].clone()
}

/// The cart's answer to the gift of a promotion.
fn answer(promotion: &Value, variant: &str, is_accepted: bool) -> Value {
    json!({"promotionId": promotion, "variantId": variant, "isAccepted": is_accepted})
}

async fn a_gift_comes_with_what_earns_it_and_goes_with_it(shop: TestShop) {
    let promotion = notebook(&shop.staff().await, "ADDED").await;
    // Three mugs for 16.90 are 50.70, four are 67.60.
    let cart = TestCart::ready(&shop, &[("SMG-SA", 3)]).await;
    assert_eq!(given(&cart).await["gifts"], json!([]));
    let line = cart.read().await["lines"][0]["id"].clone();
    let set = async |quantity: u32| {
        let _ =
            cart.run("cartLinesUpdate", json!({"lines": [{"lineId": line, "quantity": quantity}]})).await.accepted();
    };
    set(4).await;
    let with = given(&cart).await;
    let gift = json!({"promotionId": promotion, "variant": {"sku": "CNB-A5"}, "quantity": 2, "value": {"amount": "33.00"}, "state": "ADDED"});
    assert_eq!(with["gifts"], json!([gift]));
    // 4.90 for the delivery; the gift costs nothing, and takes nothing off the goods.
    assert_eq!(with["cost"], json!({"discount": {"amount": "0.00"}, "total": {"gross": {"amount": "72.50"}}}));
    assert_eq!(with["totalQuantity"], 4, "what is bought");
    let variant = shop.anonymous().variant("CNB-A5").await;
    let allocation = json!({"lineId": null, "isOfDelivery": false, "giftVariantId": variant, "amount": {"amount": "33.00"}, "units": 2});
    assert_eq!(
        with["discounts"],
        json!([{"name": "Notebooks", "amount": {"amount": "33.00"}, "allocations": [allocation]}])
    );
    assert_eq!(with["promotions"][0]["outcome"], "APPLIED");
    set(3).await;
    let without = given(&cart).await;
    assert_eq!((&without["gifts"], &without["discounts"]), (&json!([]), &json!([])));
}

async fn a_gift_is_taken_or_refused_by_the_shopper(shop: TestShop) {
    let promotion = notebook(&shop.staff().await, "OFFERED").await;
    let cart = TestCart::ready(&shop, &[("SMG-SA", 4)]).await;
    let variant = shop.anonymous().variant("CNB-A5").await;
    let state = async || {
        let seen = given(&cart).await;
        let trace = &seen["promotions"][0];
        [&seen["gifts"][0]["state"], &trace["outcome"], &trace["reason"]].map(|it| it.as_str().unwrap_or("").to_owned())
    };
    assert_eq!(state().await, ["OFFERED", "REJECTED", "GIFT_OFFERED"]);
    for (is_accepted, expected) in [
        (true, ["ADDED", "APPLIED", ""]),
        (false, ["REFUSED", "REJECTED", "GIFT_REFUSED"]),
        (true, ["ADDED", "APPLIED", ""]),
    ] {
        let _ = cart.run("cartGiftChoose", answer(&promotion, &variant, is_accepted)).await.accepted();
        assert_eq!(state().await, expected);
    }
}

async fn a_gift_that_ran_out_is_told_of(shop: TestShop) {
    let promotion = notebook(&shop.staff().await, "ADDED").await;
    let (variant, lyon) = (shop.anonymous().variant("CNB-A5").await, shop.anonymous().location("lyon-warehouse").await);
    // 9 in Paris and 3 in Bordeaux are left, of which the cart holds 11.
    let adjustment = json!({"variantId": variant, "locationId": lyon, "change": {"to": 0}});
    let adjust = json!({"idempotencyKey": comptoir_tests::new_key(), "adjustments": [adjustment]});
    let _ = shop.staff().await.run("inventoryAdjust", adjust).await.accepted();
    let cart = TestCart::ready(&shop, &[("CNB-A5", 11)]).await;
    let seen = given(&cart).await;
    let trace = &seen["promotions"][0];
    assert_eq!((&trace["outcome"], &trace["reason"]), (&json!("REJECTED"), &json!("GIFT_UNAVAILABLE")));
    assert_eq!((&seen["gifts"], &seen["discounts"]), (&json!([]), &json!([])));
    let refused = cart.run("cartGiftChoose", answer(&promotion, &variant, true)).await;
    assert_eq!(refused.refused("NOT_FOUND")["path"], json!(["input", "promotionId"]));
    let line = cart.read().await["lines"][0]["id"].clone();
    let _ = cart.run("cartLinesUpdate", json!({"lines": [{"lineId": line, "quantity": 10}]})).await.accepted();
    assert_eq!(given(&cart).await["gifts"][0]["state"], "ADDED", "two are left");
}

async fn a_gift_takes_stock_with_the_order(shop: TestShop) {
    let staff = shop.staff().await;
    let promotion = notebook(&staff, "ADDED").await;
    let before = staff.available("CNB-A5").await;
    let cart = TestCart::ready(&shop, &[("SMG-SA", 4)]).await;
    let placed = cart.order_manually().await.accepted();
    assert_eq!(staff.available("CNB-A5").await, before - 2);
    let document = "query($number: String!, $token: String!) { order(number: $number, token: $token) {
        id cost { subtotal { amount } total { amount } }
        lines { sku quantity giftOf cost { unitPrice { amount } subtotal { amount } total { amount } } } } }";
    let variables = json!({"number": placed["order"]["number"], "token": placed["orderToken"]});
    let order = shop.anonymous().query(document, variables).await["order"].clone();
    let nothing = json!({"amount": "0.00"});
    let cost = json!({"unitPrice": nothing, "subtotal": nothing, "total": nothing});
    assert_eq!(order["lines"][1], json!({"sku": "CNB-A5", "quantity": 2, "giftOf": promotion, "cost": cost}));
    assert_eq!((&order["lines"][0]["giftOf"], order["lines"].as_array().unwrap().len()), (&Value::Null, 2));
    assert_eq!(order["cost"], json!({"subtotal": {"amount": "67.60"}, "total": {"amount": "72.50"}}));
    let cancel = json!({"orderId": order["id"], "idempotencyKey": comptoir_tests::new_key()});
    let _ = staff.run("orderCancel", cancel).await.accepted();
    assert_eq!(staff.available("CNB-A5").await, before);
    // One that is refused stays where it is.
    let cart = TestCart::ready(&shop, &[("SMG-SA", 4)]).await;
    let variant = shop.anonymous().variant("CNB-A5").await;
    let _ = cart.run("cartGiftChoose", answer(&promotion, &variant, false)).await.accepted();
    let _ = cart.order_manually().await.accepted();
    assert_eq!(staff.available("CNB-A5").await, before);
}

async fn points_are_multiplied_for_some_lines(shop: TestShop) {
    let staff = shop.staff().await;
    let items = json!({"variantIds": [staff.variant("CHK").await]});
    let double = json!({"pointsMultiplier": {"items": items, "factor": "2.50"}});
    let created = staff.run("promotionCreate", json!({"name": "Points", "actions": [double]})).await.accepted();
    let cart = TestCart::ready(&shop, &[("SMG-SA", 1), ("CHK", 1)]).await;
    let lines = cart.read().await["lines"].clone();
    let knife = lines.as_array().unwrap().iter().find(|it| it["variant"]["sku"] == "CHK").unwrap();
    let seen = given(&cart).await;
    let expected = json!([{"promotionId": created["promotion"]["id"], "factor": "2.5", "lineIds": [knife["id"]]}]);
    assert_eq!(seen["pointsMultipliers"], expected);
    assert_eq!((&seen["promotions"][0]["outcome"], &seen["discounts"]), (&json!("APPLIED"), &json!([])));
    let placed = cart.order_manually().await.accepted();
    let document = "query($number: String!, $token: String!) { order(number: $number, token: $token) { pointsMultipliers { promotionId factor lineIds } } }";
    let variables = json!({"number": placed["order"]["number"], "token": placed["orderToken"]});
    let order = shop.anonymous().query(document, variables).await["order"].clone();
    assert_eq!(order["pointsMultipliers"], expected);
}

async fn answers_to_gifts_are_refused_with_a_place(shop: TestShop) {
    let promotion = notebook(&shop.staff().await, "ADDED").await;
    let cart = TestCart::ready(&shop, &[("SMG-SA", 4)]).await;
    let (given, other) = (shop.anonymous().variant("CNB-A5").await, shop.anonymous().variant("CHK").await);
    let before = cart.read().await;
    for (promotion, variant, code, field) in [
        (json!("nonsense"), given.as_str(), "INVALID_ID", "promotionId"),
        (promotion.clone(), "nonsense", "INVALID_ID", "variantId"),
        (json!(given), given.as_str(), "INVALID_ID", "promotionId"),
        (json!("promo_01h455vb4pex5vsknk084sn02q"), given.as_str(), "NOT_FOUND", "promotionId"),
        (promotion.clone(), other.as_str(), "NOT_FOUND", "promotionId"),
    ] {
        let refused = cart.run("cartGiftChoose", answer(&promotion, variant, true)).await;
        assert_eq!(refused.refused(code)["path"], json!(["input", field]), "{promotion} {variant}");
    }
    assert_eq!(cart.read().await, before);
}

async fn no_more_than_a_hundred_things_are_given_away(shop: TestShop) {
    let staff = shop.staff().await;
    let found =
        staff.query("{ products(first: 100) { nodes { variants(first: 10) { nodes { id } } } } }", json!({})).await;
    let products = found["products"]["nodes"].as_array().unwrap().iter();
    let variants: Vec<&Value> =
        products.flat_map(|it| it["variants"]["nodes"].as_array().unwrap()).map(|it| &it["id"]).collect();
    assert!(110 <= variants.len(), "{} variants", variants.len());
    let gifts = |of: &[&Value]| -> Value {
        of.iter().map(|it| json!({"gift": {"variantId": it, "quantity": 1, "offer": "OFFERED"}})).collect()
    };
    for chunk in variants[..100].chunks(10) {
        let _ = staff.run("promotionCreate", json!({"name": "Gifts", "actions": gifts(chunk)})).await.accepted();
    }
    let more = staff.run("promotionCreate", json!({"name": "More", "actions": gifts(&variants[100..101])})).await;
    let error = more.refused("LIMIT_EXCEEDED");
    assert_eq!((&error["path"], &error["maximum"]), (&json!(["input", "actions"]), &json!(100)));
    let _ = staff.run("promotionCreate", json!({"name": "Same", "actions": gifts(&variants[..1])})).await.accepted();
}

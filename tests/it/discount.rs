//! Promotions and discount codes in carts, and what they say of themselves.

use comptoir_tests::{Client, TestCart, TestShop, both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};

both_databases! {
    a_code_takes_off_what_it_promises_and_its_removal_gives_it_back,
    a_promotion_tells_what_is_missing_and_applies_once_that_is_there,
    a_code_for_fifty_is_used_by_fifty_of_two_hundred,
    an_order_keeps_what_it_was_given_and_a_cancelled_one_frees_its_code,
    codes_go_with_their_promotion,
    codes_are_refused_with_a_place,
}

const PRICED: &str = "query($id: ID!) { cart(id: $id) {
    cost { subtotal { amount } discount { amount } delivery { amount } total { net { amount } tax { amount } gross { amount } } taxSummary { rate reason amount { tax { amount } } } }
    discounts { name amount { amount } allocations { lineId isOfDelivery amount { amount } units } }
    codes { code outcome reason gaps { path missing { amount { amount } count } } }
    promotions { name outcome reason gaps { path fact required { amount { amount } } actual { amount { amount } } missing { amount { amount } } } }
    nearestOffers { name isUpgrade needs { fact missing { amount { amount } } } }
} }";

async fn priced(cart: &TestCart) -> Value {
    cart.client.query(PRICED, json!({"id": cart.id})).await["cart"].clone()
}

fn total(cart: &Value) -> &Value {
    &cart["cost"]["total"]["gross"]["amount"]
}

fn eur(amount: &str) -> Value {
    json!([{"amount": amount, "currency": "EUR"}])
}

/// Ten percent off the goods, for those who have a code.
fn ten_percent() -> Value {
    let action = json!({"percentage": {"target": {"order": {}}, "percent": "10"}});
    json!({"name": "Summer", "condition": {"code": true}, "actions": [action]})
}

/// Creates a promotion with one code.
async fn with_code(staff: &Client, promotion: Value, code: &str, limits: Value) {
    let created = staff.run("promotionCreate", promotion).await.accepted();
    let mut input = limits;
    (input["promotionId"], input["codes"]) = (created["promotion"]["id"].clone(), json!([code]));
    let _ = staff.run("discountCodesCreate", input).await.accepted();
}

async fn a_code_takes_off_what_it_promises_and_its_removal_gives_it_back(shop: TestShop) {
    with_code(&shop.staff().await, ten_percent(), "SUMMER", json!({})).await;
    // A mug for 16.90, of which 20 % tax, and 4.90 for the delivery to Paris.
    let cart = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let before = priced(&cart).await;
    assert_eq!((total(&before), &before["discounts"]), (&json!("21.80"), &json!([])));
    let _ = cart.run("cartCodeApply", json!({"code": " summer"})).await.accepted();
    let with = priced(&cart).await;
    // 10 % of 16.90 are 1.69; 20.11 contain 3.35 of tax: 15.21 of the goods 2.535, so 2.54, and 4.90 of the delivery 0.82.
    assert_eq!(total(&with), "20.11");
    assert_eq!(with["cost"]["total"]["tax"]["amount"], "3.36");
    assert_eq!(with["cost"]["total"]["net"]["amount"], "16.75");
    assert_eq!(with["cost"]["discount"]["amount"], "1.69");
    assert_eq!(with["cost"]["taxSummary"][0]["rate"], "20");
    assert_eq!(
        (&with["discounts"][0]["name"], &with["discounts"][0]["amount"]["amount"]),
        (&json!("Summer"), &json!("1.69"))
    );
    assert_eq!(with["codes"], json!([{"code": "SUMMER", "outcome": "APPLIED", "reason": null, "gaps": []}]));
    let again = cart.run("cartCodeApply", json!({"code": "SUMMER"})).await.accepted();
    assert!(again["userErrors"] == json!([]));
    assert_eq!(total(&priced(&cart).await), "20.11", "entering it twice takes off as much as once");
    let _ = cart.run("cartCodeRemove", json!({"code": "Summer"})).await.accepted();
    assert_eq!(priced(&cart).await, before);
}

async fn a_promotion_tells_what_is_missing_and_applies_once_that_is_there(shop: TestShop) {
    let free = json!({"deliveryPrice": {"methods": ["standard"], "prices": eur("0.00")}});
    let from = json!({"subtotal": {"comparison": "AT_LEAST", "amounts": eur("60.00")}});
    let promotion = json!({"name": "Free delivery", "condition": from, "actions": [free]});
    let _ = shop.staff().await.run("promotionCreate", promotion).await.accepted();
    // Three mugs for 16.90 are 50.70: 9.30 less than 60.00.
    let cart = TestCart::ready(&shop, &[("SMG-SA", 3)]).await;
    let before = priced(&cart).await;
    let trace = &before["promotions"][0];
    assert_eq!((&trace["outcome"], &trace["reason"]), (&json!("REJECTED"), &json!("NOT_MET")), "{trace}");
    let gap = &trace["gaps"][0];
    assert_eq!((&gap["fact"], &gap["path"]), (&json!("SUBTOTAL"), &json!("condition.subtotal")));
    let amounts = ["required", "actual", "missing"].map(|it| gap[it]["amount"]["amount"].as_str().unwrap());
    assert_eq!(amounts, ["60.00", "50.70", "9.30"]);
    let nearest = &before["nearestOffers"][0];
    assert_eq!(
        (&nearest["name"], &nearest["needs"][0]["missing"]["amount"]["amount"]),
        (&json!("Free delivery"), &json!("9.30"))
    );
    let line = cart.read().await["lines"][0]["id"].clone();
    let _ = cart.run("cartLinesUpdate", json!({"lines": [{"lineId": line, "quantity": 4}]})).await.accepted();
    let after = priced(&cart).await;
    assert_eq!(after["promotions"][0]["outcome"], "APPLIED");
    assert_eq!((&after["cost"]["delivery"]["amount"], total(&after)), (&json!("0.00"), &json!("67.60")));
    assert_eq!(
        after["discounts"][0]["allocations"],
        json!([{"lineId": null, "isOfDelivery": true, "amount": {"amount": "4.90"}, "units": 1}])
    );
}

async fn a_code_for_fifty_is_used_by_fifty_of_two_hundred(shop: TestShop) {
    with_code(&shop.staff().await, ten_percent(), "FIFTY", json!({"usesMax": 50})).await;
    let carts = join_all((0..200).map(|_| TestCart::create(&shop, &[("SMG-SA", 1)]))).await;
    let apply = async |cart: &TestCart| {
        let answer = cart.run("cartCodeApply", json!({"code": "FIFTY"})).await.0;
        answer["userErrors"][0]["code"].as_str().unwrap_or("ok").to_owned()
    };
    let outcomes = join_all(carts.iter().map(apply)).await;
    let of = |wanted: &str| outcomes.iter().filter(|it| *it == wanted).count();
    assert_eq!((of("ok"), of("DISCOUNT_CODE_EXHAUSTED")), (50, 150), "{outcomes:?}");
    // One that is taken away is free for another.
    let (has, lacks) = (outcomes.iter().position(|it| it == "ok"), outcomes.iter().position(|it| it != "ok"));
    let _ = carts[has.unwrap()].run("cartCodeRemove", json!({"code": "FIFTY"})).await.accepted();
    assert_eq!(apply(&carts[lacks.unwrap()]).await, "ok");
}

async fn an_order_keeps_what_it_was_given_and_a_cancelled_one_frees_its_code(shop: TestShop) {
    let staff = shop.staff().await;
    with_code(&staff, ten_percent(), "ONCE", json!({"usesMax": 1})).await;
    let (first, second) =
        (TestCart::ready(&shop, &[("SMG-SA", 1)]).await, TestCart::ready(&shop, &[("SMG-SA", 1)]).await);
    let _ = first.run("cartCodeApply", json!({"code": "ONCE"})).await.accepted();
    let placed = first.order_manually().await.accepted();
    let document = "query($number: String!, $token: String!) { order(number: $number, token: $token) {
        cost { discount { amount } total { gross { amount } tax { amount } } } lines { cost { discount { amount } total { amount } } } discounts { name amount { amount } }
    } }";
    let variables = json!({"number": placed["order"]["number"], "token": placed["orderToken"]});
    let order = shop.anonymous().query(document, variables).await["order"].clone();
    assert_eq!((total(&order), &order["cost"]["discount"]["amount"]), (&json!("20.11"), &json!("1.69")));
    assert_eq!(order["lines"][0]["cost"], json!({"discount": {"amount": "1.69"}, "total": {"amount": "15.21"}}));
    assert_eq!(order["discounts"], json!([{"name": "Summer", "amount": {"amount": "1.69"}}]));
    let _ = second.run("cartCodeApply", json!({"code": "ONCE"})).await.refused("DISCOUNT_CODE_EXHAUSTED");
    let cancel = json!({"orderId": placed["order"]["id"], "idempotencyKey": comptoir_tests::new_key()});
    let _ = staff.run("orderCancel", cancel).await.accepted();
    let _ = second.run("cartCodeApply", json!({"code": "ONCE"})).await.accepted();
    assert_eq!(total(&priced(&second).await), "20.11");
}

async fn codes_go_with_their_promotion(shop: TestShop) {
    let staff = shop.staff().await;
    let promotion = staff.run("promotionCreate", ten_percent()).await.accepted()["promotion"]["id"].clone();
    let codes = json!({"promotionId": promotion, "codes": ["GONE"]});
    let _ = staff.run("discountCodesCreate", codes).await.accepted();
    let cart = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let _ = cart.run("cartCodeApply", json!({"code": "GONE"})).await.accepted();
    let _ = staff.run("promotionDelete", json!({"promotionId": promotion})).await.accepted();
    let priced = priced(&cart).await;
    assert_eq!((total(&priced), &priced["codes"][0]["reason"]), (&json!("21.80"), &json!("CODE_UNKNOWN")));
    let other = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let _ = other.run("cartCodeApply", json!({"code": "GONE"})).await.refused("UNKNOWN_DISCOUNT_CODE");
    for first in [0, 11] {
        let document = "query($id: ID!, $first: Int!) { cart(id: $id) { nearestOffers(first: $first) { name } } }";
        let answer = cart.client.execute(document, json!({"id": cart.id, "first": first})).await;
        assert_eq!(answer.code(), "LIMIT_EXCEEDED");
    }
}

async fn codes_are_refused_with_a_place(shop: TestShop) {
    let staff = shop.staff().await;
    with_code(&staff, ten_percent(), "TWICE", json!({"customerUsesMax": 1})).await;
    let cart = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let before = priced(&cart).await;
    for (command, code, refusal) in [
        ("cartCodeApply", "NOPE", "UNKNOWN_DISCOUNT_CODE"),
        ("cartCodeApply", "50%", "INVALID_INPUT"),
        ("cartCodeApply", "", "INVALID_INPUT"),
        ("cartCodeApply", "TWICE", "DISCOUNT_CODE_INACTIVE"),
        ("cartCodeRemove", "TWICE", "UNKNOWN_DISCOUNT_CODE"),
    ] {
        let answer = cart.run(command, json!({"code": code})).await;
        assert_eq!(answer.refused(refusal)["path"], json!(["input", "code"]), "{command} {code}");
    }
    assert_eq!(priced(&cart).await, before);
    let promotion = staff.run("promotionCreate", ten_percent()).await.accepted()["promotion"]["id"].clone();
    for (mut input, refusal) in [
        (json!({}), "LIMIT_EXCEEDED"),
        (json!({"count": 100_001}), "LIMIT_EXCEEDED"),
        (json!({"count": 1, "codes": ["A"]}), "LIMIT_EXCEEDED"),
        (json!({"codes": ["NEW", "twice"]}), "INVALID_INPUT"),
        (json!({"codes": ["a b"]}), "INVALID_INPUT"),
        (json!({"codes": ["A"], "usesMax": 0}), "QUANTITY_OUT_OF_RANGE"),
        (json!({"codes": ["A"], "usesMax": 4_000_000_000_u32}), "QUANTITY_OUT_OF_RANGE"),
    ] {
        input["promotionId"] = promotion.clone();
        let _ = staff.run("discountCodesCreate", input).await.refused(refusal);
    }
    let _ = cart.run("cartCodeApply", json!({"code": "NEW"})).await.refused("UNKNOWN_DISCOUNT_CODE");
    let made_up = json!({"promotionId": promotion, "count": 500, "prefix": "vip-"});
    let codes = staff.run("discountCodesCreate", made_up).await.accepted()["codes"].clone();
    let distinct: std::collections::BTreeSet<&str> =
        codes.as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert!(distinct.len() == 500 && distinct.iter().all(|it| it.len() == 16 && it.starts_with("VIP-")));
    let _ = cart.run("cartCodeApply", json!({"code": codes[0]})).await.accepted();
    assert_eq!(total(&priced(&cart).await), "20.11");
}

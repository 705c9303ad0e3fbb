//! Discounts that staff gives by hand, within its limits.

use comptoir_tests::{Client, TestCart, TestShop, both_databases};
use serde_json::{Value, json};

both_databases! {
    a_discount_by_hand_comes_after_promotions_and_can_be_taken_back,
    a_discount_goes_with_its_line_and_an_order_keeps_it,
    nobody_gives_more_than_they_may,
    a_limit_in_money_holds_whatever_is_added,
    limits_are_set_by_those_who_may_go_as_far,
    discounts_by_hand_are_refused_with_a_place,
}

const SEEN: &str = "query($id: ID!) { cart(id: $id) {
    cost { subtotal { amount } discount { amount } total { amount } }
    discounts { promotionId manualDiscountId amount { amount } allocations { lineId amount { amount } } }
    manualDiscounts { id lineId percent amount { amount } unitPrice { amount } reason staffId }
} }";

async fn seen(cart: &TestCart) -> Value {
    cart.client.query(SEEN, json!({"id": cart.id})).await["cart"].clone()
}

fn money(amount: &str) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

/// The cart, as staff works on it.
fn by(staff: &Client, cart: &TestCart) -> TestCart {
    TestCart { client: staff.clone(), ..cart.clone() }
}

async fn staff_id(staff: &Client) -> Value {
    staff.query("{ viewer { staffId } }", json!({})).await["viewer"]["staffId"].clone()
}

/// A member of staff who may give discounts up to a limit.
async fn clerk(shop: &TestShop, email: &str, limit: Value) -> Client {
    let clerk = shop.staff_with(email, &["GIVE_DISCOUNTS", "MANAGE_CARTS"]).await;
    let input = json!({"staffId": staff_id(&clerk).await, "discountLimit": limit});
    let set = shop.staff().await.run("staffDiscountLimitSet", input).await.accepted();
    assert_eq!(set["staff"]["email"], email);
    clerk
}

async fn line(cart: &TestCart) -> Value {
    cart.read().await["lines"][0]["id"].clone()
}

async fn a_discount_by_hand_comes_after_promotions_and_can_be_taken_back(shop: TestShop) {
    let staff = shop.staff().await;
    let off = json!({"percentage": {"target": {"lines": {}}, "percent": "10"}});
    let _ = staff.run("promotionCreate", json!({"name": "Sale", "actions": [off]})).await.accepted();
    // Two mugs for 16.90 are 33.80; 10 % off are 30.42.
    let cart = TestCart::create(&shop, &[("SMG-SA", 2)]).await;
    let (before, line) = (seen(&cart).await, line(&cart).await);
    assert_eq!(before["cost"]["total"]["amount"], "30.42");
    let scratched = json!({"lineId": line, "value": {"percent": "50"}, "reason": "scratched"});
    let _ = by(&staff, &cart).run("cartDiscountAdd", scratched).await.accepted();
    let with = seen(&cart).await;
    assert_eq!(with["cost"]["total"]["amount"], "15.21");
    let given = &with["manualDiscounts"][0];
    let expected = json!({"id": given["id"], "lineId": line, "percent": "50", "amount": null, "unitPrice": null,
        "reason": "scratched", "staffId": staff_id(&staff).await});
    assert_eq!(with["manualDiscounts"], json!([expected]));
    let allocations = json!([{"lineId": line, "amount": {"amount": "15.21"}}]);
    let told = json!({"promotionId": null, "manualDiscountId": given["id"], "amount": {"amount": "15.21"}, "allocations": allocations});
    assert_eq!(with["discounts"][1], told);
    // Another off the same line replaces it; one off the order comes last.
    let priced = json!({"lineId": line, "value": {"price": money("10.00")}, "reason": "a price promised"});
    let _ = by(&staff, &cart).run("cartDiscountAdd", priced).await.accepted();
    assert_eq!(seen(&cart).await["cost"]["total"]["amount"], "20.00");
    let order = json!({"value": {"amount": money("3.50")}, "reason": "for the wait"});
    let _ = by(&staff, &cart).run("cartDiscountAdd", order).await.accepted();
    let both = seen(&cart).await;
    assert_eq!(
        (&both["cost"]["total"]["amount"], both["manualDiscounts"].as_array().unwrap().len()),
        (&json!("16.50"), 2)
    );
    for it in both["manualDiscounts"].as_array().unwrap() {
        let _ = by(&staff, &cart).run("cartDiscountRemove", json!({"discountId": it["id"]})).await.accepted();
    }
    assert_eq!(seen(&cart).await, before);
}

async fn a_discount_goes_with_its_line_and_an_order_keeps_it(shop: TestShop) {
    let staff = shop.staff().await;
    let cart = TestCart::ready(&shop, &[("SMG-SA", 1), ("CNB-A5", 1)]).await;
    let lines = cart.read().await["lines"].clone();
    for it in lines.as_array().unwrap() {
        let input = json!({"lineId": it["id"], "value": {"percent": "10"}, "reason": "scratched"});
        let _ = by(&staff, &cart).run("cartDiscountAdd", input).await.accepted();
    }
    let _ = cart.run("cartLinesRemove", json!({"lineIds": [lines[1]["id"]]})).await.accepted();
    let left = seen(&cart).await;
    assert_eq!(
        (left["manualDiscounts"].as_array().unwrap().len(), &left["manualDiscounts"][0]["lineId"]),
        (1, &lines[0]["id"])
    );
    let placed = cart.order_manually().await.accepted();
    let document = "query($number: String!, $token: String!) { order(number: $number, token: $token) {
        cost { discount { amount } } manualDiscounts { id percent reason staffId } discounts { manualDiscountId amount { amount } } } }";
    let variables = json!({"number": placed["order"]["number"], "token": placed["orderToken"]});
    let order = shop.anonymous().query(document, variables).await["order"].clone();
    let id = &left["manualDiscounts"][0]["id"];
    let kept = json!([{"id": id, "percent": "10", "reason": "scratched", "staffId": staff_id(&staff).await}]);
    assert_eq!((&order["manualDiscounts"], &order["cost"]["discount"]["amount"]), (&kept, &json!("1.69")));
    assert_eq!(order["discounts"], json!([{"manualDiscountId": id, "amount": {"amount": "1.69"}}]));
}

async fn nobody_gives_more_than_they_may(shop: TestShop) {
    let clerk = clerk(&shop, "clerk@example.org", json!({"percent": "10"})).await;
    // Mugs for 16.90, and a notebook for 16.50.
    let cart = TestCart::create(&shop, &[("SMG-SA", 1), ("CNB-A5", 1)]).await;
    let (before, line) = (seen(&cart).await, line(&cart).await);
    let theirs = by(&clerk, &cart);
    for (value, requested) in [
        (json!({"percent": "10.1"}), "1.71"),
        (json!({"amount": money("1.70")}), "1.70"),
        (json!({"price": money("15.20")}), "1.70"),
    ] {
        let refused = theirs.run("cartDiscountAdd", json!({"lineId": line, "value": value, "reason": "why not"})).await;
        let error = refused.refused("DISCOUNT_LIMIT_EXCEEDED");
        assert_eq!(
            (&error["requestedAmount"]["amount"], &error["maximumAmount"]["amount"]),
            (&json!(requested), &json!("1.69")),
            "{value}"
        );
        assert_eq!(error["path"], json!(["input", "value"]));
    }
    assert_eq!(seen(&cart).await, before);
    let _ = theirs
        .run("cartDiscountAdd", json!({"lineId": line, "value": {"percent": "10"}, "reason": "scratched"}))
        .await
        .accepted();
    // 10 % off a line and 10 % off the order are more than 10 % of 33.40: 1.69 and 3.17.
    let more = theirs.run("cartDiscountAdd", json!({"value": {"percent": "10"}, "reason": "and more"})).await;
    let error = more.refused("DISCOUNT_LIMIT_EXCEEDED");
    assert_eq!(
        (&error["requestedAmount"]["amount"], &error["maximumAmount"]["amount"]),
        (&json!("4.86"), &json!("3.34"))
    );
    // Who has no limit goes further.
    let _ = by(&shop.staff().await, &cart)
        .run("cartDiscountAdd", json!({"value": {"percent": "50"}, "reason": "the boss"}))
        .await
        .accepted();
}

async fn a_limit_in_money_holds_whatever_is_added(shop: TestShop) {
    let limit = json!({"amounts": [money("5.00")]});
    let clerk = clerk(&shop, "clerk@example.org", limit).await;
    let cart = TestCart::create(&shop, &[("SMG-SA", 1)]).await;
    let _ = by(&clerk, &cart)
        .run("cartDiscountAdd", json!({"value": {"percent": "25"}, "reason": "a regular"}))
        .await
        .accepted();
    assert_eq!(seen(&cart).await["cost"]["discount"]["amount"], "4.23");
    let variant = shop.anonymous().variant("SMG-SA").await;
    let _ = cart.run("cartLinesAdd", json!({"lines": [{"variantId": variant, "quantity": 9}]})).await.accepted();
    assert_eq!(seen(&cart).await["cost"]["discount"]["amount"], "5.00");
    let dollars = TestCart::create_in(&shop, "USD", &[("SMG-SA", 1)]).await;
    let refused =
        by(&clerk, &dollars).run("cartDiscountAdd", json!({"value": {"percent": "1"}, "reason": "a regular"})).await;
    assert_eq!(
        refused.refused("DISCOUNT_LIMIT_EXCEEDED")["maximumAmount"],
        json!({"amount": "0.00", "currency": "USD"})
    );
}

async fn limits_are_set_by_those_who_may_go_as_far(shop: TestShop) {
    let boss = shop.staff().await;
    let permissions = ["GIVE_DISCOUNTS", "MANAGE_STAFF"];
    let limit = json!({"percent": "20", "amounts": [money("50.00")]});
    let input = json!({"email": "lead@example.org", "password": "a password", "permissions": permissions, "discountLimit": limit});
    let created = boss.run("staffCreate", input).await.accepted();
    assert_eq!(created["staff"]["discountLimit"], limit);
    let signed_in = json!({"email": "lead@example.org", "password": "a password"});
    let token =
        shop.anonymous().run("staffSignIn", signed_in).await.accepted()["accessToken"].as_str().unwrap().to_owned();
    let lead = shop.anonymous().with_token(&token);
    let id = &created["staff"]["id"];
    let set = async |who: &Client, limit: Value| {
        who.run("staffDiscountLimitSet", json!({"staffId": id, "discountLimit": limit})).await
    };
    for beyond in [Value::Null, json!({"percent": "20"}), json!({"percent": "21", "amounts": [money("1.00")]})] {
        let refused = set(&lead, beyond.clone()).await;
        assert_eq!(refused.refused("DISCOUNT_LIMIT_EXCEEDED")["path"], json!(["input", "discountLimit"]), "{beyond}");
    }
    let new = json!({"email": "new@example.org", "password": "a password", "permissions": ["GIVE_DISCOUNTS"]});
    let _ = lead.run("staffCreate", new.clone()).await.refused("DISCOUNT_LIMIT_EXCEEDED");
    let mut within = new;
    within["discountLimit"] = json!({"percent": "5", "amounts": [money("50.00")]});
    let _ = lead.run("staffCreate", within).await.accepted();
    for (limit, path) in [
        (json!({}), "discountLimit"),
        (json!({"percent": "101"}), "discountLimit"),
        (json!({"percent": "lots"}), "discountLimit.percent"),
        (json!({"amounts": []}), "discountLimit.amounts"),
        (json!({"amounts": [money("-1.00")]}), "discountLimit"),
    ] {
        let refused = set(&boss, limit.clone()).await;
        let at: Vec<&str> = refused.refused("INVALID_INPUT")["path"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().unwrap())
            .collect();
        assert_eq!(at.join("."), format!("input.{path}"), "{limit}");
    }
    let nobody = json!({"staffId": "staff_01h455vb4pex5vsknk084sn02q"});
    let _ = boss.run("staffDiscountLimitSet", nobody).await.refused("NOT_FOUND");
    assert_eq!(set(&boss, Value::Null).await.accepted()["staff"]["discountLimit"], Value::Null);
}

async fn discounts_by_hand_are_refused_with_a_place(shop: TestShop) {
    let staff = shop.staff().await;
    let cart = TestCart::create(&shop, &[("SMG-SA", 1)]).await;
    let other = TestCart::create(&shop, &[("SMG-SA", 1)]).await;
    let (before, line, others) = (cart.read().await, line(&cart).await, line(&other).await);
    let dollars = json!({"amount": "1.00", "currency": "USD"});
    for (line, value, reason, code, path) in [
        (&line, json!({"percent": "10"}), " ", "INVALID_INPUT", "reason"),
        (&line, json!({"percent": "10"}), &"x".repeat(501), "INVALID_INPUT", "reason"),
        (&line, json!({"percent": "100.01"}), "why", "INVALID_INPUT", "value"),
        (&line, json!({"percent": "-1"}), "why", "INVALID_INPUT", "value.percent"),
        (&line, json!({"percent": "ten"}), "why", "INVALID_INPUT", "value.percent"),
        (&line, json!({"amount": money("16.91")}), "why", "INVALID_INPUT", "value"),
        (&line, json!({"amount": money("-0.01")}), "why", "INVALID_INPUT", "value"),
        (&line, json!({"amount": dollars}), "why", "INVALID_INPUT", "value"),
        (&line, json!({"price": money("0.001")}), "why", "INVALID_INPUT", "value.price.amount"),
        (&others, json!({"percent": "10"}), "why", "NOT_FOUND", "lineId"),
        (&json!("nonsense"), json!({"percent": "10"}), "why", "INVALID_ID", "lineId"),
    ] {
        let input = json!({"lineId": line, "value": value, "reason": reason});
        let refused = by(&staff, &cart).run("cartDiscountAdd", input).await;
        let at: Vec<&str> =
            refused.refused(code)["path"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        assert_eq!(at.join("."), format!("input.{path}"), "{value}");
    }
    for (discount, code) in [("nonsense", "INVALID_ID"), ("mdisc_01h455vb4pex5vsknk084sn02q", "NOT_FOUND")] {
        let refused = by(&staff, &cart).run("cartDiscountRemove", json!({"discountId": discount})).await;
        assert_eq!(refused.refused(code)["path"], json!(["input", "discountId"]));
    }
    assert_eq!(cart.read().await, before);
    // Who holds the cart is not who may give discounts.
    let input = json!({"cartId": cart.id, "value": {"percent": "10"}, "reason": "please"});
    let answer = cart.client.execute(&comptoir_tests::command("cartDiscountAdd"), json!({"input": input})).await;
    assert_eq!(answer.code(), "UNAUTHENTICATED");
}

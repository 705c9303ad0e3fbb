//! What a cart would cost at another time or for another customer; and the facts that depend on who buys, and how.

use comptoir_tests::{Client, TestCart, TestShop, both_databases};
use serde_json::{Value, json};

both_databases! {
    a_preview_is_the_cart_of_another_time_and_changes_nothing,
    a_preview_is_the_cart_of_another_customer,
    a_code_counts_in_a_preview_as_if_it_were_entered_again,
    an_order_is_the_first_of_who_has_not_ordered,
    a_promotion_asks_how_it_will_be_paid,
}

const PREVIEW: &str = "query($id: ID!, $at: DateTime, $as: ID) { promotionPreview(cartId: $id, at: $at, as: $as) {
    at lines { quantity cost { total { amount } } } cost { discount { amount } total { gross { amount } } }
    discounts { name amount { amount } } codes { code outcome reason } promotions { name outcome reason }
    gifts { quantity } pointsMultipliers { factor }
} }";

fn ten_percent(name: &str, condition: &Value) -> Value {
    let action = json!({"percentage": {"target": {"order": {}}, "percent": "10"}});
    json!({"name": name, "condition": condition, "actions": [action]})
}

async fn preview(staff: &Client, variables: Value) -> Value {
    staff.query(PREVIEW, variables).await["promotionPreview"].clone()
}

fn discount(preview: &Value) -> &str {
    preview["cost"]["discount"]["amount"].as_str().unwrap()
}

async fn a_preview_is_the_cart_of_another_time_and_changes_nothing(shop: TestShop) {
    let staff = shop.staff().await;
    let mut sale = ten_percent("Sale", &Value::Null);
    (sale["startsAt"], sale["endsAt"]) = (json!("2999-01-01T00:00:00Z"), json!("2999-02-01T00:00:00Z"));
    let _ = staff.run("promotionCreate", sale).await.accepted();
    let cart = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let (before, everything) = (cart.read().await, shop.everything().await);
    // A mug for 16.90, and 4.90 for its delivery.
    let now = preview(&staff, json!({"id": cart.id})).await;
    assert_eq!((discount(&now), &now["promotions"][0]["reason"]), ("0.00", &json!("NOT_STARTED")));
    for (at, off, reason) in [
        ("2998-12-31T23:59:59Z", "0.00", json!("NOT_STARTED")),
        ("2999-01-01T00:00:00Z", "1.69", Value::Null),
        ("2999-01-31T23:59:59Z", "1.69", Value::Null),
    ] {
        let then = preview(&staff, json!({"id": cart.id, "at": at})).await;
        assert_eq!((discount(&then), &then["promotions"][0]["reason"]), (off, &reason), "{at}");
        assert_eq!(then["at"].as_str().unwrap()[..19], at[..19]);
    }
    let over = preview(&staff, json!({"id": cart.id, "at": "2999-02-01T00:00:00Z"})).await;
    assert_eq!((discount(&over), &over["promotions"]), ("0.00", &json!([])));
    assert_eq!(over["lines"], json!([{"quantity": 1, "cost": {"total": {"amount": "16.90"}}}]));
    assert_eq!(cart.read().await, before);
    shop.assert_unchanged(&everything, "a preview").await;
    let nothing = preview(&staff, json!({"id": "cart_01h455vb4pex5vsknk084sn02q"})).await;
    assert_eq!(nothing, Value::Null);
    for (variables, code) in [
        (json!({"id": "nonsense"}), "INVALID_ID"),
        (json!({"id": cart.id, "as": cart.id}), "INVALID_ID"),
        (json!({"id": cart.id, "as": "cus_01h455vb4pex5vsknk084sn02q"}), "NOT_FOUND"),
    ] {
        assert_eq!(staff.execute(PREVIEW, variables.clone()).await.code(), code, "{variables}");
    }
}

async fn a_preview_is_the_cart_of_another_customer(shop: TestShop) {
    let staff = shop.staff().await;
    let _ = staff.run("promotionCreate", ten_percent("Welcome", &json!({"firstOrder": true}))).await.accepted();
    let (regular, newcomer) = (shop.customer("regular@example.org").await, shop.customer("new@example.org").await);
    let id = async |of: &Client| of.query("{ me { id } }", json!({})).await["me"]["id"].clone();
    let (regular_id, newcomer_id) = (id(&regular).await, id(&newcomer).await);
    let _ = TestCart::ready_by(&regular, &[("SMG-SA", 1)]).await.order_manually().await.accepted();
    let cart = TestCart::create(&shop, &[("SMG-SA", 1)]).await;
    for (customer, off) in [(Value::Null, "0.00"), (regular_id, "0.00"), (newcomer_id, "1.69")] {
        let seen = preview(&staff, json!({"id": cart.id, "as": customer})).await;
        assert_eq!(discount(&seen), off, "{customer}");
    }
}

async fn a_code_counts_in_a_preview_as_if_it_were_entered_again(shop: TestShop) {
    let staff = shop.staff().await;
    let created = staff.run("promotionCreate", ten_percent("Summer", &json!({"code": true}))).await.accepted();
    let mut codes = json!({"promotionId": created["promotion"]["id"], "codes": ["SUMMER"]});
    codes["customerUsesMax"] = json!(1);
    let _ = staff.run("discountCodesCreate", codes).await.accepted();
    let customer = shop.customer("ada@example.org").await;
    let cart = TestCart::ready_by(&customer, &[("SMG-SA", 1)]).await;
    let _ = cart.run("cartCodeApply", json!({"code": "SUMMER"})).await.accepted();
    // Long after its use was set aside.
    let later = preview(&staff, json!({"id": cart.id, "at": "2999-01-01T00:00:00Z"})).await;
    assert_eq!((discount(&later), &later["codes"][0]["outcome"]), ("1.69", &json!("APPLIED")));
    let other = shop.customer("grace@example.org").await;
    let theirs = TestCart::ready_by(&other, &[("SMG-SA", 1)]).await;
    let _ = theirs.run("cartCodeApply", json!({"code": "SUMMER"})).await.accepted();
    let _ = theirs.order_manually().await.accepted();
    let grace = other.query("{ me { id } }", json!({})).await["me"]["id"].clone();
    let seen = preview(&staff, json!({"id": cart.id, "as": grace})).await;
    assert_eq!((discount(&seen), &seen["codes"][0]["reason"]), ("0.00", &json!("CODE_CUSTOMER_USES_EXHAUSTED")));
}

async fn an_order_is_the_first_of_who_has_not_ordered(shop: TestShop) {
    let staff = shop.staff().await;
    let _ = staff.run("promotionCreate", ten_percent("Welcome", &json!({"firstOrder": true}))).await.accepted();
    let off = async |cart: &TestCart| discount(&preview(&staff, json!({"id": cart.id})).await).to_owned();
    let cart = TestCart::create(&shop, &[("SMG-SA", 1)]).await;
    assert_eq!(off(&cart).await, "0.00", "nobody knows who it is");
    cart.complete().await;
    assert_eq!(off(&cart).await, "1.69");
    let placed = cart.order_manually().await.accepted();
    assert_eq!(placed["order"]["cost"]["total"]["amount"], "20.11");
    assert_eq!(off(&cart).await, "1.69", "what was ordered was the first");
    let second = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    assert_eq!(off(&second).await, "0.00");
    let _ = second.run("cartContactSet", json!({"email": "JEANNE@example.org"})).await.accepted();
    assert_eq!(off(&second).await, "0.00", "in any case");
    let _ = second.run("cartContactSet", json!({"email": "other@example.org"})).await.accepted();
    assert_eq!(off(&second).await, "1.69");
    let cancel = json!({"orderId": placed["order"]["id"], "idempotencyKey": comptoir_tests::new_key()});
    let _ = staff.run("orderCancel", cancel).await.accepted();
    let third = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    assert_eq!(off(&third).await, "1.69", "an order that came to nothing is none");
}

async fn a_promotion_asks_how_it_will_be_paid(shop: TestShop) {
    let staff = shop.staff().await;
    let _ = staff.run("promotionCreate", ten_percent("By hand", &json!({"paymentMeans": ["manual"]}))).await.accepted();
    let cart = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let document = "query($id: ID!) { cart(id: $id) { selectedPayment cost { discount { amount } } } }";
    let seen = async || {
        let cart = cart.client.query(document, json!({"id": cart.id})).await["cart"].clone();
        (cart["selectedPayment"].clone(), cart["cost"]["discount"]["amount"].clone())
    };
    assert_eq!(seen().await, (Value::Null, json!("0.00")));
    let _ = cart.run("cartPaymentSelect", json!({"provider": "test"})).await.accepted();
    assert_eq!(seen().await, (json!("test"), json!("0.00")));
    let _ = cart.run("cartPaymentSelect", json!({"provider": "manual"})).await.accepted();
    assert_eq!(seen().await, (json!("manual"), json!("1.69")));
    let refused = cart.run("cartPaymentSelect", json!({"provider": "shells"})).await;
    assert_eq!(refused.refused("UNKNOWN_PAYMENT_PROVIDER")["path"], json!(["input", "provider"]));
    // Who then pays in another way does not have it.
    let mut input = cart.order_input("approve");
    input["expectedTotal"] = json!({"amount": "20.11", "currency": "EUR"});
    let refused = cart.client.run("orderPlace", input).await;
    assert_eq!(refused.refused("TOTAL_CHANGED")["actual"]["amount"], "21.80");
    assert_eq!(seen().await, (json!("manual"), json!("1.69")));
    let placed = cart.order_manually().await.accepted();
    assert_eq!(placed["order"]["cost"]["total"]["amount"], "20.11");
}

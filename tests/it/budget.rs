//! Budgets of promotions: how much they give, and to how many carts.

use comptoir_tests::{Client, TestCart, TestShop, both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};

both_databases! {
    a_budget_is_written_and_read_with_what_is_taken_of_it,
    a_budget_that_is_spent_is_told_with_figures,
    sixty_shoppers_at_once_do_not_overspend,
    budgets_are_refused_with_a_place,
}

fn eur(amount: &str) -> Value {
    json!([{"amount": amount, "currency": "EUR"}])
}

/// Five euros off each order.
async fn five_off(staff: &Client, budget: Value) -> Value {
    let action = json!({"fixedAmount": {"target": {"order": {}}, "amounts": eur("5.00")}});
    let input = json!({"name": "Five off", "budget": budget, "actions": [action]});
    staff.run("promotionCreate", input).await.accepted()["promotion"]["id"].clone()
}

const READ: &str = "query($id: ID!) { promotion(id: $id) { version budget { amounts { amount currency } uses } budgetUse { uses amounts { amount } } } }";

async fn read(staff: &Client, id: &Value) -> Value {
    staff.query(READ, json!({"id": id})).await["promotion"].clone()
}

async fn a_budget_is_written_and_read_with_what_is_taken_of_it(shop: TestShop) {
    let staff = shop.staff().await;
    let budget = json!({"amounts": eur("12.00"), "uses": 3});
    let id = five_off(&staff, budget.clone()).await;
    let seen = read(&staff, &id).await;
    assert_eq!(seen, json!({"version": 1, "budget": budget, "budgetUse": {"uses": 0, "amounts": []}}));
    let cart = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let taken = json!({"uses": 1, "amounts": [{"amount": "5.00"}]});
    assert_eq!(read(&staff, &id).await["budgetUse"], taken, "it is set aside");
    let placed = cart.order_manually().await.accepted();
    assert_eq!(placed["order"]["cost"]["total"]["amount"], "16.80");
    assert_eq!(read(&staff, &id).await["budgetUse"], taken, "it is spent");
    let cancel = json!({"orderId": placed["order"]["id"], "idempotencyKey": comptoir_tests::new_key()});
    let _ = staff.run("orderCancel", cancel).await.accepted();
    assert_eq!(read(&staff, &id).await["budgetUse"]["uses"], 0);
    let update = async |budget: Value| {
        let _ = staff.run("promotionUpdate", json!({"promotionId": id, "budget": budget})).await.accepted();
        read(&staff, &id).await["budget"].clone()
    };
    assert_eq!(update(json!({"uses": 9})).await, json!({"amounts": null, "uses": 9}));
    assert_eq!(update(Value::Null).await, Value::Null);
    assert_eq!(read(&staff, &id).await["budgetUse"], Value::Null);
}

async fn a_budget_that_is_spent_is_told_with_figures(shop: TestShop) {
    let staff = shop.staff().await;
    let id = five_off(&staff, json!({"amounts": eur("8.00")})).await;
    let _first = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let second = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let document = "query($id: ID!) { cart(id: $id) { cost { discount { amount } }
        promotions { outcome reason budgetGap { needed { amount } left { amount } } } } }";
    let seen = async || second.client.query(document, json!({"id": second.id})).await["cart"].clone();
    let gap = json!({"needed": {"amount": "5.00"}, "left": {"amount": "3.00"}});
    let trace = json!([{"outcome": "REJECTED", "reason": "BUDGET_EXHAUSTED", "budgetGap": gap}]);
    assert_eq!(seen().await, json!({"cost": {"discount": {"amount": "0.00"}}, "promotions": trace}));
    let _ = staff.run("promotionUpdate", json!({"promotionId": id, "budget": {"uses": 1}})).await.accepted();
    let trace = json!([{"outcome": "REJECTED", "reason": "USES_EXHAUSTED", "budgetGap": null}]);
    assert_eq!(seen().await["promotions"], trace);
    let _ = staff.run("promotionUpdate", json!({"promotionId": id, "budget": {"uses": 2}})).await.accepted();
    assert_eq!(seen().await["cost"]["discount"]["amount"], "5.00");
}

async fn sixty_shoppers_at_once_do_not_overspend(shop: TestShop) {
    let staff = shop.staff().await;
    // Enough for twenty, and a little more.
    let id = five_off(&staff, json!({"amounts": eur("104.99")})).await;
    let buy = async || {
        let cart = TestCart::create(&shop, &[("SMG-SA", 1)]).await;
        let document = "query($id: ID!) { cart(id: $id) { cost { discount { amount } } } }";
        let seen = cart.client.query(document, json!({"id": cart.id})).await;
        seen["cart"]["cost"]["discount"]["amount"].as_str().unwrap().to_owned()
    };
    let discounts = join_all((0..60).map(|_| buy())).await;
    let of = |wanted: &str| discounts.iter().filter(|it| *it == wanted).count();
    assert_eq!((of("5.00"), of("0.00")), (20, 40), "{discounts:?}");
    assert_eq!(read(&staff, &id).await["budgetUse"], json!({"uses": 20, "amounts": [{"amount": "100.00"}]}));
}

async fn budgets_are_refused_with_a_place(shop: TestShop) {
    let staff = shop.staff().await;
    let action = json!({"fixedAmount": {"target": {"order": {}}, "amounts": eur("5.00")}});
    let dollars = json!([{"amount": "5.00", "currency": "USD"}]);
    let twice = json!([{"amount": "5.00", "currency": "EUR"}, {"amount": "6.00", "currency": "EUR"}]);
    for (budget, code, path) in [
        (json!({}), "INVALID_INPUT", "input.budget"),
        (json!({"uses": 0}), "INVALID_INPUT", "input.budget.uses"),
        (json!({"amounts": []}), "INVALID_INPUT", "input.budget.amounts"),
        (json!({"amounts": eur("0.00")}), "INVALID_INPUT", "input.budget.amounts"),
        (json!({"amounts": eur("-1.00")}), "INVALID_INPUT", "input.budget.amounts"),
        (json!({"amounts": twice}), "INVALID_INPUT", "input.budget.amounts"),
        (json!({"amounts": eur("0.001")}), "INVALID_INPUT", "input.budget.amounts.0"),
    ] {
        let input = json!({"name": "Test", "budget": budget, "actions": [action]});
        let refused = staff.run("promotionCreate", input).await;
        let at = refused.refused(code)["path"].as_array().unwrap();
        let at: Vec<&str> = at.iter().map(|it| it.as_str().unwrap()).collect();
        assert!(at.join(".").starts_with(path), "{budget}: {at:?}");
    }
    let refused = staff
        .run("promotionCreate", json!({"name": "Test", "budget": {"amounts": dollars}, "actions": [action]}))
        .await;
    assert_eq!(refused.codes(), ["CONTRADICTION", "CONTRADICTION"]);
    assert_eq!(refused.errors()[0]["path"], json!(["input", "budget", "amounts"]));
    let found = staff.query("{ promotions { nodes { id } } }", json!({})).await;
    assert_eq!(found["promotions"]["nodes"], json!([]));
}

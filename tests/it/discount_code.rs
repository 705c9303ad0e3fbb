//! Discount codes as staff lists, changes, pauses and deletes them.

use comptoir_tests::{Client, TestCart, TestShop, both_databases};
use serde_json::{Value, json};

use crate::statements::cost;

both_databases! {
    codes_are_listed_with_their_uses,
    codes_are_searched_and_paged,
    applying_and_removing_codes_is_the_identity,
    a_code_is_paused_resumed_changed_and_deleted,
    commands_on_codes_are_refused_with_a_place,
}

const LIST: &str = "query($promotion: ID, $query: String, $first: Int, $after: String, $last: Int, $before: String) {
    discountCodes(promotionId: $promotion, query: $query, first: $first, after: $after, last: $last, before: $before) {
        nodes { code promotionId usesMax customerUsesMax isPaused uses reservedUses }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

async fn list(staff: &Client, variables: Value) -> Value {
    staff.query(LIST, variables).await["discountCodes"].clone()
}

fn names(page: &Value) -> Vec<&str> {
    page["nodes"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect()
}

/// A promotion with these codes.
async fn issue(staff: &Client, mut codes: Value) -> Value {
    let action = json!({"percentage": {"target": {"order": {}}, "percent": "10"}});
    let input = json!({"name": "Summer", "condition": {"code": true}, "actions": [action]});
    let id = staff.run("promotionCreate", input).await.accepted()["promotion"]["id"].clone();
    codes["promotionId"] = id.clone();
    let _ = staff.run("discountCodesCreate", codes).await.accepted();
    id
}

async fn codes_are_listed_with_their_uses(shop: TestShop) {
    let staff = shop.staff().await;
    let id = issue(&staff, json!({"codes": ["SUMMER"], "usesMax": 5})).await;
    let other = issue(&staff, json!({"codes": ["winter"]})).await;
    for is_ordered in [true, false, false] {
        let cart = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
        let _ = cart.run("cartCodeApply", json!({"code": "summer"})).await.accepted();
        if is_ordered {
            let _ = cart.order_manually().await.accepted();
        }
    }
    let code = |code: &str, promotion: &Value, uses_max: Value, uses: [u32; 2]| {
        json!({"code": code, "promotionId": promotion, "usesMax": uses_max, "customerUsesMax": null, "isPaused": false,
            "uses": uses[0], "reservedUses": uses[1]})
    };
    let summer = code("SUMMER", &id, json!(5), [1, 2]);
    let winter = code("WINTER", &other, Value::Null, [0, 0]);
    assert_eq!(list(&staff, json!({})).await["nodes"], json!([summer, winter]));
    assert_eq!(list(&staff, json!({"promotion": id})).await["nodes"], json!([summer]));
    let _ = issue(&staff, json!({"count": 60})).await;
    let few = cost(&staff, LIST, &json!({"first": 1})).await;
    assert!((2..=4).contains(&few), "{few}");
    assert_eq!(cost(&staff, LIST, &json!({"first": 60})).await, few);
}

async fn codes_are_searched_and_paged(shop: TestShop) {
    let staff = shop.staff().await;
    let id = issue(&staff, json!({"codes": ["A_1", "AB1", "VIP-2", "ÉTÉ", "X.9"]})).await;
    for (query, found) in [
        ("vip", vec!["VIP-2"]),
        ("1", vec!["A_1", "AB1"]),
        ("_", vec!["A_1"]),
        ("%", vec![]),
        ("\\", vec![]),
        ("été", vec!["ÉTÉ"]),
        ("a_1", vec!["A_1"]),
        ("nothing", vec![]),
        (" ", vec!["A_1", "AB1", "VIP-2", "X.9", "ÉTÉ"]),
    ] {
        let page = list(&staff, json!({"promotion": id, "query": query})).await;
        let (mut names, mut found) = (names(&page), found);
        names.sort_unstable();
        found.sort_unstable();
        assert_eq!(names, found, "{query}");
    }
    let all = list(&staff, json!({})).await;
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    for has_next in [true, true, false] {
        let page = list(&staff, json!({"first": 2, "after": after})).await;
        seen.extend(page["nodes"].as_array().unwrap().clone());
        after = page["pageInfo"]["endCursor"].clone();
        assert_eq!(page["pageInfo"]["hasNextPage"], has_next);
    }
    assert_eq!(json!(seen), all["nodes"]);
    let last = list(&staff, json!({"last": 2})).await;
    assert_eq!(last["nodes"], json!(seen[3..]));
    let before = list(&staff, json!({"last": 2, "before": last["pageInfo"]["startCursor"]})).await;
    assert_eq!(before["nodes"], json!(seen[1..3]));
    for (variables, code) in [
        (json!({"first": 0}), "LIMIT_EXCEEDED"),
        (json!({"first": 101}), "LIMIT_EXCEEDED"),
        (json!({"after": "nonsense"}), "INVALID_INPUT"),
        (json!({"promotion": "nonsense"}), "INVALID_ID"),
        (json!({"query": "x".repeat(65)}), "LIMIT_EXCEEDED"),
    ] {
        assert_eq!(staff.execute(LIST, variables.clone()).await.code(), code, "{variables}");
    }
}

async fn applying_and_removing_codes_is_the_identity(shop: TestShop) {
    let staff = shop.staff().await;
    for code in ["ONE", "TWO", "THREE"] {
        let _ = issue(&staff, json!({"codes": [code], "usesMax": 1})).await;
    }
    let cart = TestCart::ready(&shop, &[("SMG-SA", 3), ("OST-45", 1)]).await;
    let document = "query($id: ID!) { cart(id: $id) {
        cost { subtotal { gross { amount } } discount { amount } total { net { amount } tax { amount } gross { amount } } }
        lines { quantity cost { total { gross { amount } } } } codes { code } promotions { outcome } } }";
    let seen = async || cart.client.query(document, json!({"id": cart.id})).await["cart"].clone();
    let before = seen().await;
    let orders = [["ONE", "TWO", "THREE"], ["TWO", "THREE", "ONE"], ["THREE", "TWO", "ONE"]];
    for applied in orders {
        for removed in orders {
            for code in applied {
                let _ = cart.run("cartCodeApply", json!({"code": code})).await.accepted();
            }
            assert_ne!(seen().await["cost"]["discount"], before["cost"]["discount"]);
            for code in removed {
                let _ = cart.run("cartCodeRemove", json!({"code": code})).await.accepted();
            }
            assert_eq!(seen().await, before, "{applied:?} {removed:?}");
        }
    }
    // Nothing is left of the only use of each.
    let other = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let _ = other.run("cartCodeApply", json!({"code": "ONE"})).await.accepted();
}

async fn a_code_is_paused_resumed_changed_and_deleted(shop: TestShop) {
    let staff = shop.staff().await;
    let _ = issue(&staff, json!({"codes": ["SUMMER"], "usesMax": 1})).await;
    let cart = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let _ = cart.run("cartCodeApply", json!({"code": "SUMMER"})).await.accepted();
    let document = "query($id: ID!) { cart(id: $id) { cost { discount { amount } } codes { reason } } }";
    let seen = async || {
        let seen = cart.client.query(document, json!({"id": cart.id})).await["cart"].clone();
        (seen["cost"]["discount"]["amount"].as_str().unwrap().to_owned(), seen["codes"][0]["reason"].clone())
    };
    assert_eq!(seen().await, ("1.69".to_owned(), Value::Null));
    let run = async |command: &str, input: Value| {
        let mut input = input;
        input["code"] = json!("summer");
        staff.run(command, input).await.accepted()["discountCode"].clone()
    };
    assert_eq!(run("discountCodePause", json!({})).await["isPaused"], true);
    assert_eq!(seen().await, ("0.00".to_owned(), json!("CODE_PAUSED")));
    let other = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let _ = other.run("cartCodeApply", json!({"code": "SUMMER"})).await.refused("DISCOUNT_CODE_INACTIVE");
    assert_eq!(run("discountCodeResume", json!({})).await["isPaused"], false);
    assert_eq!(seen().await.0, "1.69");
    let _ = other.run("cartCodeApply", json!({"code": "SUMMER"})).await.refused("DISCOUNT_CODE_EXHAUSTED");
    let changed = run("discountCodeUpdate", json!({"usesMax": 2})).await;
    assert_eq!((&changed["usesMax"], &changed["reservedUses"]), (&json!(2), &json!(1)));
    let _ = other.run("cartCodeApply", json!({"code": "SUMMER"})).await.accepted();
    let changed = run("discountCodeUpdate", json!({"customerUsesMax": 3})).await;
    assert_eq!((&changed["usesMax"], &changed["customerUsesMax"]), (&json!(2), &json!(3)));
    assert_eq!(run("discountCodeUpdate", json!({"usesMax": null})).await["usesMax"], Value::Null);
    let deleted = staff.run("discountCodeDelete", json!({"code": "summer"})).await.accepted();
    assert_eq!(deleted["deletedCode"], "SUMMER");
    assert_eq!(seen().await, ("0.00".to_owned(), json!("CODE_UNKNOWN")));
    let _ = staff.run("discountCodeDelete", json!({"code": "summer"})).await.refused("UNKNOWN_DISCOUNT_CODE");
}

async fn commands_on_codes_are_refused_with_a_place(shop: TestShop) {
    let staff = shop.staff().await;
    let _ = issue(&staff, json!({"codes": ["SUMMER"]})).await;
    let before = list(&staff, json!({})).await;
    for (command, input, code) in [
        ("discountCodePause", json!({"code": "NOPE"}), "UNKNOWN_DISCOUNT_CODE"),
        ("discountCodeResume", json!({"code": ""}), "INVALID_INPUT"),
        ("discountCodeDelete", json!({"code": "50%"}), "INVALID_INPUT"),
        ("discountCodeUpdate", json!({"code": "x".repeat(65)}), "INVALID_INPUT"),
    ] {
        assert_eq!(staff.run(command, input).await.refused(code)["path"], json!(["input", "code"]), "{command}");
    }
    for uses in [0, 1_000_000_001] {
        for field in ["usesMax", "customerUsesMax"] {
            let input = json!({"code": "SUMMER", field: uses});
            let _ = staff.run("discountCodeUpdate", input).await.refused("QUANTITY_OUT_OF_RANGE");
        }
    }
    assert_eq!(list(&staff, json!({})).await, before);
}

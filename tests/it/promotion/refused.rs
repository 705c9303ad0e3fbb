//! Promotions that cannot be: all that is wrong with them, each with its place.

use comptoir_tests::{Client, TestShop, both_databases};
use serde_json::{Value, json};

use super::{count, doing, eur, ten_off, things};

both_databases! {
    what_contradicts_itself_is_refused_with_both_places,
    what_is_not_there_is_refused_where_it_is_named,
    input_beyond_its_limits_changes_nothing,
}

async fn what_contradicts_itself_is_refused_with_both_places(shop: TestShop) {
    let staff = shop.staff().await;
    let slot = |n: u32| json!({"quantity": n});
    let free = json!({"percent": "100"});
    let buy_four = doing(json!({"buyGet": {"buy": slot(4), "get": slot(2), "benefit": free, "cap": {"units": 1}}}));
    let spend = |comparison: &str, amounts: Value| json!({"subtotal": {"comparison": comparison, "amounts": amounts}});
    let when = |condition: Value| json!({"name": "Test", "condition": condition, "actions": [ten_off()]});
    let tier = |from: &str| json!({"from": eur(from), "benefit": {"percent": "5"}});
    let tiers = doing(json!({"tieredSpend": {"target": {"order": {}}, "tiers": [tier("50.00"), tier("50.00")]}}));
    let dollars = json!([{"amount": "5.00", "currency": "USD"}]);
    let mut currencies = doing(json!({"fixedAmount": {"target": {"order": {}}, "amounts": dollars}}));
    currencies["condition"] = spend("AT_LEAST", eur("50.00"));
    for (input, path, with) in [
        (buy_four, "input.actions.0.buyGet.cap.units", "input.actions.0.buyGet.get.quantity"),
        (
            when(json!({"all": [spend("AT_LEAST", eur("50.00")), spend("LESS_THAN", eur("50.00"))]})),
            "input.condition.all.1.subtotal",
            "input.condition.all.0.subtotal",
        ),
        (
            when(json!({"all": [{"channels": ["web"]}, {"none": [{"channels": ["web"]}]}]})),
            "input.condition.all.1.none.0.channels",
            "input.condition.all.0.channels",
        ),
        (tiers, "input.actions.0.tieredSpend.tiers.1.from", "input.actions.0.tieredSpend.tiers.0"),
        (currencies, "input.condition.subtotal.amounts", "input.actions.0.fixedAmount.amounts"),
    ] {
        let refused = staff.run("promotionCreate", input.clone()).await;
        let error = &refused.errors()[0];
        let joined =
            |path: &Value| path.as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect::<Vec<_>>().join(".");
        assert_eq!(
            (&error["__typename"], &error["code"]),
            (&json!("ContradictionError"), &json!("CONTRADICTION")),
            "{input}"
        );
        assert_eq!((joined(&error["path"]), joined(&error["conflictsWith"])), (path.to_owned(), with.to_owned()));
        assert!(refused.0["promotion"].is_null());
    }
    // All that is wrong is told at once.
    let all_wrong = json!({"name": " ", "condition": {"any": []}, "actions": [], "endsAt": "2026-01-01T00:00:00Z",
        "startsAt": "2026-01-02T00:00:00Z"});
    let refused = staff.run("promotionCreate", all_wrong).await;
    let paths: Vec<_> = refused.errors().iter().map(|it| it["path"].clone()).collect();
    let expected = [
        json!(["input", "name"]),
        json!(["input", "endsAt"]),
        json!(["input", "condition", "any"]),
        json!(["input", "actions"]),
    ];
    assert_eq!(paths, expected);
    assert_eq!(count(&staff).await, 0);
}

async fn what_is_not_there_is_refused_where_it_is_named(shop: TestShop) {
    let staff = shop.staff().await;
    let [product, ..] = things(&shop).await;
    let unknown = |kind: &str| format!("{kind}_01h455vb4pex5vsknk084sn02q");
    let when = |condition: Value| json!({"name": "Test", "condition": condition, "actions": [ten_off()]});
    let lines = |items: Value| doing(json!({"percentage": {"target": {"lines": items}, "percent": "10"}}));
    for (input, code, path) in [
        (
            when(json!({"products": {"values": [product, unknown("prod")]}})),
            "NOT_FOUND",
            "input.condition.products.values.1",
        ),
        (
            when(json!({"any": [{"code": true}, {"variants": {"values": [unknown("var")]}}]})),
            "NOT_FOUND",
            "input.condition.any.1.variants.values.0",
        ),
        (
            when(json!({"quantity": {"items": {"collectionIds": [unknown("coll")]}, "count": 1}})),
            "NOT_FOUND",
            "input.condition.quantity.items.collectionIds.0",
        ),
        (when(json!({"channels": ["web", "nowhere"]})), "UNKNOWN_CHANNEL", "input.condition.channels.1"),
        (when(json!({"markets": ["mars"]})), "UNKNOWN_MARKET", "input.condition.markets.0"),
        (when(json!({"locations": [unknown("loc")]})), "NOT_FOUND", "input.condition.locations.0"),
        (when(json!({"locations": [product]})), "INVALID_ID", "input.condition.locations.0"),
        (
            lines(json!({"except": {"productIds": [unknown("prod")]}})),
            "NOT_FOUND",
            "input.actions.0.percentage.target.lines.except.productIds.0",
        ),
        (doing(json!({"gift": {"variantId": unknown("var")}})), "NOT_FOUND", "input.actions.0.gift.variantId"),
        (
            doing(json!({"deliveryPrice": {"methods": ["drone"], "prices": eur("0.00")}})),
            "NOT_FOUND",
            "input.actions.0.deliveryPrice.methods.0",
        ),
        (
            doing(json!({"fixedAmount": {"target": {"delivery": ["express", "drone"]}, "amounts": eur("1.00")}})),
            "NOT_FOUND",
            "input.actions.0.fixedAmount.target.delivery.1",
        ),
        (json!({"name": "Test", "groupId": unknown("pgroup"), "actions": [ten_off()]}), "NOT_FOUND", "input.groupId"),
    ] {
        assert_refused(&staff, &input, code, path).await;
    }
    assert_eq!(count(&staff).await, 0);
}

async fn assert_refused(staff: &Client, input: &Value, code: &str, path: &str) {
    let refused = staff.run("promotionCreate", input.clone()).await;
    let error = refused.refused(code);
    let at: Vec<&str> = error["path"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert_eq!(at.join("."), path, "{input}");
}

async fn input_beyond_its_limits_changes_nothing(shop: TestShop) {
    let staff = shop.staff().await;
    let when = |condition: Value| json!({"name": "Test", "condition": condition, "actions": [ten_off()]});
    let percent = |text: &str| doing(json!({"percentage": {"target": {"order": {}}, "percent": text}}));
    let off = |amounts: Value| doing(json!({"fixedAmount": {"target": {"order": {}}, "amounts": amounts}}));
    let deep = (0..6).fold(json!({"code": true}), |inner, _| json!({"all": [inner]}));
    let daypart =
        |zone: &str, from: &str| json!({"daypart": {"timeZone": zone, "hours": {"from": from, "until": "19:00"}}});
    let twice = json!([{"amount": "1.00", "currency": "EUR"}, {"amount": "2.00", "currency": "EUR"}]);
    let factor = |text: &str| doing(json!({"pointsMultiplier": {"factor": text}}));
    for (input, code, path) in [
        (when(deep), "LIMIT_EXCEEDED", "input.condition.all.0.all.0.all.0.all.0.all.0.all.0"),
        (when(json!({"any": vec![json!({"code": true}); 100]})), "LIMIT_EXCEEDED", "input.condition"),
        (
            when(json!({"paymentMeans": (0..1_001).map(|it| format!("m-{it}")).collect::<Vec<_>>()})),
            "LIMIT_EXCEEDED",
            "input.condition.paymentMeans",
        ),
        (json!({"name": "Test", "actions": vec![ten_off(); 11]}), "LIMIT_EXCEEDED", "input.actions"),
        (json!({"name": "x".repeat(256), "actions": [ten_off()]}), "INVALID_INPUT", "input.name"),
        (json!({"name": "a\u{0}b", "actions": [ten_off()]}), "INVALID_INPUT", "input.name"),
        (when(json!({"brands": {"values": ["a\u{0}b"]}})), "INVALID_INPUT", "input.condition.brands.values.0"),
        (when(json!({"code": false})), "INVALID_INPUT", "input.condition.code"),
        (when(json!({"paymentMeans": ["Cash!"]})), "INVALID_INPUT", "input.condition.paymentMeans.0"),
        (when(daypart("Mars/Olympus", "18:00")), "INVALID_INPUT", "input.condition.daypart.timeZone"),
        (when(daypart("Europe/Paris", "24:00")), "INVALID_INPUT", "input.condition.daypart.hours.from"),
        (when(daypart("Europe/Paris", "19:00")), "INVALID_INPUT", "input.condition.daypart.hours"),
        (percent("0"), "INVALID_INPUT", "input.actions.0.percentage.percent"),
        (percent("100.0001"), "INVALID_INPUT", "input.actions.0.percentage.percent"),
        (percent("-5"), "INVALID_INPUT", "input.actions.0.percentage.percent"),
        (percent("ten"), "INVALID_INPUT", "input.actions.0.percentage.percent"),
        (off(json!([])), "INVALID_INPUT", "input.actions.0.fixedAmount.amounts"),
        (off(twice), "INVALID_INPUT", "input.actions.0.fixedAmount.amounts"),
        (off(eur("0.00")), "INVALID_INPUT", "input.actions.0.fixedAmount.amounts"),
        (off(eur("-1.00")), "INVALID_INPUT", "input.actions.0.fixedAmount.amounts"),
        (off(eur("1.001")), "INVALID_INPUT", "input.actions.0.fixedAmount.amounts.0.amount"),
        (
            off(json!([{"amount": "1.00", "currency": "EURO"}])),
            "UNKNOWN_CURRENCY",
            "input.actions.0.fixedAmount.amounts.0.currency",
        ),
        (factor("0"), "INVALID_INPUT", "input.actions.0.pointsMultiplier.factor"),
        (factor("1e3"), "INVALID_INPUT", "input.actions.0.pointsMultiplier.factor"),
    ] {
        assert_refused(&staff, &input, code, path).await;
    }
    // What is none of the kinds there are, or two at once, is no input at all.
    let two = json!({"percentage": {"target": {"order": {}}, "percent": "1"}, "gift": {"variantId": "var_x"}});
    for input in [when(json!({})), when(json!({"moonPhase": "FULL"})), doing(two)] {
        let answer = staff.execute(&comptoir_tests::command("promotionCreate"), json!({"input": input})).await;
        assert!(answer.status < 500 && answer.code() == "BAD_USER_INPUT", "{answer:?}");
    }
    assert_eq!(count(&staff).await, 0);
}

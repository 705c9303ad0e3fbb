//! Lines of carts: by id, SKU or code, with attributes and notes, by values and deltas, saved for later; from many devices at once.

use comptoir_tests::{Client, TestCart, TestShop, amount, both_databases, demo_variant};
use futures_util::future::join_all;
use serde_json::{Value, json};

both_databases! {
    lines_are_named_by_id_sku_or_code_and_told_apart_by_attributes,
    a_code_adds_as_many_as_the_pack_has_and_no_label_is_overlooked,
    what_is_so_already_makes_no_new_version,
    what_is_short_is_refused_or_clamped_as_asked,
    the_list_is_set_as_a_whole_and_deltas_add_up,
    a_saved_line_costs_nothing_and_tells_when_its_price_dropped,
    a_cart_tells_what_changed_and_what_is_in_its_way,
    a_code_that_ended_keeps_an_order_from_being_placed,
    fifty_devices_on_one_cart_lose_nothing,
}

/// Each line's SKU, first attribute and quantity.
fn held(cart: &Value) -> Vec<(String, String, i64)> {
    let line = |it: &Value| {
        let attribute = it["attributes"][0]["value"].as_str().unwrap_or_default().to_owned();
        (it["variant"]["sku"].as_str().unwrap().to_owned(), attribute, it["quantity"].as_i64().unwrap())
    };
    cart["lines"].as_array().unwrap().iter().map(line).collect()
}

fn holds(cart: &Value, expected: &[(&str, &str, i64)]) {
    let expected: Vec<_> = expected.iter().map(|(sku, it, n)| ((*sku).to_owned(), (*it).to_owned(), *n)).collect();
    assert_eq!(held(cart), expected);
}

fn eur(cents: i64) -> Value {
    json!({"amount": amount(cents), "currency": "EUR"})
}

async fn lines_are_named_by_id_sku_or_code_and_told_apart_by_attributes(shop: TestShop) {
    let cart = TestCart::create(&shop, &[]).await;
    let knife = cart.client.variant("CHK").await;
    let barcode = json!({"slug": "chef-knife", "variants": [{"sku": "CHK", "barcode": "9521234543213"}]});
    let _ = shop.staff().await.run("productSave", barcode).await.accepted();
    let engraved = |name: &str| json!([{"key": "engraving", "value": name}]);
    let lines = json!([
        {"variantId": knife, "quantity": 1},
        {"sku": "CHK", "attributes": engraved("Ada")},
        {"scan": "9521234543213", "attributes": engraved("Ada"), "quantity": 2, "note": "In capitals"},
        {"scan": "SMG-SA", "quantity": 3},
    ]);
    let added = cart.run("cartLinesAdd", json!({"lines": lines})).await.accepted()["cart"].clone();
    holds(&added, &[("CHK", "", 1), ("CHK", "Ada", 3), ("SMG-SA", "", 3)]);
    assert_eq!(added["lines"][1]["note"], "In capitals");

    // The engraving is changed, by what the line is; it joins the line that has it.
    let item = json!({"variantId": knife, "attributes": engraved("Ada")});
    let change = json!({"item": item, "attributes": [], "note": null});
    let joined = cart.run("cartLinesUpdate", json!({"lines": [change]})).await.accepted()["cart"].clone();
    holds(&joined, &[("CHK", "", 4), ("SMG-SA", "", 3)]);
    let noted = cart.run("cartNoteSet", json!({"note": " Ring twice "})).await.accepted();
    assert_eq!(noted["cart"]["note"], "Ring twice");
    assert_eq!(cart.run("cartNoteSet", json!({"note": ""})).await.accepted()["cart"]["note"], Value::Null);

    // What was wanted of it and written reaches the order.
    cart.complete().await;
    let line =
        json!({"lineId": joined["lines"][0]["id"], "quantity": 1, "attributes": engraved("Bob"), "note": "Soon"});
    let _ = cart.run("cartLinesUpdate", json!({"lines": [line]})).await.accepted();
    let _ = cart.run("cartNoteSet", json!({"note": "Thank you"})).await.accepted();
    let placed = cart.order_manually().await.accepted();
    let document = "query($number: String!, $token: String) { order(number: $number, token: $token) {
        note lines { sku note attributes { key value } } } }";
    let variables = json!({"number": placed["order"]["number"], "token": placed["orderToken"]});
    let order = shop.anonymous().query(document, variables).await["order"].clone();
    assert_eq!(order["note"], "Thank you");
    assert_eq!(order["lines"][0], json!({"sku": "CHK", "note": "Soon", "attributes": engraved("Bob")}));
    assert_eq!(order["lines"][1], json!({"sku": "SMG-SA", "note": null, "attributes": []}));
}

async fn a_code_adds_as_many_as_the_pack_has_and_no_label_is_overlooked(shop: TestShop) {
    let variants = json!([{"sku": "CHK", "barcode": "9521234543213"}, {"sku": "74980"}]);
    let _ = shop
        .staff()
        .await
        .run("productSave", json!({"slug": "chef-knife", "variants": [variants[0]]}))
        .await
        .accepted();
    let loaf = json!({"slug": "loaf", "status": "ACTIVE", "texts": [{"language": "en", "name": "Loaf"}], "variants": [
        {"sku": "74980", "stockPolicy": "UNTRACKED", "prices": [{"amount": {"amount": "20.00", "currency": "EUR"}}]}]});
    let _ = shop.staff().await.run("productSave", loaf).await.accepted();
    let cart = TestCart::create(&shop, &[]).await;
    let add = async |line: Value| cart.run("cartLinesAdd", json!({"lines": [{"sku": "GPC-HB"}, line]})).await;
    // AI 30 tells how many there are in the pack (GS1 General Specifications, 3.6.1).
    let packs = add(json!({"scan": "(01)09521234543213(30)3", "quantity": 2})).await.accepted();
    holds(&packs["cart"], &[("GPC-HB", "", 1), ("CHK", "", 6)]);
    for label in ["0274980012500", "2874980015006", "(01)09521234543213(3103)001500", "(01)09521234543213(3922)1250"] {
        let refused = add(json!({"scan": label})).await;
        assert_eq!(refused.refused("MEASURED_CODE")["path"], json!(["input", "lines", "1", "scan"]), "{label}");
    }
    holds(&cart.read().await, &[("GPC-HB", "", 1), ("CHK", "", 6)]);
}

async fn what_is_so_already_makes_no_new_version(shop: TestShop) {
    let cart = TestCart::create(&shop, &[("CHK", 2)]).await;
    let _ = cart.run("cartNoteSet", json!({"note": "Ring"})).await.accepted();
    let before = cart.read().await;
    let line = before["lines"][0]["id"].clone();
    for (command, input) in [
        ("cartLinesAdd", json!({"lines": []})),
        ("cartLinesRemove", json!({"lineIds": []})),
        ("cartLinesUpdate", json!({"lines": [{"lineId": line}]})),
        ("cartLinesUpdate", json!({"lines": [{"lineId": line, "quantity": 2}]})),
        ("cartLinesUpdate", json!({"lines": [{"lineId": line, "quantityDelta": 0}]})),
        ("cartLinesSet", json!({"lines": [{"sku": "CHK", "quantity": 2}]})),
        ("cartNoteSet", json!({"note": " Ring "})),
    ] {
        let answered = cart.run(command, input).await.accepted();
        assert_eq!((&answered["cart"], cart.read().await), (&before, before.clone()), "{command}");
    }
    // Who saw another cart is told so, also where they name what is not there.
    for line in
        [json!({"sku": "CHK"}), json!({"sku": "NOPE"}), json!({"scan": "9521234543214"}), json!({"variantId": "x"})]
    {
        let refused = cart.run("cartLinesAdd", json!({"expectedVersion": 1, "lines": [line]})).await;
        assert_eq!(refused.refused("VERSION_CONFLICT")["currentVersion"], before["version"], "{line}");
        assert_eq!(refused.0["cart"], before);
    }
    let refused = cart.run("cartLinesAdd", json!({"expectedVersion": 2, "lines": [{"sku": "NOPE"}]})).await;
    assert_eq!((refused.codes(), &refused.0["cart"]), (vec!["NOT_FOUND"], &Value::Null));
}

async fn what_is_short_is_refused_or_clamped_as_asked(shop: TestShop) {
    // There is one walnut sideboard, and no more of what others ask for than the demo says.
    let cart = TestCart::create(&shop, &[("CNB-A5", 1)]).await;
    let before = cart.read().await;
    let available = demo_variant("CHK").available();
    let wanted = json!({"lines": [{"sku": "CHK", "quantity": available + 2}, {"sku": "WSB", "quantity": 4}]});
    let refused = cart.run("cartLinesAdd", wanted.clone()).await;
    let error = refused.refused("INSUFFICIENT_STOCK");
    assert_eq!((&error["available"], &error["requested"]), (&json!(available), &json!(available + 2)));
    assert_eq!(error["path"], json!(["input", "lines", "0", "quantity"]));
    assert_eq!(cart.read().await, before, "nothing of it is done");

    let less = json!({"lines": [{"lineId": before["lines"][0]["id"], "quantityDelta": -2}]});
    let refused = cart.run("cartLinesUpdate", less).await;
    let error = refused.refused("QUANTITY_OUT_OF_RANGE");
    assert_eq!((&error["path"], &error["minimum"]), (&json!(["input", "lines", "0", "quantityDelta"]), &json!(0)));

    let mut clamp = wanted;
    clamp["onInsufficientStock"] = json!("CLAMP");
    let clamped = cart.run("cartLinesAdd", clamp).await.accepted();
    holds(&clamped["cart"], &[("CNB-A5", "", 1), ("CHK", "", available), ("WSB", "", 1)]);
    let lines = &clamped["cart"]["lines"];
    let warning = |it: usize| {
        let warning = &clamped["warnings"][it];
        (warning["code"].clone(), warning["lineId"].clone(), warning["requested"].clone(), warning["available"].clone())
    };
    let expected = |line: usize, requested: i64, available: i64| {
        (json!("QUANTITY_CLAMPED"), lines[line]["id"].clone(), json!(requested), json!(available))
    };
    assert_eq!((warning(0), warning(1)), (expected(1, available + 2, available), expected(2, 4, 1)));
    let notices = cart.read().await["notices"].clone();
    assert_eq!((&notices[0]["code"], &notices[1]["available"]), (&json!("QUANTITY_CLAMPED"), &json!(1)));
    let more = json!({"lines": [{"lineId": lines[2]["id"], "quantityDelta": 1}], "onInsufficientStock": "CLAMP"});
    let more = cart.run("cartLinesUpdate", more).await.accepted();
    assert_eq!((&more["warnings"][0]["requested"], &more["warnings"][0]["available"]), (&json!(2), &json!(1)));
    let fewer = json!({"lines": [{"lineId": lines[1]["id"], "quantity": 1}]});
    let fewer = cart.run("cartLinesUpdate", fewer).await.accepted();
    assert_eq!(fewer["cart"]["notices"].as_array().unwrap().len(), 1, "the shopper said anew how many knives");
}

async fn the_list_is_set_as_a_whole_and_deltas_add_up(shop: TestShop) {
    let cart = TestCart::create(&shop, &[("CNB-A5", 2), ("CHK", 1)]).await;
    let kept = cart.read().await["lines"][1]["id"].clone();
    let list = json!({"lines": [{"sku": "SMG-SA"}, {"sku": "CHK", "quantity": 2}, {"sku": "SMG-SA", "quantity": 2}]});
    let set = cart.run("cartLinesSet", list).await.accepted()["cart"].clone();
    holds(&set, &[("SMG-SA", "", 3), ("CHK", "", 2)]);
    assert_eq!(set["lines"][1]["id"], kept);
    let delta = |by: i64| json!({"lines": [{"lineId": kept, "quantityDelta": by}]});
    let _ = cart.run("cartLinesUpdate", delta(2)).await.accepted();
    let _ = cart.run("cartLinesUpdate", delta(-3)).await.accepted();
    holds(&cart.read().await, &[("SMG-SA", "", 3), ("CHK", "", 1)]);
    let error = cart.run("cartLinesUpdate", delta(-2)).await.refused("QUANTITY_OUT_OF_RANGE").clone();
    assert_eq!((&error["minimum"], &error["quantityMaximum"]), (&json!(0), &json!(999)));
    let _ = cart.run("cartLinesUpdate", delta(-1)).await.accepted();
    let emptied = cart.run("cartLinesSet", json!({"lines": []})).await.accepted();
    holds(&emptied["cart"], &[]);
}

/// Sets the price of a variant, in euros.
async fn reprice(staff: &Client, sku: &str, cents: i64) {
    let prices = json!({"prices": [{"variantId": staff.variant(sku).await, "amount": eur(cents)}]});
    let _ = staff.run("pricesSet", prices).await.accepted();
}

async fn a_saved_line_costs_nothing_and_tells_when_its_price_dropped(shop: TestShop) {
    let staff = shop.staff().await;
    let cart = TestCart::create(&shop, &[("CNB-A5", 2), ("WSB", 1)]).await;
    let sideboard = cart.read().await["lines"][1]["id"].clone();
    let saved = cart.run("cartLinesSaveForLater", json!({"lineIds": [sideboard]})).await.accepted()["cart"].clone();
    holds(&saved, &[("CNB-A5", "", 2)]);
    assert_eq!(saved["cost"]["total"], eur(2 * demo_variant("CNB-A5").prices["EUR"]));
    assert_eq!(saved["totalQuantity"], 2);
    let price = demo_variant("WSB").prices["EUR"];
    let line = &saved["savedLines"][0];
    assert_eq!((&line["id"], &line["savedPrice"], &line["priceDrop"]), (&sideboard, &eur(price), &Value::Null));

    // It is nobody's: others can buy the only one, and it is in no order's way.
    let other = TestCart::ready(&shop, &[("WSB", 1)]).await;
    let _ = other.order_manually().await.accepted();
    assert_eq!(cart.read().await["problems"], json!([]));
    let refused = cart.run("cartLinesMoveToCart", json!({"lineIds": [sideboard]})).await;
    assert_eq!(refused.refused("INSUFFICIENT_STOCK")["path"], json!(["input", "lineIds", "0"]));

    reprice(&staff, "WSB", price + 100).await;
    assert_eq!(cart.read().await["savedLines"][0]["priceDrop"], Value::Null, "it rose");
    reprice(&staff, "WSB", price - 500).await;
    let now = cart.read().await;
    assert_eq!(now["savedLines"][0]["priceDrop"], json!({"was": eur(price), "now": eur(price - 500)}));
    let notice = json!({"code": "PRICE_DROPPED", "lineId": sideboard, "was": eur(price), "now": eur(price - 500)});
    assert_eq!(now["notices"], json!([notice]));

    let variant = json!({"sku": "WSB", "stockPolicy": "CONTINUE"});
    let _ = staff.run("productSave", json!({"slug": "walnut-sideboard", "variants": [variant]})).await.accepted();
    let moved = cart.run("cartLinesMoveToCart", json!({"lineIds": [sideboard]})).await.accepted()["cart"].clone();
    holds(&moved, &[("CNB-A5", "", 2), ("WSB", "", 1)]);
    assert_eq!((&moved["lines"][1]["id"], &moved["savedLines"]), (&sideboard, &json!([])));
    assert_eq!(moved["cost"]["total"], eur(2 * demo_variant("CNB-A5").prices["EUR"] + price - 500));
}

async fn a_cart_tells_what_changed_and_what_is_in_its_way(shop: TestShop) {
    let staff = shop.staff().await;
    let cart = TestCart::ready(&shop, &[("CNB-A5", 1), ("WSB", 1)]).await;
    let price = demo_variant("CNB-A5").prices["EUR"];
    reprice(&staff, "CNB-A5", price + 250).await;
    let _ = TestCart::ready(&shop, &[("WSB", 1)]).await.order_manually().await.accepted();
    let now = cart.read().await;
    let line = |it: usize| now["lines"][it]["id"].clone();
    let changed = json!({"code": "PRICE_CHANGED", "lineId": line(0), "was": eur(price), "now": eur(price + 250)});
    assert_eq!(now["notices"], json!([changed]));
    let problem = &now["problems"][0];
    assert_eq!((&problem["code"], &problem["lineId"]), (&json!("INSUFFICIENT_STOCK"), &line(1)));
    assert_eq!((&problem["available"], &problem["requested"]), (&json!(0), &json!(1)));
    assert_eq!(cart.order("approve").await.codes(), ["INSUFFICIENT_STOCK"]);
    let _ = cart.run("cartLinesRemove", json!({"lineIds": [line(1)]})).await.accepted();
    // A price that changed is told, and in nobody's way.
    let _ = cart.order("approve").await.accepted();
}

async fn a_code_that_ended_keeps_an_order_from_being_placed(shop: TestShop) {
    let staff = shop.staff().await;
    let action = json!({"percentage": {"target": {"order": {}}, "percent": "10"}});
    let promotion = json!({"name": "Summer", "condition": {"code": true}, "actions": [action]});
    let created = staff.run("promotionCreate", promotion).await.accepted()["promotion"].clone();
    let codes = json!({"promotionId": created["id"], "codes": ["SUMMER"]});
    let _ = staff.run("discountCodesCreate", codes).await.accepted();
    let cart = TestCart::ready(&shop, &[("CNB-A5", 1)]).await;
    let _ = cart.run("cartCodeApply", json!({"code": "summer"})).await.accepted();
    assert_eq!(cart.read().await["problems"], json!([]));
    let _ = staff.run("promotionPause", json!({"promotionId": created["id"]})).await.accepted();
    let problem = cart.read().await["problems"][0].clone();
    assert_eq!((&problem["discountCode"], &problem["lineId"]), (&json!("SUMMER"), &Value::Null));
    assert_eq!(problem["code"], "DISCOUNT_CODE_INACTIVE");
    let refused = cart.order("approve").await;
    assert_eq!(refused.refused("DISCOUNT_CODE_INACTIVE")["discountCode"], "SUMMER");
    let _ = cart.run("cartCodeRemove", json!({"code": "SUMMER"})).await.accepted();
    let _ = cart.order("approve").await.accepted();
}

async fn fifty_devices_on_one_cart_lose_nothing(shop: TestShop) {
    let unlimited = |sku: &str| json!([{"sku": sku, "stockPolicy": "CONTINUE"}]);
    let staff = shop.staff().await;
    for (slug, sku) in [("walnut-sideboard", "WSB"), ("chef-knife", "CHK")] {
        let _ = staff.run("productSave", json!({"slug": slug, "variants": unlimited(sku)})).await.accepted();
    }
    let cart = TestCart::create(&shop, &[("WSB", 1), ("CHK", 1)]).await;
    let read = cart.read().await;
    let (sideboard, knife) = (read["lines"][0]["id"].clone(), cart.client.variant("CHK").await);
    let device = async |n: usize| {
        let mut last = 0;
        for _ in 0..20 {
            let answer = if n.is_multiple_of(2) {
                cart.run("cartLinesUpdate", json!({"lines": [{"lineId": sideboard, "quantityDelta": 1}]})).await
            } else {
                cart.run("cartLinesAdd", json!({"lines": [{"variantId": knife}]})).await
            };
            let version = answer.accepted()["cart"]["version"].as_i64().unwrap();
            assert!(last < version);
            last = version;
        }
    };
    join_all((0..50).map(device)).await;
    let seen = join_all((0..50).map(|_| cart.read())).await;
    for now in &seen {
        holds(now, &[("WSB", "", 501), ("CHK", "", 501)]);
        assert_eq!(now["version"], read["version"].as_i64().unwrap() + 1_000, "all devices end on the same version");
    }
}

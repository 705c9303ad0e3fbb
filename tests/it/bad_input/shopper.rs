//! What shoppers get wrong.

use comptoir_tests::{TestCart, TestShop, both_databases, new_key};
use serde_json::{Value, json};

use super::{Case, case, deviation, refusal};

both_databases! {
    commands_on_carts_are_refused_with_a_place,
    ids_that_are_none_or_anothers_are_refused,
    more_lines_than_a_cart_holds_are_refused,
}

fn address(field: &str, value: &str) -> Value {
    let mut address = TestCart::address();
    address[field] = json!(value);
    address
}

/// Moments that are none, of the second of two offline commands.
fn moments() -> Vec<Case> {
    let moments =
        [json!("yesterday"), json!("2026-02-30T10:00:00Z"), json!("2026-01-01"), json!(""), json!(1), json!(null)];
    let case_of = |at: Value| {
        let mut command = sync_command();
        command["at"] = at;
        let commands = json!({"commands": [sync_command(), command]});
        case("cartSync", commands, "BAD_USER_INPUT", "input.commands.1.at")
    };
    moments.map(case_of).into()
}

/// Numbers, texts and lists that cannot be; `cart` is left out of the inputs.
fn cart_cases(variant: &str, line: &Value) -> Vec<Case> {
    let add = |quantity: Value| json!({"lines": [{"variantId": variant, "quantity": quantity}]});
    let update = |quantity: Value| json!({"lines": [{"lineId": line, "quantity": quantity}]});
    let mut cases = Vec::new();
    for quantity in [json!(0), json!(-1), json!(1000), json!(i32::MAX), json!(i64::MIN), json!(i64::MAX)] {
        let path = "input.lines.0.quantity";
        cases.push(case("cartLinesAdd", add(quantity.clone()), "QUANTITY_OUT_OF_RANGE", path));
        if quantity != json!(0) {
            cases.push(case("cartLinesUpdate", update(quantity), "QUANTITY_OUT_OF_RANGE", path));
        }
    }
    let path = "input.lines.0.quantity";
    for quantity in [json!(u64::MAX), json!(1.5), json!("1"), json!([1, 2]), json!(true), json!(1e40)] {
        cases.push(case("cartLinesAdd", add(quantity.clone()), "BAD_USER_INPUT", path));
        cases.push(case("cartLinesUpdate", update(quantity), "BAD_USER_INPUT", path));
    }
    cases.push(case("cartLinesAdd", add(json!(null)), "BAD_USER_INPUT", path));
    cases.extend(line_cases(variant, line).into_iter().chain(moments()));
    cases.push(case("cartLinesAdd", json!({"lines": null}), "BAD_USER_INPUT", "input.lines"));
    cases.push(case("cartLinesAdd", json!({"lines": [{"quantity": 1}]}), "INVALID_INPUT", "input.lines.0"));
    cases.push(case("cartLinesAdd", json!({"lines": [], "colour": "red"}), "BAD_USER_INPUT", "input.colour"));
    for version in [json!(-1), json!(i64::MAX)] {
        let input = json!({"lines": [], "expectedVersion": version});
        cases.push(case("cartLinesAdd", input, "VERSION_CONFLICT", "input.expectedVersion"));
    }

    let long = format!("{}@example.org", "a".repeat(300));
    for email in [
        "",
        " ",
        "jeanne",
        "@example.org",
        "jeanne@",
        "jeanne@example",
        "je anne@example.org",
        "jeanne@exam\u{0}ple.org",
        "a@b@c.org",
        "a@b.c\r\nBcc: x@y.org",
        &long,
    ] {
        cases.push(case("cartContactSet", json!({"email": email}), "INVALID_INPUT", "input.email"));
    }
    let long = "x".repeat(121);
    for (field, value, path) in [
        ("country", "ZZ", "input.shipping.country"),
        ("country", "fr", "input.shipping.country"),
        ("country", "", "input.shipping.country"),
        ("country", "FRANCE", "input.shipping.country"),
        ("name", "", "input.shipping.name"),
        ("line1", " \u{a0}", "input.shipping.line1"),
        ("city", &long, "input.shipping.city"),
        ("line2", "a\u{7}b", "input.shipping.line2"),
        ("phone", "1\n2", "input.shipping.phone"),
        ("postalCode", &long, "input.shipping.postalCode"),
    ] {
        cases.push(case("cartAddressesSet", json!({"shipping": address(field, value)}), "INVALID_INPUT", path));
    }
    let billing = json!({"shipping": TestCart::address(), "billing": address("city", "")});
    cases.push(case("cartAddressesSet", billing, "INVALID_INPUT", "input.billing.city"));
    for handle in [
        "",
        "none",
        "standard:",
        "pickup",
        "pickup:loc_01h455vb4pex5vsknk084sn02q",
        "pickup:x",
        "STANDARD",
        "standard\u{0}",
    ] {
        cases.push(case("cartDeliverySelect", json!({"handle": handle}), "DELIVERY_UNAVAILABLE", "input.handle"));
    }
    cases
}

/// Lines that are named or described as nothing can be.
fn line_cases(variant: &str, line: &Value) -> Vec<Case> {
    let add = |line: Value| json!({"lines": [line]});
    let attributes = |it: Value| add(json!({"variantId": variant, "attributes": it}));
    let many: Vec<Value> = (0..21).map(|n| json!({"key": n.to_string(), "value": "x"})).collect();
    let at = "input.lines.0";
    let mut cases = vec![
        case("cartLinesAdd", add(json!({"variantId": variant, "sku": "CHK"})), "INVALID_INPUT", at),
        case("cartLinesAdd", add(json!({"sku": "NOPE"})), "NOT_FOUND", "input.lines.0.sku"),
        case("cartLinesAdd", add(json!({"sku": ""})), "NOT_FOUND", "input.lines.0.sku"),
        case("cartLinesAdd", add(json!({"scan": ""})), "UNREADABLE_CODE", "input.lines.0.scan"),
        case("cartLinesAdd", add(json!({"scan": "9521234543214"})), "INVALID_CHECK_DIGIT", "input.lines.0.scan"),
        case("cartLinesAdd", attributes(json!(many)), "LIMIT_EXCEEDED", "input.lines.0.attributes"),
        case(
            "cartLinesAdd",
            add(json!({"sku": "CHK", "note": "x".repeat(1001)})),
            "INVALID_INPUT",
            "input.lines.0.note",
        ),
        case("cartNoteSet", json!({"note": "a\u{7}b"}), "INVALID_INPUT", "input.note"),
        case("cartLinesUpdate", add(json!({"quantity": 1})), "INVALID_INPUT", at),
        case("cartLinesUpdate", add(json!({"lineId": line, "quantity": 1, "quantityDelta": 1})), "INVALID_INPUT", at),
        case("cartLinesUpdate", add(json!({"lineId": line, "item": {"variantId": variant}})), "INVALID_INPUT", at),
        case("cartLinesUpdate", add(json!({"item": {"variantId": variant}, "quantity": 1})), "NOT_FOUND", at),
        case(
            "cartLinesSaveForLater",
            json!({"lineIds": ["line_01h455vb4pex5vsknk084sn02q"]}),
            "NOT_FOUND",
            "input.lineIds.0",
        ),
        case("cartLinesMoveToCart", json!({"lineIds": [line]}), "NOT_FOUND", "input.lineIds.0"),
    ];
    for (key, value, field) in
        [("", "x", "key"), ("a\u{0}", "x", "key"), ("a", " ", "value"), ("a", &"x".repeat(501), "value")]
    {
        let input = attributes(json!([{"key": key, "value": value}]));
        let path: &'static str = format!("input.lines.0.attributes.0.{field}").leak();
        cases.push(case("cartLinesAdd", input, "INVALID_INPUT", path));
    }
    for delta in [json!(-3), json!(998), json!(i64::MIN), json!(i64::MAX)] {
        let input = add(json!({"lineId": line, "quantityDelta": delta}));
        cases.push(case("cartLinesUpdate", input, "QUANTITY_OUT_OF_RANGE", "input.lines.0.quantityDelta"));
    }
    cases
}

fn order_cases() -> Vec<Case> {
    let order = |field: &str, value: Value| {
        let mut input = json!({"idempotencyKey": new_key(), "payment": {"provider": "test", "token": "approve"}});
        input[field] = value;
        input
    };
    let total = |amount: Value, currency: &str| order("expectedTotal", json!({"amount": amount, "currency": currency}));
    let mut cases = Vec::new();
    for provider in ["", "stripe", "TEST", "test ", "../test"] {
        let payment = json!({"provider": provider, "token": "approve"});
        let path = "input.payment.provider";
        cases.push(case("orderPlace", order("payment", payment), "UNKNOWN_PAYMENT_PROVIDER", path));
    }
    for token in [Value::Null, json!(""), json!("Approve"), json!("tok_visa"), json!("x".repeat(10_000))] {
        let payment = json!({"provider": "test", "token": token});
        cases.push(case("orderPlace", order("payment", payment), "INVALID_PAYMENT_TOKEN", "input.payment.token"));
    }
    for key in ["", "1", "not-a-uuid", "01890a5d-ac96-774b-bcce-b302099a805", "zzzzzzzz-ac96-774b-bcce-b302099a8057"] {
        cases.push(case("orderPlace", order("idempotencyKey", json!(key)), "INVALID_INPUT", "input.idempotencyKey"));
    }
    for key in [json!(null), json!(7)] {
        cases.push(case("orderPlace", order("idempotencyKey", key), "BAD_USER_INPUT", ""));
    }
    for amount in ["", "ten", "1.001", "1e3", "1_000.00", "1,00", "0x10", "NaN", "∞", "--1", ".", "1.00.00"] {
        let path = "input.expectedTotal.amount";
        cases.push(case("orderPlace", total(json!(amount), "EUR"), "INVALID_INPUT", path));
    }
    cases.push(case(
        "orderPlace",
        total(json!("99999999999999999999999999"), "EUR"),
        "LIMIT_EXCEEDED",
        "input.expectedTotal.amount",
    ));
    cases.push(case("orderPlace", total(json!("1.5"), "JPY"), "INVALID_INPUT", "input.expectedTotal.amount"));
    for amount in [json!(10), json!(10.5), json!(null)] {
        cases.push(case("orderPlace", total(amount, "EUR"), "BAD_USER_INPUT", ""));
    }
    for currency in ["", "eur", "EURO", "XYZ", "€"] {
        cases.push(case(
            "orderPlace",
            total(json!("1.00"), currency),
            "UNKNOWN_CURRENCY",
            "input.expectedTotal.currency",
        ));
    }
    // A total in another currency, or less than nothing, is another total.
    cases.push(case("orderPlace", total(json!("172.40"), "USD"), "TOTAL_CHANGED", "input.expectedTotal"));
    cases.push(case("orderPlace", total(json!("-1.00"), "EUR"), "TOTAL_CHANGED", "input.expectedTotal"));
    cases
}

async fn commands_on_carts_are_refused_with_a_place(shop: TestShop) {
    let cart = TestCart::ready(&shop, &[("CNB-A5", 2)]).await;
    let variant = cart.client.variant("CHK").await;
    let (everything, before) = (shop.everything().await, cart.read().await);
    let mut wrong = Vec::new();
    for mut case in cart_cases(&variant, &before["lines"][0]["id"]).into_iter().chain(order_cases()) {
        case.input["cartId"] = json!(cart.id);
        wrong.extend(deviation(&cart.client, &case).await);
        if cart.read().await != before {
            wrong.push(format!("{} {} changed the cart", case.field, case.input));
            break;
        }
    }
    for (input, code, path) in [
        (json!({"currency": "eur"}), "UNKNOWN_CURRENCY", "input.currency"),
        (json!({"currency": "XYZ"}), "UNKNOWN_CURRENCY", "input.currency"),
        (json!({"currency": 978}), "BAD_USER_INPUT", ""),
        (json!({"language": "french"}), "INVALID_INPUT", "input.language"),
        (json!({"language": "f"}), "INVALID_INPUT", "input.language"),
        (json!({"language": "fr_FR"}), "INVALID_INPUT", "input.language"),
        (json!({"email": "nobody"}), "INVALID_INPUT", "input.email"),
        (json!({"id": "cart_01h455vb4pex5vsknk084sn02q"}), "INVALID_INPUT", "input.secret"),
        (json!({"secret": "cs_Zk3v9QpX0aLr7TnW2bYc5e"}), "INVALID_INPUT", "input.id"),
        (json!({"id": "cart_1", "secret": "cs_Zk3v9QpX0aLr7TnW2bYc5e"}), "INVALID_ID", "input.id"),
        (json!({"id": "cart_01h455vb4pex5vsknk084sn02q", "secret": "guess"}), "INVALID_INPUT", "input.secret"),
        (json!({"lines": [{"variantId": variant, "quantity": 0}]}), "QUANTITY_OUT_OF_RANGE", "input.lines.0.quantity"),
    ] {
        wrong.extend(deviation(&shop.anonymous(), &case("cartCreate", input, code, path)).await);
    }
    shop.assert_unchanged(&everything, "bad input").await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn sync_command() -> Value {
    json!({"id": new_key(), "at": "2026-01-01T00:00:00Z", "noteSet": {"note": "Ring"}})
}

/// Each command with an id at the path that is told, without that id.
fn commands_with_ids(cart: &TestCart) -> Vec<(&'static str, &'static str, Value)> {
    let id = json!(cart.id);
    let variant = json!({"variantId": null});
    vec![
        ("cartCreate", "/lines/0/variantId", json!({"lines": [variant]})),
        ("cartLinesAdd", "/lines/0/variantId", json!({"cartId": id, "lines": [variant]})),
        ("cartLinesUpdate", "/lines/0/lineId", json!({"cartId": id, "lines": [{"lineId": null, "quantity": 1}]})),
        ("cartLinesRemove", "/lineIds/0", json!({"cartId": id, "lineIds": [null]})),
        ("cartLinesAdd", "/cartId", json!({"cartId": null, "lines": []})),
        ("cartLinesUpdate", "/cartId", json!({"cartId": null, "lines": []})),
        ("cartLinesRemove", "/cartId", json!({"cartId": null, "lineIds": []})),
        ("cartLinesSet", "/cartId", json!({"cartId": null, "lines": []})),
        ("cartLinesSaveForLater", "/cartId", json!({"cartId": null, "lineIds": []})),
        ("cartLinesMoveToCart", "/cartId", json!({"cartId": null, "lineIds": []})),
        ("cartNoteSet", "/cartId", json!({"cartId": null})),
        ("cartCopy", "/cartId", json!({"cartId": null})),
        ("cartPurge", "/cartId", json!({"cartId": null})),
        ("cartSecretRotate", "/cartId", json!({"cartId": null})),
        ("cartSync", "/cartId", json!({"cartId": null, "commands": [sync_command()]})),
        ("cartMerge", "/sourceId", json!({"sourceId": null, "targetId": id})),
        ("cartMerge", "/targetId", json!({"sourceId": id, "targetId": null})),
        ("cartContactSet", "/cartId", json!({"cartId": null, "email": "jeanne@example.org"})),
        ("cartAddressesSet", "/cartId", json!({"cartId": null})),
        ("cartDeliverySelect", "/cartId", json!({"cartId": null, "handle": "standard"})),
        (
            "orderPlace",
            "/cartId",
            json!({"cartId": null, "idempotencyKey": new_key(), "payment": {"provider": "manual"}}),
        ),
        ("orderMarkPaid", "/orderId", json!({"orderId": null, "idempotencyKey": new_key()})),
        ("orderFulfill", "/orderId", json!({"orderId": null, "idempotencyKey": new_key()})),
        ("orderCancel", "/orderId", json!({"orderId": null, "idempotencyKey": new_key()})),
        (
            "pricesSet",
            "/prices/0/variantId",
            json!({"prices": [{"variantId": null, "amount": {"amount": "1.00", "currency": "EUR"}}]}),
        ),
    ]
}

async fn ids_that_are_none_or_anothers_are_refused(shop: TestShop) {
    let (cart, foreign) = (TestCart::ready(&shop, &[("CNB-A5", 2)]).await, TestCart::ready(&shop, &[("CHK", 1)]).await);
    let holder = shop.staff().await.with_cart_secret(&cart.secret);
    let before = (shop.everything().await, cart.read().await, foreign.read().await);
    let long = format!("cart_{}", "0".repeat(20_000));
    let malformed = [
        "",
        "1",
        "cart",
        "cart_",
        "cart_0",
        "CART_01h455vb4pex5vsknk084sn02q",
        "user_01h455vb4pex5vsknk084sn02q",
        "cart_81h455vb4pex5vsknk084sn02q",
        "cart_01h455vb4pex5vsknk084sn02Q",
        "cart_01h455vb4pex5vsknk084sn02q\u{0}",
        "cart_01h455vb4pex5vsknk084sn0é",
        "' OR 1=1 --",
        "01890a5d-ac96-774b-bcce-b302099a8057",
        &long,
    ];
    let mut wrong = Vec::new();
    for (field, pointer, input) in commands_with_ids(&cart) {
        let prefix = match pointer.rsplit('/').find(|it| it.parse::<u32>().is_err()).unwrap() {
            "cartId" | "sourceId" | "targetId" => "cart",
            "orderId" => "order",
            "variantId" => "var",
            _ => "line",
        };
        let with = |id: Value| {
            let mut input = input.clone();
            *input.pointer_mut(pointer).unwrap() = id;
            input
        };
        let path = format!("input{}", pointer.replace('/', "."));
        let path: &'static str = path.leak();
        for id in malformed {
            let id = json!(id.replace("cart", prefix));
            wrong.extend(deviation(&holder, &case(field, with(id), "INVALID_ID", path)).await);
        }
        wrong.extend(deviation(&holder, &case(field, with(json!(7)), "INVALID_ID", path)).await);
        // A line is named by its id or in another way, which is missing too.
        let is_one_of =
            field.starts_with("cart") && ["variantId", "lineId", "targetId"].iter().any(|it| pointer.ends_with(it));
        let code = if is_one_of { "INVALID_INPUT" } else { "BAD_USER_INPUT" };
        wrong.extend(deviation(&holder, &case(field, with(Value::Null), code, "")).await);
        let unknown = with(json!(format!("{prefix}_01h455vb4pex5vsknk084sn02q")));
        // A variant that is not there is as one that is not published.
        let code = if prefix == "var" && field.starts_with("cart") { "NOT_FOR_SALE" } else { "NOT_FOUND" };
        wrong.extend(deviation(&holder, &case(field, unknown, code, "")).await);
        // A cart that is there but somebody else's is as one that is not.
        if prefix == "cart" {
            let (document, stranger) = (comptoir_tests::command(field), &cart.client);
            let answers = [foreign.id.clone(), "cart_01h455vb4pex5vsknk084sn02q".to_owned()]
                .map(|id| stranger.execute(&document, json!({"input": with(json!(id))})));
            let [theirs, nobodys] = answers;
            let (theirs, nobodys) = (theirs.await, nobodys.await);
            assert_eq!(refusal(&theirs, field).0, "NOT_FOUND", "{field}");
            assert_eq!(theirs.body, nobodys.body, "{field}");
        }
    }
    // A line of another cart.
    let line = &before.2["lines"][0]["id"];
    let update = json!({"cartId": cart.id, "lines": [{"lineId": line, "quantity": 1}]});
    wrong.extend(deviation(&holder, &case("cartLinesUpdate", update, "NOT_FOUND", "input.lines.0")).await);
    let remove = json!({"cartId": cart.id, "lineIds": [before.1["lines"][0]["id"], line]});
    wrong.extend(deviation(&holder, &case("cartLinesRemove", remove, "NOT_FOUND", "")).await);
    assert_eq!((cart.read().await, foreign.read().await), (before.1, before.2));
    shop.assert_unchanged(&before.0, "a wrong id").await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn more_lines_than_a_cart_holds_are_refused(shop: TestShop) {
    let rows: String = (0..251).map(|n| format!("thing-{n},Thing {n},true,T-{n},1.00,9\n")).collect();
    let csv = format!("Handle,Title,Published,Variant SKU,Variant Price,Variant Inventory Qty\n{rows}");
    let staff = shop.staff().await;
    let imported = staff.run("productsImport", json!({"csv": csv, "locationCode": "lyon-warehouse"})).await.accepted();
    assert_eq!(imported["issues"], json!([]));
    let mut lines = Vec::new();
    let mut after = Value::Null;
    while lines.len() < 251 {
        let document = "query($after: String) { products(first: 100, after: $after) { pageInfo { endCursor } nodes { slug variants { nodes { id } } } } }";
        let page = staff.query(document, json!({"after": after})).await["products"].clone();
        after = page["pageInfo"]["endCursor"].clone();
        let nodes =
            page["nodes"].as_array().unwrap().iter().filter(|it| it["slug"].as_str().unwrap().starts_with("thing-"));
        lines.extend(nodes.map(|it| json!({"variantId": it["variants"]["nodes"][0]["id"]})));
    }
    let last = lines.pop().unwrap();
    let refused =
        shop.anonymous().run("cartCreate", json!({"lines": ([lines.clone(), vec![last.clone()]].concat())})).await;
    let error = refused.refused("LIMIT_EXCEEDED");
    assert_eq!((&error["maximum"], &error["path"]), (&json!(250), &json!(["input", "lines"])));

    let created = shop.anonymous().run("cartCreate", json!({"lines": lines})).await.accepted();
    assert_eq!(created["cart"]["cost"]["total"]["amount"], "250.00");
    let holder = shop.anonymous().with_cart_secret(created["cartSecret"].as_str().unwrap());
    let input = json!({"cartId": created["cart"]["id"], "lines": [last]});
    assert_eq!(holder.run("cartLinesAdd", input.clone()).await.codes(), ["LIMIT_EXCEEDED"]);
    let mut same = input;
    same["lines"] = json!([lines[0]]);
    assert_eq!(holder.run("cartLinesAdd", same).await.accepted()["cart"]["totalQuantity"], 251, "a line can get more");
}

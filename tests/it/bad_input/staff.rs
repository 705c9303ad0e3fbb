//! What staff gets wrong.

use comptoir_tests::{TestShop, both_databases, new_key};
use serde_json::{Value, json};

use super::{Case, case, deviation};

both_databases! {
    commands_of_staff_are_refused_with_a_place,
    a_file_that_is_broken_changes_nothing,
    rows_that_are_bad_are_told_by_line_and_column,
}

fn price(amount: &str, currency: &str) -> Value {
    json!({"amount": amount, "currency": currency})
}

fn prices_cases(variant: &str) -> Vec<Case> {
    let set = |amount: Value, compare_at: Value| json!({"prices": [{"variantId": variant, "amount": amount, "compareAt": compare_at}]});
    let path = "input.prices.0.amount.amount";
    let many = vec![json!({"variantId": variant, "amount": price("1.00", "EUR")}); 101];
    vec![
        case("pricesSet", set(price("-1.00", "EUR"), Value::Null), "INVALID_INPUT", "input.prices.0.amount"),
        case("pricesSet", set(price("1.001", "EUR"), Value::Null), "INVALID_INPUT", path),
        case("pricesSet", set(price("1.5", "JPY"), Value::Null), "INVALID_INPUT", path),
        case("pricesSet", set(price("99999999999999999999", "EUR"), Value::Null), "LIMIT_EXCEEDED", path),
        case("pricesSet", set(price("1e400", "EUR"), Value::Null), "INVALID_INPUT", path),
        case("pricesSet", set(price("1.00", "eur"), Value::Null), "UNKNOWN_CURRENCY", "input.prices.0.amount.currency"),
        case("pricesSet", set(json!({"amount": 1.5, "currency": "EUR"}), Value::Null), "BAD_USER_INPUT", ""),
        case("pricesSet", set(json!({"amount": 1, "currency": "EUR"}), Value::Null), "BAD_USER_INPUT", ""),
        case("pricesSet", set(price("10000000000.01", "EUR"), Value::Null), "INVALID_INPUT", "input.prices.0.amount"),
        case("pricesSet", set(price("2.00", "EUR"), price("1.00", "EUR")), "INVALID_INPUT", "input.prices.0.compareAt"),
        case("pricesSet", set(price("2.00", "EUR"), price("3.00", "USD")), "INVALID_INPUT", "input.prices.0.compareAt"),
        case("pricesSet", json!({"prices": many}), "LIMIT_EXCEEDED", "input.prices"),
    ]
}

fn customer_cases() -> Vec<Case> {
    let unknown = |kind: &str| json!(format!("{kind}_01h455vb4pex5vsknk084sn02q"));
    let groups = |ids: Value| json!({"customerId": unknown("cus"), "groupIds": ids});
    let exempt = |field: &str, value: Value| {
        let mut it = json!({"certificate": "A", "country": "FR", "validFrom": "2026-01-02"});
        it[field] = value;
        json!({"customerId": unknown("cus"), "taxExemptions": [it]})
    };
    let many =
        json!({"customerId": unknown("cus"), "taxExemptions": vec![json!({"certificate": "A", "country": "FR"}); 51]});
    let first = |field: &str| -> &'static str { format!("input.taxExemptions.0.{field}").leak() };
    vec![
        case("customerGroupSave", json!({"name": ""}), "INVALID_INPUT", "input.name"),
        case("customerGroupSave", json!({"name": "a\nb"}), "INVALID_INPUT", "input.name"),
        case("customerGroupSave", json!({"groupId": unknown("cgroup"), "name": "A"}), "NOT_FOUND", "input.groupId"),
        case("customerGroupDelete", json!({"groupId": unknown("cgroup")}), "NOT_FOUND", "input.groupId"),
        case("customerGroupsSet", groups(json!([])), "NOT_FOUND", "input.customerId"),
        case("customerGroupsSet", groups(json!([unknown("cgroup")])), "NOT_FOUND", "input.groupIds.0"),
        case("customerGroupsSet", groups(json!(vec![unknown("cgroup"); 51])), "LIMIT_EXCEEDED", "input.groupIds"),
        case("customerTaxExemptionsSet", exempt("certificate", json!(" ")), "INVALID_INPUT", first("certificate")),
        case("customerTaxExemptionsSet", exempt("country", json!("XX")), "INVALID_INPUT", first("country")),
        case(
            "customerTaxExemptionsSet",
            exempt("categories", json!(["Not one"])),
            "INVALID_INPUT",
            first("categories.0"),
        ),
        case(
            "customerTaxExemptionsSet",
            exempt("validUntil", json!("2026-01-02")),
            "INVALID_INPUT",
            first("validUntil"),
        ),
        case("customerTaxExemptionsSet", many, "LIMIT_EXCEEDED", "input.taxExemptions"),
        case("customerTaxExemptionsSet", exempt("certificate", json!("B")), "NOT_FOUND", "input.customerId"),
        case("taxRatesImport", json!({"csv": "FR,,standard,twenty,,,x"}), "INVALID_INPUT", "input.csv"),
        case("taxRatesImport", json!({"csv": "x".repeat(1_000_001)}), "LIMIT_EXCEEDED", "input.csv"),
    ]
}

fn price_row_cases(variant: &str) -> Vec<Case> {
    let with = |field: &str, value: Value| {
        let mut row = json!({"variantId": variant, "amount": price("1.00", "EUR")});
        row[field] = value;
        row
    };
    let refused = |field: &str, value: Value, code| {
        let path: &'static str = format!("input.prices.0.{field}").leak();
        case("pricesSet", json!({"prices": [with(field, value)]}), code, path)
    };
    let mut never = with("startsAt", json!("2026-03-01T00:00:00Z"));
    never["endsAt"] = json!("2026-03-01T00:00:00Z");
    let twice = json!({"prices": [with("minimumQuantity", json!(5)), with("compareAt", Value::Null), with("minimumQuantity", json!(5))]});
    let unknown = |kind: &str| json!(format!("{kind}_01h455vb4pex5vsknk084sn02q"));
    let many = json!({"priceIds": vec![unknown("price"); 101]});
    let list = |field: &str, value: Value| {
        let mut list = json!({"name": "Sale", "type": "SALE"});
        list[field] = value;
        list
    };
    let mut over = list("startsAt", json!("2026-03-02T00:00:00Z"));
    over["endsAt"] = json!("2026-03-01T00:00:00Z");
    vec![
        refused("variantId", unknown("var"), "NOT_FOUND"),
        refused("variantId", unknown("prod"), "INVALID_ID"),
        refused("priceListId", unknown("plist"), "NOT_FOUND"),
        refused("market", json!("Mars"), "UNKNOWN_MARKET"),
        refused("market", json!("mars"), "UNKNOWN_MARKET"),
        refused("channel", json!("mars"), "UNKNOWN_CHANNEL"),
        refused("minimumQuantity", json!(0), "QUANTITY_OUT_OF_RANGE"),
        refused("minimumQuantity", json!(100_001), "QUANTITY_OUT_OF_RANGE"),
        case("pricesSet", json!({"prices": [never]}), "CONTRADICTION", "input.prices.0.endsAt"),
        case("pricesSet", twice, "CONTRADICTION", "input.prices.2"),
        case("pricesRemove", many, "LIMIT_EXCEEDED", "input.priceIds"),
        case("pricesRemove", json!({"priceIds": [unknown("price")]}), "NOT_FOUND", "input.priceIds.0"),
        case("priceListCreate", list("name", json!(" ")), "INVALID_INPUT", "input.name"),
        case("priceListCreate", list("name", json!("x".repeat(256))), "INVALID_INPUT", "input.name"),
        case("priceListCreate", over, "CONTRADICTION", "input.endsAt"),
        case("priceListUpdate", json!({"priceListId": unknown("plist")}), "NOT_FOUND", "input.priceListId"),
        case("priceListDelete", json!({"priceListId": unknown("plist")}), "NOT_FOUND", "input.priceListId"),
    ]
}

fn stock_cases(variant: &str, location: &str) -> Vec<Case> {
    let adjust = |adjustments: Value| json!({"idempotencyKey": new_key(), "adjustments": adjustments});
    let one = |change: Value| json!({"variantId": variant, "locationId": location, "change": change});
    let at = |variant: &str, location: &str| {
        adjust(json!([{"variantId": variant, "locationId": location, "change": {"by": 1}}]))
    };
    let unknown = |kind: &str| format!("{kind}_01h455vb4pex5vsknk084sn02q");
    let first = "input.adjustments.0";
    vec![
        case("inventoryAdjust", adjust(json!([])), "LIMIT_EXCEEDED", "input.adjustments"),
        case("inventoryAdjust", adjust(json!(vec![one(json!({"by": 1})); 101])), "LIMIT_EXCEEDED", "input.adjustments"),
        case(
            "inventoryAdjust",
            adjust(json!([one(json!({"by": 1})), one(json!({"to": 1}))])),
            "INVALID_INPUT",
            "input.adjustments.1",
        ),
        case("inventoryAdjust", adjust(json!([one(json!({"to": 1_000_000_001}))])), "QUANTITY_OUT_OF_RANGE", first),
        case("inventoryAdjust", adjust(json!([one(json!({"by": i32::MAX}))])), "QUANTITY_OUT_OF_RANGE", first),
        case("inventoryAdjust", adjust(json!([one(json!({"by": i64::MIN}))])), "QUANTITY_OUT_OF_RANGE", first),
        case("inventoryAdjust", adjust(json!([one(json!({"by": i64::MAX}))])), "QUANTITY_OUT_OF_RANGE", first),
        case("inventoryAdjust", adjust(json!([one(json!({"by": 1, "to": 1}))])), "BAD_USER_INPUT", ""),
        case("inventoryAdjust", adjust(json!([one(json!({}))])), "BAD_USER_INPUT", ""),
        case("inventoryAdjust", adjust(json!([one(json!({"by": null}))])), "BAD_USER_INPUT", ""),
        case("inventoryAdjust", at("x", location), "INVALID_ID", "input.adjustments.0.variantId"),
        case("inventoryAdjust", at(location, variant), "INVALID_ID", "input.adjustments.0.variantId"),
        case("inventoryAdjust", at(variant, "x"), "INVALID_ID", "input.adjustments.0.locationId"),
        case("inventoryAdjust", at(&unknown("var"), location), "NOT_FOUND", "input.adjustments.0.variantId"),
        case("inventoryAdjust", at(variant, &unknown("loc")), "NOT_FOUND", "input.adjustments.0.locationId"),
        case(
            "inventoryAdjust",
            json!({"idempotencyKey": "x", "adjustments": [one(json!({"by": 1}))]}),
            "INVALID_INPUT",
            "input.idempotencyKey",
        ),
    ]
}

/// A product that is there, to be saved with `value`.
fn save(field: &str, value: Value) -> Value {
    let mut input = json!({"slug": "oak-stool"});
    input[field] = value;
    input
}

fn product_cases() -> Vec<Case> {
    let text = |name: &str, language: &str| save("texts", json!([{"name": name, "language": language}]));
    let long = "x".repeat(20_000);
    let mut cases = Vec::new();
    for slug in ["", "Oak Stool", "../oak", "oak/stool", "oak\u{0}", &long] {
        cases.push(case("productSave", json!({"slug": slug}), "INVALID_INPUT", "input.slug"));
    }
    cases.extend([
        case("productSave", json!({"slug": "new-thing"}), "INVALID_INPUT", "input.texts"),
        case(
            "productSave",
            json!({"slug": "new-thing", "texts": [{"name": "New", "language": "en"}]}),
            "INVALID_INPUT",
            "input.variants",
        ),
        case("productSave", text("", "en"), "INVALID_INPUT", "input.texts.0.name"),
        case("productSave", text("a\u{7}b", "en"), "INVALID_INPUT", "input.texts.0.name"),
        case("productSave", text(&long, "en"), "INVALID_INPUT", "input.texts.0.name"),
        case("productSave", text("Stool", "english"), "INVALID_INPUT", "input.texts.0.language"),
        case("productSave", save("brand", json!("a\u{0}b")), "INVALID_INPUT", "input.brand"),
        case("productSave", save("brand", json!(long)), "INVALID_INPUT", "input.brand"),
        case("productSave", save("tags", json!(vec!["tag"; 10_000])), "LIMIT_EXCEEDED", "input.tags"),
        case("productSave", save("tags", json!(["a", ""])), "INVALID_INPUT", "input.tags.1"),
        case(
            "productSave",
            save("attributes", json!([{"key": "a", "value": "b"}, {"key": "a\n", "value": "b"}])),
            "INVALID_INPUT",
            "input.attributes.1.key",
        ),
        case(
            "productSave",
            save("texts", json!([{"name": "Bol", "language": "fr"}, {"name": "Tasse", "language": "fr-CA"}])),
            "INVALID_INPUT",
            "input.texts.1.language",
        ),
        case(
            "productSave",
            save("media", json!([{"url": "/a", "alt": [{"text": "\u{0}", "language": "fr"}]}])),
            "INVALID_INPUT",
            "input.media.0.alt",
        ),
        case(
            "productSave",
            save(
                "media",
                json!([{"url": "/a", "alt": [{"text": "a", "language": "fr"}, {"text": "b", "language": "FR"}]}]),
            ),
            "INVALID_INPUT",
            "input.media.0.alt.1.language",
        ),
        case("productSave", save("status", json!("SOLD")), "BAD_USER_INPUT", ""),
        case(
            "productSave",
            save("media", json!([{"url": "javascript:alert(1)"}])),
            "INVALID_INPUT",
            "input.media.0.url",
        ),
        case("productSave", save("media", json!([{"url": ""}])), "INVALID_INPUT", "input.media.0.url"),
        case(
            "productSave",
            save("options", json!([{"name": "Size", "values": []}])),
            "INVALID_INPUT",
            "input.options.0",
        ),
    ]);
    cases
}

fn variant_cases() -> Vec<Case> {
    let variant = |field: &str, value: Value| {
        let mut variant = json!({"sku": "OST-45"});
        variant[field] = value;
        save("variants", json!([variant]))
    };
    let long = "x".repeat(20_000);
    vec![
        case("productSave", variant("barcode", json!("a\u{0}")), "INVALID_INPUT", "input.variants.0.barcode"),
        case("productSave", variant("sku", json!("CHK")), "SKU_TAKEN", "input.variants.0.sku"),
        case(
            "productSave",
            variant("components", json!([{"variantId": "variant"}])),
            "INVALID_ID",
            "input.variants.0.components.0.variantId",
        ),
        case(
            "productSave",
            variant("components", json!([{"variantId": "var_01h455vb4pex5vsknk084sn02q", "quantity": i64::MIN}])),
            "QUANTITY_OUT_OF_RANGE",
            "input.variants.0.components.0.quantity",
        ),
        case(
            "productSave",
            variant("components", json!(vec![json!({"variantId": "var_01h455vb4pex5vsknk084sn02q"}); 10_000])),
            "LIMIT_EXCEEDED",
            "input.variants.0.components",
        ),
        case("productSave", variant("sku", json!("a\u{0}")), "INVALID_INPUT", "input.variants.0.sku"),
        case("productSave", variant("sku", json!(long)), "INVALID_INPUT", "input.variants.0.sku"),
        case("productSave", variant("weightGrams", json!(-1)), "INVALID_INPUT", "input.variants.0.weightGrams"),
        case("productSave", variant("mediaIndex", json!(9)), "INVALID_INPUT", "input.variants.0.mediaIndex"),
        case("productSave", variant("mediaIndex", json!(-1)), "INVALID_INPUT", "input.variants.0.mediaIndex"),
        case(
            "productSave",
            variant("options", json!([{"name": "Taste", "value": "Sweet"}])),
            "INVALID_INPUT",
            "input.variants.0.options",
        ),
        case(
            "productSave",
            variant("prices", json!([{"amount": price("-1.00", "EUR")}])),
            "INVALID_INPUT",
            "input.variants.0.prices",
        ),
        case(
            "productSave",
            variant("prices", json!([{"amount": price("1.00", "XYZ")}])),
            "UNKNOWN_CURRENCY",
            "input.variants.0.prices.0.amount.currency",
        ),
    ]
}

fn settings_cases() -> Vec<Case> {
    let method = |field: &str, value: Value| {
        let name = json!([{"language": "en", "text": "Express"}]);
        let mut input = json!({"code": "express", "kind": "SHIP", "name": name, "countries": ["FR"], "prices": [price("1.00", "EUR")]});
        input[field] = value;
        input
    };
    let location = |field: &str, value: Value| {
        let mut input = json!({"code": "lyon-warehouse", "kind": "WAREHOUSE", "name": "Lyon"});
        input[field] = value;
        input
    };
    vec![
        case("deliveryMethodSave", method("code", json!("Ex press")), "INVALID_INPUT", "input.code"),
        case("deliveryMethodSave", method("name", json!([])), "INVALID_INPUT", "input.name"),
        case("deliveryMethodSave", method("countries", json!([])), "INVALID_INPUT", "input.countries"),
        case("deliveryMethodSave", method("countries", json!(["FR", "ZZ"])), "INVALID_INPUT", "input.countries.1"),
        case("deliveryMethodSave", method("prices", json!([price("-1.00", "EUR")])), "INVALID_INPUT", "input.prices"),
        case(
            "deliveryMethodSave",
            method("prices", json!([price("1.00", "EUR"), price("2.00", "EUR")])),
            "INVALID_INPUT",
            "input.prices",
        ),
        case(
            "deliveryMethodSave",
            method("prices", json!([price("1.00", "eur")])),
            "UNKNOWN_CURRENCY",
            "input.prices.0.currency",
        ),
        case("deliveryMethodSave", method("kind", json!("FLY")), "BAD_USER_INPUT", ""),
        case("locationSave", location("code", json!("")), "INVALID_INPUT", "input.code"),
        case("locationSave", location("code", json!("Lyon")), "INVALID_INPUT", "input.code"),
        case("locationSave", location("name", json!(" ")), "INVALID_INPUT", "input.name"),
        case(
            "locationSave",
            location("address", json!({"name": "x", "line1": "", "city": "Lyon", "country": "FR"})),
            "INVALID_INPUT",
            "input.address.line1",
        ),
    ]
}

fn people_cases() -> Vec<Case> {
    let staff = |email: &str, password: &str| json!({"email": email, "password": password, "permissions": []});
    let long = "x".repeat(257);
    vec![
        case("staffCreate", staff("nobody", "long enough"), "INVALID_INPUT", "input.email"),
        case("staffCreate", staff("new@example.org", "short"), "INVALID_INPUT", "input.password"),
        case("staffCreate", staff("new@example.org", &long), "INVALID_INPUT", "input.password"),
        case("staffCreate", staff("demo@comptoir.example", "long enough"), "EMAIL_TAKEN", "input.email"),
        case(
            "staffCreate",
            json!({"email": "new@example.org", "password": "long enough", "permissions": ["GOD"]}),
            "BAD_USER_INPUT",
            "",
        ),
        case(
            "staffSignIn",
            json!({"email": "demo@comptoir.example", "password": "wrong"}),
            "WRONG_CREDENTIALS",
            "input.email",
        ),
        case(
            "staffSignIn",
            json!({"email": "nobody@example.org", "password": "comptoir-demo"}),
            "WRONG_CREDENTIALS",
            "input.email",
        ),
        case("staffSignIn", json!({"email": "", "password": ""}), "WRONG_CREDENTIALS", "input.email"),
        case(
            "staffSignIn",
            json!({"email": "demo@comptoir.example", "password": "x".repeat(100_000)}),
            "WRONG_CREDENTIALS",
            "input.email",
        ),
    ]
}

async fn commands_of_staff_are_refused_with_a_place(shop: TestShop) {
    let staff = shop.staff().await;
    let (variant, location) = (staff.variant("CHK").await, staff.location("lyon-warehouse").await);
    let everything = shop.everything().await;
    let mut wrong = Vec::new();
    let cases = [
        prices_cases(&variant),
        price_row_cases(&variant),
        customer_cases(),
        stock_cases(&variant, &location),
        product_cases(),
        variant_cases(),
        settings_cases(),
        people_cases(),
    ];
    for case in cases.into_iter().flatten() {
        wrong.extend(deviation(&staff, &case).await);
    }
    // Staff gives no permissions but its own.
    let clerk = shop.staff_with("clerk@example.org", &["MANAGE_STAFF"]).await;
    let input = json!({"email": "friend@example.org", "password": "long enough", "permissions": ["MANAGE_PRICES"]});
    wrong.extend(deviation(&clerk, &case("staffCreate", input, "FORBIDDEN", "")).await);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    shop.assert_unchanged(&everything, "bad input of staff").await;
}

async fn a_file_that_is_broken_changes_nothing(shop: TestShop) {
    let staff = shop.staff().await;
    let everything = shop.everything().await;
    let good = "Handle,Title,Variant Price\nthing,Thing,1.00\n";
    let import = |csv: &str| json!({"csv": csv, "locationCode": "lyon-warehouse"});
    let with = |field: &str, value: &str| {
        let mut input = import(good);
        input[field] = json!(value);
        input
    };
    let wide = ",".repeat(100_000);
    let cases = [
        case("productsImport", import(""), "INVALID_INPUT", "input.csv"),
        case("productsImport", import("\n\n\n"), "INVALID_INPUT", "input.csv"),
        case("productsImport", import("Handle,Title\nthing,Thing\n"), "INVALID_INPUT", "input.csv"),
        case(
            "productsImport",
            import("Handle,Title,Variant Price\nthing,\"Thing,1.00\n"),
            "INVALID_INPUT",
            "input.csv",
        ),
        case(
            "productsImport",
            import("Handle,Title,Variant Price\nthing,\"Thi\"ng,1.00\n"),
            "INVALID_INPUT",
            "input.csv",
        ),
        case("productsImport", import("\u{0}\u{1}\u{202e}\"\u{feff}"), "INVALID_INPUT", "input.csv"),
        case("productsImport", import(&wide), "INVALID_INPUT", "input.csv"),
        case("productsImport", import(&format!("{good}{wide}\n")), "INVALID_INPUT", "input.csv"),
        case("productsImport", with("currency", "eur"), "UNKNOWN_CURRENCY", "input.currency"),
        case("productsImport", with("language", "english"), "INVALID_INPUT", "input.language"),
        case("productsImport", with("locationCode", "No Where"), "INVALID_INPUT", "input.locationCode"),
        case("productsImport", with("errorPolicy", "IGNORE"), "BAD_USER_INPUT", ""),
    ];
    let mut wrong = Vec::new();
    for case in &cases {
        wrong.extend(deviation(&staff, case).await);
    }
    // One bad row, and nothing is stored where nothing was to be.
    let mut input = import("Handle,Title,Variant Price\nthing,Thing,1.00\nbad,Bad,ten\n");
    input["errorPolicy"] = json!("REJECT_ALL");
    let payload = staff.run("productsImport", input).await.accepted();
    assert_eq!((&payload["isStored"], &payload["results"][0]["outcome"]), (&json!(false), &json!("REFUSED")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    shop.assert_unchanged(&everything, "a broken file").await;
}

/// The results of an import without the products, which are null.
fn without_product(results: &Value) -> Value {
    let only = |it: &Value| json!({"slug": it["slug"], "outcome": it["outcome"], "lines": it["lines"]});
    results.as_array().unwrap().iter().map(only).collect()
}

async fn rows_that_are_bad_are_told_by_line_and_column(shop: TestShop) {
    let (staff, everything) = (shop.staff().await, shop.everything().await);
    let mut wrong = Vec::new();
    for (row, column) in [
        ("thing,Thing,ten", "Variant Price"),
        ("thing,Thing,-1.00", "Variant Price"),
        ("thing,Thing,1e400", "Variant Price"),
        ("thing,Thing,99999999999999999999.00", "Variant Price"),
        ("thing,Thing,1.001", "Variant Price"),
        (",Thing,1.00", "Handle"),
        ("thing,,1.00", "Title"),
        ("thing,Th\u{7}ing,1.00", "Title"),
        ("../thing,Thing,1.00", "Handle"),
    ] {
        for policy in ["SKIP_REFUSED", "REJECT_ALL"] {
            let csv = format!("Handle,Title,Variant Price\n{row}\n");
            let mut input = json!({"csv": csv, "locationCode": "lyon-warehouse"});
            input["errorPolicy"] = json!(policy);
            let payload = staff.run("productsImport", input).await.accepted();
            let issue = &payload["issues"][0];
            if (&issue["line"], &issue["column"]) != (&json!(2), &json!(column)) {
                wrong.push(format!("{row:?}: {issue}"));
            }
            let handle = row.split(',').next().unwrap();
            let result = json!({"slug": handle, "outcome": "REFUSED", "lines": [2]});
            let results = if handle.is_empty() { json!([]) } else { json!([result]) };
            if (&payload["isStored"], without_product(&payload["results"])) != (&json!(false), results) {
                wrong.push(format!("{row:?}: {:#}", payload["results"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    shop.assert_unchanged(&everything, "a bad row").await;
}

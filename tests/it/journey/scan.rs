//! Scanning: what is on a pack, in each form that scanners give it.

use comptoir_tests::{Client, TestShop, both_databases};
use serde_json::{Value, json};

both_databases! {
    a_pack_is_found_in_each_form_of_its_code,
    what_a_store_printed_says_what_is_paid,
    what_names_nothing_says_why,
    what_shoppers_may_not_see_is_not_scanned,
}

const SCAN: &str = "query($code: String!, $context: ContextInput) {
    variantByScan(code: $code, context: $context) {
        variant { sku price { amount { currency } } }
        read { kind gtin quantity netWeightGrams price { amount currency } batch serial expiresOn bestBefore }
        userErrors { __typename code path ...on CheckDigitError { expectedDigit foundDigit } }
    }
}";

async fn scan(client: &Client, code: &str) -> Value {
    client.query(SCAN, json!({"code": code})).await["variantByScan"].clone()
}

async fn a_pack_is_found_in_each_form_of_its_code(shop: TestShop) {
    // The demo's olive oil, with a code of the range that shops number themselves in.
    let client = shop.anonymous();
    for (code, kind) in [
        ("2004001059577", "GTIN"),
        (" 02004001059577\n", "GTIN"),
        ("]E02004001059577", "GTIN"),
        ("(01)02004001059577(17)271231(10)L-7", "ELEMENT_STRING"),
        ("]C1010200400105957710L-7\u{1D}17271231", "ELEMENT_STRING"),
        ("01020040010595771727123110L-7", "ELEMENT_STRING"),
        ("https://id.gs1.org/01/02004001059577/10/L-7?17=271231", "ELEMENT_STRING"),
        ("OIL-050", "OWN"),
    ] {
        let found = scan(&client, code).await;
        assert_eq!(found["variant"]["sku"], "OIL-050", "{code}: {found}");
        assert_eq!((&found["read"]["kind"], &found["userErrors"]), (&json!(kind), &json!([])), "{code}");
        if kind == "ELEMENT_STRING" {
            assert_eq!(found["read"]["gtin"], "02004001059577", "{code}");
            assert_eq!((&found["read"]["batch"], &found["read"]["expiresOn"]), (&json!("L-7"), &json!("2027-12-31")));
        }
    }
    let more = scan(&client, "(01)02004001059577(3103)001750(3932)9781250(21)S(15)270600(30)3").await;
    let expected = json!({"kind": "ELEMENT_STRING", "gtin": "02004001059577", "quantity": 3, "netWeightGrams": "1750",
        "price": {"amount": "12.50", "currency": "EUR"}, "batch": null, "serial": "S", "expiresOn": null, "bestBefore": "2027-06-30"});
    assert_eq!(more["read"], expected);
    let dollars = json!({"code": "OIL-050", "context": {"currency": "USD"}});
    let dollars = client.query(SCAN, dollars).await;
    assert_eq!(dollars["variantByScan"]["variant"]["price"]["amount"]["currency"], "USD");
}

async fn what_a_store_printed_says_what_is_paid(shop: TestShop) {
    let cheese = |sku: &str, barcode: Value| {
        json!({"slug": format!("cheese-{}", sku.to_lowercase()), "status": "ACTIVE", "texts": [{"language": "en", "name": "Cheese"}],
            "variants": [{"sku": sku, "barcode": barcode}]})
    };
    let staff = shop.staff().await;
    // One known by its item number, and one by its code with nothing in the price.
    let _ = staff.run("productSave", cheese("12345", json!(null))).await.accepted();
    let _ = staff.run("productSave", cheese("TOMME", json!("0254321000007"))).await.accepted();
    let client = shop.anonymous();
    let priced = scan(&client, "0212345012505").await;
    assert_eq!(priced["variant"]["sku"], "12345", "{priced}");
    assert_eq!(priced["read"]["price"], json!({"amount": "12.50", "currency": "EUR"}));
    assert_eq!((&priced["read"]["kind"], &priced["read"]["gtin"]), (&json!("IN_STORE"), &json!(null)));
    let by_code = scan(&client, "0254321004500").await;
    assert_eq!((&by_code["variant"]["sku"], &by_code["read"]["price"]["amount"]), (&json!("TOMME"), &json!("4.50")));
    let weighed = scan(&client, "2812345017500").await;
    assert_eq!((&weighed["variant"]["sku"], &weighed["read"]["netWeightGrams"]), (&json!("12345"), &json!("1750")));
}

async fn what_names_nothing_says_why(shop: TestShop) {
    let client = shop.anonymous();
    for (code, reason) in [
        ("2004001059578", "INVALID_CHECK_DIGIT"),
        ("(01)02004001059578", "INVALID_CHECK_DIGIT"),
        ("9521234543213", "NOT_FOUND"),
        ("0299999012501", "NOT_FOUND"),
        ("NO-SUCH", "NOT_FOUND"),
        ("(00)376104250021234569", "UNREADABLE_CODE"),
        ("(01)02004001059577(17)271331", "UNREADABLE_CODE"),
        ("(01)02004001059577(10)", "UNREADABLE_CODE"),
        ("", "UNREADABLE_CODE"),
        ("\u{0}", "UNREADABLE_CODE"),
        (&"9".repeat(2_049), "UNREADABLE_CODE"),
    ] {
        let found = scan(&client, code).await;
        assert_eq!((&found["variant"], &found["userErrors"][0]["code"]), (&json!(null), &json!(reason)), "{code}");
        assert_eq!(found["userErrors"][0]["path"], json!(["code"]));
    }
    let wrong = scan(&client, "2004001059578").await;
    let error = &wrong["userErrors"][0];
    assert_eq!(error["__typename"], "CheckDigitError");
    assert_eq!((&error["expectedDigit"], &error["foundDigit"]), (&json!(7), &json!(8)));
    let printed = scan(&client, "0299999012501").await;
    assert_eq!((&printed["read"]["kind"], &printed["read"]["price"]["amount"]), (&json!("IN_STORE"), &json!("12.50")));
    // What it says is of use even where nobody sells it.
    let unknown = scan(&client, "(01)09521234543213(10)A").await;
    assert_eq!((&unknown["read"]["gtin"], &unknown["read"]["batch"]), (&json!("09521234543213"), &json!("A")));

    let twin = |slug: &str| {
        json!({"slug": slug, "status": "ACTIVE", "texts": [{"language": "en", "name": "Twin"}],
            "variants": [{"sku": slug, "barcode": "9521234543213"}]})
    };
    let staff = shop.staff().await;
    for slug in ["twin-a", "twin-b"] {
        let _ = staff.run("productSave", twin(slug)).await.accepted();
    }
    assert_eq!(scan(&client, "9521234543213").await["userErrors"][0]["code"], "AMBIGUOUS_CODE");
}

async fn what_shoppers_may_not_see_is_not_scanned(shop: TestShop) {
    let staff = shop.staff().await;
    let hidden = json!({"slug": "hidden", "status": "DRAFT", "texts": [{"language": "en", "name": "Hidden"}],
        "variants": [{"sku": "HIDDEN", "barcode": "9521234543213"}]});
    let _ = staff.run("productSave", hidden).await.accepted();
    for code in ["9521234543213", "(01)09521234543213", "HIDDEN"] {
        assert_eq!(scan(&shop.anonymous(), code).await["userErrors"][0]["code"], "NOT_FOUND");
        assert_eq!(scan(&staff, code).await["variant"]["sku"], "HIDDEN");
    }
}

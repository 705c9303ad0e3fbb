//! Taxes: the rates that staff imports, who owes them, who is free of them, and who is asked for them.

use comptoir_tests::{Client, Db, TestCart, TestShop, both_databases};
use serde_json::{Value, json};

both_databases! {
    a_rate_that_is_imported_holds_in_the_catalog_and_in_carts,
    a_customer_with_a_certificate_pays_no_tax,
}

#[tokio::test]
async fn a_buyer_of_another_member_state_owes_the_tax_sqlite() {
    a_buyer_of_another_member_state_owes_the_tax(Db::Sqlite).await;
}

#[tokio::test]
async fn a_buyer_of_another_member_state_owes_the_tax_postgres() {
    a_buyer_of_another_member_state_owes_the_tax(Db::Postgres).await;
}

const COST: &str = "query($id: ID!) { cart(id: $id) { vatNumber cost {
    subtotal { net { amount } tax { amount } gross { amount } } total { gross { amount } }
    taxSummary { rate reason vatNumber certificate amount { tax { amount } } } } } }";

async fn read(cart: &TestCart) -> Value {
    cart.client.query(COST, json!({"id": cart.id})).await["cart"].clone()
}

fn subtotal(cart: &Value) -> [&str; 3] {
    ["net", "tax", "gross"].map(|it| cart["cost"]["subtotal"][it]["amount"].as_str().unwrap())
}

/// What the catalog says of the mug in sand, for 16.90 EUR with whatever tax is due.
async fn shown(client: &Client) -> Value {
    let document = "{ variantBySku(sku: \"SMG-SA\") { price { taxed { amount net { amount } tax { amount } gross { amount } } } } }";
    client.query(document, json!({})).await["variantBySku"]["price"]["taxed"].clone()
}

async fn a_rate_that_is_imported_holds_in_the_catalog_and_in_carts(shop: TestShop) {
    let (staff, client) = (shop.staff().await, shop.anonymous());
    let cart = TestCart::create(&shop, &[("SMG-SA", 1)]).await;
    // 20 % of tax in 16.90 are 2.8166….
    assert_eq!(subtotal(&read(&cart).await), ["14.08", "2.82", "16.90"]);
    let csv = "country,region,category,rate,from,until,source\nFR,,standard,10,2026-01-01,,A law\nFR,Corse,standard,2.1,2026-01-01,,Another";
    let imported = staff.run("taxRatesImport", json!({"csv": csv})).await.accepted();
    assert_eq!(imported["count"], 2);
    // 10 % in 16.90 are 1.5363….
    assert_eq!(subtotal(&read(&cart).await), ["15.36", "1.54", "16.90"]);
    let taxed =
        json!({"amount": "16.90", "net": {"amount": "15.36"}, "tax": {"amount": "1.54"}, "gross": {"amount": "16.90"}});
    assert_eq!(shown(&client).await, taxed, "what is shown is what is charged");
    let mut corsica = TestCart::address();
    corsica["region"] = json!("Corse");
    let _ = cart.run("cartAddressesSet", json!({"shipping": corsica})).await.accepted();
    // 2.1 % in 16.90 are 0.3475….
    assert_eq!(subtotal(&read(&cart).await), ["16.55", "0.35", "16.90"]);
    // One of the same zone, category and day takes its place; one until a day ends then.
    let again = "FR,,standard,12,2026-01-01,2026-01-02,A mistake\nFR,,standard,5,2026-01-02,,Amended";
    let _ = staff.run("taxRatesImport", json!({"csv": again})).await.accepted();
    assert_eq!(shown(&client).await["tax"]["amount"], "0.80");

    let list = "query { taxRates(country: \"FR\", first: 100) { nodes { region category rate validFrom validUntil source } } }";
    let rates = staff.query(list, json!({})).await["taxRates"]["nodes"].clone();
    let of = |source: &str| rates.as_array().unwrap().iter().find(|it| it["source"] == source).cloned();
    let amended = json!({"region": null, "category": "standard", "rate": "5", "validFrom": "2026-01-02", "validUntil": null, "source": "Amended"});
    assert_eq!((of("Amended"), of("A law")), (Some(amended), None));
    assert_eq!(of("Another").unwrap()["region"], "Corse");
    assert!(4 < rates.as_array().unwrap().len(), "those that come with Comptoir are listed too");
}

async fn a_customer_with_a_certificate_pays_no_tax(shop: TestShop) {
    let (staff, museum) = (shop.staff().await, shop.customer("museum@example.org").await);
    let cart = TestCart::ready_by(&museum, &[("SMG-SA", 1)]).await;
    assert_eq!(subtotal(&read(&cart).await), ["14.08", "2.82", "16.90"]);
    let me = museum.query("{ me { id } }", json!({})).await["me"]["id"].clone();
    let certificate = json!({"certificate": "FR-7", "country": "FR", "categories": [], "validFrom": "2026-01-01", "validUntil": null});
    let set = json!({"customerId": me, "taxExemptions": [certificate]});
    let _ = staff.run("customerTaxExemptionsSet", set).await.accepted();
    let seen = museum
        .query("{ me { taxExemptions { certificate country categories validFrom validUntil } } }", json!({}))
        .await;
    assert_eq!(seen["me"]["taxExemptions"], json!([certificate]));
    let free = read(&cart).await;
    assert_eq!(subtotal(&free), ["14.08", "0.00", "14.08"]);
    // The delivery for 4.90, of which 0.82 would be tax, goes with its goods.
    assert_eq!(free["cost"]["total"]["gross"]["amount"], "18.16");
    let summary = json!([{"rate": "0", "reason": "EXEMPT", "vatNumber": null, "certificate": "FR-7", "amount": {"tax": {"amount": "0.00"}}}]);
    assert_eq!(free["cost"]["taxSummary"], summary);
    let placed = cart.order_manually().await.accepted()["order"].clone();
    let _ = staff.run("customerTaxExemptionsSet", json!({"customerId": me, "taxExemptions": []})).await.accepted();
    let document = "query($number: String!) { order(number: $number) { cost { total { gross { amount } } taxSummary { reason certificate } } } }";
    let order = museum.query(document, json!({"number": placed["number"]})).await["order"]["cost"].clone();
    assert_eq!(order["total"]["gross"]["amount"], "18.16");
    assert_eq!(order["taxSummary"], json!([{"reason": "EXEMPT", "certificate": "FR-7"}]), "an order keeps its reasons");
    let next = TestCart::ready_by(&museum, &[("SMG-SA", 1)]).await;
    assert_eq!(subtotal(&read(&next).await), ["14.08", "2.82", "16.90"]);
}

async fn a_buyer_of_another_member_state_owes_the_tax(db: Db) {
    let Some(shop) = TestShop::start_with(db, &[("COMPTOIR_COUNTRY", "FR")]).await else { return };
    let cart = TestCart::create(&shop, &[("SMG-SA", 1)]).await;
    let number = |number: Value| json!({"vatNumber": number});
    let set = cart.run("cartVatNumberSet", number(json!("be 0123.456.789"))).await.accepted();
    assert_eq!(set["cart"]["version"], 2);
    let at_home = read(&cart).await;
    assert_eq!((&at_home["vatNumber"], subtotal(&at_home)), (&json!("BE0123456789"), ["14.08", "2.82", "16.90"]));
    let brussels =
        json!({"name": "Jeanne", "line1": "1 rue Haute", "postalCode": "1000", "city": "Bruxelles", "country": "BE"});
    let _ = cart.run("cartAddressesSet", json!({"shipping": brussels})).await.accepted();
    let abroad = read(&cart).await;
    // 21 % in 16.90 are 2.9330…, which the buyer owes.
    assert_eq!(subtotal(&abroad), ["13.97", "0.00", "13.97"]);
    let summary = json!([{"rate": "0", "reason": "REVERSE_CHARGE", "vatNumber": "BE0123456789", "certificate": null,
        "amount": {"tax": {"amount": "0.00"}}}]);
    assert_eq!(abroad["cost"]["taxSummary"], summary);
    for (wrong, place) in [("BE123", "BE0999999999"), ("GB123456789", "member state"), ("FR1", "FR")] {
        let refused = cart.run("cartVatNumberSet", number(json!(wrong))).await;
        let error = refused.refused("INVALID_INPUT");
        assert_eq!(error["path"], json!(["input", "vatNumber"]), "{wrong}");
        assert!(error["message"].as_str().unwrap().contains(place), "{error}");
    }
    let _ = cart.run("cartVatNumberSet", number(Value::Null)).await.accepted();
    assert_eq!(subtotal(&read(&cart).await), ["13.97", "2.93", "16.90"]);
}

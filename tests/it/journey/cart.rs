//! Carts: their lines and what they cost, delivery options, versions.

use comptoir_tests::{TestCart, TestShop, amount, both_databases, demo_variant};
use serde_json::{Value, json};

both_databases! {
    lines_come_change_and_go_and_the_figures_follow,
    delivery_depends_on_the_address_and_on_the_stores,
    a_version_that_was_not_seen_is_a_conflict,
    a_cart_follows_the_catalog,
    lines_beyond_the_stock_or_the_currency_are_refused,
}

fn eur(cents: i64) -> Value {
    json!({"amount": amount(cents), "currency": "EUR"})
}

fn price(sku: &str) -> i64 {
    demo_variant(sku).prices["EUR"]
}

/// Each line's SKU, quantity, unit price and total.
fn lines(cart: &Value) -> Vec<(String, i64, Value, Value)> {
    let line = |it: &Value| {
        let sku = it["variant"]["sku"].as_str().unwrap().to_owned();
        let cost = &it["cost"];
        (sku, it["quantity"].as_i64().unwrap(), cost["unitPrice"].clone(), cost["total"].clone())
    };
    cart["lines"].as_array().unwrap().iter().map(line).collect()
}

/// Asserts that a cart in euros holds `expected`, SKUs and quantities, and costs what the demo says.
fn assert_holds(cart: &Value, expected: &[(&str, i64)]) {
    let line =
        |(sku, quantity): &(&str, i64)| ((*sku).to_owned(), *quantity, eur(price(sku)), eur(price(sku) * quantity));
    assert_eq!(lines(cart), expected.iter().map(line).collect::<Vec<_>>());
    let subtotal = expected.iter().map(|(sku, quantity)| price(sku) * quantity).sum();
    assert_eq!(cart["cost"], json!({"subtotal": eur(subtotal), "delivery": null, "total": eur(subtotal)}));
    assert_eq!(cart["totalQuantity"], expected.iter().map(|it| it.1).sum::<i64>());
}

async fn lines_come_change_and_go_and_the_figures_follow(shop: TestShop) {
    let cart = TestCart::create(&shop, &[]).await;
    let empty = cart.read().await;
    assert_holds(&empty, &[]);
    assert_eq!(
        (&empty["state"], &empty["currency"], &empty["problems"]),
        (&json!("ACTIVE"), &json!("EUR"), &json!([]))
    );
    let mut version = empty["version"].as_i64().unwrap();
    let mut grown = |cart: &Value| {
        let now = cart["version"].as_i64().unwrap();
        assert!(version < now, "{version} and {now}");
        version = now;
    };

    let (shirt, notebook) = (cart.client.variant("BRT-M-NV").await, cart.client.variant("CNB-A5").await);
    let input = json!({"lines": [{"variantId": shirt, "quantity": 2}, {"variantId": notebook, "quantity": 3}]});
    let added = cart.run("cartLinesAdd", input).await.accepted()["cart"].clone();
    assert_holds(&added, &[("BRT-M-NV", 2), ("CNB-A5", 3)]);
    grown(&added);
    // 2 × 59.00 + 3 × 16.50.
    assert_eq!(added["cost"]["total"]["amount"], "167.50");

    // A variant that is there gets more, also twice in one command; the quantity is 1 where it is left out.
    let input = json!({"lines": [{"variantId": shirt}, {"variantId": shirt, "quantity": 4}]});
    let more = cart.run("cartLinesAdd", input).await.accepted()["cart"].clone();
    assert_holds(&more, &[("BRT-M-NV", 7), ("CNB-A5", 3)]);
    grown(&more);

    let (first, second) = (&more["lines"][0]["id"], &more["lines"][1]["id"]);
    let input = json!({"lines": [{"lineId": first, "quantity": 1}, {"lineId": second, "quantity": 5}]});
    let updated = cart.run("cartLinesUpdate", input).await.accepted()["cart"].clone();
    assert_holds(&updated, &[("BRT-M-NV", 1), ("CNB-A5", 5)]);
    grown(&updated);

    let input = json!({"lines": [{"lineId": first, "quantity": 0}]});
    let removed = cart.run("cartLinesUpdate", input).await.accepted()["cart"].clone();
    assert_holds(&removed, &[("CNB-A5", 5)]);
    grown(&removed);
    let removed = cart.run("cartLinesRemove", json!({"lineIds": [second]})).await.accepted()["cart"].clone();
    assert_holds(&removed, &[]);
    grown(&removed);
    assert_eq!(cart.read().await, removed, "what a command answers is what is read");

    // All or nothing: one bad line, and none is there.
    let input = json!({"lines": [{"variantId": shirt}, {"variantId": notebook, "quantity": -1}]});
    let refused = cart.run("cartLinesAdd", input).await;
    assert_eq!(refused.refused("QUANTITY_OUT_OF_RANGE")["path"], json!(["input", "lines", "1", "quantity"]));
    assert_eq!(cart.read().await, removed);

    let dollars = TestCart::create_in(&shop, "USD", &[("BRT-M-NV", 2)]).await.read().await;
    assert_eq!(dollars["cost"]["total"], json!({"amount": "128.00", "currency": "USD"}));
}

/// The handles of delivery options, with the stores' codes instead of their ids, and what each costs.
fn options(cart: &Value) -> Vec<(String, String)> {
    let option = |it: &Value| {
        let handle = it["handle"].as_str().unwrap();
        let name = match it["location"]["code"].as_str() {
            Some(code) => format!("{}:{code}", handle.split(':').next().unwrap()),
            None => handle.to_owned(),
        };
        (name, it["price"]["amount"].as_str().unwrap().to_owned())
    };
    let mut options: Vec<_> = cart["deliveryOptions"].as_array().unwrap().iter().map(option).collect();
    options.sort();
    options
}

fn named(options: &[(&str, &str)]) -> Vec<(String, String)> {
    options.iter().map(|(name, price)| ((*name).to_owned(), (*price).to_owned())).collect()
}

async fn delivery_depends_on_the_address_and_on_the_stores(shop: TestShop) {
    // Of BRT-S-RD Paris has 2 and no other store any; of CNB-A5 Paris has 9 and Bordeaux 3.
    let cart = TestCart::create(&shop, &[("BRT-S-RD", 2), ("CNB-A5", 3)]).await;
    assert_eq!(options(&cart.read().await), named(&[("pickup:paris-marais", "0.00")]), "no address, nothing ships");

    let address = |country: &str| {
        let mut address = TestCart::address();
        address["country"] = json!(country);
        json!({"shipping": address})
    };
    let paris = ("pickup:paris-marais", "0.00");
    for (country, expected) in [
        ("FR", vec![("express", "9.90"), paris, ("standard", "4.90")]),
        ("DE", vec![paris, ("standard", "4.90")]),
        ("JP", vec![paris]),
    ] {
        let set = cart.run("cartAddressesSet", address(country)).await.accepted();
        assert_eq!(options(&set["cart"]), named(&expected), "{country}");
        assert_eq!(set["cart"]["shippingAddress"]["country"], country);
    }
    let refused = cart.run("cartDeliverySelect", json!({"handle": "standard"})).await;
    assert_eq!(refused.refused("DELIVERY_UNAVAILABLE")["path"], json!(["input", "handle"]));
    assert_eq!(cart.read().await["selectedDelivery"], Value::Null);

    let handle = cart.read().await["deliveryOptions"][0]["handle"].clone();
    let selected = cart.run("cartDeliverySelect", json!({"handle": handle})).await.accepted();
    assert_eq!(selected["cart"]["cost"]["delivery"], eur(0));

    // A third shirt is in Lyon alone: no store has all of the cart, and the choice is no longer one.
    let line = &selected["cart"]["lines"][0]["id"];
    let more = cart.run("cartLinesUpdate", json!({"lines": [{"lineId": line, "quantity": 3}]})).await.accepted();
    assert_eq!(options(&more["cart"]), named(&[]));
    assert_eq!(more["cart"]["cost"]["delivery"], Value::Null);
    let _ = cart.run("cartContactSet", json!({"email": "jeanne@example.org"})).await.accepted();
    assert_eq!(cart.order("approve").await.codes(), ["DELIVERY_UNAVAILABLE"]);

    let _ = cart.run("cartAddressesSet", address("BE")).await.accepted();
    let selected = cart.run("cartDeliverySelect", json!({"handle": "express"})).await.accepted();
    let subtotal = 3 * price("BRT-S-RD") + 3 * price("CNB-A5");
    let expected = json!({"subtotal": eur(subtotal), "delivery": eur(990), "total": eur(subtotal + 990)});
    assert_eq!(selected["cart"]["cost"], expected);

    // The name is in the language of who asks, the price in the currency of the cart.
    let dollars = TestCart::create_in(&shop, "USD", &[("CNB-A6", 1)]).await;
    let _ = dollars.run("cartAddressesSet", address("US")).await.accepted();
    let seen = dollars.client.with_header("accept-language", "fr").cart(&dollars.id).await;
    let standard = seen["deliveryOptions"].as_array().unwrap().iter().find(|it| it["handle"] == "standard").unwrap();
    assert_eq!((&standard["name"], &standard["price"]["amount"]), (&json!("Livraison standard"), &json!("5.90")));
}

async fn a_version_that_was_not_seen_is_a_conflict(shop: TestShop) {
    let cart = TestCart::ready(&shop, &[("CNB-A5", 1)]).await;
    let before = cart.read().await;
    let version = before["version"].as_i64().unwrap();
    let line = &before["lines"][0]["id"];
    let commands = [
        ("cartLinesAdd", json!({"lines": []})),
        ("cartLinesUpdate", json!({"lines": [{"lineId": line, "quantity": 2}]})),
        ("cartLinesRemove", json!({"lineIds": [line]})),
        ("cartContactSet", json!({"email": "other@example.org"})),
        ("cartAddressesSet", json!({})),
        ("cartDeliverySelect", json!({"handle": "express"})),
    ];
    for (field, mut input) in commands.clone() {
        for stale in [0, version - 1, version + 1, i64::from(i32::MAX)] {
            input["expectedVersion"] = json!(stale);
            let refused = cart.run(field, input.clone()).await;
            let error = refused.refused("VERSION_CONFLICT");
            assert_eq!(
                (&error["currentVersion"], &error["path"]),
                (&json!(version), &json!(["input", "expectedVersion"]))
            );
            assert_eq!(refused.0["cart"], before, "{field}: the payload has the cart as it is");
        }
    }
    let mut order = cart.order_input("approve");
    order["expectedVersion"] = json!(version - 1);
    assert_eq!(
        cart.client.run("orderPlace", order.clone()).await.refused("VERSION_CONFLICT")["currentVersion"],
        version
    );
    assert_eq!(cart.read().await, before);

    let input = json!({"email": "other@example.org", "expectedVersion": version});
    assert_eq!(cart.run("cartContactSet", input).await.accepted()["cart"]["email"], "other@example.org");
    order["expectedVersion"] = cart.read().await["version"].clone();
    let _ = cart.client.run("orderPlace", order).await.accepted();
    for (field, input) in commands {
        assert_eq!(cart.run(field, input).await.codes(), ["CART_ALREADY_ORDERED"], "{field}");
    }
}

async fn a_cart_follows_the_catalog(shop: TestShop) {
    let staff = shop.staff().await;
    let cart = TestCart::ready(&shop, &[("CNB-A5", 2), ("CHK", 1)]).await;
    let shown = cart.read().await["cost"]["total"].clone();
    let prices = json!({"prices": [{"variantId": staff.variant("CNB-A5").await, "amount": {"amount": "20.00", "currency": "EUR"}}]});
    let _ = staff.run("pricesSet", prices).await.accepted();

    let mut input = cart.order_input("approve");
    input["expectedTotal"] = shown.clone();
    let refused = cart.client.run("orderPlace", input.clone()).await;
    let error = refused.refused("TOTAL_CHANGED");
    let total = eur(2 * 2000 + price("CHK") + 490);
    assert_eq!((&error["expected"], &error["actual"]), (&shown, &total));
    assert_eq!(error["path"], json!(["input", "expectedTotal"]));
    assert_eq!(cart.read().await["cost"]["total"], total);
    assert_eq!(cart.client.available("CHK").await, demo_variant("CHK").available(), "nothing was taken");

    // What is no longer sold stays on the cart, and says why it cannot be ordered.
    let _ = staff.run("productSave", json!({"slug": "chef-knife", "status": "ARCHIVED"})).await.accepted();
    let now = cart.read().await;
    let knife = &now["lines"][1];
    assert_eq!((&knife["problem"]["code"], &now["problems"][0]["lineId"]), (&json!("NOT_FOR_SALE"), &knife["id"]));
    let other = cart.run("cartContactSet", json!({"email": "jeanne@example.org"})).await.accepted();
    assert_eq!(other["cart"]["problems"][0]["code"], "NOT_FOR_SALE");
    assert_eq!(cart.order("approve").await.codes(), ["NOT_FOR_SALE"]);

    let _ = cart.run("cartLinesRemove", json!({"lineIds": [knife["id"]]})).await.accepted();
    // The key of a refused order is free, with other input too.
    input["expectedTotal"] = eur(2 * 2000 + 490);
    let placed = cart.client.run("orderPlace", input).await.accepted();
    assert_eq!(placed["order"]["cost"]["total"], eur(2 * 2000 + 490));
}

async fn lines_beyond_the_stock_or_the_currency_are_refused(shop: TestShop) {
    let client = shop.anonymous();
    // There is one walnut sideboard, in Paris.
    let line = |id: &str, quantity: i64| json!({"lines": [{"variantId": id, "quantity": quantity}]});
    let sideboard = client.variant("WSB").await;
    let refused = client.run("cartCreate", line(&sideboard, 2)).await;
    let error = refused.refused("INSUFFICIENT_STOCK");
    assert_eq!((&error["available"], &error["requested"]), (&json!(1), &json!(2)));
    assert_eq!(error["path"], json!(["input", "lines", "0", "quantity"]));
    assert_eq!((&refused.0["cart"], &refused.0["cartSecret"]), (&Value::Null, &Value::Null));

    let cart = TestCart::create(&shop, &[("WSB", 1)]).await;
    let error = cart.run("cartLinesAdd", line(&sideboard, 1)).await.refused("INSUFFICIENT_STOCK").clone();
    assert_eq!((&error["available"], &error["requested"]), (&json!(1), &json!(2)), "1 is on the cart");
    let knife = client.variant("CHK").await;
    let mut in_yen = line(&knife, 1);
    in_yen["currency"] = json!("JPY");
    assert_eq!(client.run("cartCreate", in_yen).await.refused("NO_PRICE")["path"], json!(["input", "lines", "0"]));

    // Staff lets it be sold without stock.
    let staff = shop.staff().await;
    let variant = json!({"sku": "WSB", "stockPolicy": "CONTINUE"});
    let _ = staff.run("productSave", json!({"slug": "walnut-sideboard", "variants": [variant]})).await.accepted();
    let two = TestCart::ready(&shop, &[("WSB", 2)]).await;
    let placed = two.order("approve").await.accepted();
    assert_eq!(placed["order"]["cost"]["subtotal"], eur(2 * price("WSB")));
}

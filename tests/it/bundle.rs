//! Bundles, from the catalog to the order: a guide of 15.00 taxed at 5.5 %, and two lamps of 45.00 taxed at 20 %, for 70.00.

use comptoir_tests::{Client, TestCart, TestShop, both_databases, eventually, new_key};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::statements::cost;

both_databases! {
    a_bundle_is_taxed_and_ordered_by_its_components,
    what_shares_components_is_never_sold_twice,
    what_a_cart_holds_or_a_declined_order_took_is_of_components,
    a_bundle_that_cannot_be_is_refused,
    a_bundle_is_found_again_when_its_components_are,
    many_bundles_take_as_many_statements_as_one,
}

/// Creates a product of one variant.
async fn product(staff: &Client, sku: &str, tax: &str, price: &str, components: &Value) -> String {
    let mut variant = json!({"sku": sku, "prices": [{"amount": {"amount": price, "currency": "EUR"}}]});
    if !components.is_null() {
        variant["components"] = components.clone();
    }
    let input = json!({
        "slug": sku.to_lowercase(), "status": "ACTIVE", "taxCategory": tax,
        "texts": [{"language": "en", "name": format!("Reading {sku}")}], "variants": [variant],
    });
    let _ = staff.run("productSave", input).await.accepted();
    staff.variant(sku).await
}

async fn stock(staff: &Client, variant: &str, units: &[(&str, i64)]) {
    let mut adjustments = Vec::new();
    for (code, units) in units {
        let location = staff.location(code).await;
        adjustments.push(json!({"variantId": variant, "locationId": location, "change": {"to": units}}));
    }
    let input = json!({"idempotencyKey": new_key(), "adjustments": adjustments});
    let _ = staff.run("inventoryAdjust", input).await.accepted();
}

/// A guide (ten in Lyon), a lamp (five in Lyon, two in Paris), and a set of one guide and two lamps.
async fn reading_set(staff: &Client) -> [String; 3] {
    let guide = product(staff, "GUIDE", "reduced", "15.00", &Value::Null).await;
    let lamp = product(staff, "LAMP", "standard", "45.00", &Value::Null).await;
    let components = json!([{"variantId": guide}, {"variantId": lamp, "quantity": 2}]);
    let set = product(staff, "SET", "standard", "70.00", &components).await;
    stock(staff, &guide, &[("lyon-warehouse", 10)]).await;
    stock(staff, &lamp, &[("lyon-warehouse", 5), ("paris-marais", 2)]).await;
    [guide, lamp, set]
}

const AMOUNTS: &str = "net { amount } tax { amount } gross { amount }";

fn amounts(money: &Value) -> [&str; 3] {
    ["net", "tax", "gross"].map(|it| money[it]["amount"].as_str().unwrap())
}

async fn a_bundle_is_taxed_and_ordered_by_its_components(shop: TestShop) {
    let staff = shop.staff().await;
    let [_, lamp, set] = reading_set(&staff).await;
    let document = "{ variantBySku(sku: \"SET\") { requiresComponents components { quantity variant { sku components { quantity } } }
        availability { quantity locations { location { code } quantity } } } }";
    let seen = shop.anonymous().query(document, json!({})).await["variantBySku"].clone();
    let components = json!([
        {"quantity": 1, "variant": {"sku": "GUIDE", "components": []}}, {"quantity": 2, "variant": {"sku": "LAMP", "components": []}},
    ]);
    assert_eq!((&seen["requiresComponents"], &seen["components"]), (&json!(true), &components));
    let lyon = json!([{"location": {"code": "lyon-warehouse"}, "quantity": 2}]);
    assert_eq!(seen["availability"], json!({"quantity": 3, "locations": lyon}), "seven lamps, five of them in Lyon");

    let cart = TestCart::ready(&shop, &[("SET", 2)]).await;
    let document = format!(
        "query($id: ID!) {{ cart(id: $id) {{ lines {{ cost {{ total {{ {AMOUNTS} }} }}
            components {{ quantity variant {{ sku }} total {{ {AMOUNTS} }} }} }}
        cost {{ taxSummary {{ rate amount {{ {AMOUNTS} }} }} }} }} }}"
    );
    let read = async || cart.client.query(&document, json!({"id": cart.id})).await["cart"].clone();
    let seen = read().await;
    // 140.00 are shared as 15 to 90: 20.00, of which 5.5 % are 1.04, and 120.00, of which 20 % are 20.00.
    let parts = seen["lines"][0]["components"].as_array().unwrap().clone();
    assert_eq!(
        parts
            .iter()
            .map(|it| (it["variant"]["sku"].as_str().unwrap(), it["quantity"].as_i64().unwrap()))
            .collect::<Vec<_>>(),
        [("GUIDE", 2), ("LAMP", 4)]
    );
    assert_eq!(amounts(&parts[0]["total"]), ["18.96", "1.04", "20.00"]);
    assert_eq!(amounts(&parts[1]["total"]), ["100.00", "20.00", "120.00"]);
    assert_eq!(amounts(&seen["lines"][0]["cost"]["total"]), ["118.96", "21.04", "140.00"]);
    let rates: Vec<_> = seen["cost"]["taxSummary"].as_array().unwrap().iter().map(|it| it["rate"].clone()).collect();
    assert_eq!(rates, [json!("20"), json!("5.5")]);

    // Four of seven lamps are in the sets: three are left, and no other set.
    let more = |variant: &str, quantity, policy| json!({"lines": [{"variantId": variant, "quantity": quantity}], "onInsufficientStock": policy});
    let refused = cart.run("cartLinesAdd", more(&lamp, 4, "REJECT")).await;
    let error = refused.refused("INSUFFICIENT_STOCK");
    assert_eq!((&error["available"], &error["requested"]), (&json!(3), &json!(4)));
    let _ = cart.run("cartLinesAdd", more(&lamp, 4, "CLAMP")).await.accepted();
    let refused = cart.run("cartLinesAdd", more(&set, 1, "REJECT")).await;
    assert_eq!(refused.refused("INSUFFICIENT_STOCK")["available"], 2);
    let lines = cart.read().await["lines"].clone();
    assert_eq!((&lines[0]["quantity"], &lines[1]["quantity"]), (&json!(2), &json!(3)));

    let placed = cart.order_manually().await.accepted();
    let left = async || [staff.available("GUIDE").await, staff.available("LAMP").await, staff.available("SET").await];
    assert_eq!(left().await, [8, 0, 0]);
    let document = format!(
        "query($number: String!, $token: String!) {{ order(number: $number, token: $token) {{ id lines {{ sku
            components {{ sku name quantity total {{ {AMOUNTS} }} }} }} }} }}"
    );
    let variables = json!({"number": placed["order"]["number"], "token": placed["orderToken"]});
    // What was sold stays as it was, whatever becomes of the bundle.
    let gone = json!({"slug": "set", "variants": [{"sku": "SET", "components": []}]});
    let _ = staff.run("productSave", gone).await.accepted();
    let order = shop.anonymous().query(&document, variables).await["order"].clone();
    let parts = &order["lines"][0]["components"];
    assert_eq!(
        (&parts[0]["sku"], &parts[0]["name"], &parts[0]["quantity"]),
        (&json!("GUIDE"), &json!("Reading GUIDE"), &json!(2))
    );
    assert_eq!(
        (amounts(&parts[0]["total"]), amounts(&parts[1]["total"])),
        (["18.96", "1.04", "20.00"], ["100.00", "20.00", "120.00"])
    );
    assert_eq!(order["lines"][1]["components"], json!([]));
    let _ = staff.run("orderCancel", json!({"orderId": order["id"], "idempotencyKey": new_key()})).await.accepted();
    assert_eq!([staff.available("GUIDE").await, staff.available("LAMP").await], [10, 7], "what was taken comes back");
}

async fn what_shares_components_is_never_sold_twice(shop: TestShop) {
    let staff = shop.staff().await;
    let [guide, lamp, _] = reading_set(&staff).await;
    // Another bundle of the same lamps.
    let _ = product(
        &staff,
        "PAIR",
        "standard",
        "80.00",
        &json!([{"variantId": lamp, "quantity": 2}, {"variantId": guide}]),
    )
    .await;
    let mut carts = Vec::new();
    for sku in ["SET", "PAIR", "LAMP", "SET", "PAIR", "LAMP", "SET", "PAIR", "LAMP"] {
        carts.push((if sku == "LAMP" { 1 } else { 2 }, TestCart::ready(&shop, &[(sku, 1)]).await));
    }
    let answers = join_all(carts.iter().map(|(_, cart)| cart.order("approve"))).await;
    let mut sold = 0;
    for ((lamps, _), answer) in carts.iter().zip(&answers) {
        if answer.errors().is_empty() {
            sold += lamps;
        } else {
            let _ = answer.refused("INSUFFICIENT_STOCK");
        }
    }
    let left = staff.available("LAMP").await;
    assert_eq!(sold + left, 7);
    assert!(left <= 1, "{left} lamps are left that somebody wanted");
}

async fn what_a_cart_holds_or_a_declined_order_took_is_of_components(shop: TestShop) {
    let staff = shop.staff().await;
    let _ = reading_set(&staff).await;
    let left = async || [staff.available("GUIDE").await, staff.available("LAMP").await, staff.available("SET").await];
    let cart = TestCart::ready(&shop, &[("SET", 2)]).await;
    assert_eq!(left().await, [10, 7, 3], "by default nothing is held");
    let _ = cart.order("decline").await.refused("PAYMENT_DECLINED");
    assert_eq!(left().await, [10, 7, 3], "what was taken is back");
    let web = json!({"code": "web", "kind": "WEB", "name": "Web", "isDefault": true, "holdPolicy": "ON_CART", "holdMinutes": 30});
    let _ = staff.run("channelSave", web).await.accepted();
    let holding = TestCart::ready(&shop, &[("SET", 1), ("LAMP", 1)]).await;
    assert_eq!(left().await, [9, 4, 2], "a guide and three lamps are held");
    assert_eq!(holding.read().await["problems"], json!([]), "its own hold is not in its way");
    let placed = holding.order("approve").await.accepted();
    assert_eq!((&placed["order"]["paymentState"], left().await), (&json!("PAID"), [9, 4, 2]));
}

async fn a_bundle_that_cannot_be_is_refused(shop: TestShop) {
    let staff = shop.staff().await;
    let [guide, lamp, set] = reading_set(&staff).await;
    let save = async |slug: &str, components: Value| {
        let variants = json!([{"sku": slug.to_uppercase(), "components": components}]);
        staff
            .run(
                "productSave",
                json!({"slug": slug, "texts": [{"language": "en", "name": slug}], "variants": variants}),
            )
            .await
    };
    let one = |variant: &str| json!([{"variantId": variant}]);
    let at =
        |rest: &[Value]| [&[json!("input"), json!("variants"), json!("0"), json!("components")][..], rest].concat();
    let unknown = "var_01h455vb4pex5vsknk084sn02q";
    let many: Vec<Value> = (0..31).map(|_| json!({"variantId": guide})).collect();
    let variant_id = |place: &str| at(&[json!(place), json!("variantId")]);
    for (slug, components, code, path) in [
        ("new", one("nonsense"), "INVALID_ID", variant_id("0")),
        ("new", one(unknown), "NOT_FOUND", variant_id("0")),
        ("new", one(&set), "INVALID_INPUT", variant_id("0")),
        ("set", json!([{"variantId": guide}, {"variantId": set}]), "INVALID_INPUT", variant_id("1")),
        ("new", json!([{"variantId": guide}, {"variantId": guide}]), "INVALID_INPUT", variant_id("1")),
        (
            "new",
            json!([{"variantId": guide, "quantity": 0}]),
            "QUANTITY_OUT_OF_RANGE",
            at(&[json!("0"), json!("quantity")]),
        ),
        (
            "new",
            json!([{"variantId": guide, "quantity": -1}]),
            "QUANTITY_OUT_OF_RANGE",
            at(&[json!("0"), json!("quantity")]),
        ),
        (
            "new",
            json!([{"variantId": guide, "quantity": 2001}]),
            "QUANTITY_OUT_OF_RANGE",
            at(&[json!("0"), json!("quantity")]),
        ),
        ("new", json!(many), "LIMIT_EXCEEDED", at(&[])),
        ("guide", one(&lamp), "INVALID_INPUT", at(&[])),
    ] {
        let refused = save(slug, components.clone()).await;
        assert_eq!(refused.refused(code)["path"], json!(path), "{slug} {components}");
    }
    let stocked = product(&staff, "STOOL", "standard", "10.00", &Value::Null).await;
    stock(&staff, &stocked, &[("paris-marais", 1)]).await;
    let refused = save("stool", one(&guide)).await;
    assert_eq!(refused.refused("INVALID_INPUT")["path"], json!(at(&[])), "it has stock");
    let location = staff.location("paris-marais").await;
    let adjustment = json!({"variantId": set, "locationId": location, "change": {"to": 1}});
    let refused = staff.run("inventoryAdjust", json!({"idempotencyKey": new_key(), "adjustments": [adjustment]})).await;
    assert_eq!(refused.refused("INVALID_INPUT")["path"], json!(["input", "adjustments", "0", "variantId"]));
    assert_eq!(staff.available("SET").await, 3, "nothing of it is different");

    // A component that shoppers do not see is not shown to them; the bundle is sold all the same.
    let _ = staff.run("productSave", json!({"slug": "guide", "status": "DRAFT"})).await.accepted();
    let document =
        "{ variantBySku(sku: \"SET\") { components { quantity variant { sku } } availability { quantity } } }";
    let seen = shop.anonymous().query(document, json!({})).await["variantBySku"].clone();
    assert_eq!(
        seen["components"],
        json!([{"quantity": 1, "variant": null}, {"quantity": 2, "variant": {"sku": "LAMP"}}])
    );
    assert_eq!(staff.query(document, json!({})).await["variantBySku"]["components"][0]["variant"]["sku"], "GUIDE");
    let cart = TestCart::create(&shop, &[("SET", 3)]).await;
    let guide = json!({"lines": [{"variantId": guide}]});
    assert_eq!(cart.run("cartLinesAdd", guide).await.codes(), ["NOT_FOR_SALE"]);
}

async fn a_bundle_is_found_again_when_its_components_are(shop: TestShop) {
    let staff = shop.staff().await;
    let [_, lamp, _] = reading_set(&staff).await;
    let found = async || {
        let document = "{ search(query: \"Reading SET\", filter: { inStock: true }) { nodes { slug } } }";
        let found = shop.anonymous().query(document, json!({})).await;
        found["search"]["nodes"].as_array().unwrap().contains(&json!({"slug": "set"}))
    };
    eventually("the set to be found", async || found().await.then_some(())).await;
    stock(&staff, &lamp, &[("lyon-warehouse", 1), ("paris-marais", 0)]).await;
    eventually("the set to be gone", async || (!found().await).then_some(())).await;
    stock(&staff, &lamp, &[("lyon-warehouse", 2)]).await;
    eventually("the set to be back", async || found().await.then_some(())).await;
}

async fn many_bundles_take_as_many_statements_as_one(shop: TestShop) {
    let staff = shop.staff().await;
    let [guide, lamp, _] = reading_set(&staff).await;
    let components = json!([{"variantId": guide}, {"variantId": lamp}]);
    for n in 0..9 {
        let _ = product(&staff, &format!("KIT-{n}"), "standard", "50.00", &components).await;
    }
    let document = "query($first: Int!) { products(first: $first) { nodes { variants(first: 1) { nodes {
        sku availability { quantity } components { quantity variant { sku price { amount { amount } } availability { quantity } } }
    } } } } }";
    let one = cost(&staff, document, &json!({"first": 1})).await;
    assert_eq!(cost(&staff, document, &json!({"first": 9})).await, one, "a list of 1 and of 9 bundles");
    let document =
        "query($id: ID!) { cart(id: $id) { lines { quantity cost { total { gross { amount } } } problem { code }
        components { quantity variant { sku } total { gross { amount } } } } deliveryOptions { handle } } }";
    let kits: Vec<String> = (0..7).map(|n| format!("KIT-{n}")).collect();
    let lines: Vec<(&str, i64)> = kits.iter().map(|it| (it.as_str(), 1)).collect();
    let (small, large) = (TestCart::ready(&shop, &lines[..1]).await, TestCart::ready(&shop, &lines).await);
    let one = cost(&small.client, document, &json!({"id": small.id})).await;
    assert!(one <= 8, "{one} statements");
    assert_eq!(cost(&large.client, document, &json!({"id": large.id})).await, one, "a cart of 1 and of 7 bundles");
}

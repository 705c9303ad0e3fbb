//! Publication: where and when a product is seen and sold.

use chrono::{DateTime, TimeDelta, Utc};
use comptoir_tests::{Client, TestCart, TestShop, both_databases, eventually};
use serde_json::{Value, json};

both_databases! {
    a_product_is_seen_and_sold_in_its_channels_alone,
    a_product_is_seen_and_sold_in_its_window_alone,
    what_cannot_be_published_is_refused,
}

async fn publish(staff: &Client, publication: Value) {
    let _ = staff.run("productSave", json!({"slug": "oak-stool", "publication": publication})).await.accepted();
}

/// Whether `client` sees the stool at each place where products are read, and they agree.
async fn sees(client: &Client, stool: &str) -> bool {
    let document = "query($id: ID!, $sku: String!) {
        product(slug: \"oak-stool\") { id }
        node(id: $id) { id }
        variantBySku(sku: $sku) { id }
        variantByScan(code: $sku) { variant { product { id } } }
        recentlyViewed(productIds: [$id]) { id }
        products(first: 100) { totalCount nodes { slug } }
        search(query: \"oak stool\", first: 100) { nodes { slug } }
        searchSuggestions(query: \"oak stoo\", first: 10) { products { slug } }
    }";
    let found = client.query(document, json!({"id": stool, "sku": SKU})).await;
    let is_listed = |list: &Value| list.as_array().unwrap().iter().any(|it| it["slug"] == "oak-stool");
    let count = found["products"]["totalCount"].as_u64().unwrap() as usize;
    assert_eq!(count, found["products"]["nodes"].as_array().unwrap().len());
    let seen = [
        !found["product"].is_null(),
        !found["node"].is_null(),
        !found["variantBySku"].is_null(),
        !found["variantByScan"]["variant"].is_null(),
        !found["recentlyViewed"].as_array().unwrap().is_empty(),
        is_listed(&found["products"]["nodes"]),
    ];
    assert!(seen.iter().all(|it| *it == seen[0]), "{found}");
    // The index may be a moment behind, but shows nothing that is not seen.
    let is_found = is_listed(&found["search"]["nodes"]) || is_listed(&found["searchSuggestions"]["products"]);
    assert!(seen[0] || !is_found, "{found}");
    seen[0]
}

#[expect(clippy::disallowed_methods, reason = "the server's windows are by the clock on the wall")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

const SKU: &str = "OST-45";

async fn search_finds(client: &Client, expected: bool) {
    eventually("search to agree", async || {
        let document = "{ search(query: \"oak stool\", first: 100) { totalCount nodes { slug } } }";
        let found = client.query(document, json!({})).await["search"].clone();
        let nodes = found["nodes"].as_array().unwrap();
        let is_found = nodes.iter().any(|it| it["slug"] == "oak-stool");
        // What is counted is what is shown.
        (is_found == expected && found["totalCount"] == nodes.len()).then_some(())
    })
    .await;
}

async fn a_product_is_seen_and_sold_in_its_channels_alone(shop: TestShop) {
    let (web, staff) = (shop.anonymous(), shop.staff().await);
    let app = web.with_header("comptoir-channel", "app");
    let stool = web.product("oak-stool").await;
    assert!(sees(&web, &stool).await && sees(&app, &stool).await);
    publish(&staff, json!({"channels": ["app"]})).await;
    assert!(!sees(&web, &stool).await && sees(&app, &stool).await && sees(&staff, &stool).await);
    search_finds(&app, true).await;
    search_finds(&web, false).await;

    let variant = app.variant(SKU).await;
    let lines = json!([{"variantId": variant}]);
    let refused = web.run("cartCreate", json!({"lines": lines})).await;
    assert_eq!(refused.codes(), ["NOT_FOR_SALE"]);
    let cart = TestCart::create(&shop, &[("CHK", 1)]).await;
    assert_eq!(cart.run("cartLinesAdd", json!({"lines": lines})).await.codes(), ["NOT_FOR_SALE"]);
    let _ = app.run("cartCreate", json!({"lines": lines})).await.accepted();

    let mine = "{ product(slug: \"oak-stool\") { publication { publishedFrom publishedUntil channels } } }";
    let expected = json!({"publishedFrom": null, "publishedUntil": null, "channels": ["app"]});
    assert_eq!(app.query(mine, json!({})).await["product"]["publication"], expected);
    // An argument counts more than a header, for the product's own fields too.
    let document = "{ variantBySku(sku: \"OST-45\", context: {channel: \"app\"}) { product { slug } } }";
    assert_eq!(web.query(document, json!({})).await["variantBySku"]["product"]["slug"], "oak-stool");
    publish(&staff, json!({})).await;
    assert!(sees(&web, &stool).await);
    search_finds(&web, true).await;
}

async fn a_product_is_seen_and_sold_in_its_window_alone(shop: TestShop) {
    let (web, staff) = (shop.anonymous(), shop.staff().await);
    let stool = web.product("oak-stool").await;
    let cart = TestCart::ready(&shop, &[(SKU, 1)]).await;
    let hour = |hours| (now() + TimeDelta::hours(hours)).to_rfc3339();
    for (publication, expected) in [
        (json!({"publishedFrom": hour(1)}), false),
        (json!({"publishedFrom": hour(-1), "publishedUntil": hour(1)}), true),
        (json!({"publishedUntil": hour(-1)}), false),
    ] {
        publish(&staff, publication.clone()).await;
        assert_eq!(sees(&web, &stool).await, expected, "{publication}");
        search_finds(&web, expected).await;
    }
    // What lay in a cart before cannot be ordered any more, and says so.
    assert_eq!(cart.read().await["lines"][0]["problem"]["code"], "NOT_FOR_SALE");
    assert_eq!(cart.order_manually().await.codes(), ["NOT_FOR_SALE"]);

    // Nothing has to happen for it to begin.
    let soon = now() + TimeDelta::seconds(2);
    publish(&staff, json!({"publishedFrom": soon.to_rfc3339()})).await;
    assert!(!sees(&web, &stool).await || soon <= now());
    search_finds(&web, true).await;
    assert!(soon <= now() && sees(&web, &stool).await);
}

async fn what_cannot_be_published_is_refused(shop: TestShop) {
    let staff = shop.staff().await;
    let run = async |publication: Value| {
        let input = json!({"slug": "oak-stool", "publication": publication});
        let refused = staff.run("productSave", input).await;
        let path = refused.errors()[0]["path"].clone();
        (refused.codes().join(" "), path)
    };
    let moment = "2026-01-01T00:00:00Z";
    let (code, path) = run(json!({"publishedFrom": moment, "publishedUntil": moment})).await;
    assert_eq!((code.as_str(), path), ("INVALID_INPUT", json!(["input", "publication", "publishedUntil"])));
    for channels in [json!(["nowhere"]), json!(["app", "No Code"]), json!([""])] {
        assert_eq!(run(json!({"channels": channels})).await.0, "UNKNOWN_CHANNEL", "{channels}");
    }
    let many: Vec<String> = (0..51).map(|it| format!("channel-{it}")).collect();
    assert_eq!(run(json!({"channels": many})).await.0, "LIMIT_EXCEEDED", "before it is looked what they name");
}

//! How many statements reads take: as many for a hundred as for one.

use comptoir_tests::{Client, TestCart, TestShop, both_databases, demo_products, eventually};
use reqwest::Method;
use serde_json::{Value, json};

both_databases! {
    reads_take_as_many_statements_for_many_as_for_few,
}

const PRICES: &str = "query($first: Int!) { products(first: $first) { nodes {
    slug name image { url } variants(first: 10) { nodes { sku image { url } price { amount { amount } } } }
} } }";
const STOCK: &str = "query($first: Int!) { products(first: $first) { nodes {
    media { url } variants(first: 10) { nodes { availability { quantity locations { location { code } } } } }
} } }";
const SEARCH: &str = "query($first: Int!) { search(first: $first) { totalCount nodes {
    slug priceRange { minimum { amount } } variants(first: 10) { nodes { sku availability { isAvailable } } }
} } }";

/// How many statements the database has run.
async fn statements(client: &Client) -> u64 {
    let response = client.request(Method::GET, "/metrics").send().await.unwrap();
    let text = response.text().await.unwrap();
    let line = text.lines().find_map(|it| it.strip_prefix("comptoir_database_statements_total{origin=\"request\"} "));
    line.unwrap_or_else(|| panic!("not counted: {text}")).parse().unwrap()
}

/// How many statements a query takes.
pub(crate) async fn cost(client: &Client, document: &str, variables: &Value) -> u64 {
    let before = statements(client).await;
    let _ = client.query(document, variables.clone()).await;
    statements(client).await - before
}

async fn reads_take_as_many_statements_for_many_as_for_few(shop: TestShop) {
    // A list of 100 costs more than anybody may ask for.
    let client = shop.staff().await;
    // It has to be full.
    let missing = 100 - demo_products().len();
    let rows: String = (0..missing).map(|n| format!("thing-{n},Thing {n},true,Color,Blue,T-{n}-B,{n}.50,deny,7,https://example.org/{n}.jpg\nthing-{n},,,,Red,T-{n}-R,{n}.90,deny,7,\n")).collect();
    let csv = format!(
        "Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Policy,Variant Inventory Qty,Image Src\n{rows}"
    );
    let imported = shop
        .staff()
        .await
        .run("productsImport", json!({"csv": csv, "locationCode": "lyon-warehouse"}))
        .await
        .accepted();
    assert_eq!((&imported["issues"], imported["results"].as_array().unwrap().len()), (&json!([]), missing));

    // The indexer reads as well, until it has them all.
    eventually("the index to be complete", async || {
        let found = client.query("{ search { totalCount } }", json!({})).await;
        (found["search"]["totalCount"] == 100).then_some(())
    })
    .await;

    for document in [PRICES, STOCK, SEARCH] {
        let one = cost(&client, document, &json!({"first": 1})).await;
        assert!((1..=6).contains(&one), "{one} statements: {document}");
        for first in [24, 100] {
            assert_eq!(cost(&client, document, &json!({"first": first})).await, one, "{first}: {document}");
        }
    }

    let skus: Vec<_> = demo_products().iter().flat_map(|it| &it.variants).filter(|it| 0 < it.available()).collect();
    let lines: Vec<_> = skus.iter().take(20).map(|it| (it.sku.as_str(), 1)).collect();
    let document = "query($id: ID!) { cart(id: $id) {
        lines { quantity cost { total { amount } } problem { code } variant { sku title price { amount { amount } } image { url } product { name } availability { quantity } } }
        cost { total { amount } } deliveryOptions { handle price { amount } location { name } }
    } }";
    let (small, large) = (TestCart::ready(&shop, &lines[..1]).await, TestCart::ready(&shop, &lines).await);
    let one = cost(&small.client, document, &json!({"id": small.id})).await;
    // The cart; what is on its shelf, what it costs and how much of it there is; the products, and the prices and the stock
    // of the variants.
    assert!(one <= 7, "{one} statements");
    let twenty = cost(&large.client, document, &json!({"id": large.id})).await;
    assert_eq!(twenty, one, "a cart of 1 and of 20 lines");
}

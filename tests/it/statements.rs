//! How many statements reads take: as many for a hundred as for one.

use comptoir_tests::{Client, TestCart, TestShop, both_databases, demo_products};
use reqwest::Method;
use serde_json::{Value, json};

both_databases! {
    reads_take_as_many_statements_for_many_as_for_few,
}

const PRODUCTS: &str = "query($first: Int!) { products(first: $first) { nodes {
    slug name image { url } media { url alt } priceRange { minimum { amount } maximum { amount } }
    variants(first: 4) { nodes { sku image { url } price { amount { amount } compareAt { amount } }
        availability { quantity locations { quantity location { code name } } } } }
} } }";
const SEARCH: &str = "query($first: Int!) { search(first: $first) { totalCount nodes {
    slug name image { url } priceRange { minimum { amount } }
    variants(first: 4) { nodes { sku price { amount { amount } } availability { isAvailable } } }
} } }";

/// How many statements the database has run.
async fn statements(client: &Client) -> u64 {
    let response = client.request(Method::GET, "/metrics").send().await.unwrap();
    let text = response.text().await.unwrap();
    let line = text.lines().find_map(|it| it.strip_prefix("comptoir_database_statements_total "));
    line.unwrap_or_else(|| panic!("not counted: {text}")).parse().unwrap()
}

/// How many statements a query takes: the fewest of several runs, as others run beside it.
async fn cost(client: &Client, document: &str, variables: &Value) -> u64 {
    let mut fewest = u64::MAX;
    for _ in 0..5 {
        let before = statements(client).await;
        let _ = client.query(document, variables.clone()).await;
        fewest = fewest.min(statements(client).await - before);
    }
    fewest
}

async fn reads_take_as_many_statements_for_many_as_for_few(shop: TestShop) {
    // A list of 100 costs more than anybody may ask for.
    let client = shop.staff().await;
    // It has to be full.
    let missing = 100 - demo_products().len();
    let rows: String = (0..missing).map(|n| format!("thing-{n},Thing {n},Color,Blue,T-{n}-B,{n}.50,deny,7,https://example.org/{n}.jpg\nthing-{n},,,Red,T-{n}-R,{n}.90,deny,7,\n")).collect();
    let csv = format!(
        "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Policy,Variant Inventory Qty,Image Src\n{rows}"
    );
    let imported = shop
        .staff()
        .await
        .run("productsImport", json!({"csv": csv, "locationCode": "lyon-warehouse"}))
        .await
        .accepted();
    assert_eq!((&imported["issues"], imported["results"].as_array().unwrap().len()), (&json!([]), missing));

    for document in [PRODUCTS, SEARCH] {
        let [one, twenty_four, hundred] = [
            cost(&client, document, &json!({"first": 1})).await,
            cost(&client, document, &json!({"first": 24})).await,
            cost(&client, document, &json!({"first": 100})).await,
        ];
        assert_eq!((twenty_four, hundred), (one, one), "{document}");
        assert!((1..=10).contains(&one), "{one} statements: {document}");
    }

    let skus: Vec<_> = demo_products().iter().flat_map(|it| &it.variants).filter(|it| 0 < it.available()).collect();
    let lines: Vec<_> = skus.iter().take(20).map(|it| (it.sku.as_str(), 1)).collect();
    let document = "query($id: ID!) { cart(id: $id) {
        lines { quantity cost { total { amount } } problem { code } variant { sku title price { amount { amount } } image { url } product { name } availability { quantity } } }
        cost { total { amount } } deliveryOptions { handle price { amount } location { name } }
    } }";
    let mut costs = Vec::new();
    for count in [1, 20] {
        let cart = TestCart::ready(&shop, &lines[..count]).await;
        costs.push(cost(&cart.client, document, &json!({"id": cart.id})).await);
    }
    assert_eq!(costs[0], costs[1], "a cart of 1 and of 20 lines");
}

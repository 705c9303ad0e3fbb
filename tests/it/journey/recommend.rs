//! Recommendations: what is like a product, what is bought with it, what was looked at.

use comptoir_tests::{Client, TestCart, TestShop, both_databases, demo_products, eventually};
use serde_json::{Value, json};

both_databases! {
    what_is_bought_together_is_recommended_by_lift,
    like_products_are_of_the_same_kind,
    what_was_looked_at_is_kept_with_consent_alone,
    recommendations_show_what_the_caller_sees_alone,
}

async fn together(client: &Client, slug: &str) -> Vec<(String, f64)> {
    let document = "query($id: ID!) { frequentlyBoughtTogether(productId: $id) { lift product { slug } } }";
    let found = client.query(document, json!({"id": client.product(slug).await})).await;
    let list = found["frequentlyBoughtTogether"].as_array().unwrap().clone();
    list.iter().map(|it| (it["product"]["slug"].as_str().unwrap().to_owned(), it["lift"].as_f64().unwrap())).collect()
}

async fn related(client: &Client, slug: &str) -> Vec<String> {
    let document = "query($id: ID!) { relatedProducts(productId: $id, first: 20) { slug } }";
    slugs(&client.query(document, json!({"id": client.product(slug).await})).await["relatedProducts"])
}

fn slugs(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|it| it["slug"].as_str().unwrap().to_owned()).collect()
}

async fn recently_viewed(client: &Client) -> Vec<String> {
    slugs(&client.query("{ recentlyViewed { slug } }", json!({})).await["recentlyViewed"])
}

/// The slug of the product that has a SKU.
fn slug_of(sku: &str) -> String {
    let products = demo_products();
    products.iter().find(|it| it.variants.iter().any(|it| it.sku == sku)).unwrap().slug.clone()
}

async fn what_is_bought_together_is_recommended_by_lift(shop: TestShop) {
    let client = shop.anonymous();
    let (mug, board, notebook) = ("GPC-HB", "CHK", "CNB-A5");
    // Ten orders: the first with the second in three of four, the second in three of ten, the third in all but two.
    let orders: [&[&str]; 10] = [
        &[mug, board, notebook],
        &[mug, board, notebook],
        &[mug, board, notebook],
        &[mug, notebook],
        &[notebook],
        &[notebook],
        &[notebook],
        &[notebook],
        &["CNB-A4"],
        &[notebook],
    ];
    let mut last = Value::Null;
    for skus in orders {
        let lines: Vec<_> = skus.iter().map(|it| (*it, 1)).collect();
        last = TestCart::ready(&shop, &lines).await.order_manually().await.accepted();
    }
    let found = together(&client, &slug_of(mug)).await;
    let lift_of = |slug: &str| found.iter().find(|it| it.0 == slug).map(|it| it.1);
    // P(both) / (P(one) P(other)): 0.3 / (0.4 * 0.3). The notebook's A4 variant is the same product.
    assert!((lift_of(&slug_of(board)).unwrap() - 2.5).abs() < 1e-9, "{found:?}");
    assert_eq!(found.first().unwrap().0, slug_of(board), "the notebook goes with everything");
    assert_eq!(lift_of(&slug_of(notebook)), None, "always together, and no likelier than by chance: {found:?}");
    // Two orders with both are too few.
    let cancel = json!({"orderId": last["order"]["id"], "idempotencyKey": comptoir_tests::new_key()});
    let _ = shop.staff().await.run("orderCancel", cancel).await.accepted();
    let found = together(&client, &slug_of(mug)).await;
    let lift = found.iter().find(|it| it.0 == slug_of(board)).unwrap().1;
    assert!((lift - 3.0 / 9.0 / (4.0 / 9.0 * 3.0 / 9.0)).abs() < 1e-9, "{found:?}");
}

async fn like_products_are_of_the_same_kind(shop: TestShop) {
    let client = shop.anonymous();
    let products = demo_products();
    let stool = products.iter().find(|it| it.slug == "oak-stool").unwrap();
    let found = related(&client, "oak-stool").await;
    assert!(!found.is_empty() && !found.contains(&"oak-stool".to_owned()), "{found:?}");
    let first = products.iter().find(|it| it.slug == found[0]).unwrap();
    assert_eq!(first.json["productType"], stool.json["productType"]);
    let document = "{ relatedProducts(productId: \"nonsense\") { slug } }";
    assert_eq!(client.execute(document, json!({})).await.code(), "INVALID_ID");
    for first in [0, 21, -1] {
        let document = "query($id: ID!, $first: Int!) { relatedProducts(productId: $id, first: $first) { slug } }";
        let id = client.product("oak-stool").await;
        let answer = client.execute(document, json!({"id": id, "first": first})).await;
        assert_eq!(answer.code(), "LIMIT_EXCEEDED", "{first}");
    }
}

async fn what_was_looked_at_is_kept_with_consent_alone(shop: TestShop) {
    let (ada, other) = (shop.customer("ada@example.org").await, shop.customer("other@example.org").await);
    let (stool, beret, teapot) =
        (ada.product("oak-stool").await, ada.product("wool-beret").await, ada.product("stoneware-teapot").await);
    let view = async |slug: &str| {
        let product = match slug {
            "oak-stool" => &stool,
            "wool-beret" => &beret,
            _ => &teapot,
        };
        ada.run("productViewRecord", json!({"productId": product})).await
    };
    assert_eq!(view("oak-stool").await.codes(), ["CONSENT_MISSING"]);
    assert_eq!(recently_viewed(&ada).await, [""; 0]);
    let _ = ada.run("customerUpdate", json!({"allowsPersonalization": true})).await.accepted();
    for slug in ["oak-stool", "wool-beret", "oak-stool", "stoneware-teapot"] {
        let _ = view(slug).await.accepted();
    }
    assert_eq!(recently_viewed(&ada).await, ["stoneware-teapot", "oak-stool", "wool-beret"]);
    assert_eq!(recently_viewed(&other).await, [""; 0]);
    assert_eq!(recently_viewed(&shop.anonymous()).await, [""; 0]);

    let _ = ada.run("recentlyViewedClear", json!({"productIds": [stool]})).await.accepted();
    assert_eq!(recently_viewed(&ada).await, ["stoneware-teapot", "wool-beret"]);
    let archived = json!({"slug": "wool-beret", "status": "ARCHIVED"});
    let _ = shop.staff().await.run("productSave", archived).await.accepted();
    assert_eq!(view("wool-beret").await.codes(), ["NOT_FOUND"]);
    assert_eq!(recently_viewed(&ada).await, ["stoneware-teapot"], "what is not seen is not shown");
    // Who says no is forgotten.
    let _ = ada.run("customerUpdate", json!({"allowsPersonalization": false})).await.accepted();
    let _ = ada.run("customerUpdate", json!({"allowsPersonalization": true})).await.accepted();
    assert_eq!(recently_viewed(&ada).await, [""; 0]);
}

async fn recommendations_show_what_the_caller_sees_alone(shop: TestShop) {
    let (client, staff) = (shop.anonymous(), shop.staff().await);
    let (stool, beret) = (client.product("oak-stool").await, client.product("wool-beret").await);
    let held = json!({"ids": [beret, stool, beret]});
    let document = "query($ids: [ID!]) { recentlyViewed(productIds: $ids) { slug } }";
    assert_eq!(slugs(&client.query(document, held.clone()).await["recentlyViewed"]), ["wool-beret", "oak-stool"]);
    let like = related(&client, "oak-stool").await.remove(0);
    for slug in ["wool-beret", like.as_str()] {
        let _ = staff.run("productSave", json!({"slug": slug, "status": "ARCHIVED"})).await.accepted();
    }
    assert_eq!(slugs(&client.query(document, held.clone()).await["recentlyViewed"]), ["oak-stool"]);
    assert_eq!(slugs(&staff.query(document, held).await["recentlyViewed"]), ["wool-beret", "oak-stool"]);
    // At once, however old the index is.
    assert!(!related(&client, "oak-stool").await.contains(&like));
    eventually("the index to have less", async || {
        let found = client.query("{ search { totalCount } }", json!({})).await;
        (found["search"]["totalCount"] == demo_products().len() - 2).then_some(())
    })
    .await;
    let document = "query($id: ID!) { relatedProducts(productId: $id) { slug } frequentlyBoughtTogether(productId: $id) { lift } }";
    let unseen = client.query(document, json!({"id": beret})).await;
    assert_eq!(unseen, json!({"relatedProducts": [], "frequentlyBoughtTogether": []}));
    let many: Vec<_> = (0..51).map(|_| beret.clone()).collect();
    let document = "query($ids: [ID!]) { recentlyViewed(productIds: $ids) { slug } }";
    assert_eq!(client.execute(document, json!({"ids": many})).await.code(), "LIMIT_EXCEEDED");
}

//! What a shop's own operations cost, and what is refused.

use comptoir_tests::{Db, TestShop};
use serde_json::json;

/// A page of a list, as a storefront shows it.
const LIST: &str = "query($first: Int!, $variants: Int!) { products(first: $first) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id slug name image { url alt } priceRange { minimum { amount currency } }
        variants(first: $variants) { nodes {
            id sku title price { amount { amount currency } compareAt { amount } } availability { isAvailable quantity }
        } }
    }
} }";

/// By hand, entries and scalars 1 each: for a variant 1 + 3 + price 6 + availability 3; for a product 1 + 3 + image 3 +
/// price range 4 + variants 1; and once the list itself, its count, and its page info.
const fn list_cost(products: u64, variants: u64) -> u64 {
    1 + 1 + 3 + products * (12 + variants * 13)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_a_shop_is_cheap_and_all_of_it_at_once_is_refused() {
    let Some(shop) = TestShop::start(Db::Sqlite).await else { return };
    let client = shop.anonymous();
    let list = client.execute(LIST, json!({"first": 24, "variants": 4})).await;
    assert_eq!((list.cost(), list.body["extensions"]["cost"]["limit"].as_u64()), (list_cost(24, 4), Some(100_000)));
    assert_eq!(list.data()["products"]["nodes"].as_array().map(Vec::len), Some(24));

    let all = client.execute(LIST, json!({"first": 100, "variants": 100})).await;
    assert_eq!((all.cost(), all.code()), (list_cost(100, 100), "LIMIT_EXCEEDED"));
    assert_eq!(all.body.get("data"), None);
    let staff = shop.staff().await.execute(LIST, json!({"first": 100, "variants": 10})).await;
    assert_eq!(staff.cost(), list_cost(100, 10));
    assert!(staff.data()["products"].is_object(), "staff may ask for more");
}

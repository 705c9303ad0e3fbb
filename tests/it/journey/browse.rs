//! Lists and single products, by language and currency.

use std::collections::BTreeSet;

use comptoir_tests::{Client, TestShop, amount, both_databases, demo_products};
use serde_json::{Value, json};

both_databases! {
    lists_are_paged_both_ways,
    a_product_is_seen_in_a_language_and_a_currency,
    a_picture_is_served_and_a_path_leads_nowhere,
    what_is_not_published_is_not_seen,
}

const PAGE: &str = "query($first: Int, $after: String, $last: Int, $before: String, $filter: ProductFilterInput) {
    products(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
        totalCount edges { cursor node { slug createdAt } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}";

async fn page(client: &Client, variables: Value) -> Value {
    client.query(PAGE, variables).await["products"].clone()
}

fn slugs(page: &Value) -> Vec<String> {
    let edges = page["edges"].as_array().unwrap().iter();
    edges.map(|it| it["node"]["slug"].as_str().unwrap().to_owned()).collect()
}

async fn lists_are_paged_both_ways(shop: TestShop) {
    let client = shop.anonymous();
    let count = demo_products().len();

    let (mut forward, mut sizes, mut after) = (Vec::new(), Vec::new(), Value::Null);
    loop {
        let page = page(&client, json!({"first": 30, "after": after})).await;
        assert_eq!(page["totalCount"], count);
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !forward.is_empty());
        assert_eq!(page["pageInfo"]["endCursor"], page["edges"].as_array().unwrap().last().unwrap()["cursor"]);
        sizes.push(slugs(&page).len());
        forward.extend(slugs(&page));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(sizes, [30, 30, count - 60]);
    let expected: BTreeSet<_> = demo_products().iter().map(|it| it.slug.clone()).collect();
    assert_eq!(forward.iter().cloned().collect::<BTreeSet<_>>(), expected);
    assert_eq!(forward.len(), count, "each once");

    let (mut backward, mut before) = (Vec::new(), Value::Null);
    loop {
        let page = page(&client, json!({"last": 30, "before": before})).await;
        assert_eq!(page["pageInfo"]["hasNextPage"], !backward.is_empty());
        let mut part = slugs(&page);
        part.append(&mut backward);
        backward = part;
        before = page["pageInfo"]["startCursor"].clone();
        if page["pageInfo"]["hasPreviousPage"] == false {
            break;
        }
    }
    assert_eq!(backward, forward, "the same list from its end");

    let default = page(&client, json!({})).await;
    assert_eq!(slugs(&default), forward[..20]);

    let home: BTreeSet<_> = demo_products().iter().filter(|it| it.json["productType"] == "Home").collect_slugs();
    let found = page(&client, json!({"first": 100, "filter": {"productType": "Home"}})).await;
    assert_eq!(found["totalCount"], home.len());
    assert_eq!(slugs(&found).into_iter().collect::<BTreeSet<_>>(), home);
}

trait Slugs {
    fn collect_slugs(self) -> BTreeSet<String>;
}

impl<'a, I: Iterator<Item = &'a comptoir_tests::DemoProduct>> Slugs for I {
    fn collect_slugs(self) -> BTreeSet<String> {
        self.map(|it| it.slug.clone()).collect()
    }
}

async fn a_product_is_seen_in_a_language_and_a_currency(shop: TestShop) {
    let demo = demo_products().iter().find(|it| it.slug == "oak-serving-board").unwrap();
    let document = "query($context: ContextInput) {
        product(slug: \"oak-serving-board\", context: $context) {
            name descriptionHtml brand productType tags attributes { key value } options { name values }
            media { url alt } priceRange { minimum { amount currency } maximum { amount currency } }
            variants(first: 100) { nodes { sku title price { amount { amount currency } compareAt { amount currency } } availability { quantity } } }
        }
        context(context: $context) { currency languages }
    }";
    for (language, currency) in [("en", "EUR"), ("fr", "USD"), ("fr", "EUR"), ("en", "USD")] {
        let context = json!({"context": {"language": language, "currency": currency}});
        let data = shop.anonymous().query(document, context).await;
        let product = &data["product"];
        assert_eq!(product["name"], demo.text("name", language));
        assert_eq!(product["descriptionHtml"], demo.text("description", language));
        assert_eq!(product["media"][0]["alt"], demo.json["image"]["alt"][language]);
        assert_eq!(product["brand"], demo.json["brand"]);
        assert_eq!(data["context"]["currency"], currency);
        let prices = demo.prices(currency);
        let money = |cents: i64| json!({"amount": amount(cents), "currency": currency});
        let range =
            json!({"minimum": money(*prices.iter().min().unwrap()), "maximum": money(*prices.iter().max().unwrap())});
        assert_eq!(product["priceRange"], range);
        let variants = product["variants"]["nodes"].as_array().unwrap();
        assert_eq!(variants.len(), demo.variants.len());
        for (variant, expected) in variants.iter().zip(&demo.variants) {
            assert_eq!(variant["sku"], expected.sku);
            assert_eq!(variant["price"]["amount"], money(expected.prices[currency]));
            assert_eq!(variant["availability"]["quantity"], expected.available());
        }
        let file = demo.json["variants"][0]["compareAt"][currency].clone();
        assert_eq!(variants[0]["price"]["compareAt"], json!({"amount": file, "currency": currency}));
    }

    // What an argument leaves out comes from the header, then from the shop; a region is a language's.
    let french = shop.anonymous().with_header("accept-language", "fr-CA, en;q=0.5");
    let data = french.query(document, json!({})).await;
    assert_eq!(data["product"]["name"], demo.text("name", "fr"));
    assert_eq!(data["context"]["currency"], "EUR");
    let data = shop.anonymous().query(document, json!({"context": {"language": "de"}})).await;
    assert_eq!(data["product"]["name"], demo.text("name", "en"), "English where the language is missing");
    // Of a currency that nothing is sold in there is no price, and no error.
    let data = shop.anonymous().query(document, json!({"context": {"currency": "JPY"}})).await;
    assert_eq!(
        (&data["product"]["priceRange"], &data["product"]["variants"]["nodes"][0]["price"]),
        (&Value::Null, &Value::Null)
    );

    let missing = "{ product(slug: \"no-such-thing\") { id } variantBySku(sku: \"NO-SUCH\") { id } }";
    assert_eq!(shop.anonymous().query(missing, json!({})).await, json!({"product": null, "variantBySku": null}));
}

async fn a_picture_is_served_and_a_path_leads_nowhere(shop: TestShop) {
    let client = shop.anonymous();
    let data = client.query("{ products(first: 1) { nodes { image { url } } } }", json!({})).await;
    let url = data["products"]["nodes"][0]["image"]["url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(&client.url).unwrap_or_else(|| panic!("{url} is not at {}", client.url));
    let response = client.request(reqwest::Method::GET, path).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"image/svg+xml".parse().unwrap())
    );
    assert!(response.text().await.unwrap().contains("<svg"));

    for path in ["/media/demo/none.svg", "/media/demo/..%2Fshop.json", "/media/demo/", "/media/demo/%00"] {
        let response = client.request(reqwest::Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
    }
}

async fn what_is_not_published_is_not_seen(shop: TestShop) {
    let (staff, client) = (shop.staff().await, shop.anonymous());
    let input = json!({"slug": "secret-lamp", "texts": [{"language": "en", "name": "Zanzibar lantern"}],
        "variants": [{"sku": "SECRET", "prices": [{"amount": {"amount": "10.00", "currency": "EUR"}}]}]});
    let saved = staff.run("productSave", input).await.accepted();
    assert_eq!(saved["product"]["status"], "DRAFT");
    let (product, variant) = (&saved["product"]["id"], &saved["product"]["variants"]["nodes"][0]["id"]);

    let document = "query($product: ID!, $variant: ID!) {
        product(slug: \"secret-lamp\") { id } variantBySku(sku: \"SECRET\") { id }
        node(id: $product) { id } nodes(ids: [$variant, $product]) { id }
        products(first: 1) { totalCount } search(query: \"zanzibar\") { totalCount }
    }";
    let ids = json!({"product": product, "variant": variant});
    let seen = client.query(document, ids.clone()).await;
    let nothing = json!({"product": null, "variantBySku": null, "node": null, "nodes": [null, null],
        "products": {"totalCount": demo_products().len()}, "search": {"totalCount": 0}});
    assert_eq!(seen, nothing);
    let line = json!({"lines": [{"variantId": variant}]});
    let refused = client.run("cartCreate", line.clone()).await;
    assert_eq!(refused.codes(), ["NOT_FOR_SALE"]);
    assert_eq!(staff.query(document, ids.clone()).await["product"]["id"], *product, "staff sees it");

    let _ = staff.run("productSave", json!({"slug": "secret-lamp", "status": "ACTIVE"})).await.accepted();
    let seen = client.query(document, ids).await;
    assert_eq!((&seen["product"]["id"], &seen["node"]["id"]), (product, product));
    let newest = page(&client, json!({"first": 1})).await;
    assert_eq!(slugs(&newest), ["secret-lamp"], "the newest comes first");
    comptoir_tests::eventually("the product to be found", || async {
        let found = client.query("{ search(query: \"zanzibar\") { totalCount } }", json!({})).await;
        (found["search"]["totalCount"] == 1).then_some(())
    })
    .await;
    // Never counted, it cannot be bought yet.
    assert_eq!(client.run("cartCreate", line).await.codes(), ["INSUFFICIENT_STOCK"]);
}

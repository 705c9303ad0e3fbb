//! Search: words, facets, prices, order, pages.

use std::collections::{BTreeMap, BTreeSet};

use comptoir_tests::{Client, DemoProduct, TestShop, amount, both_databases, cents, demo_products};
use serde_json::{Value, json};

both_databases! {
    words_are_found_with_typos_and_without_accents,
    filters_and_facets_agree_with_the_catalog,
    a_price_filter_meets_the_range_of_a_products_prices,
    sorted_hits_are_paged,
}

const SEARCH: &str = "query($query: String!, $filter: SearchFilterInput, $sort: SearchSort, $first: Int, $after: String, $context: ContextInput) {
    search(query: $query, filter: $filter, sort: $sort, first: $first, after: $after, context: $context) {
        totalCount nodes { slug priceRange { minimum { amount } } } pageInfo { hasNextPage hasPreviousPage endCursor }
        facets { key values { value count } }
        priceRange { minimum { amount currency } maximum { amount currency } }
    }
}";

async fn search(client: &Client, variables: Value) -> Value {
    let mut all = json!({"query": "", "first": 100, "sort": "RELEVANCE"});
    all.as_object_mut().unwrap().extend(variables.as_object().unwrap().clone());
    client.query(SEARCH, all).await["search"].clone()
}

fn slugs(found: &Value) -> Vec<String> {
    found["nodes"].as_array().unwrap().iter().map(|it| it["slug"].as_str().unwrap().to_owned()).collect()
}

/// Asserts that a search finds exactly the products that satisfy `is_meant`.
async fn assert_finds(client: &Client, variables: Value, is_meant: impl Fn(&DemoProduct) -> bool) {
    let found = search(client, variables.clone()).await;
    let expected: BTreeSet<_> = demo_products().iter().filter(|it| is_meant(it)).map(|it| it.slug.clone()).collect();
    assert!(!expected.is_empty(), "{variables} proves nothing");
    assert_eq!(slugs(&found).into_iter().collect::<BTreeSet<_>>(), expected, "{variables}");
    assert_eq!(found["totalCount"], expected.len(), "{variables}");
}

async fn words_are_found_with_typos_and_without_accents(shop: TestShop) {
    let client = shop.anonymous();
    let french = json!({"language": "fr"});
    let cases = [
        // Whole words, in either language, with other case and without accents.
        (json!({"query": "teapot"}), "stoneware-teapot"),
        (json!({"query": "THEIERE", "context": french}), "stoneware-teapot"),
        (json!({"query": "théière"}), "stoneware-teapot"),
        (json!({"query": "tabouret chene", "context": french}), "oak-stool"),
        (json!({"query": "Béret"}), "wool-beret"),
        // Typos: a letter wrong, missing, too many, two swapped.
        (json!({"query": "teapit"}), "stoneware-teapot"),
        (json!({"query": "espadriles"}), "espadrilles"),
        (json!({"query": "sideboardd"}), "walnut-sideboard"),
        (json!({"query": "moutrade", "context": french}), "dijon-mustard"),
        // The beginning of a word, a plural, a SKU.
        (json!({"query": "sidebo"}), "walnut-sideboard"),
        (json!({"query": "teapots"}), "stoneware-teapot"),
        (json!({"query": "BRT-XL-NV"}), "breton-shirt"),
        (json!({"query": "scarves"}), "wool-scarf"),
        // One word written as two; a barcode with a zero before it, and as people write it down.
        (json!({"query": "tea pot"}), "stoneware-teapot"),
        (json!({"query": "02004001059577"}), "olive-oil"),
        (json!({"query": "2004001-05957 7"}), "olive-oil"),
        // What is not a question in any language of queries.
        (json!({"query": "\"teapot\" (*"}), "stoneware-teapot"),
    ];
    for (variables, expected) in cases {
        let found = search(&client, variables.clone()).await;
        assert_eq!(slugs(&found).first().map(String::as_str), Some(expected), "{variables}");
    }
    for nothing in ["xylophone", "-", "\u{0}", "%", "🔥"] {
        let found = search(&client, json!({"query": nothing})).await;
        assert_eq!((&found["totalCount"], &found["priceRange"]), (&json!(0), &Value::Null), "{nothing:?}");
    }
}

async fn filters_and_facets_agree_with_the_catalog(shop: TestShop) {
    let client = shop.anonymous();
    let brand = |name: &'static str| move |it: &DemoProduct| it.json["brand"] == name;
    let facets = |key: &str, values: &[&str]| json!([{"key": key, "values": values}]);
    assert_finds(&client, json!({}), |_| true).await;
    assert_finds(&client, json!({"filter": {"facets": facets("brand", &["Comptoir"])}}), brand("Comptoir")).await;
    let two = facets("brand", &["Comptoir", "Lin & Loire"]);
    assert_finds(&client, json!({"filter": {"facets": two}}), |it| brand("Comptoir")(it) || brand("Lin & Loire")(it))
        .await;
    let both = json!([{"key": "brand", "values": ["Comptoir"]}, {"key": "madeIn", "values": ["Portugal"]}]);
    assert_finds(&client, json!({"filter": {"facets": both}}), |it| {
        brand("Comptoir")(it) && it.json["attributes"]["madeIn"] == "Portugal"
    })
    .await;
    let tag = facets("tag", &["linen"]);
    let is_linen = |it: &DemoProduct| it.json["tags"].as_array().unwrap().contains(&json!("linen"));
    assert_finds(&client, json!({"filter": {"facets": tag}}), is_linen).await;
    assert_finds(&client, json!({"filter": {"inStock": true}}), DemoProduct::is_available).await;

    // Counts and the price range are those of what was found.
    let found = search(&client, json!({"filter": {"facets": facets("brand", &["Comptoir"])}})).await;
    let mine: Vec<_> = demo_products().iter().filter(|it| brand("Comptoir")(it)).collect();
    let prices: BTreeSet<i64> = mine.iter().flat_map(|it| it.prices("EUR")).collect();
    assert_eq!(found["priceRange"]["minimum"], json!({"amount": amount(*prices.first().unwrap()), "currency": "EUR"}));
    assert_eq!(found["priceRange"]["maximum"], json!({"amount": amount(*prices.last().unwrap()), "currency": "EUR"}));
    for key in ["madeIn", "material"] {
        let mut expected = BTreeMap::new();
        for value in mine.iter().filter_map(|it| it.json["attributes"][key].as_str()) {
            *expected.entry(value.to_owned()).or_insert(0) += 1;
        }
        let facet = found["facets"].as_array().unwrap().iter().find(|it| it["key"] == key).unwrap();
        let values = facet["values"].as_array().unwrap();
        let counted: BTreeMap<_, _> =
            values.iter().map(|it| (it["value"].as_str().unwrap().to_owned(), it["count"].as_i64().unwrap())).collect();
        assert_eq!(counted, expected, "{key}");
        assert!(values.is_sorted_by_key(|it| -it["count"].as_i64().unwrap()), "the most frequent first: {values:?}");
    }
}

async fn a_price_filter_meets_the_range_of_a_products_prices(shop: TestShop) {
    let client = shop.anonymous();
    // Both ends are in it, in either currency.
    for (currency, minimum, maximum) in [
        ("EUR", Some("20.00"), Some("25.00")),
        ("USD", Some("26.00"), Some("26.00")),
        ("EUR", None, Some("4.90")),
        ("EUR", Some("149.00"), None),
    ] {
        let price = json!({"minimum": minimum, "maximum": maximum});
        let (low, high) = (minimum.map_or(0, cents), maximum.map_or(i64::MAX, cents));
        let variables = json!({"filter": {"price": price}, "context": {"currency": currency}});
        let meets = |prices: Vec<i64>| prices.iter().any(|it| *it <= high) && prices.iter().any(|it| low <= *it);
        assert_finds(&client, variables, |it| meets(it.prices(currency))).await;
    }
}

async fn sorted_hits_are_paged(shop: TestShop) {
    let client = shop.anonymous();
    let lowest = |it: &DemoProduct| *it.prices("EUR").iter().min().unwrap();
    for (sort, sign) in [("PRICE_ASCENDING", 1), ("PRICE_DESCENDING", -1)] {
        let mut expected: Vec<i64> = demo_products().iter().map(lowest).collect();
        expected.sort_by_key(|it| sign * it);
        let (mut prices, mut seen, mut after) = (Vec::new(), BTreeSet::new(), Value::Null);
        loop {
            let page = search(&client, json!({"sort": sort, "first": 30, "after": after})).await;
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !prices.is_empty());
            let nodes = page["nodes"].as_array().unwrap();
            prices.extend(nodes.iter().map(|it| cents(it["priceRange"]["minimum"]["amount"].as_str().unwrap())));
            seen.extend(slugs(&page));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(prices, expected, "{sort}");
        assert_eq!(seen.len(), expected.len(), "{sort}: each once");
    }
}

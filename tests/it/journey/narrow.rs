//! Narrowing a search: choices that can be sent back, numbers, places near by, collections, and what is shown where nothing is found.

use comptoir_tests::{Client, TestShop, both_databases, demo_products, eventually};
use serde_json::{Value, json};

both_databases! {
    a_facet_value_carries_what_chooses_it,
    numbers_narrow_in_their_unit,
    what_is_near_is_told_with_its_distance,
    collections_keep_the_merchants_order_in_search,
    bad_collections_are_refused,
    where_nothing_is_found_it_is_said_what_was_looked_for_instead,
    what_matches_is_marked,
}

const SEARCH: &str = "query($query: String! = \"\", $filter: SearchFilterInput, $sort: SearchSort! = RELEVANCE, $offset: Int, $near: CoordinatesInput! = {latitude: 0, longitude: 0}) {
    search(query: $query, filter: $filter, sort: $sort, first: 100, offset: $offset) {
        totalCount
        facets { key values { value count isSelected selection { key values } } }
        numbers { key unit minimum maximum }
        relaxation { query correctedWords { typed corrected } ignoredWords ignoredFilters }
        edges { node { slug } nearestLocation { distanceKm location { code distanceKm(from: $near) } } highlights { name { text isMatch } description { text isMatch } } }
    }
}";

async fn search(client: &Client, variables: Value) -> Value {
    client.query(SEARCH, variables).await["search"].clone()
}

fn slugs(found: &Value) -> Vec<String> {
    let edges = found["edges"].as_array().unwrap().iter();
    edges.map(|it| it["node"]["slug"].as_str().unwrap().to_owned()).collect()
}

fn values<'a>(found: &'a Value, key: &str) -> &'a Vec<Value> {
    let facet = found["facets"].as_array().unwrap().iter().find(|it| it["key"] == key);
    facet.unwrap_or_else(|| panic!("no facet {key}: {found}"))["values"].as_array().unwrap()
}

async fn a_facet_value_carries_what_chooses_it(shop: TestShop) {
    let client = shop.anonymous();
    let all = search(&client, json!({})).await;
    let types = values(&all, "productType");
    assert!(2 <= types.len());
    // Each choice shows what its count says, and choices of one facet add up.
    let (first, second) = (&types[0], &types[1]);
    for chosen in [vec![first], vec![second], vec![first, second]] {
        let facets: Vec<&Value> = chosen.iter().map(|it| &it["selection"]).collect();
        let found = search(&client, json!({"filter": {"facets": facets}})).await;
        let expected: u64 = chosen.iter().map(|it| it["count"].as_u64().unwrap()).sum();
        assert_eq!(found["totalCount"], expected, "{chosen:?}");
        // What else could be chosen is counted still, and what is chosen is marked.
        assert_eq!(values(&found, "productType").len(), types.len());
        for value in values(&found, "productType") {
            let is_chosen = chosen.iter().any(|it| it["value"] == value["value"]);
            assert_eq!(value["isSelected"], is_chosen, "{value}");
            assert_eq!(value["count"], types.iter().find(|it| it["value"] == value["value"]).unwrap()["count"]);
        }
    }
    let asked = "{ search(facets: [\"brand\"]) { facets { key } } }";
    assert_eq!(client.query(asked, json!({})).await["search"]["facets"], json!([{"key": "brand"}]));
}

async fn numbers_narrow_in_their_unit(shop: TestShop) {
    let staff = shop.staff().await;
    for (slug, capacity) in [("bottle-small", "33 cl"), ("bottle-large", "0.75 L"), ("bottle-odd", "a lot")] {
        let input = json!({"slug": slug, "status": "ACTIVE", "texts": [{"language": "en", "name": "Zinc bottle"}],
            "attributes": [{"key": "capacity", "value": capacity}], "variants": [{"sku": slug}]});
        let _ = staff.run("productSave", input).await.accepted();
    }
    let client = shop.anonymous();
    eventually("the bottles to be found", async || {
        let found = slugs(&search(&client, json!({"query": "zinc bottle"})).await);
        ["bottle-small", "bottle-large", "bottle-odd"]
            .iter()
            .all(|it| found.iter().any(|slug| slug == it))
            .then_some(())
    })
    .await;
    let within = |minimum: Value, maximum: Value| json!({"query": "zinc bottle", "filter": {"numbers": [{"key": "capacity", "unit": "ml", "minimum": minimum, "maximum": maximum}]}});
    let large = search(&client, within(json!("500"), json!(null))).await;
    assert_eq!(slugs(&large), ["bottle-large"]);
    let numbers = json!([{"key": "capacity", "unit": "ml", "minimum": "330", "maximum": "750"}]);
    assert_eq!(large["numbers"], numbers, "without its own filter");
    assert_eq!(search(&client, within(json!("330"), json!("330.000"))).await["totalCount"], 1);
    for (minimum, path) in [("1.2345", "minimum"), ("x", "minimum"), ("1e9", "minimum")] {
        let answer = client.execute(SEARCH, within(json!(minimum), json!(null))).await;
        assert_eq!(answer.code(), "INVALID_INPUT", "{minimum}");
        assert_eq!(answer.body["errors"][0]["extensions"]["argumentPath"], json!(["filter", "numbers", "0", path]));
    }
}

async fn what_is_near_is_told_with_its_distance(shop: TestShop) {
    let client = shop.anonymous();
    // The town hall of Paris: the store in the Marais is 1 km away, Lille some 200 km.
    let place = json!({"latitude": 48.8566, "longitude": 2.3522});
    let near = |km: f64| json!({"near": place, "filter": {"near": {"place": place, "withinKm": km}}});
    let in_marais =
        demo_products().iter().filter(|it| it.variants.iter().any(|it| 0 < it.stock["paris-marais"])).count();
    let found = search(&client, near(20.0)).await;
    assert_eq!(found["totalCount"], in_marais);
    for edge in found["edges"].as_array().unwrap() {
        let nearest = &edge["nearestLocation"];
        assert_eq!(nearest["location"]["code"], "paris-marais");
        let kilometers = nearest["distanceKm"].as_f64().unwrap();
        assert!((0.8..1.2).contains(&kilometers), "{kilometers}");
        assert_eq!(nearest["location"]["distanceKm"], kilometers);
    }
    assert_eq!(search(&client, near(0.5)).await["totalCount"], 0);
    let everywhere = search(&client, near(1_000.0)).await["totalCount"].as_u64().unwrap();
    assert!(in_marais as u64 <= everywhere, "{everywhere}");

    let lille = client.location("lille-centre").await;
    let in_lille =
        demo_products().iter().filter(|it| it.variants.iter().any(|it| 0 < it.stock["lille-centre"])).count();
    let there = search(&client, json!({"filter": {"availableAt": [lille]}})).await;
    assert_eq!(there["totalCount"], in_lille);

    // What was just sold is not shown, whatever the index still says.
    let slug = slugs(&found)[0].clone();
    let document = "query($slug: String!) { product(slug: $slug) { variants { nodes { id } } } }";
    let variants = client.query(document, json!({"slug": slug})).await["product"]["variants"]["nodes"].clone();
    let marais = client.location("paris-marais").await;
    let adjustments: Vec<Value> = variants
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!({"variantId": it["id"], "locationId": marais, "change": {"to": 0}}))
        .collect();
    let input = json!({"idempotencyKey": comptoir_tests::new_key(), "adjustments": adjustments});
    let _ = shop.staff().await.run("inventoryAdjust", input).await.accepted();
    assert!(!slugs(&search(&client, near(20.0)).await).contains(&slug));

    for (place, km) in [(json!({"latitude": 91.0, "longitude": 0.0}), 1.0), (place.clone(), -1.0), (place.clone(), 1e9)]
    {
        let answer = client.execute(SEARCH, json!({"filter": {"near": {"place": place, "withinKm": km}}})).await;
        assert_eq!(answer.code(), "INVALID_INPUT", "{place} {km}");
    }
}

async fn collections_keep_the_merchants_order_in_search(shop: TestShop) {
    let (client, staff) = (shop.anonymous(), shop.staff().await);
    let read = "{ collection(slug: \"writing-desk\") { id name products(first: 2) { nodes { slug collections { slug } } pageInfo { endCursor hasNextPage } } } }";
    let desk = client.query(read, json!({})).await["collection"].clone();
    assert_eq!(desk["name"], "The writing desk");
    assert_eq!(
        desk["products"]["nodes"][0],
        json!({"slug": "fountain-pen", "collections": [{"slug": "writing-desk"}]})
    );
    assert_eq!(desk["products"]["pageInfo"]["hasNextPage"], true);
    let within =
        |query: &str, sort: &str| json!({"query": query, "sort": sort, "filter": {"collectionId": desk["id"]}});
    let order = [
        "fountain-pen",
        "clothbound-notebook",
        "ink-bottle",
        "brass-desk-lamp",
        "letter-writing-set",
        "weekly-desk-pad",
    ];
    assert_eq!(slugs(&search(&client, within("", "RELEVANCE")).await), order);
    // Moved, added and taken out: the index follows without being built anew.
    let id = async |slug: &str| {
        client.query("query($slug: String!) { product(slug: $slug) { id } }", json!({"slug": slug})).await["product"]["id"].clone()
    };
    let (pad, stool, ink) = (id("weekly-desk-pad").await, id("oak-stool").await, id("ink-bottle").await);
    let add = json!({"collectionId": desk["id"], "productIds": [pad, stool], "position": 0});
    let _ = staff.run("collectionProductsAdd", add).await.accepted();
    let removed = staff
        .run("collectionProductsRemove", json!({"collectionId": desk["id"], "productIds": [ink]}))
        .await
        .accepted();
    let expected = [
        "weekly-desk-pad",
        "oak-stool",
        "fountain-pen",
        "clothbound-notebook",
        "brass-desk-lamp",
        "letter-writing-set",
    ];
    let now: Vec<&str> = removed["collection"]["products"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["slug"].as_str().unwrap())
        .collect();
    assert_eq!(now, expected);
    eventually("search to have the new order", async || {
        (slugs(&search(&client, within("", "COLLECTION")).await) == expected).then_some(())
    })
    .await;
    let again = staff
        .run("collectionProductsSet", json!({"collectionId": desk["id"], "productIds": [stool, stool, pad]}))
        .await
        .accepted();
    assert_eq!(again["collection"]["products"]["nodes"], json!([{"slug": "oak-stool"}, {"slug": "weekly-desk-pad"}]));

    let hidden = staff.run("collectionSave", json!({"slug": "writing-desk", "isPublished": false})).await.accepted();
    assert_eq!(hidden["collection"]["isPublished"], false);
    assert_eq!(client.query(read, json!({})).await["collection"], json!(null));
    assert_eq!(search(&client, within("", "COLLECTION")).await["totalCount"], 0, "nor is it told what is in it");
    assert_ne!(search(&staff, within("", "COLLECTION")).await["totalCount"], 0, "staff sees it");
    let _ = staff.run("collectionDelete", json!({"collectionId": desk["id"]})).await.accepted();
    eventually("search to forget the collection", async || {
        (search(&client, within("", "COLLECTION")).await["totalCount"] == 0).then_some(())
    })
    .await;
}

async fn bad_collections_are_refused(shop: TestShop) {
    let (client, staff) = (shop.anonymous(), shop.staff().await);
    let read = "{ collection(slug: \"writing-desk\") { id } product(slug: \"oak-stool\") { id } }";
    let read_ids = client.query(read, json!({})).await;
    let (desk, stool) = (&read_ids["collection"], &read_ids["product"]["id"]);
    for (command, input, code) in [
        ("collectionSave", json!({"slug": "nameless"}), "INVALID_INPUT"),
        ("collectionSave", json!({"slug": "Bad Slug", "texts": [{"language": "en", "name": "x"}]}), "INVALID_INPUT"),
        ("collectionProductsSet", json!({"collectionId": desk["id"], "productIds": [desk["id"]]}), "INVALID_ID"),
        ("collectionProductsAdd", json!({"collectionId": desk["id"], "productIds": []}), "LIMIT_EXCEEDED"),
        (
            "collectionProductsAdd",
            json!({"collectionId": "coll_01h455vb4pex5vsknk084sn02q", "productIds": [stool]}),
            "NOT_FOUND",
        ),
        ("collectionDelete", json!({"collectionId": "coll_01h455vb4pex5vsknk084sn02q"}), "NOT_FOUND"),
        (
            "collectionProductsAdd",
            json!({"collectionId": desk["id"], "productIds": ["prod_01h455vb4pex5vsknk084sn02q"]}),
            "NOT_FOUND",
        ),
    ] {
        let _ = staff.run(command, input.clone()).await.refused(code);
    }
}

async fn where_nothing_is_found_it_is_said_what_was_looked_for_instead(shop: TestShop) {
    let client = shop.anonymous();
    let none = json!(null);
    assert_eq!(search(&client, json!({"query": "oak stool"})).await["relaxation"], none);
    // Too many letters wrong to be forgiven silently.
    let found = search(&client, json!({"query": "espaddrrilless"})).await;
    assert_eq!(found["relaxation"]["query"], "espadrilles", "{found}");
    assert_eq!(found["relaxation"]["correctedWords"], json!([{"typed": "espaddrrilless", "corrected": "espadrilles"}]));
    assert_eq!(slugs(&found), ["espadrilles"]);
    // A word that was typed twice is left out once.
    let found = search(&client, json!({"query": "xyzzyx stool xyzzyx"})).await;
    assert_eq!(
        (&found["relaxation"]["query"], &found["relaxation"]["ignoredWords"]),
        (&json!("stool"), &json!(["xyzzyx"]))
    );
    assert!(slugs(&found).contains(&"oak-stool".to_owned()));
    let filter = json!({"facets": [{"key": "brand", "values": ["Nobody"]}]});
    let found = search(&client, json!({"query": "oak stool", "filter": filter})).await;
    assert_eq!(found["relaxation"]["ignoredFilters"], true);
    assert!(slugs(&found).contains(&"oak-stool".to_owned()));
    let nothing = search(&client, json!({"query": "xyzzyx"})).await;
    assert_eq!((&nothing["relaxation"], &nothing["totalCount"]), (&none, &json!(0)));
    // Pages by number.
    let all = slugs(&search(&client, json!({"sort": "NEWEST"})).await);
    let rest = slugs(&search(&client, json!({"sort": "NEWEST", "offset": 70})).await);
    assert_eq!(rest, all[70..]);
}

async fn what_matches_is_marked(shop: TestShop) {
    let client = shop.anonymous();
    let found = search(&client, json!({"query": "stools"})).await;
    let edge = found["edges"].as_array().unwrap().iter().find(|it| it["node"]["slug"] == "oak-stool").unwrap();
    let name = edge["highlights"]["name"].as_array().unwrap();
    let marked: Vec<&str> =
        name.iter().filter(|it| it["isMatch"] == true).map(|it| it["text"].as_str().unwrap()).collect();
    assert_eq!(marked, ["stool"], "{name:?}");
    let text: String =
        edge["highlights"]["description"].as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap()).collect();
    assert!(!text.is_empty() && !text.contains('<') && text.chars().count() <= 300, "{text}");
}

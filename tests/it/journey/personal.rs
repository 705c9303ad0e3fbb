//! Personal search: what a shopper looked at moves hits, with their consent alone.

use comptoir_tests::{Client, TestShop, both_databases, demo_products, eventually};
use serde_json::{Value, json};

both_databases! {
    a_search_is_personal_with_consent_and_says_so,
    the_account_of_a_customer_says_whether_it_is_personal,
    rules_for_a_group_are_for_its_customers_who_allow_it,
    a_preview_shows_what_would_move,
}

const SEARCH: &str = "query($first: Int, $offset: Int, $sort: SearchSort, $personal: SearchPersonalizationInput) {
    search(query: \"\", first: $first, offset: $offset, sort: $sort, personalization: $personal) {
        totalCount personalization { boosts { fact value } unknown }
        edges { node { slug productType } personalBoost { fact value } }
    } }";

async fn search(client: &Client, variables: Value) -> Value {
    let mut all = json!({"first": 100, "offset": 0, "sort": "RELEVANCE"});
    all.as_object_mut().unwrap().extend(variables.as_object().unwrap().clone());
    client.query(SEARCH, all).await["search"].clone()
}

fn slugs(found: &Value) -> Vec<String> {
    let edges = found["edges"].as_array().unwrap();
    edges.iter().map(|it| it["node"]["slug"].as_str().unwrap().to_owned()).collect()
}

fn type_of(slug: &str) -> Value {
    demo_products().iter().find(|it| it.slug == slug).unwrap().json["productType"].clone()
}

/// Of all products, the last one, which has others before it that are of another type.
fn last(found: &Value) -> (String, Value) {
    let slugs = slugs(found);
    let last = slugs.last().unwrap().clone();
    let kind = type_of(&last);
    (last, kind)
}

async fn a_search_is_personal_with_consent_and_says_so(shop: TestShop) {
    let client = shop.anonymous();
    let plain = search(&client, json!({})).await;
    assert_eq!(plain["personalization"], Value::Null);
    let (slug, kind) = last(&plain);
    let ids = json!([client.product(&slug).await]);
    let consent = |is_given: bool| json!({"personal": {"consent": is_given, "recentProductIds": ids}});
    let refused = search(&client, consent(false)).await;
    assert_eq!((slugs(&refused), &refused["personalization"]), (slugs(&plain), &Value::Null));

    let personal = search(&client, consent(true)).await;
    let expected = json!({
        "boosts": [{"fact": "RECENT_CATEGORY", "value": kind}], "unknown": ["LOYALTY_TIER"],
    });
    assert_eq!(personal["personalization"], expected);
    assert_eq!(personal["totalCount"], plain["totalCount"]);
    let (before, after) = (slugs(&plain), slugs(&personal));
    assert_ne!(before, after);
    for (place, edge) in personal["edges"].as_array().unwrap().iter().enumerate() {
        let was = before.iter().position(|it| *it == after[place]).unwrap();
        assert!(was <= place + 3, "{} came from {was} to {place}", after[place]);
        assert_eq!(edge["personalBoost"].is_null(), edge["node"]["productType"] != kind, "{edge}");
    }
    // Pages are the whole list, cut.
    let mut pages = Vec::new();
    for offset in (0..before.len()).step_by(7) {
        let mut variables = consent(true);
        variables["offset"] = json!(offset);
        variables["first"] = json!(7);
        pages.extend(slugs(&search(&client, variables).await));
    }
    assert_eq!(pages, after);

    // An order that the shopper asks for stays.
    let mut cheapest = consent(true);
    cheapest["sort"] = json!("PRICE_ASCENDING");
    let cheapest = search(&client, cheapest).await;
    assert_eq!(cheapest["personalization"]["boosts"], json!([]));
    assert_eq!(slugs(&cheapest), slugs(&search(&client, json!({"sort": "PRICE_ASCENDING"})).await));
    let nothing = search(&client, json!({"personal": {"consent": true}})).await;
    assert_eq!((slugs(&nothing), &nothing["personalization"]["boosts"]), (before, &json!([])));
    let many: Vec<_> = (0..51).map(|_| ids[0].clone()).collect();
    for (ids, code) in [(json!(many), "LIMIT_EXCEEDED"), (json!(["nonsense"]), "INVALID_ID")] {
        let variables = json!({"personal": {"consent": true, "recentProductIds": ids}, "sort": "RELEVANCE"});
        assert_eq!(client.execute(SEARCH, variables).await.code(), code);
    }
}

async fn the_account_of_a_customer_says_whether_it_is_personal(shop: TestShop) {
    let ada = shop.customer("ada@example.org").await;
    let plain = search(&ada, json!({})).await;
    let (slug, kind) = last(&plain);
    assert_eq!(plain["personalization"], Value::Null);
    let _ = ada.run("customerUpdate", json!({"allowsPersonalization": true})).await.accepted();
    assert_eq!(search(&ada, json!({})).await["personalization"]["boosts"], json!([]));
    let product = ada.product(&slug).await;
    let _ = ada.run("productViewRecord", json!({"productId": product})).await.accepted();
    let personal = search(&ada, json!({})).await;
    assert_eq!(personal["personalization"]["boosts"], json!([{"fact": "RECENT_CATEGORY", "value": kind}]));
    assert_ne!(slugs(&personal), slugs(&plain));
    // One search can do without, and so can the account.
    let without = search(&ada, json!({"personal": {"consent": false}})).await;
    assert_eq!((slugs(&without), &without["personalization"]), (slugs(&plain), &Value::Null));
    let _ = ada.run("customerUpdate", json!({"allowsPersonalization": false})).await.accepted();
    assert_eq!(search(&ada, json!({})).await["personalization"], Value::Null);
    assert_eq!(search(&shop.anonymous(), json!({})).await["personalization"], Value::Null);
}

async fn rules_for_a_group_are_for_its_customers_who_allow_it(shop: TestShop) {
    let (staff, ada, bob) =
        (shop.staff().await, shop.customer("ada@example.org").await, shop.customer("bob@example.org").await);
    let group =
        staff.run("customerGroupSave", json!({"name": "Trade"})).await.accepted()["customerGroup"]["id"].clone();
    let (slug, _) = last(&search(&ada, json!({})).await);
    let product = ada.product(&slug).await;
    let rule = |group: &Value| {
        let pin = json!({"pin": {"productId": product, "position": 1}});
        json!({"code": "trade", "name": "Trade", "customerGroupId": group, "actions": [pin]})
    };
    let missing = json!("cgroup_01h455vb4pex5vsknk084sn02q");
    let _ = staff.run("searchRuleSave", rule(&missing)).await.refused("NOT_FOUND");
    let saved = staff.run("searchRuleSave", rule(&group)).await.accepted();
    let rules = staff.query("{ searchRules { nodes { code customerGroupId } } }", json!({})).await;
    assert_eq!(rules["searchRules"]["nodes"], json!([{"code": saved["searchRule"]["code"], "customerGroupId": group}]));
    let id = ada.query("{ me { id } }", json!({})).await["me"]["id"].clone();
    let _ = staff.run("customerGroupsSet", json!({"customerId": id, "groupIds": [group]})).await.accepted();
    let consent = json!({"personal": {"consent": true}});
    let found = eventually("the rule to count", async || {
        let found = search(&ada, consent.clone()).await;
        (slugs(&found)[0] == slug).then_some(found)
    })
    .await;
    let boosts = json!([{"fact": "CUSTOMER_GROUP", "value": null}]);
    assert_eq!(found["personalization"], json!({"boosts": boosts, "unknown": ["LOYALTY_TIER"]}));
    // Neither without consent, nor for who is in no group or nobody.
    for (client, variables) in [(&ada, json!({})), (&bob, consent.clone()), (&shop.anonymous(), consent)] {
        let found = search(client, variables).await;
        assert_ne!(slugs(&found)[0], slug);
        assert!(matches!(&found["personalization"]["boosts"], Value::Null | Value::Array(_)));
        assert_ne!(found["personalization"]["boosts"], boosts);
    }
    let _ = ada.run("customerUpdate", json!({"allowsPersonalization": true})).await.accepted();
    assert_eq!(slugs(&search(&ada, json!({})).await)[0], slug, "the account says so");
}

async fn a_preview_shows_what_would_move(shop: TestShop) {
    let (client, staff) = (shop.anonymous(), shop.staff().await);
    let plain = search(&client, json!({})).await;
    let (slug, kind) = last(&plain);
    let personal = json!({"consent": true, "recentProductIds": [client.product(&slug).await]});
    let document =
        "query($personal: SearchPersonalizationInput) { searchPreview(first: 100, personalization: $personal) {
        personalization { boosts { value } } hits { position product { slug } personalBoost { value } } } }";
    let preview = staff.query(document, json!({"personal": personal})).await["searchPreview"].clone();
    assert_eq!(preview["personalization"]["boosts"], json!([{"value": kind}]));
    let shown = search(&client, json!({"personal": personal})).await;
    let hits = preview["hits"].as_array().unwrap();
    let previewed: Vec<_> = hits.iter().map(|it| it["product"]["slug"].as_str().unwrap().to_owned()).collect();
    assert_eq!(previewed, slugs(&shown));
    assert!(hits.iter().any(|it| it["personalBoost"]["value"] == kind));
}

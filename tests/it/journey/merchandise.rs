//! What staff wants shown, what shoppers are suggested, and what is counted of it.

use comptoir_tests::{Client, TestShop, both_databases, eventually};
use serde_json::{Value, json};

both_databases! {
    rules_order_what_is_found_and_say_so,
    rules_have_their_time_and_their_channel,
    bad_rules_are_refused,
    synonyms_find_each_other,
    suggestions_come_in_one_answer,
    searches_are_counted_with_what_became_of_them,
}

const SEARCH: &str = "query($query: String!, $context: ContextInput, $sort: SearchSort! = RELEVANCE, $first: Int! = 100, $offset: Int, $filter: SearchFilterInput) {
    search(query: $query, context: $context, sort: $sort, first: $first, offset: $offset, filter: $filter) { totalCount nodes { slug } redirectUrl searchId }
}";

const REPORT: &str = "query($kind: SearchReportKind!, $channel: String) {
    searchReport(kind: $kind, since: \"2026-01-01T00:00:00Z\", channel: $channel) { query searches zeroResults abandoned clicks addsToCart }
}";

async fn found(client: &Client, variables: Value) -> Vec<String> {
    let found = client.query(SEARCH, variables).await;
    let nodes = found["search"]["nodes"].as_array().unwrap().iter();
    nodes.map(|it| it["slug"].as_str().unwrap().to_owned()).collect()
}

async fn id(client: &Client, slug: &str) -> Value {
    client.query("query($slug: String!) { product(slug: $slug) { id } }", json!({"slug": slug})).await["product"]["id"]
        .clone()
}

fn rule(code: &str, text: &str, actions: Value) -> Value {
    json!({"code": code, "name": code, "query": {"text": text}, "actions": actions})
}

async fn rules_order_what_is_found_and_say_so(shop: TestShop) {
    let (client, staff) = (shop.anonymous(), shop.staff().await);
    let plain = found(&client, json!({"query": "linen"})).await;
    assert!(6 <= plain.len(), "{plain:?}");
    // A stool, which the text does not find, the last hit first, the first one last, and one not at all.
    let (first, second, last) = (plain[0].clone(), plain[1].clone(), plain[plain.len() - 1].clone());
    let actions = json!([
        {"pin": {"productId": id(&client, "oak-stool").await, "position": 2}},
        {"boost": {"productId": id(&client, &last).await}},
        {"bury": {"productId": id(&client, &first).await}},
        {"hide": {"productId": id(&client, &second).await}},
    ]);
    let _ = staff.run("searchRuleSave", rule("linen-week", "Linen", actions)).await.accepted();
    let ruled = found(&client, json!({"query": "linen"})).await;
    let mut expected = vec![last.clone(), "oak-stool".to_owned()];
    expected.extend(plain[2..plain.len() - 1].iter().cloned());
    expected.push(first.clone());
    assert_eq!(ruled, expected);
    // Pages are the same list, cut; other words and other orders are left alone, but for what is hidden.
    let mut pages = Vec::new();
    for offset in (0..20).step_by(3) {
        pages.extend(found(&client, json!({"query": "linen", "first": 3, "offset": offset})).await);
    }
    assert_eq!(pages, ruled);
    assert!(!found(&client, json!({"query": "linen napkins"})).await.contains(&"oak-stool".to_owned()));
    let newest = found(&client, json!({"query": "linen", "sort": "NEWEST"})).await;
    assert!(!newest.contains(&second) && !newest.contains(&"oak-stool".to_owned()), "{newest:?}");
    // A pin stands under the shopper's filters.
    let filter = json!({"facets": [{"key": "productType", "values": ["Textiles"]}]});
    let textiles = found(&client, json!({"query": "linen", "filter": filter})).await;
    assert!(!textiles.is_empty() && !textiles.contains(&"oak-stool".to_owned()), "{textiles:?}");

    let preview = "query($query: String!) { searchPreview(query: $query, first: 100) { totalCount hits { position product { slug } textScore effect ruleCode } } }";
    let preview = staff.query(preview, json!({"query": "linen"})).await["searchPreview"].clone();
    assert_eq!(preview["totalCount"], ruled.len());
    let hits = preview["hits"].as_array().unwrap();
    let effects: Vec<&Value> = hits.iter().map(|it| &it["effect"]).collect();
    assert_eq!((effects[0], effects[1], effects[2]), (&json!("BOOSTED"), &json!("PINNED"), &json!(null)));
    assert_eq!(hits.last().unwrap()["effect"], "BURIED");
    assert_eq!((&hits[0]["ruleCode"], &hits[0]["position"]), (&json!("linen-week"), &json!(1)));
    assert!(hits[0]["textScore"].as_f64().is_some() && hits[1]["textScore"].is_null());

    let read = staff
        .query(
            "{ searchRules { nodes { code query { matching } actions { kind product { slug } position } } } }",
            json!({}),
        )
        .await;
    let stored = &read["searchRules"]["nodes"][0];
    assert_eq!((&stored["code"], &stored["query"]["matching"]), (&json!("linen-week"), &json!("EXACT")));
    assert_eq!(stored["actions"][0], json!({"kind": "PIN", "product": {"slug": "oak-stool"}, "position": 2}));
    let _ = staff.run("searchRuleDelete", json!({"code": "linen-week"})).await.accepted();
    assert_eq!(found(&client, json!({"query": "linen"})).await, plain);
}

async fn rules_have_their_time_and_their_channel(shop: TestShop) {
    let (client, staff) = (shop.anonymous(), shop.staff().await);
    let mut kiosk = rule("kiosk", "sale", json!([{"redirect": "/kiosk/sale"}]));
    kiosk["channel"] = json!("paris-marais-kiosk");
    let mut later = rule("later", "sale", json!([{"redirect": "https://shop.example/sale"}]));
    later["startsAt"] = json!("2999-01-01T00:00:00Z");
    for rule in [kiosk, later] {
        let _ = staff.run("searchRuleSave", rule).await.accepted();
    }
    let redirect = async |variables: Value| client.query(SEARCH, variables).await["search"]["redirectUrl"].clone();
    assert_eq!(redirect(json!({"query": "Sale"})).await, json!(null));
    assert_eq!(redirect(json!({"query": "Sale", "context": {"channel": "paris-marais-kiosk"}})).await, "/kiosk/sale");
    let preview = "{ searchPreview(query: \"sale\", at: \"2999-06-01T00:00:00Z\") { redirectUrl } }";
    assert_eq!(staff.query(preview, json!({})).await["searchPreview"]["redirectUrl"], "https://shop.example/sale");
}

async fn bad_rules_are_refused(shop: TestShop) {
    let staff = shop.staff().await;
    let redirect = |url: &str| rule("r", "sale", json!([{"redirect": url}]));
    let pin = |product: Value, position: i64| {
        rule("r", "sale", json!([{"pin": {"productId": product, "position": position}}]))
    };
    let product = id(&staff, "oak-stool").await;
    let hidden = json!([{"pin": {"productId": product, "position": 1}}, {"hide": {"productId": product}}]);
    let twice = rule("r", "sale", hidden);
    let mut in_collection = redirect("/x");
    in_collection["collectionId"] = json!("coll_01h455vb4pex5vsknk084sn02q");
    let no_condition = json!({"code": "r", "name": "r", "actions": [{"redirect": "/x"}]});
    let backwards = json!({"code": "r", "name": "r", "query": {"text": "sale"}, "startsAt": "2026-01-02T00:00:00Z", "endsAt": "2026-01-01T00:00:00Z", "actions": [{"redirect": "/x"}]});
    let mut elsewhere = redirect("/x");
    elsewhere["channel"] = json!("nowhere");
    for (input, code) in [
        (redirect("javascript:alert(1)"), "INVALID_INPUT"),
        (redirect("//evil.example"), "INVALID_INPUT"),
        (pin(product.clone(), 0), "INVALID_INPUT"),
        (pin(product.clone(), -1), "INVALID_INPUT"),
        (pin(product.clone(), 101), "INVALID_INPUT"),
        (pin(json!("prod_01h455vb4pex5vsknk084sn02q"), 1), "NOT_FOUND"),
        (in_collection, "NOT_FOUND"),
        (twice, "INVALID_INPUT"),
        (pin(json!("var_01h455vb4pex5vsknk084sn02q"), 1), "INVALID_ID"),
        (rule("Bad Code", "sale", json!([{"redirect": "/x"}])), "INVALID_INPUT"),
        (elsewhere, "UNKNOWN_CHANNEL"),
        (rule("r", "  ", json!([{"redirect": "/x"}])), "INVALID_INPUT"),
        (rule("r", "sale", json!([])), "LIMIT_EXCEEDED"),
        (rule("r", "sale", json!(vec![json!({"redirect": "/x"}); 51])), "LIMIT_EXCEEDED"),
        (no_condition, "INVALID_INPUT"),
        (backwards, "INVALID_INPUT"),
    ] {
        let _ = staff.run("searchRuleSave", input.clone()).await.refused(code);
    }
    let _ = staff.run("searchRuleDelete", json!({"code": "none"})).await.refused("NOT_FOUND");
    let _ = staff.run("synonymSetSave", json!({"code": "s", "terms": ["one"]})).await.refused("LIMIT_EXCEEDED");
    let _ = staff.run("synonymSetDelete", json!({"code": "none"})).await.refused("NOT_FOUND");
    let rules = staff.query("{ searchRules { nodes { code } } synonymSets { nodes { code } } }", json!({})).await;
    assert_eq!(rules, json!({"searchRules": {"nodes": []}, "synonymSets": {"nodes": []}}));
}

async fn synonyms_find_each_other(shop: TestShop) {
    let (client, staff) = (shop.anonymous(), shop.staff().await);
    assert_eq!(found(&client, json!({"query": "zzyzxseat"})).await, Vec::<String>::new());
    let _ = staff.run("synonymSetSave", json!({"code": "seats", "terms": ["stool", "zzyzxseat"]})).await.accepted();
    eventually("the synonym to count", async || {
        found(&client, json!({"query": "zzyzxseat"})).await.contains(&"oak-stool".to_owned()).then_some(())
    })
    .await;
    let _ = staff.run("synonymSetDelete", json!({"code": "seats"})).await.accepted();
    eventually("the synonym to be gone", async || {
        found(&client, json!({"query": "zzyzxseat"})).await.is_empty().then_some(())
    })
    .await;
}

async fn suggestions_come_in_one_answer(shop: TestShop) {
    let client = shop.anonymous();
    let document = "query($query: String!, $first: Int! = 5, $context: ContextInput) { searchSuggestions(query: $query, first: $first, context: $context) {
        queries products { slug } collections { slug name } brands { value count selection { key values } } productTypes { value }
    } }";
    let suggest =
        async |query: &str| client.query(document, json!({"query": query})).await["searchSuggestions"].clone();
    let linen = suggest("lin").await;
    assert!((1..=5).contains(&linen["products"].as_array().unwrap().len()), "{linen}");
    assert_eq!(linen["collections"], json!([{"slug": "linen", "name": "Linen, all year round"}]));
    let brand = suggest("kerad").await;
    assert_eq!(brand["brands"][0]["value"], "Conserverie Keradec", "{brand}");
    assert_eq!(brand["brands"][0]["selection"], json!({"key": "brand", "values": ["Conserverie Keradec"]}));
    let nothing = suggest("").await;
    assert_eq!((&nothing["products"], &nothing["queries"]), (&json!([]), &json!([])));
    // What several have searched for is suggested to all; what one has typed is not.
    for query in ["linen shirt", "linen shirt", "Linen shirt", "linen secret"] {
        found(&client, json!({"query": query})).await;
    }
    eventually("the query to be suggested", async || {
        let queries = suggest("lin").await["queries"].clone();
        (queries == json!(["linen shirt"])).then_some(())
    })
    .await;
    for first in [0, 11, -1] {
        assert_eq!(client.execute(document, json!({"query": "x", "first": first})).await.code(), "LIMIT_EXCEEDED");
    }
    assert_eq!(client.execute(document, json!({"query": "x".repeat(201)})).await.code(), "LIMIT_EXCEEDED");
}

async fn searches_are_counted_with_what_became_of_them(shop: TestShop) {
    let (client, staff) = (shop.anonymous(), shop.staff().await);
    let search = async |query: &str, channel: Value| {
        let context = json!({"channel": channel});
        client.query(SEARCH, json!({"query": query, "context": context})).await["search"]["searchId"].clone()
    };
    let looked_at = search("Théière", json!("web")).await;
    search("theiere", json!("app")).await;
    search("xyzzyx", json!("web")).await;
    // Nothing that could name a person is kept.
    for personal in ["ada@example.org", "06 12 34 56 78"] {
        assert_eq!(search(personal, json!(null)).await, json!(null), "{personal}");
    }
    assert_eq!(search("", json!(null)).await, json!(null), "a list is no search");
    for kind in ["CLICK", "CLICK", "ADD_TO_CART"] {
        let _ = client.run("searchFeedback", json!({"searchId": looked_at, "kind": kind})).await.accepted();
    }
    let _ = client
        .run("searchFeedback", json!({"searchId": "search_01h455vb4pex5vsknk084sn02q", "kind": "CLICK"}))
        .await
        .accepted();
    let _ = client.run("searchFeedback", json!({"searchId": "x", "kind": "CLICK"})).await.refused("INVALID_ID");
    let report = async |kind: &str, channel: Value| {
        staff.query(REPORT, json!({"kind": kind, "channel": channel})).await["searchReport"].clone()
    };
    let line = |query: &str, numbers: [u32; 5]| json!({"query": query, "searches": numbers[0], "zeroResults": numbers[1], "abandoned": numbers[2], "clicks": numbers[3], "addsToCart": numbers[4]});
    let teapots = line("theiere", [2, 0, 1, 2, 1]);
    eventually("the searches to be counted", async || {
        (report("POPULAR", json!(null)).await == json!([teapots, line("xyzzyx", [1, 1, 0, 0, 0])])).then_some(())
    })
    .await;
    assert_eq!(report("ZERO_RESULTS", json!(null)).await, json!([line("xyzzyx", [1, 1, 0, 0, 0])]));
    assert_eq!(report("ABANDONED", json!(null)).await, json!([teapots]));
    let of_web = json!([line("theiere", [1, 0, 0, 2, 1]), line("xyzzyx", [1, 1, 0, 0, 0])]);
    assert_eq!(report("POPULAR", json!("web")).await, of_web);
    for nowhere in ["No such", "nowhere"] {
        let report = json!({"kind": "POPULAR", "channel": nowhere});
        assert_eq!(staff.execute(REPORT, report).await.code(), "UNKNOWN_CHANNEL");
    }
}

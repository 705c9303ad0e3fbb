//! Several searches in one request, as a page with several lists asks them.

use comptoir_tests::{Client, TestShop, both_databases, demo_products};
use serde_json::{Value, json};

use crate::statements::cost;

both_databases! {
    searches_of_one_request_answer_each_for_itself,
    one_wrong_search_leaves_the_others_their_answers,
    searches_of_one_request_share_their_statements,
    more_searches_than_fields_are_refused,
}

const HITS: &str = "totalCount nodes { slug priceRange { minimum { amount } } variants(first: 10) { nodes { sku availability { isAvailable } } } }";

/// `searches` of these arguments under the aliases `s0`, `s1` and so on.
fn document(searches: &[&str], selection: &str) -> String {
    let field = |(number, arguments): (usize, &&str)| format!("s{number}: search({arguments}) {{ {selection} }}");
    format!("{{ {} }}", searches.iter().enumerate().map(field).collect::<Vec<_>>().join(" "))
}

/// What each of `searches` answers when it is asked alone.
async fn alone(client: &Client, searches: &[&str]) -> Vec<Value> {
    let mut answers = Vec::new();
    for search in searches {
        answers.push(client.query(&document(&[search], HITS), json!({})).await["s0"].clone());
    }
    answers
}

async fn searches_of_one_request_answer_each_for_itself(shop: TestShop) {
    let client = shop.anonymous();
    let searches = [
        "query: \"teapot\"",
        "query: \"theiere\", context: {language: \"fr\"}",
        "first: 3, sort: PRICE_ASCENDING",
        "filter: {facets: [{key: \"brand\", values: [\"Comptoir\"]}]}",
        "filter: {price: {minimum: \"20.00\", maximum: \"25.00\"}}",
        "filter: {price: {minimum: \"20.00\", maximum: \"25.00\"}}, context: {currency: \"USD\"}",
        "query: \"xylophone\"",
    ];
    let expected = alone(&client, &searches).await;
    let of_comptoir = demo_products().iter().filter(|it| it.json["brand"] == "Comptoir").count();
    assert_eq!((&expected[3]["totalCount"], &expected[6]["totalCount"]), (&json!(of_comptoir), &json!(0)));
    let found = client.query(&document(&searches, HITS), json!({})).await;
    for (number, expected) in expected.iter().enumerate() {
        assert_eq!(found[format!("s{number}")], *expected, "{}", searches[number]);
    }
}

async fn one_wrong_search_leaves_the_others_their_answers(shop: TestShop) {
    let client = shop.anonymous();
    let long = format!("query: \"{}\"", "e".repeat(201));
    let right = ["query: \"teapot\"", "query: \"soap\""];
    let expected = alone(&client, &right).await;
    for (wrong, code, argument) in [
        (long.as_str(), "LIMIT_EXCEEDED", "query"),
        ("offset: 10001", "LIMIT_EXCEEDED", "offset"),
        ("filter: {price: {minimum: \"ten\"}}", "INVALID_INPUT", "filter"),
        ("context: {currency: \"XYZ\"}", "UNKNOWN_CURRENCY", "context"),
    ] {
        let answer = client.execute(&document(&[right[0], wrong, right[1]], HITS), json!({})).await;
        let data = &answer.body["data"];
        assert_eq!((&data["s0"], &data["s2"]), (&expected[0], &expected[1]), "{wrong}");
        assert!(data.as_object().unwrap().contains_key("s1") && data["s1"].is_null(), "{wrong}: {data}");
        let errors = answer.body["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!((&errors[0]["path"], &errors[0]["extensions"]["code"]), (&json!(["s1"]), &json!(code)));
        assert_eq!(errors[0]["extensions"]["argumentPath"][0], argument, "{errors:?}");
    }
}

async fn searches_of_one_request_share_their_statements(shop: TestShop) {
    let client = shop.anonymous();
    let searches: Vec<String> = (1..=20).map(|it| format!("first: {it}")).collect();
    let searches: Vec<&str> = searches.iter().map(String::as_str).collect();
    let one = cost(&client, &document(&searches[..1], HITS), &json!({})).await;
    let many = cost(&client, &document(&searches, HITS), &json!({})).await;
    // Each looks up its own products; what these hold is loaded for those searches together that are answered at the same time.
    assert!(many < 20 * one, "{one} statements for one search, {many} for twenty");
}

async fn more_searches_than_fields_are_refused(shop: TestShop) {
    let client = shop.anonymous();
    let answer = client.execute(&document(&["first: 1"; 21], "totalCount"), json!({})).await;
    assert_eq!((answer.code(), answer.body.get("data")), ("LIMIT_EXCEEDED", None), "{}", answer.body);
    // Nor is anything run of a document that asks for too long a page.
    let answer = client.execute(&document(&["first: 1", "first: 101"], "totalCount"), json!({})).await;
    assert_eq!((answer.code(), answer.body.get("data")), ("LIMIT_EXCEEDED", None), "{}", answer.body);
    // What each of them holds is counted for all of them.
    let hits = HITS.replace("first: 10", "first: 100");
    assert!(client.execute(&document(&["first: 24"], &hits), json!({})).await.data()["s0"].is_object());
    let answer = client.execute(&document(&["first: 100"; 20], &hits), json!({})).await;
    assert_eq!((answer.code(), answer.body.get("data")), ("LIMIT_EXCEEDED", None), "{}", answer.body);
}

//! Reads that cannot be answered.

use comptoir_tests::{TestShop, both_databases};
use serde_json::{Value, json};

use super::top_deviation;

both_databases! {
    reads_are_refused_with_a_code,
    an_error_far_down_has_its_whole_path,
}

/// A document, the code of its error, and the argument it is about; an empty one is not looked at.
type Read = (String, &'static str, &'static str);

/// Sizes and cursors of pages; `cursor` is one of a list of products.
fn pages(cursor: &str) -> Vec<Read> {
    let mut reads = Vec::new();
    for list in ["products", "orders", "locations", "search"] {
        let with = |arguments: &str| format!("{{ {list}({arguments}) {{ nodes {{ id }} }} }}");
        for first in ["0", "-1", "101", "9223372036854775807"] {
            reads.push((with(&format!("first: {first}")), "LIMIT_EXCEEDED", "first"));
        }
        reads.push((with("first: \"1\""), "BAD_USER_INPUT", "first"));
        for cursor in ["", "x", "bm90IGEgY3Vyc29y", "W10=", "bnVsbA==", "LTE=", "é", &"A".repeat(600)] {
            reads.push((with(&format!("first: 1, after: \"{cursor}\"")), "INVALID_INPUT", "after"));
        }
        if list != "search" {
            reads.push((with("last: 0"), "LIMIT_EXCEEDED", "last"));
            reads.push((with("first: 1, last: 1"), "INVALID_INPUT", "last"));
            reads.push((with("last: 1, before: \"x\""), "INVALID_INPUT", "before"));
        }
        if list != "products" {
            reads.push((with(&format!("first: 1, after: \"{cursor}\"")), "INVALID_INPUT", "after"));
        }
    }
    reads
}

fn searches() -> Vec<Read> {
    let search = |arguments: &str| format!("{{ search({arguments}) {{ totalCount }} }}");
    let facets = |key: &dyn Fn(usize) -> String| {
        (0..21).map(|it| format!("{{key: \"{}\", values: [\"x\"]}}", key(it))).collect::<Vec<_>>().join(", ")
    };
    let (many, long) = (facets(&|it| format!("key{it}")), facets(&|_| "brand".to_owned()));
    let mut reads = vec![
        (search(&format!("query: \"{}\"", "é".repeat(201))), "LIMIT_EXCEEDED", "query"),
        (search("filter: {facets: [{key: \"brand\", values: []}]}"), "LIMIT_EXCEEDED", "filter.facets.0.values"),
        (search(&format!("filter: {{facets: [{many}]}}")), "LIMIT_EXCEEDED", "filter.facets"),
        (search(&format!("filter: {{facets: [{long}]}}")), "LIMIT_EXCEEDED", "filter.facets.20.values"),
        (search("offset: -1"), "LIMIT_EXCEEDED", "offset"),
        (search("offset: 10001"), "LIMIT_EXCEEDED", "offset"),
        (search("offset: 1, after: \"MQ\""), "INVALID_INPUT", "offset"),
        ("{ searchSuggestions(query: \"x\", first: 11) { queries } }".to_owned(), "LIMIT_EXCEEDED", "first"),
        (search("sort: CHEAPEST"), "BAD_USER_INPUT", "sort"),
        (search("filter: {price: {minimum: 9.99}}"), "BAD_USER_INPUT", "filter.price.minimum"),
        (search("filter: {price: {minimum: \"2\", maximum: \"1.99\"}}"), "INVALID_INPUT", "filter.price.maximum"),
        (
            search("filter: {numbers: [{key: \"capacity\", unit: \"ml\", minimum: \"2\", maximum: \"1\"}]}"),
            "INVALID_INPUT",
            "filter.numbers.0.maximum",
        ),
    ];
    for (amount, code) in [
        ("ten", "INVALID_INPUT"),
        ("1.001", "INVALID_INPUT"),
        ("1_000", "INVALID_INPUT"),
        ("99999999999999999999999999", "LIMIT_EXCEEDED"),
    ] {
        for (end, path) in [("minimum", "filter.price.minimum"), ("maximum", "filter.price.maximum")] {
            reads.push((search(&format!("filter: {{price: {{{end}: \"{amount}\"}}}}")), code, path));
        }
    }
    reads
}

fn contexts() -> Vec<Read> {
    let mut reads = Vec::new();
    for (query, selection) in [
        ("products(", "{ totalCount }"),
        ("search(", "{ totalCount }"),
        ("context(", "{ currency }"),
        ("product(slug: \"oak-stool\", ", "{ id }"),
    ] {
        let with = |context: String| format!("{{ {query}context: {{{context}}}) {selection} }}");
        for currency in ["eur", "EURO", "", "XYZ"] {
            reads.push((with(format!("currency: \"{currency}\"")), "UNKNOWN_CURRENCY", "context.currency"));
        }
        for language in ["french", "", "f", "fr_FR"] {
            reads.push((with(format!("language: \"{language}\"")), "INVALID_INPUT", "context.language"));
        }
    }
    reads
}

fn ids() -> Vec<Read> {
    let many = ["\"prod_01h455vb4pex5vsknk084sn02q\""; 101].join(",");
    vec![
        ("{ cart(id: \"x\") { id } }".to_owned(), "INVALID_ID", "id"),
        ("{ cart(id: \"prod_01h455vb4pex5vsknk084sn02q\") { id } }".to_owned(), "INVALID_ID", "id"),
        ("{ node(id: \"x\") { id } }".to_owned(), "INVALID_ID", "id"),
        ("{ nodes(ids: [\"prod_01h455vb4pex5vsknk084sn02q\", \"x\"]) { id } }".to_owned(), "INVALID_ID", "ids.1"),
        (format!("{{ nodes(ids: [{many}]) {{ id }} }}"), "LIMIT_EXCEEDED", "ids"),
        ("{ product { id } }".to_owned(), "GRAPHQL_VALIDATION_FAILED", ""),
        ("{ product(slug: null) { id } }".to_owned(), "BAD_USER_INPUT", ""),
    ]
}

async fn reads_are_refused_with_a_code(shop: TestShop) {
    let staff = shop.staff().await;
    let first = staff.query("{ products(first: 1) { pageInfo { endCursor } } }", json!({})).await;
    let cursor = first["products"]["pageInfo"]["endCursor"].as_str().unwrap();
    let mut wrong = Vec::new();
    for (document, code, path) in [pages(cursor), searches(), contexts(), ids()].into_iter().flatten() {
        let answer = staff.execute(&document, json!({})).await;
        wrong.extend(top_deviation(&document, &answer, 200, code));
        let found = answer.body["errors"][0]["extensions"]["argumentPath"].as_array().cloned().unwrap_or_default();
        let found = found.iter().map(|it| it.as_str().unwrap()).collect::<Vec<_>>().join(".");
        if !path.is_empty() && found != path {
            wrong.push(format!("{document}\n    at {found:?}, not {path}"));
        }
    }
    // What names nothing is nothing, and no error.
    for document in [
        "{ product(slug: \"\u{fffd}\") { id } }",
        "{ variantBySku(sku: \"\") { id } }",
        "{ order(number: \"\") { id } }",
        "{ order(number: \"C1\", token: \"x\") { id } }",
    ] {
        let data = staff.query(document, json!({})).await;
        assert!(data.as_object().unwrap().values().all(Value::is_null), "{data}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn an_error_far_down_has_its_whole_path(shop: TestShop) {
    let document = "{ products(first: 2) { nodes { name variants(after: \"x\") { nodes { id } } } } }";
    let answer = shop.anonymous().execute(document, json!({})).await;
    assert_eq!(answer.code(), "INVALID_INPUT");
    assert_eq!(answer.body["errors"][0]["path"], json!(["products", "nodes", 0, "variants"]), "{answer:?}");
    assert_eq!(answer.body["data"], Value::Null);
}

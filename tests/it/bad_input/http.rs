//! Requests that are none.

use comptoir_tests::{TestCart, TestShop, both_databases, command};
use reqwest::Method;
use serde_json::json;

use super::top_deviation;

both_databases! {
    requests_that_are_none_are_refused,
    files_of_staff_have_an_end,
    documents_that_ask_too_much_are_refused,
}

const JSON: &str = "application/json";
const MEBIBYTE: usize = 1024 * 1024;

/// Bodies with their content type, and the status and code of the answer.
fn bodies() -> Vec<(&'static str, Vec<u8>, u16, &'static str)> {
    let query = json!({"query": "{ viewer { staffId } }"}).to_string();
    let oversize = json!({"query": "{ viewer { staffId } }", "variables": {"x": "x".repeat(MEBIBYTE)}}).to_string();
    let deep = format!("{{\"query\":\"{{ viewer {{ staffId }} }}\",\"variables\":{{\"x\":{}}}}}", "[".repeat(100_000));
    let batch = format!("[{}]", [query.as_str(); 11].join(","));
    vec![
        (JSON, b"".to_vec(), 400, "BAD_REQUEST"),
        (JSON, b"{".to_vec(), 400, "BAD_REQUEST"),
        (JSON, b"null".to_vec(), 400, "BAD_REQUEST"),
        (JSON, b"7".to_vec(), 400, "BAD_REQUEST"),
        (JSON, b"[]".to_vec(), 400, "BAD_REQUEST"),
        (JSON, b"{\"query\": 7}".to_vec(), 400, "BAD_REQUEST"),
        (JSON, b"{\"query\": \"{ viewer { staffId } }\", \"variables\": [1]}".to_vec(), 400, "BAD_REQUEST"),
        (JSON, b"{\"query\": \"\xff\"}".to_vec(), 400, "BAD_REQUEST"),
        (JSON, b"{\"query\": \"\\ud800\"}".to_vec(), 400, "BAD_REQUEST"),
        (JSON, format!("{query}{query}").into_bytes(), 400, "BAD_REQUEST"),
        (JSON, deep.into_bytes(), 400, "BAD_REQUEST"),
        (JSON, batch.into_bytes(), 400, "LIMIT_EXCEEDED"),
        (JSON, oversize.into_bytes(), 413, "PAYLOAD_TOO_LARGE"),
        (JSON, b"{\"query\": \"\"}".to_vec(), 200, "GRAPHQL_PARSE_FAILED"),
        (JSON, b"{\"query\": \"{\"}".to_vec(), 200, "GRAPHQL_PARSE_FAILED"),
        (
            JSON,
            b"{\"query\": \"{ viewer { staffId } }\", \"operationName\": \"none\"}".to_vec(),
            200,
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("text/plain", query.clone().into_bytes(), 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("application/x-www-form-urlencoded", b"query={viewer{staffId}}".to_vec(), 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("multipart/form-data; boundary=x", b"--x--".to_vec(), 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("application/json; charset=utf-16", query.clone().into_bytes(), 415, "UNSUPPORTED_MEDIA_TYPE"),
    ]
}

async fn requests_that_are_none_are_refused(shop: TestShop) {
    let client = shop.anonymous();
    let everything = shop.everything().await;
    let query = json!({"query": "{ viewer { staffId } }"}).to_string();
    let mut wrong = Vec::new();
    for (content_type, body, status, code) in bodies() {
        let what = format!("{content_type}: {}", String::from_utf8_lossy(&body));
        let answer = client.post(content_type, body).await;
        wrong.extend(top_deviation(&what, &answer, status, code));
    }
    let mutation = "/graphql?query=mutation%7BcartCreate%7BcartSecret%7D%7D";
    for (method, path, status, code) in [
        (Method::GET, mutation, 405, "METHOD_NOT_ALLOWED"),
        (Method::PUT, "/graphql", 405, "METHOD_NOT_ALLOWED"),
        (Method::DELETE, "/graphql", 405, "METHOD_NOT_ALLOWED"),
        (Method::GET, "/graphql", 400, "BAD_REQUEST"),
        (Method::GET, "/graphql?query=%7Bviewer%7BstaffId%7D%7D&variables=%5B", 400, "BAD_REQUEST"),
        (Method::GET, "/graphql?query=%FF", 200, "GRAPHQL_PARSE_FAILED"),
    ] {
        let answer = client.answer(client.request(method.clone(), path)).await;
        wrong.extend(top_deviation(&format!("{method} {path}"), &answer, status, code));
    }
    let request = client.request(Method::POST, "/graphql").header("content-type", JSON).header("accept", "text/html");
    wrong.extend(top_deviation(
        "Accept: text/html",
        &client.answer(request.body(query.clone())).await,
        406,
        "NOT_ACCEPTABLE",
    ));
    // Who names the media type of GraphQL is told by the status as well.
    let request = client.request(Method::POST, "/graphql").header("content-type", JSON);
    let request = request.header("accept", "application/graphql-response+json").body("{\"query\": \"{ none }\"}");
    wrong.extend(top_deviation("{ none }", &client.answer(request).await, 400, "GRAPHQL_VALIDATION_FAILED"));

    let found = client.answer(client.request(Method::GET, "/none")).await;
    assert_eq!(found.status, 404);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    shop.assert_unchanged(&everything, "a request that is none").await;
    let _ = client.query("{ viewer { staffId } }", json!({})).await;
}

async fn files_of_staff_have_an_end(shop: TestShop) {
    let (client, staff) = (shop.anonymous(), shop.staff().await);
    let everything = shop.everything().await;
    let mut wrong = Vec::new();
    let csv = |bytes: usize| {
        let input = json!({"csv": format!("Handle,Title\n{}", "x".repeat(bytes)), "locationCode": "lyon-warehouse"});
        json!({"query": command("productsImport"), "variables": {"input": input}}).to_string()
    };
    let answer = staff.post(JSON, csv(2 * MEBIBYTE)).await;
    assert_eq!(answer.data()["productsImport"]["userErrors"][0]["code"], "INVALID_INPUT", "read, and found wanting");
    wrong.extend(top_deviation(
        "17 MiB of staff",
        &staff.post(JSON, csv(17 * MEBIBYTE)).await,
        413,
        "PAYLOAD_TOO_LARGE",
    ));
    wrong.extend(top_deviation(
        "2 MiB of a shopper",
        &client.post(JSON, csv(2 * MEBIBYTE)).await,
        413,
        "PAYLOAD_TOO_LARGE",
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    shop.assert_unchanged(&everything, "a file without end").await;
}

async fn documents_that_ask_too_much_are_refused(shop: TestShop) {
    let client = shop.anonymous();
    let cart = TestCart::create(&shop, &[("CNB-A5", 1)]).await;
    let nested = |levels: usize| {
        format!(
            "{{ products {{ nodes {{ variants {{ nodes {} }} }} }} }}",
            "{ product { variants { nodes ".repeat(levels) + "{ id }" + &"} } }".repeat(levels)
        )
    };
    let aliases: String = (0..51).map(|n| format!("a{n}: viewer {{ staffId }} ")).collect();
    let roots: String = (0..21).map(|n| format!("a{n}: context {{ currency }} ")).collect();
    let bomb: String =
        (0..20).map(|n| format!("fragment f{n} on Viewer {{ ...f{next} ...f{next} }} ", next = n + 1)).collect();
    let many = vec!["brand"; 1_001].join(" ");
    let documents = [
        ("{ none }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { password } }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { cartDestroy }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        (nested(5), "LIMIT_EXCEEDED"),
        (format!("{{ {aliases} }}"), "LIMIT_EXCEEDED"),
        (format!("{{ {roots} }}"), "LIMIT_EXCEEDED"),
        (format!("{{ viewer {{ ...f0 }} }} {bomb} fragment f20 on Viewer {{ staffId }}"), "LIMIT_EXCEEDED"),
        (
            "{ viewer { ...a } } fragment a on Viewer { ...b } fragment b on Viewer { ...a }".to_owned(),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (format!("{{ products {{ nodes {{ {many} }} }} }}"), "LIMIT_EXCEEDED"),
        ("{".repeat(10_000), "LIMIT_EXCEEDED"),
        (format!("{{ product(slug: {}\"x\"{}) {{ id }} }}", "[".repeat(5_000), "]".repeat(5_000)), "LIMIT_EXCEEDED"),
        (format!("{{ viewer {{ staffId }} }} #{}", "x".repeat(33 * 1024)), "LIMIT_EXCEEDED"),
        ("query($x: Int!) { products(first: $x) { totalCount } }".to_owned(), "BAD_USER_INPUT"),
        // A subscription needs a stream.
        ("subscription { none }".to_owned(), "NOT_ACCEPTABLE"),
    ];
    let mut wrong = Vec::new();
    for (document, code) in documents {
        let answer = client.execute(&document, json!({})).await;
        wrong.extend(top_deviation(&document, &answer, 200, code));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(cart.read().await["totalQuantity"], 1, "it serves as before");
}

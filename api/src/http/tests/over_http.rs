//! GraphQL over HTTP: methods, media types, status codes, limits, errors.

use serde_json::json;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{Duration, timeout},
};

use super::{
    PATIENCE, Server,
    client::{exchange, parse, post, post_with, read_to_end, send},
};

#[tokio::test]
async fn a_query_is_answered_in_the_media_type_asked_for() {
    let server = Server::start().await;
    let body = json!({"query": "query A($n: String!) { hello(name: $n) } query B { node { id } }",
        "operationName": "A", "variables": {"n": "Ada"}, "extensions": null});
    for (accept, content_type) in [
        ("application/graphql-response+json", "application/graphql-response+json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
    ] {
        let reply = post_with(&server, &[("Accept", accept)], &body).await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("content-type"), Some(content_type));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.json(), json!({"data": {"hello": "Hello Ada"}}));
    }
    let reply = post_with(&server, &[("Accept", "text/html")], &body).await;
    assert_eq!((reply.status, reply.code().as_str()), (406, "NOT_ACCEPTABLE"));
}

#[tokio::test]
async fn a_document_that_cannot_run_has_no_data_and_a_status_by_media_type() {
    let server = Server::start().await;
    for (query, code) in [
        ("{ hello", "GRAPHQL_PARSE_FAILED"),
        ("{ unknown }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ add(a: 1) }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...a } fragment a on Query { ...a }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { hello } query B { hello }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ add(a: 1, b: \"2\") }", "BAD_USER_INPUT"),
        ("query($a: Int!) { add(a: $a, b: 2) }", "BAD_USER_INPUT"),
        ("{ a: { hello } }", "GRAPHQL_PARSE_FAILED"),
    ] {
        for (accept, status) in [("application/graphql-response+json", 400), ("application/json", 200)] {
            let reply = post_with(&server, &[("Accept", accept)], &json!({"query": query})).await;
            assert_eq!((reply.status, reply.code().as_str()), (status, code), "{query}: {reply:?}");
            assert!(reply.json().get("data").is_none(), "{query}");
        }
    }
    let wrong = json!({"query": "query($a: Int!) { add(a: $a, b: 2) }", "variables": {"a": "x"}});
    let reply = post(&server, &wrong).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "BAD_USER_INPUT"));
}

#[tokio::test]
async fn a_response_tells_the_cost_and_an_operation_beyond_the_limit_does_not_run() {
    let server = Server::start().await;
    let reply = post(&server, &json!({"query": "{ hello pots { cracked } }"})).await;
    assert_eq!(reply.cost(), json!({"requested": 3, "limit": 100_000}), "partial data too");
    let reply =
        post(&server, &json!({"query": "mutation($n: Int!) { inc page(first: $n) { a b } }", "variables": {"n": 101}}))
            .await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "LIMIT_EXCEEDED"));
    assert_eq!(reply.json()["errors"][0]["extensions"]["limit"], "pageSize");
    // 3 lists of 100 in one another: inc, then 1 + 100 × (1 + 100 × (1 + 100)).
    let query = "mutation { inc l(first: 100) { l(first: 100) { l(last: 100) { a } } } }";
    let reply = post(&server, &json!({"query": query})).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "LIMIT_EXCEEDED"));
    let cost = &reply.json()["errors"][0]["extensions"];
    assert_eq!(
        (&cost["limit"], &cost["value"], &cost["maximum"]),
        (&json!("cost"), &json!(1_010_102), &json!(100_000))
    );
    assert_eq!(reply.cost(), json!({"requested": 1_010_102, "limit": 100_000}));
    assert_eq!(post(&server, &json!({"query": "{ count }"})).await.json(), json!({"data": {"count": 0}}));
}

#[tokio::test]
async fn partial_data_is_200_and_only_errors_meant_for_clients_are_shown() {
    let server = Server::start().await;
    let reply = post(&server, &json!({"query": "{ hello leak soldOut }"})).await;
    assert_eq!(reply.status, 200);
    let json = reply.json();
    assert_eq!(json["data"], json!({"hello": "Hello world", "leak": null, "soldOut": null}));
    let codes: Vec<_> = json["errors"].as_array().unwrap().iter().map(|e| e["extensions"]["code"].clone()).collect();
    assert!(codes.contains(&json!("INTERNAL")) && codes.contains(&json!("SOLD_OUT")), "{codes:?}");
    assert!(!reply.body.contains("secret"));

    let json = post(&server, &json!({"query": "{ pots { broken: cracked } }"})).await.json();
    assert_eq!(json["data"], json!({"pots": null}), "a non-null field that fails nulls its parent");
    assert_eq!(json["errors"][0]["path"], json!(["pots", 0, "broken"]));
    assert_eq!(json["errors"][0]["extensions"], json!({"code": "CRACKED"}));

    let reply = post(&server, &json!({"query": "{ required { id } }"})).await;
    assert_eq!((reply.status, reply.code().as_str()), (200, "GONE"));
    assert_eq!(reply.json().get("data"), Some(&json!(null)), "it ran: its data is null, not missing");
}

#[tokio::test]
async fn a_body_that_is_no_graphql_request_is_400() {
    let server = Server::start().await;
    let headers = [("Content-Type", "application/json"), ("Accept", "application/json")];
    for body in ["{", "[]", "7", "null", "{}", r#"{"query":7}"#, r#"{"query":"{hello}","variables":"x"}"#] {
        let reply = send(&server, "POST /graphql", &headers, body).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, "BAD_REQUEST"), "{body}");
        assert!(!reply.body.contains("struct"), "it speaks of JSON, not of Rust: {}", reply.body);
    }
}

#[tokio::test]
async fn a_content_type_that_a_foreign_page_could_send_runs_nothing() {
    let server = Server::start().await;
    let body = json!({"query": "mutation { inc }"}).to_string();
    for content_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql"]
    {
        let reply = send(&server, "POST /graphql", &[("Content-Type", content_type)], &body).await;
        assert_eq!((reply.status, reply.code().as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"), "{content_type}");
    }
    let reply = send(&server, "POST /graphql", &[], &body).await;
    assert_eq!(reply.status, 415);
    assert_eq!(post(&server, &json!({"query": "{ count }"})).await.json(), json!({"data": {"count": 0}}));
}

#[tokio::test]
async fn get_runs_queries_only() {
    let server = Server::start().await;
    let get = async |query: &str| {
        send(&server, &format!("GET /graphql?{query}"), &[("Accept", "application/json")], "").await
    };
    let reply = get("query=query%20A(%24n%3AString!)%7Bhello(name%3A%24n)%7D&operationName=A&variables=%7B%22n%22%3A%22Ada%22%7D&extensions=%7B%7D").await;
    assert_eq!((reply.status, reply.json()), (200, json!({"data": {"hello": "Hello Ada"}})));
    assert_eq!(get("query=%7Bhello%7D&operationName=&variables=").await.status, 200);

    let reply = get("query=mutation%7Binc%7D").await;
    assert_eq!((reply.status, reply.code().as_str()), (405, "METHOD_NOT_ALLOWED"));
    assert_eq!(reply.header("allow"), Some("GET, POST"));
    assert_eq!(get("query=query%20A%7Bhello%7Dmutation%20B%7Binc%7D&operationName=B").await.status, 405);
    assert_eq!(get("query=%7Bcount%7D").await.json(), json!({"data": {"count": 0}}));

    assert_eq!(get("").await.status, 400);
    assert_eq!(get("query=%7Bhello%7D&variables=7").await.status, 400);
    assert_eq!(get("query=subscription%7Bnever%7D").await.code(), "NOT_ACCEPTABLE");
    let put = send(&server, "PUT /graphql", &[], "").await;
    assert_eq!((put.status, put.header("allow")), (405, Some("GET, POST")));
}

#[tokio::test]
async fn the_body_is_capped_as_it_arrives() {
    let server = Server::start().await;
    let large = json!({"query": "{ hello }", "variables": {"a": "x".repeat(1024 * 1024)}});
    let reply = post(&server, &large).await;
    assert_eq!((reply.status, reply.code().as_str()), (413, "PAYLOAD_TOO_LARGE"));
    let reply = post_with(&server, &[("Authorization", "Bearer importer")], &large).await;
    assert_eq!(reply.status, 200, "the limit is the session's");

    let head =
        "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    for _ in 0..16 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }
    stream.write_all(b"1\r\n \r\n").await.unwrap();
    let reply = parse(&read_to_end(&mut stream).await);
    assert_eq!((reply.status, reply.code().as_str()), (413, "PAYLOAD_TOO_LARGE"));

    // One who sends all of it before looking for an answer finds one.
    let bytes = 40 * 1024 * 1024;
    let long = format!("Content-Length: {bytes}\r\n\r\n{}", " ".repeat(bytes));
    let reply = exchange(server.address, &head.replace("Transfer-Encoding: chunked\r\n\r\n", &long)).await;
    assert_eq!((reply.status, reply.code().as_str()), (413, "PAYLOAD_TOO_LARGE"));

    let body = json!({"query": "{ hello }"}).to_string();
    let reply = exchange(
        server.address,
        &format!(
            "{}{:x}\r\n{body}\r\n0\r\n\r\n",
            head.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"),
            body.len()
        ),
    )
    .await;
    assert_eq!(reply.status, 200, "a chunked body within the limit is read");
}

#[tokio::test]
async fn batches_are_bounded() {
    let server = Server::start().await;
    let batch = |n: usize| json!(vec![json!({"query": "{ hello }"}); n]);
    let reply = post(&server, &batch(10)).await;
    assert_eq!((reply.status, reply.json().as_array().unwrap().len()), (200, 10));
    let reply = post(&server, &batch(1_000)).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "LIMIT_EXCEEDED"));
    assert_eq!(reply.json()["errors"][0]["extensions"]["maximum"], 10);
    let mixed = json!([{"query": "{ hello }"}, {"query": "{ boom }"}, {"query": "{"}]);
    let reply = post(&server, &mixed).await;
    assert_eq!(reply.json()[0], json!({"data": {"hello": "Hello world"}}));
    assert_eq!(reply.json()[1]["errors"][0]["extensions"]["code"], "INTERNAL");
    assert_eq!(reply.json()[2]["errors"][0]["extensions"]["code"], "GRAPHQL_PARSE_FAILED");
}

#[tokio::test]
async fn hostile_documents_are_refused() {
    let server = Server::start().await;
    let nested = format!("{{ a(b: {}{}) }}", "[".repeat(2_000), "]".repeat(2_000));
    let spreads: String = (0..24).map(|n| format!("fragment f{n} on Query {{ ...f{0} ...f{0} }} ", n + 1)).collect();
    let bomb = format!("{{ ...f0 }} {spreads} fragment f24 on Query {{ hello }}");
    let aliases: String = (0..3_000).map(|n| format!("a{n}:hello ")).collect();
    let overlapping = format!("{{ node {{ {} }} }}", "id ".repeat(400));
    for query in [nested, bomb, format!("{{ {aliases} }}"), overlapping] {
        // Without the guard these take for ever, or end the process.
        let reply = timeout(PATIENCE, post(&server, &json!({"query": query}))).await.expect("an answer");
        assert_eq!((reply.status, reply.code().as_str()), (400, "LIMIT_EXCEEDED"));
    }
    let reply = post(&server, &json!({"query": "mutation { inc inc }"})).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "GRAPHQL_VALIDATION_FAILED"));
    assert_eq!(post(&server, &json!({"query": "{ count }"})).await.json(), json!({"data": {"count": 0}}));
}

#[tokio::test]
async fn introspection_is_the_sessions_right() {
    let server = Server::start().await;
    let body = json!({"query": "{ __schema { queryType { name } } }"});
    assert_eq!(post(&server, &body).await.json()["data"]["__schema"]["queryType"]["name"], "Query");
    let reply = post_with(&server, &[("Authorization", "Bearer shopper")], &body).await;
    assert_eq!(reply.code(), "INTROSPECTION_DISABLED");
}

#[tokio::test]
async fn a_panic_is_an_error_of_its_request_and_the_connection_goes_on() {
    let server = Server::start().await;
    let body = json!({"query": "{ boom }"}).to_string();
    let first = format!(
        "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nAccept: application/graphql-response+json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let body = json!({"query": "{ hello }"}).to_string();
    let second = format!(
        "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(format!("{first}{second}").as_bytes()).await.unwrap();
    let text = read_to_end(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 500") && text.contains("INTERNAL") && text.contains("Hello world"), "{text}");
    assert!(!text.contains("secret"));
    let reply = send(&server, "GET /panic", &[], "").await;
    assert_eq!(reply.status, 500);
    assert!(!reply.body.contains("secret"));
}

#[tokio::test]
async fn a_session_that_is_not_opened_is_401_or_503() {
    let server = Server::start().await;
    let body = json!({"query": "{ caller }"});
    let with = async |token: &str| {
        post_with(&server, &[("Authorization", token), ("Accept", "application/json")], &body).await
    };
    assert_eq!(with("Bearer Ada").await.json(), json!({"data": {"caller": "Ada"}}));
    let reply = with("Bearer bad").await;
    assert_eq!((reply.status, reply.code().as_str()), (401, "UNAUTHENTICATED"));
    assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
    for token in ["Bearer down", "Bearer panic"] {
        let reply = with(token).await;
        assert_eq!((reply.status, reply.code().as_str()), (503, "UNAVAILABLE"), "{token}");
    }
}

#[tokio::test]
async fn an_operation_and_a_body_that_take_too_long_are_cut() {
    let server = Server::with(|limits| {
        limits.request_timeout = Duration::from_millis(100);
        limits.body_read_timeout = Duration::from_millis(100);
    })
    .await;
    let reply = post(&server, &json!({"query": "{ slow(millis: 60000) }"})).await;
    assert_eq!((reply.status, reply.code().as_str()), (504, "TIMEOUT"));
    let half = "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"query\"";
    let reply = exchange(server.address, half).await;
    assert_eq!((reply.status, reply.code().as_str()), (408, "TIMEOUT"));
}

#[tokio::test]
async fn a_request_has_an_id() {
    let server = Server::start().await;
    let body = json!({"query": "{ hello }"});
    let reply = post_with(&server, &[("X-Request-Id", "abc-1")], &body).await;
    assert_eq!(reply.header("x-request-id"), Some("abc-1"));
    let reply = post_with(&server, &[("X-Request-Id", "a b")], &body).await;
    assert!(reply.header("x-request-id").is_some_and(|id| id.len() == 36), "{reply:?}");
    assert!(send(&server, "GET /nowhere", &[], "").await.header("x-request-id").is_some());
}

#[tokio::test]
async fn the_page_is_served_with_a_tight_policy() {
    let server = Server::start().await;
    for (path, content_type) in [
        ("/graphiql", "text/html; charset=utf-8"),
        ("/graphiql/page.css", "text/css; charset=utf-8"),
        ("/graphiql/page.js", "text/javascript; charset=utf-8"),
    ] {
        let reply = send(&server, &format!("GET {path}"), &[], "").await;
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(content_type)));
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(!reply.body.contains("https://") && !reply.body.contains("http://"), "{path} names another server");
    }
}

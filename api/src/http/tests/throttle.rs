//! Callers who have to wait.

use serde_json::{Value, json};

use super::{
    Server,
    client::{Reply, post, post_with},
    websocket::Client,
};

async fn sign_in(server: &Server, address: &str, name: &str) -> Reply {
    let body = json!({"query": "mutation($n: String!) { signIn(name: $n) }", "variables": {"n": name}});
    post_with(server, &[("X-Forwarded-For", address)], &body).await
}

#[tokio::test]
async fn who_runs_too_much_waits_and_others_do_not() {
    let server = Server::with(|limits| (limits.rate, limits.rate_burst) = (1, 3)).await;
    let hello = json!({"query": "{ hello }"});
    for _ in 0..3 {
        assert_eq!(post(&server, &hello).await.status, 200, "a burst passes");
    }
    let mut refused = post(&server, &hello).await;
    while refused.status == 200 {
        refused = post(&server, &hello).await;
    }
    assert_eq!((refused.status, refused.code().as_str()), (429, "RATE_LIMITED"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.json()["errors"][0]["extensions"]["retryAfter"], 1);

    let mut hostile = post(&server, &json!({"query": "{"})).await;
    while hostile.code() != "RATE_LIMITED" {
        hostile = post(&server, &json!({"query": "{"})).await;
    }
    let ada = post_with(&server, &[("Authorization", "Bearer Ada")], &hello).await;
    assert_eq!(ada.status, 200, "who proved to be someone has a count of their own");

    let mut client = Client::ready(&server).await;
    let mut message = Value::Null;
    while message["type"] != "error" {
        client.subscribe("1", "{ hello }").await;
        message = client.next().await;
        if message["type"] == "next" {
            let _ = client.next().await;
        }
    }
    assert_eq!(message["payload"][0]["extensions"]["code"], "RATE_LIMITED");
}

#[tokio::test]
async fn a_heavy_operation_counts_as_several() {
    let server = Server::with(|limits| (limits.rate, limits.rate_burst) = (1, 8)).await;
    // 1 + 100 × 49 = 4,901, which weighs as much as 1 + 9 operations: more than a burst, so it takes all of one.
    let fields: String = (0..49).map(|n| format!("f{n} ")).collect();
    let heavy = json!({"query": format!("{{ page(first: 100) {{ {fields} }} }}")});
    assert_eq!(post(&server, &heavy).await.code(), "GRAPHQL_VALIDATION_FAILED", "a rested caller is let through");
    assert_eq!(post(&server, &heavy).await.code(), "RATE_LIMITED");
}

#[tokio::test]
async fn attempts_to_sign_in_are_limited_by_address_and_by_name() {
    let server = Server::with(|limits| {
        limits.attempts = 2;
        limits.address_header = Some("x-forwarded-for".parse().unwrap());
    })
    .await;
    assert_eq!(sign_in(&server, "192.0.2.1", "ada").await.status, 200);
    assert_eq!(sign_in(&server, "192.0.2.1", "ADA").await.status, 200);
    let refused = sign_in(&server, "192.0.2.1", "grace").await;
    assert_eq!((refused.status, refused.code().as_str()), (429, "RATE_LIMITED"), "another name, the same address");
    let refused = sign_in(&server, "192.0.2.2", " Ada ").await;
    assert_eq!((refused.status, refused.code().as_str()), (429, "RATE_LIMITED"), "another address, the same name");
    assert_eq!(sign_in(&server, "192.0.2.2", "grace").await.status, 200);

    let several = r#"mutation { a: signIn(name: "x") b: signIn(name: "y") c: signIn(name: "z") }"#;
    let refused = post_with(&server, &[("X-Forwarded-For", "192.0.2.3")], &json!({"query": several})).await;
    assert_eq!(refused.status, 429, "each field is an attempt");
    let other = post_with(&server, &[("X-Forwarded-For", "192.0.2.1")], &json!({"query": "mutation { inc }"})).await;
    assert_eq!(other.status, 200, "other operations go on");
}

#[tokio::test]
async fn zero_is_no_limit() {
    let server = Server::with(|limits| (limits.rate, limits.attempts) = (0, 0)).await;
    for _ in 0..30 {
        assert_eq!(sign_in(&server, "192.0.2.1", "ada").await.status, 200);
    }
}

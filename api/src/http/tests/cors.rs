//! Browsers: which pages may call, with which headers, and what they may read.

use serde_json::json;

use super::{
    Server,
    client::{post, post_with, send},
};

#[tokio::test]
async fn browsers_of_allowed_origins_may_call() {
    let preflight = [
        ("Origin", "https://shop.example"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type,comptoir-cart-secret"),
    ];
    let open = Server::start().await;
    let reply = send(&open, "OPTIONS /graphql", &preflight, "").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://shop.example"));
    assert!(reply.header("access-control-allow-headers").is_some_and(|names| names.contains("comptoir-cart-secret")));
    assert_eq!(reply.header("access-control-allow-credentials"), None);

    let closed = Server::with_origins(|_| {}, &["https://other.example"]).await;
    assert_eq!(send(&closed, "OPTIONS /graphql", &preflight, "").await.status, 403);
    let body = json!({"query": "{ hello }"});
    assert_eq!(post_with(&closed, &[("Origin", "https://shop.example")], &body).await.status, 403);
    assert_eq!(post_with(&closed, &[("Origin", "https://other.example")], &body).await.status, 200);
    assert_eq!(post(&closed, &body).await.status, 200, "without an origin it is no browser");
}

/// What clients in browsers send beyond a plain request: Apollo Client, urql, and those that follow requests.
#[tokio::test]
async fn every_header_of_a_client_passes_the_preflight() {
    let names = "accept-language,apollo-require-preflight,apollographql-client-name,authorization,comptoir-cart-secret,\
                 content-type,traceparent,x-apollo-operation-name,x-request-id";
    let server = Server::with_origins(|_| {}, &["https://shop.example"]).await;
    for method in ["GET", "POST"] {
        let preflight = [
            ("Origin", "https://shop.example"),
            ("Access-Control-Request-Method", method),
            ("Access-Control-Request-Headers", names),
        ];
        let reply = send(&server, "OPTIONS /graphql", &preflight, "").await;
        assert_eq!((reply.status, reply.header("access-control-allow-headers")), (200, Some(names)));
        assert!(reply.header("access-control-allow-methods").is_some_and(|methods| methods.contains(method)));
        assert_eq!(reply.header("access-control-max-age"), Some("7200"));
    }
    let other = [("Origin", "https://shop.example"), ("Access-Control-Request-Method", "DELETE")];
    assert_ne!(send(&server, "OPTIONS /graphql", &other, "").await.status, 200);
}

#[tokio::test]
async fn a_page_may_read_when_to_try_again_and_what_its_request_was_called() {
    let server = Server::with(|limits| (limits.rate, limits.rate_burst) = (1, 1)).await;
    let origin = [("Origin", "https://shop.example")];
    let body = json!({"query": "{ hello }"});
    let first = post_with(&server, &origin, &body).await;
    assert_eq!((first.status, first.header("vary")), (200, Some("Accept, Origin")));
    let second = post_with(&server, &origin, &body).await;
    assert_eq!(second.status, 429);
    assert!(second.header("retry-after").is_some() && second.header("x-request-id").is_some());
    let readable = second.header("access-control-expose-headers").unwrap();
    assert!(readable.contains("retry-after") && readable.contains("x-request-id"), "{readable}");
    assert_eq!(second.header("access-control-allow-origin"), Some("https://shop.example"));
}

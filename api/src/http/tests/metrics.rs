//! What is counted.

use serde_json::json;

use super::{
    PATIENCE, Server,
    client::{post, post_with},
    websocket::Client,
};

impl Server {
    /// The value of a sample.
    fn sample(&self, name: &str) -> u64 {
        let mut text = String::new();
        self.metrics.write(&mut text);
        let value = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
        value.unwrap_or_else(|| panic!("no {name}: {text}")).parse().unwrap()
    }

    fn operations(&self, transport: &str, kind: &str, outcome: &str) -> u64 {
        let labels = format!("transport=\"{transport}\",type=\"{kind}\",outcome=\"{outcome}\"");
        self.sample(&format!("comptoir_operations_total{{{labels}}}"))
    }

    async fn has_sockets(&self, count: u64) {
        let wait = async {
            while self.sample("comptoir_sockets_open") != count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("not {count} sockets"));
    }
}

#[tokio::test]
async fn operations_are_counted_by_transport_type_and_outcome() {
    let server = Server::start().await;
    for query in ["{ hello }", "{ hello leak }", "mutation { inc }", "{ unknown }", "{"] {
        let _ = post(&server, &json!({"query": query})).await;
    }
    let batch = json!([{"query": "mutation { inc }"}, {"query": "mutation { inc }"}]);
    let _ = post(&server, &batch).await;
    let counted = |kind, outcome| server.operations("http", kind, outcome);
    assert_eq!((counted("query", "ok"), counted("query", "errors"), counted("query", "refused")), (1, 1, 1));
    assert_eq!((counted("mutation", "ok"), counted("unknown", "refused")), (3, 1));
    assert_eq!(server.sample("comptoir_operation_duration_seconds_count{type=\"mutation\"}"), 3);

    let accept = [("Accept", "text/event-stream")];
    let _ = post_with(&server, &accept, &json!({"query": "subscription { countTo(to: 5) }"})).await;
    assert_eq!(server.operations("event_stream", "subscription", "ok"), 1, "once, however many results");
}

#[tokio::test]
async fn sockets_and_their_operations_are_counted() {
    let server = Server::start().await;
    server.has_sockets(0).await;
    let mut client = Client::ready(&server).await;
    let other = Client::ready(&server).await;
    server.has_sockets(2).await;
    for (query, kind, outcome) in
        [("subscription { forever }", "subscription", "ok"), ("subscription { forbidden }", "subscription", "refused")]
    {
        client.subscribe(outcome, query).await;
        let _ = client.next().await;
        assert_eq!(server.operations("websocket", kind, outcome), 1);
    }
    drop(other);
    server.has_sockets(1).await;
    drop(client);
    server.has_sockets(0).await;
}

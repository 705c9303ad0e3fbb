//! graphql-transport-ws: messages and every close code.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    time::{Duration, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use super::{PATIENCE, Server, client::leave_cost_out};

pub(super) struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    async fn connect(address: SocketAddr, headers: &[(&'static str, &str)]) -> Self {
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        Self(connect_async(request).await.unwrap().0)
    }

    /// A socket that speaks the protocol, not yet initialised.
    async fn open(server: &Server) -> Self {
        Self::connect(server.address, &[("sec-websocket-protocol", "graphql-transport-ws")]).await
    }

    /// A socket that is acknowledged.
    pub(super) async fn ready(server: &Server) -> Self {
        let mut client = Self::open(server).await;
        client.send(json!({"type": "connection_init"})).await;
        assert_eq!(client.next().await, json!({"type": "connection_ack"}));
        client
    }

    pub(super) async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    pub(super) async fn subscribe(&mut self, id: &str, query: &str) {
        self.send(json!({"id": id, "type": "subscribe", "payload": {"query": query}})).await;
    }

    /// The next message that is not a ping of the server.
    pub(super) async fn next(&mut self) -> Value {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("a message").unwrap().unwrap() {
                Message::Text(text) => {
                    let mut message: Value = serde_json::from_str(&text).unwrap();
                    if let Some(payload) = message.get_mut("payload") {
                        leave_cost_out(payload);
                    }
                    if message["type"] != "ping" {
                        return message;
                    }
                }
                other => panic!("not a message: {other:?}"),
            }
        }
    }

    /// The code the server closes with; messages before it are passed over.
    async fn closed(&mut self) -> u16 {
        let close = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                    Some(Ok(Message::Text(_))) => {}
                    other => panic!("not closed with a code: {other:?}"),
                }
            }
        };
        timeout(PATIENCE, close).await.expect("a close")
    }
}

fn next(id: &str, data: Value) -> Value {
    json!({"id": id, "type": "next", "payload": {"data": data}})
}

fn complete(id: &str) -> Value {
    json!({"id": id, "type": "complete"})
}

#[tokio::test]
async fn every_kind_of_operation_runs() {
    let server = Server::start().await;
    let mut client = Client::ready(&server).await;
    client.subscribe("s", "subscription { countTo(to: 2) }").await;
    assert_eq!(client.next().await, next("s", json!({"countTo": 1})));
    assert_eq!(client.next().await, next("s", json!({"countTo": 2})));
    assert_eq!(client.next().await, complete("s"));
    client.subscribe("q", "{ hello }").await;
    assert_eq!(client.next().await, next("q", json!({"hello": "Hello world"})));
    assert_eq!(client.next().await, complete("q"));
    client.subscribe("q", "mutation { inc }").await;
    assert_eq!(client.next().await, next("q", json!({"inc": 1})));
    assert_eq!(client.next().await, complete("q"));
}

#[tokio::test]
async fn an_operation_that_does_not_run_is_an_error_message_with_a_list() {
    let server = Server::start().await;
    let mut client = Client::ready(&server).await;
    let bomb = format!("{{ node {{ {} }} }}", "id ".repeat(400));
    for (query, code) in [
        ("{ unknown }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { unknown }", "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        (bomb.as_str(), "LIMIT_EXCEEDED"),
        ("mutation { inc inc }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { forbidden }", "FORBIDDEN"),
        ("{ boom }", "INTERNAL"),
    ] {
        client.subscribe("1", query).await;
        let message = client.next().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("1")), "{query}: {message}");
        assert_eq!(message["payload"][0]["extensions"]["code"], code, "{query}");
    }
    client.subscribe("1", "{ leak hello }").await;
    let message = client.next().await;
    assert_eq!(message["type"], "next", "a failing field is a result");
    assert_eq!(message["payload"]["data"], json!({"leak": null, "hello": "Hello world"}));
    assert_eq!(client.next().await, complete("1"));
}

#[tokio::test]
async fn a_panic_ends_its_operation_alone() {
    let server = Server::start().await;
    let mut client = Client::ready(&server).await;
    client.subscribe("other", "subscription { forever }").await;
    assert_eq!(client.next().await, next("other", json!({"forever": 0})));
    client.subscribe("1", "subscription { explode }").await;
    assert_eq!(client.next().await, next("1", json!({"explode": 1})));
    let message = client.next().await;
    assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "INTERNAL");
    assert!(!message.to_string().contains("secret"));
    assert_eq!(client.next().await, complete("1"));
    client.subscribe("1", "{ hello }").await;
    assert_eq!(client.next().await["type"], "next");
}

#[tokio::test]
async fn complete_stops_an_operation_without_an_echo_and_frees_its_id() {
    let server = Server::start().await;
    let mut client = Client::ready(&server).await;
    client.subscribe("1", "subscription { forever }").await;
    assert_eq!(client.next().await, next("1", json!({"forever": 0})));
    client.send(complete("1")).await;
    client.send(complete("unknown")).await;
    client.subscribe("1", "subscription { countTo(to: 1) }").await;
    assert_eq!(client.next().await, next("1", json!({"countTo": 1})));
    assert_eq!(client.next().await, complete("1"));
}

#[tokio::test]
async fn results_of_a_completed_operation_are_not_taken_for_those_of_the_next_with_its_id() {
    let server = Server::start().await;
    let mut client = Client::ready(&server).await;
    client.subscribe("1", "subscription { flood }").await;
    assert_eq!(client.next().await["type"], "next");
    client.send(complete("1")).await;
    client.subscribe("1", "subscription { never }").await;
    client.send(json!({"type": "ping"})).await;
    while client.next().await != json!({"type": "pong"}) {}
    // What was waiting to be written when the first operation was completed would come now.
    client.subscribe("2", "{ slow(millis: 50) }").await;
    assert_eq!(client.next().await, next("2", json!({"slow": true})));
}

#[tokio::test]
async fn pings_are_answered_both_ways() {
    // A client that is slower than this is given up, also where the machine is busy.
    let server = Server::with(|limits| limits.ws_ping_interval = Duration::from_secs(1)).await;
    let mut client = Client::open(&server).await;
    client.send(json!({"type": "ping", "payload": {"n": 1}})).await;
    assert_eq!(client.next().await, json!({"type": "pong", "payload": {"n": 1}}), "before the acknowledgement too");
    client.send(json!({"type": "connection_init"})).await;
    assert_eq!(client.next().await, json!({"type": "connection_ack"}));
    for _ in 0..2 {
        let ping = timeout(PATIENCE, client.0.next()).await.unwrap().unwrap().unwrap();
        assert_eq!(ping, Message::text(json!({"type": "ping"}).to_string()));
        client.send(json!({"type": "pong"})).await;
    }
    assert_eq!(client.closed().await, 1001, "a client that does not answer is given up");
}

#[tokio::test]
async fn the_payload_of_connection_init_says_who_calls() {
    let server = Server::start().await;
    let mut client = Client::connect(
        server.address,
        &[("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", "Bearer header")],
    )
    .await;
    client.send(json!({"type": "connection_init", "payload": {"authorization": "Bearer Ada"}})).await;
    assert_eq!(client.next().await, json!({"type": "connection_ack"}));
    client.subscribe("1", "{ caller }").await;
    assert_eq!(client.next().await, next("1", json!({"caller": "Ada"})));
}

#[tokio::test]
async fn a_page_of_an_origin_that_is_not_allowed_gets_no_socket() {
    let server = Server::with_origins(|_| {}, &["https://shop.example"]).await;
    let connect = async |origin: &str| {
        let mut request = format!("ws://{}/graphql", server.address).into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        connect_async(request).await
    };
    assert!(connect("https://shop.example").await.is_ok());
    assert!(matches!(connect("https://other.example").await, Err(Error::Http(reply)) if reply.status() == 403));
}

#[tokio::test]
async fn invalid_messages_close_with_4400() {
    let server = Server::start().await;
    for message in [
        Message::text("no json"),
        Message::text(r#"{"type":"start"}"#),
        Message::text(r#"{"type":"subscribe","id":"1"}"#),
        Message::binary(br#"{"type":"connection_init"}"#.to_vec()),
    ] {
        let mut client = Client::open(&server).await;
        client.0.send(message).await.unwrap();
        assert_eq!(client.closed().await, 4400);
    }
}

#[tokio::test]
async fn subscribing_before_the_acknowledgement_closes_with_4401() {
    let server = Server::start().await;
    let mut client = Client::open(&server).await;
    client.subscribe("1", "{ hello }").await;
    assert_eq!(client.closed().await, 4401);
}

#[tokio::test]
async fn a_refused_session_closes_with_4403_and_an_unavailable_one_with_1013() {
    let server = Server::start().await;
    for (token, code) in [("Bearer bad", 4403), ("Bearer down", 1013), ("Bearer panic", 1013)] {
        let mut client = Client::open(&server).await;
        client.send(json!({"type": "connection_init", "payload": {"authorization": token}})).await;
        assert_eq!(client.closed().await, code, "{token}");
    }
}

#[tokio::test]
async fn an_expired_session_closes_with_4403() {
    let server = Server::start().await;
    let mut client = Client::open(&server).await;
    client.send(json!({"type": "connection_init", "payload": {"authorization": "Bearer brief"}})).await;
    assert_eq!(client.next().await, json!({"type": "connection_ack"}));
    assert_eq!(client.closed().await, 4403);
}

#[tokio::test]
async fn a_client_without_the_subprotocol_is_closed_with_4406() {
    let server = Server::start().await;
    assert_eq!(Client::connect(server.address, &[]).await.closed().await, 4406);
}

#[tokio::test]
async fn a_socket_that_is_not_initialised_closes_with_4408() {
    let server = Server::with(|limits| limits.ws_init_timeout = Duration::from_secs(1)).await;
    assert_eq!(Client::open(&server).await.closed().await, 4408);
    let mut ready = Client::ready(&server).await;
    ready.subscribe("1", "{ slow(millis: 1500) }").await;
    assert_eq!(ready.next().await["type"], "next", "the timeout is of the initialisation alone");
}

#[tokio::test]
async fn an_id_in_use_closes_with_4409() {
    let server = Server::start().await;
    let mut client = Client::ready(&server).await;
    client.subscribe("1", "subscription { never }").await;
    client.subscribe("1", "{ hello }").await;
    assert_eq!(client.closed().await, 4409);
}

#[tokio::test]
async fn a_second_initialisation_closes_with_4429() {
    let server = Server::start().await;
    let mut client = Client::ready(&server).await;
    client.send(json!({"type": "connection_init"})).await;
    assert_eq!(client.closed().await, 4429);
}

#[tokio::test]
async fn a_message_too_long_closes_with_1009() {
    let server = Server::with(|limits| limits.ws_message_bytes = 1024).await;
    let mut client = Client::ready(&server).await;
    client.subscribe("1", &"x".repeat(2048)).await;
    assert_eq!(client.closed().await, 1009);
}

#[tokio::test]
async fn operations_beyond_the_limit_are_refused_and_the_others_go_on() {
    let server = Server::with(|limits| limits.ws_operations = 2).await;
    let mut client = Client::ready(&server).await;
    client.subscribe("1", "subscription { never }").await;
    client.subscribe("2", "subscription { never }").await;
    client.subscribe("3", "{ hello }").await;
    let message = client.next().await;
    assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("3")));
    assert_eq!(message["payload"][0]["extensions"]["limit"], "operations");
    client.send(complete("1")).await;
    client.subscribe("3", "{ hello }").await;
    assert_eq!(client.next().await["type"], "next");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut() {
    let mut server = Server::with(|limits| limits.write_timeout = Duration::from_millis(200)).await;
    let mut client = Client::ready(&server).await;
    client.subscribe("1", "subscription { flood }").await;
    timeout(PATIENCE, async {
        while client.0.send(Message::text(json!({"type": "pong"}).to_string())).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("the server resets the connection");
    server.stop().await;
}

#[tokio::test]
async fn a_close_of_the_client_is_answered() {
    let server = Server::start().await;
    let mut client = Client::ready(&server).await;
    client.0.close(None).await.unwrap();
    let answer = timeout(PATIENCE, client.0.next()).await.unwrap();
    assert!(matches!(answer, Some(Ok(Message::Close(_)))), "{answer:?}");
    assert!(timeout(PATIENCE, client.0.next()).await.unwrap().is_none());
}

#[tokio::test]
async fn shutdown_closes_sockets_with_1001() {
    let mut server = Server::start().await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        let mut client = Client::ready(&server).await;
        client.subscribe("1", "subscription { never }").await;
        clients.push(client);
    }
    let closing = async {
        for client in &mut clients {
            assert_eq!(client.closed().await, 1001);
            // Reading on lets the client answer the close.
            assert!(client.0.next().await.is_none_or(|message| message.is_err()));
        }
    };
    tokio::join!(server.stop(), closing);
}

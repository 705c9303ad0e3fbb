//! Operations over WebSocket, by the protocol `graphql-transport-ws`.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::{Client, within};

/// A socket.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    /// Opens a socket that is not initialised.
    ///
    /// # Panics
    /// If the server does not take it.
    pub async fn connect(client: &Client) -> Self {
        let url = format!("{}/graphql", client.url.replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let (stream, response) = within("a socket", connect_async(request)).await.unwrap();
        assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-transport-ws");
        Self { stream }
    }

    /// Opens a socket and initialises it with `payload`.
    ///
    /// # Panics
    /// If the server does not acknowledge it.
    pub async fn open(client: &Client, payload: Value) -> Self {
        let mut socket = Self::connect(client).await;
        socket.send(json!({"type": "connection_init", "payload": payload})).await;
        assert_eq!(socket.next().await.unwrap()["type"], "connection_ack");
        socket
    }

    /// Sends a message.
    ///
    /// # Panics
    /// If the socket is closed.
    pub async fn send(&mut self, message: Value) {
        self.stream.send(Message::text(message.to_string())).await.unwrap();
    }

    /// Starts an operation.
    pub async fn subscribe(&mut self, id: &str, document: &str, variables: Value) {
        let payload = json!({"query": document, "variables": variables});
        self.send(json!({"id": id, "type": "subscribe", "payload": payload})).await;
    }

    /// The server's next message; its pings are answered, and not shown.
    ///
    /// # Errors
    /// The close code, where the server closed the socket.
    ///
    /// # Panics
    /// If it takes too long.
    pub async fn next(&mut self) -> Result<Value, u16> {
        within("a message", async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(text))) => {
                        let message: Value = serde_json::from_str(&text).unwrap();
                        if message["type"] == "ping" {
                            self.send(json!({"type": "pong"})).await;
                        } else {
                            return Ok(message);
                        }
                    }
                    Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1005, |it| it.code.into())),
                    Some(Ok(_)) => {}
                    other => panic!("the socket broke: {other:?}"),
                }
            }
        })
        .await
    }

    /// The payload of the next result of the operation `id`.
    ///
    /// # Panics
    /// If another message comes.
    pub async fn payload(&mut self, id: &str) -> Value {
        let message = self.next().await.unwrap();
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message:#}");
        message["payload"].clone()
    }
}

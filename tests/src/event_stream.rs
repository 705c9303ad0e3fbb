//! Subscriptions over server-sent events.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Client, within};

/// An event stream of one operation.
pub struct EventStream {
    response: reqwest::Response,
    buffer: String,
}

impl EventStream {
    /// Runs `document` as an event stream.
    ///
    /// # Panics
    /// If the server does not answer with a stream.
    pub async fn open(client: &Client, document: &str, variables: Value) -> Self {
        let body = json!({"query": document, "variables": variables}).to_string();
        let request = client.request(Method::POST, "/graphql").header("content-type", "application/json").body(body);
        let response = within("an event stream", request.header("accept", "text/event-stream").send()).await.unwrap();
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        assert!(response.status() == 200 && kind.starts_with("text/event-stream"), "{response:?}");
        Self { response, buffer: String::new() }
    }

    /// The next event's name and data; `None` at the end of the stream. Comments are passed over.
    ///
    /// # Panics
    /// If it takes too long.
    pub async fn next(&mut self) -> Option<(String, Value)> {
        within("an event", async {
            loop {
                while let Some((block, rest)) = self.buffer.split_once("\n\n") {
                    let event = parse(block);
                    self.buffer = rest.to_owned();
                    if event.is_some() {
                        return event;
                    }
                }
                let chunk = self.response.chunk().await.unwrap()?;
                self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        })
        .await
    }

    /// The payload of the next `next` event.
    ///
    /// # Panics
    /// If another event comes, or none.
    pub async fn payload(&mut self) -> Value {
        match self.next().await {
            Some((name, data)) if name == "next" => data,
            other => panic!("no payload but {other:?}"),
        }
    }
}

/// The event of a block of lines; `None` for comments alone.
fn parse(block: &str) -> Option<(String, Value)> {
    let name = block.lines().find_map(|it| it.strip_prefix("event:"))?.trim().to_owned();
    let data: String = block.lines().filter_map(|it| it.strip_prefix("data:")).collect();
    Some((name, serde_json::from_str(&data).unwrap_or_default()))
}

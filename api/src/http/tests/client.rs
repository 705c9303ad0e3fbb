//! A plain HTTP/1.1 client that can also send what no library would.

use std::{collections::HashMap, net::SocketAddr};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{PATIENCE, Server};

/// A complete response.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HashMap<String, String>,
    pub(super) body: String,
}

impl Reply {
    /// The body, without the cost that nearly every response tells.
    pub(super) fn json(&self) -> Value {
        let mut json = serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"));
        match &mut json {
            Value::Array(batch) => batch.iter_mut().for_each(leave_cost_out),
            one => leave_cost_out(one),
        }
        json
    }

    /// What the operation cost and could have.
    pub(super) fn cost(&self) -> Value {
        let json: Value = serde_json::from_str(&self.body).unwrap();
        json["extensions"]["cost"].clone()
    }

    /// The code of the first error.
    pub(super) fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("no code: {self:?}"))
            .to_owned()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// Removes `extensions.cost` from a response.
pub(super) fn leave_cost_out(response: &mut Value) {
    let Some(extensions) = response.get_mut("extensions").and_then(Value::as_object_mut) else { return };
    extensions.remove("cost");
    if extensions.is_empty() {
        response.as_object_mut().unwrap().remove("extensions");
    }
}

/// Sends a request and reads the response until the server closes.
pub(super) async fn send(server: &Server, head: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut text = format!("{head} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
    if !body.is_empty() {
        text += &format!("Content-Length: {}\r\n", body.len());
    }
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    exchange(server.address, &format!("{text}\r\n{body}")).await
}

/// Posts one JSON body that accepts `application/graphql-response+json`.
pub(super) async fn post(server: &Server, body: &Value) -> Reply {
    post_with(server, &[("Accept", "application/graphql-response+json")], body).await
}

/// Posts one JSON body with more headers.
pub(super) async fn post_with(server: &Server, headers: &[(&str, &str)], body: &Value) -> Reply {
    let headers: Vec<_> = [("Content-Type", "application/json")].iter().chain(headers).copied().collect();
    send(server, "POST /graphql", &headers, &body.to_string()).await
}

/// Sends `text` as it is and reads the response until the server closes.
pub(super) async fn exchange(address: SocketAddr, text: &str) -> Reply {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    parse(&read_to_end(&mut stream).await)
}

/// What the server sends until it closes.
pub(super) async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the server closes");
    String::from_utf8(bytes).unwrap()
}

/// Reads on until what was read since the last call contains `end`.
pub(super) async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    let read = async {
        while !text.contains(end) {
            let mut byte = [0];
            assert_eq!(stream.read(&mut byte).await.unwrap(), 1, "closed after: {text}");
            text.push(char::from(byte[0]));
        }
    };
    timeout(PATIENCE, read).await.unwrap_or_else(|_| panic!("no {end}"));
    text
}

pub(super) fn parse(text: &str) -> Reply {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no response: {text}"));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: HashMap<_, _> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let chunked = headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked");
    Reply { status, headers, body: if chunked { dechunk(body) } else { body.to_owned() } }
}

fn dechunk(mut text: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = text.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        whole.push_str(&rest[..size]);
        text = &rest[(size + 2).min(rest.len())..];
    }
    whole
}

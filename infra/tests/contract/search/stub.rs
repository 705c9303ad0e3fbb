//! A server that answers HTTP as it is told, and remembers what it was asked.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Method and path with query: `GET /tasks/1`.
    pub(crate) line: String,
    /// Header values by lower-case name.
    pub(crate) headers: BTreeMap<String, String>,
    /// The JSON body; null without one.
    pub(crate) body: Value,
}

/// What is answered.
pub(crate) enum Reply {
    /// A status and a JSON body.
    Json(u16, Value),
    /// Nothing, for as long as the client waits.
    Silence,
}

/// The server; it ends with the test's runtime.
pub(crate) struct Stub {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

type Answer = dyn Fn(&Request) -> Reply + Send + Sync;

impl Stub {
    /// Listens on a free port of the loopback.
    pub(crate) async fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (requests, answer) =
            (Arc::<Mutex<Vec<Request>>>::default(), Arc::<Answer>::from(Box::new(answer) as Box<Answer>));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&seen), Arc::clone(&answer)));
            }
        });
        Self { url, requests }
    }

    /// What came so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The lines of what came so far, without those of waiting for tasks.
    pub(crate) fn lines(&self) -> Vec<String> {
        let requests = self.requests().into_iter().map(|it| it.line);
        requests.filter(|it| !it.starts_with("GET /tasks/")).collect()
    }

    /// The last request whose line is `line`.
    pub(crate) fn last(&self, line: &str) -> Request {
        let requests = self.requests();
        requests.into_iter().rev().find(|it| it.line == line).unwrap_or_else(|| panic!("no {line}"))
    }
}

async fn serve(stream: TcpStream, seen: Arc<Mutex<Vec<Request>>>, answer: Arc<Answer>) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream).await {
        seen.lock().unwrap().push(request.clone());
        let Reply::Json(status, body) = answer(&request) else {
            return std::future::pending().await;
        };
        let body = body.to_string();
        let head =
            format!("HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        if stream.write_all(format!("{head}{body}").as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut first = String::new();
    stream.read_line(&mut first).await.ok()?;
    let line = first.trim().strip_suffix(" HTTP/1.1")?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await.ok()?;
        let Some((name, value)) = header.trim().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").map_or(0, |it| it.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
    Some(Request { line, headers, body })
}

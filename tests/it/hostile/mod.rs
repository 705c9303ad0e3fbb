//! Requests that are made to hurt: each is refused before any work is done, whatever carries it.

mod attacks;

use std::{
    cmp::Reverse,
    time::{Duration, Instant},
};

use comptoir_tests::{Answer, Client, Db, Installation, Server, Socket};
use reqwest::Method;
use serde_json::{Value, json};

use attacks::{Attack, attacks};

/// Longest query string, in bytes, that the server looks at.
const QUERY_STRING_BYTES: usize = 48 * 1024;
/// Longest message of a socket, in bytes.
const MESSAGE_BYTES: usize = 256 * 1024;

/// What carries an attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carrier {
    Post,
    Get,
    EventStream,
    Socket,
}

const CARRIERS: [Carrier; 4] = [Carrier::Post, Carrier::Get, Carrier::EventStream, Carrier::Socket];

async fn serve() -> Option<(Installation, Server)> {
    let installation = Installation::new(Db::Sqlite).await?;
    let server = installation.serve(&["--demo"]);
    Some((installation, server))
}

/// The code that an attack is refused with; `None` where a carrier cannot carry it.
async fn refusal(client: &Client, carrier: Carrier, attack: &Attack) -> Option<String> {
    match carrier {
        Carrier::Post => {
            let request =
                client.request(Method::POST, "/graphql").header("accept", "application/graphql-response+json");
            let answer =
                client.answer(request.header("content-type", "application/json").body(attack.body.clone())).await;
            assert!((400..500).contains(&answer.status), "{}: {answer:?}", attack.name);
            Some(code(attack, &answer))
        }
        Carrier::Get => {
            let body: Value = serde_json::from_str(&attack.body).ok().filter(Value::is_object)?;
            let text = |key: &str| body.get(key).map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
            let parameters = ["query", "variables", "operationName"].map(|key| Some((key, text(key)?)));
            let parameters: Vec<_> = parameters.into_iter().flatten().collect();
            let request = client.request(Method::GET, "/graphql").query(&parameters);
            // A longer one is refused as such, or is not even a request.
            let url = request.try_clone()?.build().unwrap().url().to_string();
            (url.len() <= QUERY_STRING_BYTES).then_some(())?;
            Some(code(attack, &client.answer(request).await))
        }
        Carrier::EventStream => {
            let request = client.request(Method::POST, "/graphql").header("accept", "text/event-stream");
            let response =
                request.header("content-type", "application/json").body(attack.body.clone()).send().await.unwrap();
            let (status, text) = (response.status().as_u16(), response.text().await.unwrap());
            let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap_or(&text);
            Some(code(attack, &Answer { status, body: serde_json::from_str(data).unwrap() }))
        }
        Carrier::Socket => {
            // What is no object closes the socket, as any nonsense does.
            (attack.body.starts_with('{') && attack.body.len() <= MESSAGE_BYTES / 2).then_some(())?;
            serde_json::from_str::<Value>(&attack.body).ok()?;
            let mut socket = Socket::open(client, json!({})).await;
            let payload: Value = serde_json::from_str(&attack.body).unwrap();
            socket.send(json!({"id": "1", "type": "subscribe", "payload": payload})).await;
            let message = socket.next().await.unwrap();
            assert_eq!(message["type"], "error", "{}: {message}", attack.name);
            let body = json!({"errors": message["payload"]});
            Some(code(attack, &Answer { status: 400, body }))
        }
    }
}

fn code(attack: &Attack, answer: &Answer) -> String {
    assert_eq!(answer.body.get("data"), None, "{}: something ran", attack.name);
    answer.code().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_to_hurt_is_refused_whatever_carries_it() {
    let Some((_installation, server)) = serve().await else { return };
    let client = Client::new(&server.url);
    let mut wrong = Vec::new();
    for attack in attacks() {
        for carrier in CARRIERS {
            let found = refusal(&client, carrier, &attack).await;
            if found.as_ref().is_some_and(|it| !attack.codes.contains(&it.as_str())) {
                wrong.push(format!("{} by {carrier:?}: {found:?}", attack.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let _ = client.query("{ viewer { permissions } }", json!({})).await;
}

/// Measures; `COMPTOIR_BIN` should name a release build.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: COMPTOIR_BIN=target/release/comptoir cargo test -p comptoir-tests -- --ignored --nocapture hostile"]
async fn ten_thousand_attacks_take_no_time_and_no_memory() {
    let Some((_installation, server)) = serve().await else { return };
    let client = Client::new(&server.url);
    let attacks = attacks();
    let mut slowest = Vec::new();
    let mut resident = Vec::new();
    while slowest.len() < 10_000 {
        for attack in &attacks {
            for carrier in CARRIERS {
                let began = Instant::now();
                if refusal(&client, carrier, attack).await.is_some() {
                    slowest.push((began.elapsed(), attack.name, carrier));
                }
            }
        }
        resident.push(memory(&client).await >> 20);
    }
    slowest.sort_unstable_by_key(|it| Reverse(it.0));
    // What the allocator keeps goes up and down; a leak would lift the lowest.
    let (first, second) = resident.split_at(resident.len() / 2);
    let (first, second) = (first.iter().min().unwrap(), second.iter().min().unwrap());
    println!("{} attacks; at least {first} MiB resident in the first half, {second} MiB in the second", slowest.len());
    assert!(*second < first + 16, "memory is not flat: {resident:?}");
    report(&attacks, &slowest);
}

/// Prints the median of each attack's slowest carrier, and asserts that it is below 100 ms.
fn report(attacks: &[Attack], times: &[(Duration, &str, Carrier)]) {
    let mut medians = Vec::new();
    for attack in attacks {
        for carrier in CARRIERS {
            let of: Vec<_> = times.iter().filter(|it| it.1 == attack.name && it.2 == carrier).map(|it| it.0).collect();
            medians.extend(of.get(of.len() / 2).map(|median| (*median, attack.name, carrier, of[0])));
        }
    }
    medians.sort_unstable_by_key(|it| Reverse(it.0));
    for (median, name, carrier, slowest) in &medians {
        println!("{median:>12.1?} (slowest {slowest:>8.1?}) {carrier:?}: {name}");
    }
    assert!(medians[0].0 < Duration::from_millis(100), "{} takes {:?}", medians[0].1, medians[0].0);
}

/// The server's resident memory, in bytes.
async fn memory(client: &Client) -> u64 {
    let text = client.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    let line = text.lines().find_map(|it| it.strip_prefix("process_resident_memory_bytes ")).unwrap();
    line.parse().unwrap()
}

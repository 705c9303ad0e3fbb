//! Sockets that listen and hear nothing: what each takes, and how long a stop takes to let go of all.

use std::time::{Duration, Instant};

use comptoir_tests::{Client, Server, Socket};
use serde_json::json;

use super::process::Process;

const CREATE: &str = "mutation { cartCreate { cart { id } cartSecret } }";
const LISTEN: &str = "subscription($id: ID!) { cartUpdated(cartId: $id) { version cart { totalQuantity } } }";

/// Opens `count` sockets, each of which follows a cart of its own, and stops the server.
pub(crate) async fn measure(server: Server, count: usize) {
    let (client, process) = (Client::new(&server.url), Process(server.id()));
    let mut sockets = Vec::with_capacity(count);
    let before = settled(&process).await;
    for _ in 0..count {
        let created = client.query(CREATE, json!({})).await["cartCreate"].clone();
        let mut socket = Socket::open(&client, json!({"cartSecret": created["cartSecret"]})).await;
        socket.subscribe("1", LISTEN, json!({"id": created["cart"]["id"]})).await;
        sockets.push(socket);
    }
    let each = settled(&process).await.saturating_sub(before) as f64 / count as f64 / 1024.0;
    let began = Instant::now();
    let stopped = tokio::task::spawn_blocking(move || server.stop());
    let mut codes = Vec::new();
    for mut socket in sockets {
        codes.extend(socket.next().await.err());
    }
    stopped.await.unwrap();
    let (time, asked_back) = (began.elapsed().as_secs_f64(), codes.iter().filter(|it| **it == 1001).count());
    println!(
        "{count} idle subscribers: {each:.1} KiB each; a stop closed {asked_back} of them with 1001, and ended after {time:.2} s"
    );
}

/// The memory that the process has once it does not change any more.
async fn settled(process: &Process) -> u64 {
    let mut last = 0;
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let now = process.resident_bytes();
        if now.abs_diff(last) < 64 * 1024 {
            return now;
        }
        last = now;
    }
    last
}

//! Changes of a cart reach all who hold it, at once, and who was away misses nothing.

use std::time::{Duration, Instant};

use comptoir_tests::{Client, EventStream, Socket, TestCart, TestShop, both_databases};
use serde_json::{Value, json};

both_databases! {
    a_change_is_told_within_a_tenth_of_a_second,
    who_comes_back_misses_nothing,
}

const CART: &str = "subscription($id: ID!, $after: Int) { cartUpdated(cartId: $id, afterVersion: $after) { version cart { email lastChangedBy { kind isMe } } } }";

/// How many changes are timed; half of them have to be told in time, however busy the machine is with other things.
const CHANGES: usize = 21;
/// How long it may take from the answer to the command, which is after the commit, to the last of the listeners.
const LATENCY_MAX: Duration = Duration::from_millis(100);

async fn version(cart: &TestCart) -> i64 {
    cart.read().await["version"].as_i64().unwrap()
}

/// Sets another address as `client`; the version it made.
async fn change(client: &Client, cart: &TestCart, email: &str) -> i64 {
    let changed = client.run("cartContactSet", json!({"cartId": cart.id, "email": email})).await.accepted();
    changed["cart"]["version"].as_i64().unwrap()
}

fn told(payload: &Value) -> i64 {
    payload["data"]["cartUpdated"]["version"].as_i64().unwrap_or_else(|| panic!("{payload:#}"))
}

async fn a_change_is_told_within_a_tenth_of_a_second(shop: TestShop) {
    let ada = shop.customer("ada@example.org").await;
    let cart = TestCart::create_by(&ada, "EUR", &[("CHK", 1)]).await;
    let variables = json!({"id": cart.id, "after": version(&cart).await});
    let mut socket = Socket::open(&shop.anonymous(), json!({"cartSecret": cart.secret})).await;
    socket.subscribe("c", CART, variables.clone()).await;
    let mut stream = EventStream::open(&ada, CART, variables).await;
    // The first is told after both have begun to listen.
    let first = change(&ada, &cart, "first@example.org").await;
    assert_eq!((told(&socket.payload("c").await), told(&stream.payload().await)), (first, first));
    let mut latencies = Vec::new();
    for n in 0..CHANGES {
        let made = change(&ada, &cart, &format!("number{n}@example.org")).await;
        let answered = Instant::now();
        assert_eq!((told(&socket.payload("c").await), told(&stream.payload().await)), (made, made));
        latencies.push(answered.elapsed());
    }
    latencies.sort_unstable();
    let median = latencies[CHANGES / 2];
    println!("median {median:?}, slowest {:?}", latencies[CHANGES - 1]);
    assert!(median < LATENCY_MAX, "{latencies:?}");
}

async fn who_comes_back_misses_nothing(shop: TestShop) {
    let ada = shop.customer("ada@example.org").await;
    let cart = TestCart::create_by(&ada, "EUR", &[("CHK", 1)]).await;
    let holder = shop.anonymous().with_cart_secret(&cart.secret);
    let mut seen = version(&cart).await;
    for round in 0..3 {
        // Away from one connection to the next, the cart changes; then it goes on.
        let last = change(&ada, &cart, &format!("away{round}@example.org")).await;
        let variables = json!({"id": cart.id, "after": seen});
        let mut socket = Socket::open(&shop.anonymous(), json!({"cartSecret": cart.secret})).await;
        socket.subscribe("c", CART, variables.clone()).await;
        let mut stream = EventStream::open(&holder, CART, variables).await;
        let (on_socket, on_stream) = (socket.payload("c").await, stream.payload().await);
        assert_eq!((told(&on_socket), told(&on_stream)), (last, last), "what was missed comes at once");
        for payload in [on_socket, on_stream] {
            let update = &payload["data"]["cartUpdated"]["cart"];
            assert_eq!(update["email"], format!("away{round}@example.org"));
            assert_eq!(update["lastChangedBy"], json!({"kind": "CUSTOMER", "isMe": false}));
        }
        let next = change(&holder, &cart, &format!("back{round}@example.org")).await;
        let (on_socket, on_stream) = (socket.payload("c").await, stream.payload().await);
        assert_eq!((told(&on_socket), told(&on_stream)), (next, next), "and what comes then");
        assert_eq!(on_socket["data"]["cartUpdated"]["cart"]["lastChangedBy"], json!({"kind": "HOLDER", "isMe": true}));
        seen = next;
    }
    // Many at once while one is away: their sum is what comes.
    let changes = (0..8).map(async |n| change(&ada, &cart, &format!("crowd{n}@example.org")).await);
    let versions = futures_util::future::join_all(changes).await;
    let last = versions.into_iter().max().unwrap();
    let mut stream = EventStream::open(&holder, CART, json!({"id": cart.id, "after": seen})).await;
    assert_eq!(told(&stream.payload().await), last);
    assert_eq!(last, seen + 8);
    // A version that never was is no way to miss one: the next change comes all the same.
    let mut early = EventStream::open(&holder, CART, json!({"id": cart.id, "after": last})).await;
    let next = change(&ada, &cart, "next@example.org").await;
    assert_eq!(told(&early.payload().await), next);
}

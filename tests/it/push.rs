//! Changes of a cart reach all who hold it, at once, and who was away misses nothing.

use std::time::{Duration, Instant};

use comptoir_tests::{Client, Db, EventStream, Socket, TestCart, TestShop, both_databases};
use serde_json::{Value, json};

both_databases! {
    a_change_is_told_within_a_tenth_of_a_second,
    who_comes_back_misses_nothing,
    who_comes_and_goes_ends_with_the_last_version,
}

/// The same where events go over NATS; with PostgreSQL, to another server of the same shop.
mod over_nats {
    use comptoir_tests::Db;

    #[tokio::test(flavor = "multi_thread")]
    async fn sqlite() {
        super::over_nats(Db::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn postgres() {
        super::over_nats(Db::Postgres).await;
    }
}

const CART: &str = "subscription($id: ID!, $after: Int) { cartUpdated(cartId: $id, afterVersion: $after) { version cart { email lastChangedBy { kind isMe } } } }";

/// How many changes are timed; a quarter of them have to be told in time, however busy the machine is with other things.
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

async fn over_nats(db: Db) {
    let Some(url) = std::env::var_os("COMPTOIR_TEST_NATS_URL") else {
        return eprintln!("SKIPPED: changes over NATS: COMPTOIR_TEST_NATS_URL is not set");
    };
    let url = url.into_string().unwrap();
    let variables = [("NATS_URL", url.as_str())];
    let Some(shop) = TestShop::start_with(db, &variables).await else { return };
    let second = (db == Db::Postgres).then(|| shop.installation.serve_with(&[], &variables));
    let there = second.as_ref().map_or_else(|| shop.anonymous(), |it| Client::new(&it.url));
    told_in_time(&shop, &there).await;
    nothing_missed(&shop, &there).await;
    coming_and_going(&shop, &there).await;
}

async fn a_change_is_told_within_a_tenth_of_a_second(shop: TestShop) {
    told_in_time(&shop, &shop.anonymous()).await;
}

async fn who_comes_back_misses_nothing(shop: TestShop) {
    nothing_missed(&shop, &shop.anonymous()).await;
}

async fn who_comes_and_goes_ends_with_the_last_version(shop: TestShop) {
    coming_and_going(&shop, &shop.anonymous()).await;
}

/// Changes a cart, and times until those who listen `there` have heard of it.
async fn told_in_time(shop: &TestShop, there: &Client) {
    let ada = shop.customer("ada@example.org").await;
    let cart = TestCart::create_by(&ada, "EUR", &[("CHK", 1)]).await;
    let variables = json!({"id": cart.id, "after": version(&cart).await});
    let mut socket = Socket::open(there, json!({"cartSecret": cart.secret})).await;
    socket.subscribe("c", CART, variables.clone()).await;
    let mut stream = EventStream::open(&there.with_cart_secret(&cart.secret), CART, variables).await;
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
    println!("median {:?}, slowest {:?}", latencies[CHANGES / 2], latencies[CHANGES - 1]);
    assert!(latencies[CHANGES / 4] < LATENCY_MAX, "{latencies:?}");
}

async fn nothing_missed(shop: &TestShop, there: &Client) {
    let ada = shop.customer("eve@example.org").await;
    let cart = TestCart::create_by(&ada, "EUR", &[("CHK", 1)]).await;
    let holder = there.with_cart_secret(&cart.secret);
    let mut seen = version(&cart).await;
    for round in 0..3 {
        // Away from one connection to the next, the cart changes; then it goes on.
        let last = change(&ada, &cart, &format!("away{round}@example.org")).await;
        let variables = json!({"id": cart.id, "after": seen});
        let mut socket = Socket::open(there, json!({"cartSecret": cart.secret})).await;
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

/// Listens from one version to the next while the cart changes all the time: whenever it goes, it finds on its return what was
/// changed meanwhile, nothing twice, and the last version in the end.
async fn coming_and_going(shop: &TestShop, there: &Client) {
    let cart = TestCart::create(shop, &[("CHK", 1)]).await;
    let first = version(&cart).await;
    let holder = there.with_cart_secret(&cart.secret);
    let changes = async {
        let mut last = first;
        for n in 0..24 {
            last = change(&cart.client, &cart, &format!("number{n}@example.org")).await;
        }
        last
    };
    let listens = async {
        let mut seen = first;
        while seen < first + 24 {
            let variables = json!({"id": cart.id, "after": seen});
            let mut stream = EventStream::open(&holder, CART, variables).await;
            let next = told(&stream.payload().await);
            assert!(seen < next, "{next} after {seen}");
            seen = next;
        }
        seen
    };
    let (last, seen) = tokio::join!(changes, listens);
    assert_eq!((last, seen), (first + 24, last));
}

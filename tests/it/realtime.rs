//! Subscriptions over WebSocket and server-sent events.

use comptoir_tests::{Client, EventStream, Socket, TestCart, TestShop, both_databases, new_key};
use serde_json::{Value, json};

both_databases! {
    a_cart_is_followed_over_both_transports,
    an_order_is_followed_to_its_end,
    strangers_hear_nothing,
    a_socket_shows_who_it_is_when_it_opens,
}

const CART: &str = "subscription($id: ID!, $after: Int) {
    cartUpdated(cartId: $id, afterVersion: $after) { version cart { version state email totalQuantity lines { variant { sku product { name } } } } }
}";
const ORDER: &str = "subscription($number: String!, $token: String, $after: Int) {
    orderUpdated(number: $number, token: $token, afterVersion: $after) { version order { version status fulfillmentState } }
}";

/// Asserts that `payload` is a cart newer than `version`, and returns its update.
fn newer(payload: &Value, field: &str, version: &mut i64) -> Value {
    assert_eq!(payload.get("errors"), None, "{payload:#}");
    let update = payload["data"][field].clone();
    let now = update["version"].as_i64().unwrap();
    assert!(*version < now, "{version} and {now}");
    *version = now;
    update
}

async fn a_cart_is_followed_over_both_transports(shop: TestShop) {
    let cart = TestCart::create(&shop, &[("CNB-A5", 1)]).await;
    let mut socket = Socket::open(&shop.anonymous(), json!({"cartSecret": cart.secret})).await;
    let mut stream = EventStream::open(&cart.client, CART, json!({"id": cart.id})).await;
    socket.subscribe("a", CART, json!({"id": cart.id})).await;
    let first = cart.read().await["version"].as_i64().unwrap();

    // What was there when it began is not told without a version; to know that it has begun, it asks for an older one.
    socket.subscribe("b", CART, json!({"id": cart.id, "after": first - 1})).await;
    let mut seen_b = first - 1;
    newer(&socket.payload("b").await, "cartUpdated", &mut seen_b);
    assert_eq!(seen_b, first, "a newer version is sent at once");
    socket.send(json!({"id": "b", "type": "complete"})).await;

    let (mut on_socket, mut on_stream) = (first, first);
    for quantity in [2, 3, 4] {
        let input = json!({"lines": [{"variantId": cart.client.variant("CNB-A5").await, "quantity": 1}]});
        let changed = cart.run("cartLinesAdd", input).await.accepted();
        let update = newer(&socket.payload("a").await, "cartUpdated", &mut on_socket);
        assert_eq!(update["cart"]["totalQuantity"], quantity);
        let update = newer(&stream.payload().await, "cartUpdated", &mut on_stream);
        assert_eq!(update["cart"]["totalQuantity"], quantity);
        assert_eq!((on_socket, on_stream), (changed["cart"]["version"].as_i64().unwrap(), on_socket));
    }

    // After a break: from the last version that was seen, and nothing that is known.
    drop(stream);
    let _ = cart.run("cartContactSet", json!({"email": "jeanne@example.org"})).await.accepted();
    let mut stream = EventStream::open(&cart.client, CART, json!({"id": cart.id, "after": on_stream})).await;
    let update = newer(&stream.payload().await, "cartUpdated", &mut on_stream);
    assert_eq!(update["cart"]["email"], "jeanne@example.org");
    newer(&socket.payload("a").await, "cartUpdated", &mut on_socket);

    // The order is told to who follows the cart.
    cart.complete().await;
    let _ = cart.order("approve").await.accepted();
    loop {
        let update = newer(&stream.payload().await, "cartUpdated", &mut on_stream);
        if update["cart"]["state"] == "ORDERED" {
            break;
        }
    }

    socket.send(json!({"id": "a", "type": "complete"})).await;
    socket.send(json!({"type": "ping", "payload": {"n": 1}})).await;
    loop {
        let message = socket.next().await.unwrap();
        if message["type"] == "pong" {
            assert_eq!(message["payload"], json!({"n": 1}));
            break;
        }
        assert_eq!(message["id"], "a");
    }
}

async fn an_order_is_followed_to_its_end(shop: TestShop) {
    let staff = shop.staff().await;
    let cart = TestCart::ready(&shop, &[("CNB-A5", 1)]).await;
    let placed = cart.order("pending").await.accepted();
    let (order, token) = (&placed["order"], &placed["orderToken"]);
    let mut version = order["version"].as_i64().unwrap();
    let variables = json!({"number": order["number"], "token": token, "after": version - 1});
    let mut stream = EventStream::open(&shop.anonymous(), ORDER, variables).await;
    let mut socket = Socket::open(&shop.anonymous(), json!({})).await;
    socket.subscribe("o", ORDER, json!({"number": order["number"], "token": token, "after": version - 1})).await;
    let mut on_socket = version - 1;
    newer(&socket.payload("o").await, "orderUpdated", &mut on_socket);
    version -= 1;
    assert_eq!(newer(&stream.payload().await, "orderUpdated", &mut version)["order"]["status"], "PENDING");

    assert_eq!(shop.webhook(&order["payment"]["id"], "approve").await.status, 204);
    assert_eq!(newer(&stream.payload().await, "orderUpdated", &mut version)["order"]["status"], "OPEN");
    assert_eq!(newer(&socket.payload("o").await, "orderUpdated", &mut on_socket)["order"]["status"], "OPEN");
    let input = json!({"orderId": order["id"], "idempotencyKey": new_key()});
    let _ = staff.run("orderFulfill", input).await.accepted();
    assert_eq!(newer(&stream.payload().await, "orderUpdated", &mut version)["order"]["status"], "COMPLETED");
    assert_eq!(newer(&socket.payload("o").await, "orderUpdated", &mut on_socket)["order"]["status"], "COMPLETED");
}

/// Asserts that a subscription is refused with `NOT_FOUND` over both transports.
async fn assert_refused(client: &Client, init: Value, document: &str, variables: Value) {
    let mut socket = Socket::open(client, init).await;
    socket.subscribe("x", document, variables.clone()).await;
    let message = socket.next().await.unwrap();
    assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("x")), "{message:#}");
    assert_eq!(message["payload"][0]["extensions"]["code"], "NOT_FOUND", "{message:#}");

    let mut stream = EventStream::open(client, document, variables).await;
    let payload = stream.payload().await;
    assert_eq!(payload["errors"][0]["extensions"]["code"], "NOT_FOUND", "{payload:#}");
    assert_eq!(stream.next().await.map(|it| it.0).as_deref(), Some("complete"));
}

async fn strangers_hear_nothing(shop: TestShop) {
    let cart = TestCart::ready(&shop, &[("CNB-A5", 1)]).await;
    let other = TestCart::create(&shop, &[]).await;
    let placed = cart.order("approve").await.accepted();
    let number = &placed["order"]["number"];

    assert_refused(&shop.anonymous(), json!({}), CART, json!({"id": cart.id, "after": 0})).await;
    assert_refused(&other.client, json!({"cartSecret": other.secret}), CART, json!({"id": cart.id, "after": 0})).await;
    for token in [Value::Null, json!(""), json!(format!("{}x", placed["orderToken"].as_str().unwrap()))] {
        let variables = json!({"number": number, "token": token, "after": 0});
        assert_refused(&cart.client, json!({"cartSecret": cart.secret}), ORDER, variables).await;
    }
    let unknown = json!({"number": "C999999999", "token": placed["orderToken"], "after": 0});
    assert_refused(&shop.anonymous(), json!({}), ORDER, unknown).await;

    let manager = shop.staff_with("manager@example.org", &["VIEW_ORDERS"]).await;
    let mut stream = EventStream::open(&manager, ORDER, json!({"number": number, "after": 0})).await;
    newer(&stream.payload().await, "orderUpdated", &mut 0);
    assert_refused(&manager, json!({}), CART, json!({"id": cart.id, "after": 0})).await;
}

async fn a_socket_shows_who_it_is_when_it_opens(shop: TestShop) {
    let cart = TestCart::create(&shop, &[]).await;
    let viewer = "{ viewer { staffId permissions } }";
    let token = shop.staff_token().await;

    let mut socket = Socket::open(&shop.anonymous(), json!({"authorization": format!("Bearer {token}")})).await;
    socket.subscribe("v", viewer, json!({})).await;
    assert!(socket.payload("v").await["data"]["viewer"]["staffId"].is_string());
    assert_eq!(socket.next().await.unwrap(), json!({"type": "complete", "id": "v"}));

    // A cart's secret as a bearer token, and a mutation over the socket.
    let mut socket = Socket::open(&shop.anonymous(), json!({"authorization": format!("Bearer {}", cart.secret)})).await;
    let input = json!({"input": {"cartId": cart.id, "email": "jeanne@example.org"}});
    socket.subscribe("m", &comptoir_tests::command("cartContactSet"), input).await;
    assert_eq!(socket.payload("m").await["data"]["cartContactSet"]["cart"]["email"], "jeanne@example.org");

    for wrong in
        [format!("Bearer {token}x"), "Bearer ".to_owned(), "Bearer nonsense".to_owned(), format!("Basic {token}")]
    {
        let mut socket = Socket::connect(&shop.anonymous()).await;
        socket.send(json!({"type": "connection_init", "payload": {"authorization": wrong}})).await;
        assert_eq!(socket.next().await, Err(4403), "{wrong}");
        let refused = shop.anonymous().with_header("authorization", &wrong).execute(viewer, json!({})).await;
        assert_eq!((refused.status, refused.code()), (401, "UNAUTHENTICATED"), "{wrong}");
    }
    let mut socket = Socket::connect(&shop.anonymous()).await;
    socket.subscribe("v", viewer, json!({})).await;
    assert_eq!(socket.next().await, Err(4401), "not initialised");
}

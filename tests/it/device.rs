//! Kiosks and points of sale: enrolled, seen, and revoked.

use comptoir_tests::{Answer, EventStream, Socket, TestCart, TestShop, both_databases, new_key};
use serde_json::{Value, json};

both_databases! {
    a_device_is_enrolled_once_and_sells_in_its_channel,
    a_revoked_device_is_out_at_once,
    devices_are_listed_newest_first,
}

const CART: &str = "subscription($id: ID!) { cartUpdated(cartId: $id, afterVersion: 0) { version cart { email } } }";
const VIEWER: &str = "{ viewer { staffId permissions device { id name state channel { code } location { code } lastSeenAt } } context { channel { code } } }";

async fn enrol(shop: &TestShop, code: &Value) -> comptoir_tests::Payload {
    shop.anonymous().run("deviceEnrol", json!({"code": code})).await
}

/// Whether the credentials of `client` are refused.
fn is_refused(answer: &Answer) -> bool {
    answer.body.get("errors").is_some() && answer.status == 401 && answer.code() == "UNAUTHENTICATED"
}

async fn a_device_is_enrolled_once_and_sells_in_its_channel(shop: TestShop) {
    let staff = shop.staff().await;
    let input = json!({"name": " Entrance ", "channel": "paris-marais-kiosk"});
    let created = staff.run("deviceEnrolmentCreate", input).await.accepted();
    assert_eq!((&created["device"]["name"], &created["device"]["state"]), (&json!("Entrance"), &json!("PENDING")));
    let code = created["code"].as_str().unwrap();
    assert!(code.len() == 11 && code.is_ascii() && code.as_bytes()[5] == b'-', "{code}");

    // Typed in small letters, with spaces.
    let typed = json!(format!(" {} ", code.to_lowercase().replace('-', " ")));
    let enrolled = enrol(&shop, &typed).await.accepted();
    assert_eq!((&enrolled["device"]["id"], &enrolled["device"]["state"]), (&created["device"]["id"], &json!("ACTIVE")));
    for used in [json!(code), typed] {
        assert_eq!(enrol(&shop, &used).await.refused("INVALID_CODE")["path"], json!(["input", "code"]));
    }
    assert_eq!(enrol(&shop, &json!("00000-00000")).await.codes(), ["INVALID_CODE"]);

    let kiosk = shop.anonymous().with_token(enrolled["deviceToken"].as_str().unwrap());
    let seen = kiosk.query(VIEWER, json!({})).await;
    let device = &seen["viewer"]["device"];
    assert_eq!((&seen["viewer"]["staffId"], &device["location"]["code"]), (&Value::Null, &json!("paris-marais")));
    assert_eq!((&device["channel"], &device["name"]), (&seen["context"]["channel"], &json!("Entrance")));
    assert_eq!(seen["context"]["channel"]["code"], "paris-marais-kiosk");
    assert!(device["lastSeenAt"].is_string());

    // It sells nowhere else, whatever it asks for.
    let elsewhere =
        kiosk.with_header("comptoir-channel", "web").execute("{ context { channel { code } } }", json!({})).await;
    assert_eq!(elsewhere.status, 400, "{elsewhere:?}");
    let argument = kiosk.execute("{ context(context: {channel: \"web\"}) { currency } }", json!({})).await;
    assert_eq!(
        (argument.code(), &argument.body["errors"][0]["extensions"]["argumentPath"]),
        ("INVALID_INPUT", &json!(["context", "channel"]))
    );
    let market =
        kiosk.query("{ context(context: {market: \"united-states\"}) { currency channel { code } } }", json!({})).await;
    assert_eq!(market["context"], json!({"currency": "USD", "channel": {"code": "paris-marais-kiosk"}}));
    let cart = TestCart::create_by(&kiosk, "EUR", &[("CHK", 1)]).await;
    let channel = kiosk.query("query($id: ID!) { cart(id: $id) { channel { code } } }", json!({"id": cart.id})).await;
    assert_eq!(channel["cart"]["channel"]["code"], "paris-marais-kiosk");
}

async fn a_revoked_device_is_out_at_once(shop: TestShop) {
    let staff = shop.staff().await;
    let kiosk = shop.device("paris-marais-kiosk").await;
    let cart = TestCart::create_by(&kiosk.client, "EUR", &[("CHK", 1)]).await;
    let cart = TestCart { client: kiosk.client.clone(), ..cart };
    let init = json!({"authorization": format!("Bearer {}", kiosk.token)});
    let mut socket = Socket::open(&shop.anonymous(), init.clone()).await;
    socket.subscribe("c", CART, json!({"id": cart.id})).await;
    assert_eq!(socket.payload("c").await["data"]["cartUpdated"]["version"], cart.read().await["version"]);
    let mut stream = EventStream::open(&kiosk.client, CART, json!({"id": cart.id})).await;
    stream.payload().await;

    for _ in 0..2 {
        let revoked = staff.run("deviceRevoke", json!({"deviceId": kiosk.id})).await.accepted();
        assert_eq!(revoked["device"]["state"], "REVOKED", "once and again");
    }
    let after = loop {
        // What was on its way may still come.
        match socket.next().await {
            Ok(message) => assert_eq!(message["id"], "c"),
            Err(code) => break code,
        }
    };
    assert_eq!(after, 4403);
    while stream.next().await.is_some() {}
    assert!(is_refused(&kiosk.client.execute(VIEWER, json!({})).await));
    let mut socket = Socket::connect(&shop.anonymous()).await;
    socket.send(json!({"type": "connection_init", "payload": init})).await;
    assert_eq!(socket.next().await, Err(4403));
    assert_eq!(shop.anonymous().with_cart_secret(&cart.secret).cart(&cart.id).await, Value::Null);

    let unknown = staff.run("deviceRevoke", json!({"deviceId": "dev_01h455vb4pex5vsknk084sn02q"})).await;
    assert_eq!(unknown.refused("NOT_FOUND")["path"], json!(["input", "deviceId"]));
    // A code that was told and not entered is void, too.
    let input = json!({"name": "Till", "channel": "paris-marais-till"});
    let created = staff.run("deviceEnrolmentCreate", input).await.accepted();
    let _ = staff.run("deviceRevoke", json!({"deviceId": created["device"]["id"]})).await.accepted();
    assert_eq!(enrol(&shop, &created["code"]).await.codes(), ["INVALID_CODE"]);
}

async fn devices_are_listed_newest_first(shop: TestShop) {
    let staff = shop.staff_with("keeper@example.org", &["MANAGE_DEVICES"]).await;
    for (name, channel, code, field) in [
        ("", "paris-marais-kiosk", "INVALID_INPUT", "name"),
        ("a\nb", "paris-marais-kiosk", "INVALID_INPUT", "name"),
        (&"a".repeat(121), "paris-marais-kiosk", "INVALID_INPUT", "name"),
        ("Web", "web", "UNKNOWN_CHANNEL", "channel"),
        ("Nowhere", &new_key(), "UNKNOWN_CHANNEL", "channel"),
    ] {
        let refused = staff.run("deviceEnrolmentCreate", json!({"name": name, "channel": channel})).await;
        assert_eq!(refused.refused(code)["path"], json!(["input", field]), "{name}");
    }
    for n in 0..5 {
        let input = json!({"name": format!("Kiosk {n}"), "channel": "paris-marais-kiosk"});
        let _ = staff.run("deviceEnrolmentCreate", input).await.accepted();
    }
    let document = "query($first: Int, $after: String) { devices(first: $first, after: $after) { nodes { name state enrolledAt } pageInfo { hasNextPage endCursor } } }";
    let mut names = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = staff.query(document, json!({"first": 2, "after": after})).await["devices"].clone();
        names.extend(page["nodes"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(names, ["Kiosk 4", "Kiosk 3", "Kiosk 2", "Kiosk 1", "Kiosk 0"]);
}

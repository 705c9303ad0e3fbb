//! Carts that go from hand to hand: by a code, to one or to both, and no further.

use comptoir_tests::{
    Client, Db, EventStream, Installation, Payload, Server, Socket, TestCart, TestShop, both_databases, within,
};
use serde_json::{Value, json};

both_databases! {
    a_cart_goes_from_the_kiosk_to_the_phone,
    an_advisor_and_a_customer_share_a_cart,
    a_code_ends_with_what_it_was_given_for,
    a_code_is_good_once_and_for_its_newest_hand_off,
    a_transfer_ends_what_others_held,
    nobody_is_taken_for_who_held_the_cart_before,
}

const CART: &str = "subscription($id: ID!, $after: Int) { cartUpdated(cartId: $id, afterVersion: $after) { version cart { totalQuantity } } }";

/// A code for the cart, from one who holds it.
async fn code(cart: &TestCart, mode: &str) -> Value {
    cart.run("cartHandoffCreate", json!({"mode": mode})).await.accepted()["handoff"].clone()
}

async fn accept(client: &Client, code: &Value) -> Payload {
    client.run("cartHandoffAccept", json!({"code": code})).await
}

/// The cart as one sees it who took it over.
fn taken(client: &Client, accepted: &Value) -> TestCart {
    let secret = accepted["cartSecret"].as_str().unwrap().to_owned();
    let id = accepted["cart"]["id"].as_str().unwrap().to_owned();
    TestCart { client: client.with_cart_secret(&secret), id, secret }
}

async fn a_cart_goes_from_the_kiosk_to_the_phone(shop: TestShop) {
    let kiosk = shop.device("paris-marais-kiosk").await;
    let begun = TestCart::create_by(&kiosk.client, "EUR", &[("CHK", 2)]).await;
    let at_kiosk = TestCart { client: kiosk.client.clone(), ..begun };
    let _ = at_kiosk.run("cartContactSet", json!({"email": "jeanne@example.org"})).await.accepted();
    let version = at_kiosk.read().await["version"].clone();
    let init = json!({"authorization": format!("Bearer {}", kiosk.token)});
    let mut socket = Socket::open(&shop.anonymous(), init).await;
    socket.subscribe("k", CART, json!({"id": at_kiosk.id, "after": 0})).await;
    assert_eq!(socket.payload("k").await["data"]["cartUpdated"]["version"], version);
    let mut stream = EventStream::open(&kiosk.client, CART, json!({"id": at_kiosk.id, "after": 0})).await;
    stream.payload().await;

    let handoff = code(&at_kiosk, "TRANSFER").await;
    assert_eq!((&handoff["mode"], &handoff["url"]), (&json!("TRANSFER"), &Value::Null), "no address is configured");
    assert_eq!(at_kiosk.read().await["version"], version, "nothing has changed yet");
    let phone = shop.customer("jeanne@example.org").await;
    let typed = handoff["code"].as_str().unwrap().to_lowercase();
    let accepted = accept(&phone, &json!(typed)).await.accepted();
    let on_phone = taken(&shop.anonymous(), &accepted);
    assert_eq!(
        (&accepted["cart"]["totalQuantity"], &accepted["cart"]["email"]),
        (&json!(2), &json!("jeanne@example.org"))
    );

    // The phone has it, by its secret and as hers.
    assert_eq!(on_phone.read().await, accepted["cart"]);
    assert_eq!(phone.cart(&on_phone.id).await, accepted["cart"]);
    let _ = on_phone.run("cartContactSet", json!({"email": "j@example.org"})).await.accepted();
    // The kiosk has it no longer, and was told so.
    let gone = socket.payload("k").await;
    assert_eq!(gone["errors"][0]["extensions"]["code"], "NOT_FOUND", "{gone:#}");
    assert_eq!(socket.next().await.unwrap(), json!({"type": "complete", "id": "k"}));
    let gone = stream.payload().await;
    assert_eq!(gone["errors"][0]["extensions"]["code"], "NOT_FOUND", "{gone:#}");
    assert_eq!(stream.next().await.map(|it| it.0).as_deref(), Some("complete"));
    for client in [&kiosk.client, &kiosk.client.with_cart_secret(&at_kiosk.secret)] {
        assert_eq!(client.cart(&at_kiosk.id).await, Value::Null);
        let refused = client.run("cartContactSet", json!({"cartId": at_kiosk.id, "email": "eve@example.org"})).await;
        assert_eq!(refused.codes(), ["NOT_FOUND"]);
    }
    let ended = kiosk.client.query("mutation { kioskSessionEnd { releasedCarts } }", json!({})).await;
    assert_eq!(ended["kioskSessionEnd"]["releasedCarts"], 0, "it is not the kiosk's to end");
    assert_eq!(on_phone.read().await["email"], "j@example.org");
}

async fn an_advisor_and_a_customer_share_a_cart(shop: TestShop) {
    let cart = TestCart::create(&shop, &[("CHK", 1)]).await;
    let handoff = code(&cart, "SHARE").await;
    let till = shop.device("paris-marais-till").await;
    let advisors = taken(&till.client, &accept(&till.client, &handoff["code"]).await.accepted());
    assert_ne!(advisors.secret, cart.secret);
    let version = cart.read().await["version"].clone();
    let mut customers = EventStream::open(&cart.client, CART, json!({"id": cart.id, "after": version})).await;
    let mut at_till = EventStream::open(&advisors.client, CART, json!({"id": cart.id, "after": version})).await;
    let line = async |sku: &str| json!({"lines": [{"variantId": cart.client.variant(sku).await}]});
    let _ = advisors.run("cartLinesAdd", line("CNB-A5").await).await.accepted();
    for stream in [&mut customers, &mut at_till] {
        assert_eq!(stream.payload().await["data"]["cartUpdated"]["cart"]["totalQuantity"], 2);
    }
    let _ = cart.run("cartLinesAdd", line("GPC-HB").await).await.accepted();
    for stream in [&mut customers, &mut at_till] {
        let update = stream.payload().await["data"]["cartUpdated"].clone();
        assert_eq!(update["version"].as_i64(), version.as_i64().map(|it| it + 2));
    }
    // Each sees who changed what.
    let document = "query($id: ID!) { cart(id: $id) { lastChangedBy { kind isMe share } lines { variant { sku } addedBy { kind isMe } lastChangedBy { kind isMe } } } }";
    let seen_by = async |client: &Client| client.query(document, json!({"id": cart.id})).await["cart"].clone();
    let by = |kind: &str, is_me: bool| json!({"kind": kind, "isMe": is_me});
    for (client, is_customer) in [(&cart.client, true), (&advisors.client, false)] {
        let seen = seen_by(client).await;
        let authors: Vec<_> = seen["lines"].as_array().unwrap().iter().map(|it| it["addedBy"].clone()).collect();
        assert_eq!(authors, [by("HOLDER", is_customer), by("DEVICE", !is_customer), by("HOLDER", is_customer)]);
        assert_eq!(seen["lastChangedBy"], json!({"kind": "HOLDER", "isMe": is_customer, "share": null}));
    }
    let line = cart.read().await["lines"][0]["id"].clone();
    let _ = advisors.run("cartLinesUpdate", json!({"lines": [{"lineId": line, "quantity": 3}]})).await.accepted();
    let seen = seen_by(&cart.client).await;
    assert_eq!(seen["lines"][0]["addedBy"], by("HOLDER", true));
    assert_eq!(seen["lines"][0]["lastChangedBy"], by("DEVICE", false));
    // Nobody is locked out by who it is only shared with.
    let before = cart.read().await;
    for (command, input) in [("cartPurge", json!({})), ("cartHandoffCreate", json!({"mode": "TRANSFER"}))] {
        let refused = advisors.run(command, input).await;
        assert_eq!(refused.refused("CART_ONLY_SHARED")["path"], json!(["input", "cartId"]), "{command}");
    }
    assert_eq!(cart.read().await, before);
    // A kiosk session that ends where it was begun leaves it to those who share it.
    let kiosk = shop.device("paris-marais-kiosk").await;
    let begun = TestCart::create_by(&kiosk.client, "EUR", &[("CHK", 1)]).await;
    let _ = begun.run("cartContactSet", json!({"email": "jeanne@example.org"})).await.accepted();
    let phone = shop.anonymous();
    let on_phone = taken(&phone, &accept(&phone, &code(&begun, "SHARE").await["code"]).await.accepted());
    let _ = kiosk.client.query("mutation { kioskSessionEnd { releasedCarts } }", json!({})).await;
    assert_eq!(begun.read().await, Value::Null);
    assert_eq!(on_phone.read().await["email"], "jeanne@example.org");
    let by = on_phone
        .client
        .query("query($id: ID!) { cart(id: $id) { lastChangedBy { kind isMe } } }", json!({"id": on_phone.id}));
    assert_eq!(by.await["cart"]["lastChangedBy"], json!({"kind": "DEVICE", "isMe": false}));
    // Then it is theirs, to hand over to the till as well.
    let handoff = code(&on_phone, "TRANSFER").await;
    let at_till = taken(&till.client, &accept(&till.client, &handoff["code"]).await.accepted());
    assert_eq!((&at_till.read().await["email"], on_phone.read().await), (&json!("jeanne@example.org"), Value::Null));
}

async fn a_code_ends_with_what_it_was_given_for(shop: TestShop) {
    for (command, mode) in [("cartPurge", "SHARE"), ("cartPurge", "TRANSFER"), ("cartSecretRotate", "TRANSFER")] {
        let cart = TestCart::create(&shop, &[("CHK", 1)]).await;
        let handoff = code(&cart, mode).await;
        let _ = cart.run(command, json!({})).await.accepted();
        assert_eq!(accept(&shop.anonymous(), &handoff["code"]).await.codes(), ["INVALID_CODE"], "{command} {mode}");
    }
    let kiosk = shop.device("paris-marais-kiosk").await;
    let begun = TestCart::create_by(&kiosk.client, "EUR", &[("CHK", 1)]).await;
    let handoff = code(&begun, "TRANSFER").await;
    let _ = kiosk.client.query("mutation { kioskSessionEnd { releasedCarts } }", json!({})).await;
    assert_eq!(accept(&shop.anonymous(), &handoff["code"]).await.codes(), ["INVALID_CODE"], "the session is over");
}

async fn a_code_is_good_once_and_for_its_newest_hand_off(shop: TestShop) {
    let cart = TestCart::create(&shop, &[("CHK", 1)]).await;
    let (first, second) = (code(&cart, "SHARE").await, code(&cart, "SHARE").await);
    assert_eq!(
        accept(&shop.anonymous(), &first["code"]).await.refused("INVALID_CODE")["path"],
        json!(["input", "code"])
    );
    let _ = accept(&shop.anonymous(), &second["code"]).await.accepted();
    assert_eq!(accept(&shop.anonymous(), &second["code"]).await.codes(), ["INVALID_CODE"]);
    for wrong in ["", "ABC", "ABCDE-FGHJU", &"A".repeat(1_000), "00000-00000"] {
        assert_eq!(accept(&shop.anonymous(), &json!(wrong)).await.codes(), ["INVALID_CODE"], "{wrong}");
    }
    // Of many who enter it at once, one has it.
    let handoff = code(&cart, "TRANSFER").await;
    let nobody = shop.anonymous();
    let all = futures_util::future::join_all((0..8).map(|_| accept(&nobody, &handoff["code"]))).await;
    assert_eq!(all.iter().filter(|it| it.errors().is_empty()).count(), 1);
    // One that was ordered is handed to nobody.
    let ready = TestCart::ready(&shop, &[("CNB-A5", 1)]).await;
    let handoff = code(&ready, "TRANSFER").await;
    let _ = ready.order("approve").await.accepted();
    assert_eq!(accept(&nobody, &handoff["code"]).await.codes(), ["CART_ALREADY_ORDERED"]);
    assert_eq!(ready.run("cartHandoffCreate", json!({"mode": "SHARE"})).await.codes(), ["CART_ALREADY_ORDERED"]);
    assert_eq!(ready.read().await["state"], "ORDERED", "who had it, has it still");
}

async fn a_transfer_ends_what_others_held(shop: TestShop) {
    let owner = shop.customer("ada@example.org").await;
    let cart = TestCart::create_by(&owner, "EUR", &[("CHK", 1)]).await;
    let cart = TestCart { client: shop.anonymous().with_cart_secret(&cart.secret), ..cart };
    let mut shared = Vec::new();
    for _ in 0..10 {
        let handoff = code(&cart, "SHARE").await;
        shared.push(taken(&shop.anonymous(), &accept(&shop.anonymous(), &handoff["code"]).await.accepted()));
    }
    let one_more = cart.run("cartHandoffCreate", json!({"mode": "SHARE"})).await;
    assert_eq!(one_more.refused("LIMIT_EXCEEDED")["maximum"], 10);
    let handoff = code(&cart, "TRANSFER").await;
    let stranger = shop.customer("bob@example.org").await;
    let taken = taken(&stranger, &accept(&stranger, &handoff["code"]).await.accepted());
    for before in shared.iter().chain([&cart]) {
        assert_eq!(before.read().await, Value::Null);
    }
    assert_eq!(
        stranger.cart(&cart.id).await,
        Value::Null,
        "without its secret: a cart that is somebody's stays theirs"
    );
    assert_eq!(owner.cart(&cart.id).await, taken.read().await);
}

/// The link has the configured beginning and the code; and who guesses codes has to wait, whoever they are.
async fn with_settings(db: Db) {
    let Some(installation) = Installation::new(db).await else { return };
    let settings = [("COMPTOIR_HANDOFF_URL", "https://shop.example/cart#"), ("COMPTOIR_SIGN_IN_LIMIT", "5")];
    let server: Server = installation.serve_with(&["--demo"], &settings);
    let client = Client::new(&server.url);
    let cart = TestCart::create_by(&client, "EUR", &[]).await;
    let handoff = code(&cart, "SHARE").await;
    let expected = format!("https://shop.example/cart#{}", handoff["code"].as_str().unwrap().replace('-', ""));
    assert_eq!(handoff["url"], expected);
    let wrong = comptoir_tests::command("cartHandoffAccept");
    for attempt in 1..=6 {
        let answer = client.execute(&wrong, json!({"input": {"code": "00000-00000"}})).await;
        assert_eq!(answer.body.get("errors").is_some(), 5 < attempt, "{attempt}: {answer:?}");
    }
    // The right one has to wait as well, over any transport; other operations do not.
    let answer = client.execute(&wrong, json!({"input": {"code": handoff["code"]}})).await;
    assert_eq!((answer.status, answer.code()), (429, "RATE_LIMITED"));
    let mut socket = Socket::open(&client, json!({})).await;
    socket.subscribe("g", &wrong, json!({"input": {"code": handoff["code"]}})).await;
    let refused = within("an error", socket.next()).await.unwrap();
    assert_eq!(refused["payload"][0]["extensions"]["code"], "RATE_LIMITED", "{refused:#}");
    assert!(cart.read().await.is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_limited_and_links_are_configured() {
    with_settings(Db::Sqlite).await;
    with_settings(Db::Postgres).await;
}

/// Who added each line, and whether that is said to be `client`.
async fn added_by(client: &Client, id: &str) -> Vec<(String, bool)> {
    let document = "query($id: ID!) { cart(id: $id) { lines { addedBy { kind share isMe } } } }";
    let cart = client.query(document, json!({"id": id})).await["cart"].clone();
    let author = |it: &Value| (it["addedBy"]["share"].to_string(), it["addedBy"]["isMe"].as_bool().unwrap());
    cart["lines"].as_array().unwrap().iter().map(author).collect()
}

async fn nobody_is_taken_for_who_held_the_cart_before(shop: TestShop) {
    let nobody = shop.anonymous();
    let cart = TestCart::create(&shop, &[("CHK", 1)]).await;
    let shared = taken(&nobody, &accept(&nobody, &code(&cart, "SHARE").await["code"]).await.accepted());
    let _ = shared.run("cartLinesAdd", json!({"lines": [{"sku": "CNB-A5"}]})).await.accepted();
    assert_eq!(added_by(&shared.client, &cart.id).await.iter().map(|it| it.1).collect::<Vec<_>>(), [false, true]);
    let handed = taken(&nobody, &accept(&nobody, &code(&cart, "TRANSFER").await["code"]).await.accepted());
    let anew = taken(&nobody, &accept(&nobody, &code(&handed, "SHARE").await["code"]).await.accepted());
    for holder in [&handed, &anew] {
        let _ = holder.run("cartLinesAdd", json!({"lines": [{"sku": "GPC-HB"}]})).await.accepted();
        let seen = added_by(&holder.client, &cart.id).await;
        assert!(seen[..2].iter().all(|it| !it.1), "{seen:?}");
        assert_ne!(seen[0].0, seen[1].0, "two people");
    }
    // What a guest added is the customer's who signs in with it or merges it, and nobody else's.
    let guests = TestCart::create(&shop, &[("CHK", 1)]).await;
    let input = json!({"email": "eve@example.org", "password": "a password", "cart": {"cartId": guests.id, "cartSecret": guests.secret}});
    let eve = shop.anonymous().run("customerSignUp", input).await.accepted();
    let eve = shop.anonymous().with_token(eve["accessToken"].as_str().unwrap());
    assert!(added_by(&eve, &guests.id).await[0].1, "she has not changed by signing up");
    let ada = shop.customer("ada@example.org").await;
    let hers = TestCart::create_by(&ada, "EUR", &[("SMG-SA", 1)]).await;
    let friend = taken(&nobody, &accept(&nobody, &code(&hers, "SHARE").await["code"]).await.accepted());
    let merge = json!({"sourceId": handed.id, "sourceSecret": handed.secret});
    let _ = ada.run("cartMerge", merge).await.accepted();
    assert!(added_by(&friend.client, &hers.id).await.iter().all(|it| !it.1));
    let seen: Vec<bool> = added_by(&ada, &hers.id).await.iter().map(|it| it.1).collect();
    assert_eq!(seen, [true, false, false, true], "hers, of two before her, and what she had added as a guest");
}

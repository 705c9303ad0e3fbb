//! The session of a kiosk: whoever stood there leaves nothing behind.

use comptoir_tests::{Client, Socket, TestCart, TestDevice, TestShop, both_databases};
use serde_json::{Value, json};

both_databases! {
    nothing_of_the_person_is_left_when_a_session_ends,
    what_was_shared_with_a_kiosk_stays_with_the_others,
    who_signed_in_at_a_kiosk_is_signed_out_there,
    what_begins_at_a_kiosk_by_copying_ends_there,
    of_two_devices_that_leave_neither_keeps_anything,
    a_code_that_a_kiosk_shows_ends_with_the_session,
    a_payment_that_fails_after_the_session_gives_nobody_the_cart,
}

/// Ends the session at a device; how many carts it let go of.
async fn end(kiosk: &TestDevice) -> Value {
    let document = "mutation { kioskSessionEnd { releasedCarts userErrors { code } } }";
    let ended = kiosk.client.query(document, json!({})).await["kioskSessionEnd"].clone();
    assert_eq!(ended["userErrors"], json!([]));
    ended["releasedCarts"].clone()
}

/// What everybody who could hold `cart` sees of it.
async fn seen_by(clients: &[&Client], cart: &TestCart) -> Vec<Value> {
    let mut seen = Vec::new();
    for client in clients {
        seen.push(client.cart(&cart.id).await);
    }
    seen
}

async fn nothing_of_the_person_is_left_when_a_session_ends(shop: TestShop) {
    let (kiosk, other) = (shop.device("paris-marais-kiosk").await, shop.device("paris-marais-kiosk").await);
    let nobodys = TestCart::ready_by(&kiosk.client, &[("CNB-A5", 1)]).await;
    let ordered = TestCart::ready_by(&kiosk.client, &[("CHK", 1)]).await;
    let _ = ordered.order("approve").await.accepted();
    let others = TestCart::ready_by(&other.client, &[("CHK", 1)]).await;
    // Each opens by its secret and by the device alone.
    for cart in [&nobodys, &ordered] {
        let holder = shop.anonymous().with_cart_secret(&cart.secret);
        let seen = seen_by(&[&kiosk.client, &holder, &other.client, &shop.anonymous()], cart).await;
        assert_eq!((&seen[0], seen[1]["id"].as_str()), (&seen[1], Some(cart.id.as_str())));
        assert_eq!((&seen[2], &seen[3]), (&Value::Null, &Value::Null));
    }

    assert_eq!(end(&kiosk).await, 2);
    for cart in [&nobodys, &ordered] {
        let holder = shop.anonymous().with_cart_secret(&cart.secret);
        let seen = seen_by(&[&kiosk.client, &holder, &kiosk.client.with_cart_secret(&cart.secret)], cart).await;
        assert_eq!(seen, [Value::Null, Value::Null, Value::Null]);
        let added = kiosk.client.run("cartContactSet", json!({"cartId": cart.id, "email": "eve@example.org"})).await;
        assert_eq!(added.codes(), ["NOT_FOUND"]);
    }
    let kept = shop.staff().await.cart(&nobodys.id).await;
    for field in ["email", "shippingAddress", "billingAddress", "selectedDelivery"] {
        assert_eq!(kept[field], Value::Null, "{field}");
    }
    assert_eq!(kept["totalQuantity"], 1, "what was in it is no secret");
    assert_eq!(others.read().await["email"], "jeanne@example.org", "the other device's is untouched");
    assert_eq!(end(&kiosk).await, 0);
}

/// What takes a cart over at `client` that `from` shares or hands over.
async fn taken(from: &TestCart, mode: &str, client: &Client) -> TestCart {
    let code = from.run("cartHandoffCreate", json!({"mode": mode})).await.accepted()["handoff"]["code"].clone();
    let accepted = client.run("cartHandoffAccept", json!({"code": code})).await.accepted();
    let secret = accepted["cartSecret"].as_str().unwrap().to_owned();
    TestCart { client: client.with_cart_secret(&secret), id: from.id.clone(), secret }
}

/// Whether a cart is told, and changed, to whoever comes with its secret alone.
async fn opens(shop: &TestShop, cart: &TestCart) -> bool {
    let holder = shop.anonymous().with_cart_secret(&cart.secret);
    let changed = holder.run("cartNoteSet", json!({"cartId": cart.id, "note": "hello"})).await;
    let is_open = holder.cart(&cart.id).await != Value::Null;
    assert_eq!(changed.errors().is_empty(), is_open, "{changed:?}");
    is_open
}

async fn what_was_shared_with_a_kiosk_stays_with_the_others(shop: TestShop) {
    let (kiosk, other) = (shop.device("paris-marais-kiosk").await, shop.device("paris-marais-kiosk").await);
    let on_phone = TestCart::ready(&shop, &[("CHK", 1)]).await;
    let customer = shop.customer("jeanne@example.org").await;
    let customers = TestCart::ready_by(&customer, &[("CHK", 1)]).await;
    for cart in [&on_phone, &customers] {
        let (at_kiosk, at_other) =
            (taken(cart, "SHARE", &kiosk.client).await, taken(cart, "SHARE", &other.client).await);
        let again = taken(cart, "SHARE", &kiosk.client).await;
        for held in [cart, &at_kiosk, &at_other, &again] {
            assert!(opens(&shop, held).await);
        }
        let version = cart.read().await["version"].as_i64().unwrap();
        assert_eq!(end(&kiosk).await, 1);
        for (held, is_open) in [(cart, true), (&at_kiosk, false), (&at_other, true), (&again, false)] {
            assert_eq!(opens(&shop, held).await, is_open);
        }
        assert_eq!(at_kiosk.read().await, Value::Null, "with the device's own token, too");
        let kept = cart.read().await;
        assert_eq!((kept["email"].as_str(), kept["totalQuantity"].as_i64()), (Some("jeanne@example.org"), Some(1)));
        assert!(version < kept["version"].as_i64().unwrap(), "who listens is told");
        assert_eq!(end(&kiosk).await, 0);
    }
    // A device that is revoked leaves what was shared with it, too.
    let shared = taken(&on_phone, "SHARE", &kiosk.client).await;
    let _ = shop.staff().await.run("deviceRevoke", json!({"deviceId": kiosk.id})).await.accepted();
    assert_eq!((opens(&shop, &shared).await, opens(&shop, &on_phone).await), (false, true));
}

async fn who_signed_in_at_a_kiosk_is_signed_out_there(shop: TestShop) {
    let at_home = shop.customer("jeanne@example.org").await;
    let (kiosk, other) = (shop.device("paris-marais-kiosk").await, shop.device("paris-marais-kiosk").await);
    let guests = TestCart::create_by(&kiosk.client, "EUR", &[("CHK", 1)]).await;
    let input = json!({"email": "jeanne@example.org", "password": "a password"});
    let mut with_cart = input.clone();
    with_cart["cart"] = json!({"cartId": guests.id, "cartSecret": guests.secret});
    let tokens = kiosk.client.run("customerSignIn", with_cart).await.accepted();
    assert_eq!(tokens["cartMerge"]["report"]["outcome"], "ADOPTED");
    let elsewhere = other.client.run("customerSignIn", input.clone()).await.accepted();
    let token = |of: &Value| of["accessToken"].as_str().unwrap().to_owned();
    let at_kiosk = shop.anonymous().with_token(&token(&tokens));
    let at_other = shop.anonymous().with_token(&token(&elsewhere));

    // They shop there, as themselves, in the kiosk's channel.
    let me = "{ me { email } context { channel { code } } viewer { device { id } } }";
    let seen = at_kiosk.query(me, json!({})).await;
    assert_eq!(seen["me"]["email"], "jeanne@example.org");
    assert_eq!(seen["context"]["channel"]["code"], "paris-marais-kiosk");
    assert_eq!(seen["viewer"]["device"]["id"], json!(kiosk.id));
    let begun = TestCart::create_by(&at_kiosk, "EUR", &[("CNB-A5", 1)]).await;
    let web = TestCart::create_by(&at_home, "EUR", &[("GPC-HB", 1)]).await;
    let rotated = at_kiosk.run("cartSecretRotate", json!({"cartId": web.id})).await.accepted();
    let seen_there = TestCart { secret: rotated["cartSecret"].as_str().unwrap().to_owned(), ..web.clone() };
    let refreshed = shop.anonymous().run("accessTokenRefresh", json!({"refreshToken": tokens["refreshToken"]})).await;
    let refreshed = refreshed.accepted();
    assert!(opens(&shop, &begun).await && opens(&shop, &seen_there).await);
    // The next customer at the same kiosk finds nothing of it.
    let next = json!({"email": "eve@example.org", "password": "a password"});
    let next = shop.anonymous().with_token(&token(&kiosk.client.run("customerSignUp", next).await.accepted()));
    for cart in [&guests, &begun, &web] {
        assert_eq!(next.cart(&cart.id).await, Value::Null);
    }
    let init = json!({"authorization": format!("Bearer {}", token(&tokens))});
    let mut socket = Socket::open(&shop.anonymous(), init).await;

    assert_eq!(end(&kiosk).await, 3);
    for of in [&tokens, &refreshed] {
        let refused = shop.anonymous().with_token(&token(of)).execute(me, json!({})).await;
        assert_eq!((refused.status, refused.code()), (401, "UNAUTHENTICATED"));
    }
    let refresh = json!({"refreshToken": refreshed["refreshToken"]});
    assert_eq!(shop.anonymous().run("accessTokenRefresh", refresh).await.codes(), ["INVALID_TOKEN"]);
    assert_eq!(socket.next().await, Err(4403));
    for cart in [&guests, &begun, &seen_there] {
        assert!(!opens(&shop, cart).await);
        assert_eq!(kiosk.client.cart(&cart.id).await, Value::Null);
        assert_ne!(at_home.cart(&cart.id).await, Value::Null, "theirs all the same");
    }
    for client in [&at_home, &at_other] {
        assert_eq!(client.query(me, json!({})).await["me"]["email"], "jeanne@example.org", "elsewhere they stay");
    }
}

async fn what_begins_at_a_kiosk_by_copying_ends_there(shop: TestShop) {
    let kiosk = shop.device("paris-marais-kiosk").await;
    let cart = TestCart::ready_by(&kiosk.client, &[("CHK", 1)]).await;
    let copied = cart.run("cartCopy", json!({})).await.accepted();
    let placed = cart.order("approve").await.accepted();
    let input = json!({"orderId": placed["order"]["id"], "orderToken": placed["orderToken"]});
    let reordered = kiosk.client.run("orderReorder", input).await.accepted();
    let begun = [copied, reordered].map(|it| {
        let text = |it: &Value| it.as_str().unwrap().to_owned();
        TestCart { client: kiosk.client.clone(), id: text(&it["cart"]["id"]), secret: text(&it["cartSecret"]) }
    });
    for cart in &begun {
        assert!(opens(&shop, cart).await);
        assert_ne!(cart.read().await, Value::Null, "the kiosk holds it");
    }
    // A device sells in its channel alone, what it copies too.
    let web = TestCart::create(&shop, &[("CHK", 1)]).await;
    let copied = kiosk.client.with_cart_secret(&web.secret).run("cartCopy", json!({"cartId": web.id})).await.accepted();
    let document = "query($id: ID!) { cart(id: $id) { channel { code } } }";
    let channel = kiosk.client.query(document, json!({"id": copied["cart"]["id"]})).await["cart"]["channel"].clone();
    assert_eq!(channel["code"], "paris-marais-kiosk");
    assert_eq!(end(&kiosk).await, 4);
    for cart in &begun {
        assert_eq!((opens(&shop, cart).await, cart.read().await), (false, Value::Null));
        assert_eq!(shop.staff().await.cart(&cart.id).await["note"], Value::Null);
    }
}

async fn a_payment_that_fails_after_the_session_gives_nobody_the_cart(shop: TestShop) {
    let kiosk = shop.device("paris-marais-kiosk").await;
    let cart = TestCart::ready_by(&kiosk.client, &[("CHK", 1)]).await;
    let placed = cart.order("pending").await.accepted();
    assert_eq!(end(&kiosk).await, 1);
    assert_eq!(shop.webhook(&placed["order"]["payment"]["id"], "decline").await.status, 204);
    let order =
        shop.anonymous().order(placed["order"]["number"].as_str().unwrap(), placed["orderToken"].as_str()).await;
    assert_eq!((&order["status"], &order["paymentState"]), (&json!("CANCELLED"), &json!("DECLINED")));
    let kept = shop.staff().await.cart(&cart.id).await;
    assert_eq!(kept["state"], "ACTIVE");
    for field in ["email", "shippingAddress", "billingAddress", "selectedDelivery"] {
        assert_eq!(kept[field], Value::Null, "{field}");
    }
    assert!(!opens(&shop, &cart).await);
}

async fn of_two_devices_that_leave_neither_keeps_anything(shop: TestShop) {
    let (kiosk, till) = (shop.device("paris-marais-kiosk").await, shop.device("paris-marais-till").await);
    let begun = TestCart::ready_by(&kiosk.client, &[("CHK", 1)]).await;
    let at_till = taken(&begun, "SHARE", &till.client).await;
    assert_eq!(end(&kiosk).await, 1);
    assert_eq!(at_till.read().await["email"], "jeanne@example.org", "it is the till's now");
    assert_eq!(end(&till).await, 1);
    for cart in [&begun, &at_till] {
        assert_eq!((opens(&shop, cart).await, cart.read().await), (false, Value::Null));
    }
    assert_eq!(shop.staff().await.cart(&begun.id).await["email"], Value::Null);
}

async fn a_code_that_a_kiosk_shows_ends_with_the_session(shop: TestShop) {
    let (at_home, kiosk) = (shop.customer("jeanne@example.org").await, shop.device("paris-marais-kiosk").await);
    let cart = TestCart::create_by(&at_home, "EUR", &[("CHK", 1)]).await;
    let input = json!({"email": "jeanne@example.org", "password": "a password"});
    let signed_in = kiosk.client.run("customerSignIn", input).await.accepted();
    let there = shop.anonymous().with_token(signed_in["accessToken"].as_str().unwrap());
    let create = json!({"cartId": cart.id, "mode": "SHARE"});
    let code = there.run("cartHandoffCreate", create.clone()).await.accepted()["handoff"]["code"].clone();
    let _ = end(&kiosk).await;
    assert_eq!(shop.anonymous().run("cartHandoffAccept", json!({"code": code})).await.codes(), ["INVALID_CODE"]);
    // One from elsewhere is no matter of the kiosk.
    let shared = taken(&cart, "SHARE", &kiosk.client).await;
    let code = at_home.run("cartHandoffCreate", create).await.accepted()["handoff"]["code"].clone();
    assert_eq!((end(&kiosk).await, opens(&shop, &shared).await), (json!(1), false));
    let _ = shop.anonymous().run("cartHandoffAccept", json!({"code": code})).await.accepted();
}

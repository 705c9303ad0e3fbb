//! Customers and staff who sign in, go on, and sign out.

use comptoir_tests::{
    Client, EventStream, Payload, Socket, TestCart, TestShop, both_databases, eventually, is_signed_by, read_token,
    within,
};
use reqwest::Method;
use serde_json::{Value, json};

both_databases! {
    a_customer_signs_up_buys_and_finds_the_order,
    an_account_takes_what_it_can_be_and_says_what_it_cannot,
    a_refresh_token_that_comes_twice_ends_the_sign_in,
    signing_out_closes_what_is_open,
    a_new_password_signs_out_everywhere_else,
    tokens_are_checked_to_the_letter,
    staff_sees_customers_as_far_as_it_may,
}

async fn sign_in(shop: &TestShop, email: &str, password: &str) -> Payload {
    shop.anonymous().run("customerSignIn", json!({"email": email, "password": password})).await
}

/// The client that has this access token.
fn with_access(shop: &TestShop, tokens: &Value) -> Client {
    shop.anonymous().with_token(tokens["accessToken"].as_str().unwrap())
}

async fn me(client: &Client) -> Value {
    client.query("{ me { id version email firstName lastName language allowsPersonalization } }", json!({})).await["me"]
        .clone()
}

/// Whether the credentials of `client` are refused.
async fn is_refused(client: &Client) -> bool {
    let answer = client.execute("{ me { id } }", json!({})).await;
    answer.body.get("errors").is_some() && answer.status == 401 && answer.code() == "UNAUTHENTICATED"
}

async fn a_customer_signs_up_buys_and_finds_the_order(shop: TestShop) {
    assert_eq!(me(&shop.anonymous()).await, Value::Null);
    let input = json!({
        "email": "Ada@Example.org", "password": "a password", "firstName": " Ada ", "lastName": "Lovelace", "language": "fr",
    });
    let signed_up = shop.anonymous().run("customerSignUp", input).await.accepted();
    let ada = with_access(&shop, &signed_up);
    assert_eq!(me(&ada).await, signed_up["customer"]);
    assert_eq!(signed_up["customer"]["firstName"], "Ada");

    // What she puts into a cart before she signs in is hers once she orders it.
    let cart = TestCart::ready(&shop, &[("CHK", 1)]).await;
    let cart = TestCart { client: ada.with_cart_secret(&cart.secret), ..cart };
    let first = cart.order("approve").await.accepted();
    // A cart of her own has her address, and opens without its secret.
    let own = TestCart::create_by(&ada, "EUR", &[("CNB-A5", 1)]).await;
    let own = TestCart { client: ada.clone(), ..own };
    assert_eq!(own.read().await["email"], signed_up["customer"]["email"]);
    let _ = own.run("cartAddressesSet", json!({"shipping": TestCart::address()})).await.accepted();
    let _ = own.run("cartDeliverySelect", json!({"handle": "standard"})).await.accepted();
    let second = own.order("approve").await.accepted();

    let document = "{ me { orders(first: 1) { nodes { number } pageInfo { hasNextPage endCursor } } } }";
    let page = ada.query(document, json!({})).await["me"]["orders"].clone();
    assert_eq!(page["nodes"], json!([{"number": second["order"]["number"]}]));
    assert_eq!(page["pageInfo"]["hasNextPage"], true);
    let number = first["order"]["number"].as_str().unwrap();
    assert_eq!(ada.order(number, None).await, first["order"]);
    let node = "query($id: ID!) { node(id: $id) { ... on Order { number } ... on Customer { email } } }";
    assert_eq!(ada.query(node, json!({"id": first["order"]["id"]})).await["node"]["number"], number);
    assert_eq!(ada.query(node, json!({"id": signed_up["customer"]["id"]})).await["node"]["email"], "Ada@example.org");

    let eve = shop.customer("eve@example.org").await;
    for stranger in [&eve, &shop.anonymous()] {
        assert_eq!(stranger.order(number, None).await, Value::Null);
        assert_eq!(stranger.cart(&own.id).await, Value::Null);
        for id in [&first["order"]["id"], &signed_up["customer"]["id"]] {
            assert_eq!(stranger.query(node, json!({"id": id})).await["node"], Value::Null);
        }
    }
    let order = EventStream::open(
        &ada,
        "subscription($number: String!) { orderUpdated(number: $number, afterVersion: 0) { order { number } } }",
        json!({"number": number}),
    );
    assert_eq!(order.await.payload().await["data"]["orderUpdated"]["order"]["number"], number);
}

async fn an_account_takes_what_it_can_be_and_says_what_it_cannot(shop: TestShop) {
    let nobody = shop.anonymous();
    let sign_up = async |changed: Value| {
        let mut input = json!({"email": "ada@example.org", "password": "a password"});
        input.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
        nobody.run("customerSignUp", input).await
    };
    for (changed, code, field) in [
        (json!({"email": "ada"}), "INVALID_INPUT", "email"),
        (json!({"email": ""}), "INVALID_INPUT", "email"),
        (json!({"password": "2 short"}), "INVALID_INPUT", "password"),
        (json!({"password": "é".repeat(257)}), "INVALID_INPUT", "password"),
        (json!({"firstName": "x".repeat(121)}), "INVALID_INPUT", "firstName"),
        (json!({"lastName": "a\nb"}), "INVALID_INPUT", "lastName"),
        (json!({"language": "klingon!"}), "INVALID_INPUT", "language"),
    ] {
        let refused = sign_up(changed.clone()).await;
        assert_eq!(refused.refused(code)["path"], json!(["input", field]), "{changed}");
        assert_eq!((&refused.0["customer"], &refused.0["accessToken"]), (&Value::Null, &Value::Null));
    }
    // The same for who is not there as for who has another password.
    let strangers = sign_in(&shop, "ada@example.org", "a password").await;
    let ada = with_access(&shop, &sign_up(json!({})).await.accepted());
    for (email, password) in [
        ("ada@example.org", "another one"),
        ("ada@example.org", ""),
        ("ada", "a password"),
        ("eve@example.org", "a password"),
    ] {
        assert_eq!(sign_in(&shop, email, password).await.0, strangers.0, "{email} {password}");
    }
    let _ = strangers.refused("WRONG_CREDENTIALS");
    assert_eq!(
        sign_up(json!({"email": "ADA@example.org"})).await.refused("EMAIL_TAKEN")["path"],
        json!(["input", "email"])
    );
    // An account is not staff's, and staff has none.
    let staffs =
        shop.anonymous().run("staffSignIn", json!({"email": "ada@example.org", "password": "a password"})).await;
    let _ = staffs.refused("WRONG_CREDENTIALS");
    let _ = sign_in(&shop, "demo@comptoir.example", "comptoir-demo").await.refused("WRONG_CREDENTIALS");

    let changed = ada.run("customerUpdate", json!({"firstName": "Ada", "language": "fr"})).await.accepted();
    assert_eq!(changed["customer"]["version"], 2);
    let changed = ada.run("customerUpdate", json!({"lastName": "Lovelace"})).await.accepted();
    assert_eq!((&changed["customer"]["firstName"], &changed["customer"]["language"]), (&json!("Ada"), &json!("fr")));
    let changed = ada.run("customerUpdate", json!({"firstName": null})).await.accepted();
    assert_eq!(changed["customer"]["firstName"], Value::Null);
    let before = me(&ada).await;
    let refused = ada.run("customerUpdate", json!({"firstName": "x".repeat(121), "lastName": "Byron"})).await;
    assert_eq!(refused.refused("INVALID_INPUT")["path"], json!(["input", "firstName"]));
    assert_eq!(me(&ada).await, before);
}

async fn a_refresh_token_that_comes_twice_ends_the_sign_in(shop: TestShop) {
    let _ = shop.customer("ada@example.org").await;
    let first = sign_in(&shop, "ada@example.org", "a password").await.accepted();
    let elsewhere = sign_in(&shop, "ada@example.org", "a password").await.accepted();
    let refresh = async |tokens: &Value| {
        shop.anonymous().run("accessTokenRefresh", json!({"refreshToken": tokens["refreshToken"]})).await
    };
    let second = refresh(&first).await.accepted();
    assert_ne!(second["refreshToken"], first["refreshToken"]);
    let client = with_access(&shop, &second);
    assert_eq!(me(&client).await["email"], "ada@example.org");
    assert_eq!(refresh(&first).await.refused("INVALID_TOKEN")["path"], json!(["input", "refreshToken"]));
    assert!(is_refused(&client).await, "the sign-in has ended");
    let _ = refresh(&second).await.refused("INVALID_TOKEN");
    assert_eq!(me(&with_access(&shop, &elsewhere)).await["email"], "ada@example.org");
    for none in ["", "rt_", "rt_AAAA", first["accessToken"].as_str().unwrap()] {
        let _ = refresh(&json!({"refreshToken": none})).await.refused("INVALID_TOKEN");
    }
    let _ = refresh(&elsewhere).await.accepted();
    // Staff goes on in the same way.
    let input = json!({"email": "demo@comptoir.example", "password": "comptoir-demo"});
    let staff = shop.anonymous().run("staffSignIn", input).await.accepted();
    let next = with_access(&shop, &refresh(&staff).await.accepted());
    let viewer = next.query("{ viewer { staffId permissions } }", json!({})).await["viewer"].clone();
    assert_eq!(viewer["staffId"], staff["staff"]["id"]);
}

async fn signing_out_closes_what_is_open(shop: TestShop) {
    let _ = shop.customer("ada@example.org").await;
    let here = sign_in(&shop, "ada@example.org", "a password").await.accepted();
    let elsewhere = sign_in(&shop, "ada@example.org", "a password").await.accepted();
    let (client, other) = (with_access(&shop, &here), with_access(&shop, &elsewhere));
    let cart = TestCart::create_by(&client, "EUR", &[("CHK", 1)]).await;
    let document = "subscription($id: ID!) { cartUpdated(cartId: $id, afterVersion: 0) { version } }";
    let bearer = format!("Bearer {}", here["accessToken"].as_str().unwrap());
    let mut socket = Socket::open(&shop.anonymous(), json!({"authorization": bearer})).await;
    socket.subscribe("1", document, json!({"id": cart.id})).await;
    assert_eq!(socket.payload("1").await["data"]["cartUpdated"]["version"], 1);
    let mut stream = EventStream::open(&client, document, json!({"id": cart.id})).await;
    assert_eq!(stream.payload().await["data"]["cartUpdated"]["version"], 1);
    let mut others = EventStream::open(&other, document, json!({"id": cart.id})).await;
    assert_eq!(others.payload().await["data"]["cartUpdated"]["version"], 1);

    assert_eq!(client.run("signOut", json!({})).await.accepted()["isSignedOut"], true);
    assert_eq!(within("the end of the socket", socket.next()).await, Err(4403));
    assert_eq!(within("the end of the stream", stream.next()).await, None);
    assert!(is_refused(&client).await);
    let refused = shop.anonymous().run("accessTokenRefresh", json!({"refreshToken": here["refreshToken"]})).await;
    let _ = refused.refused("INVALID_TOKEN");

    // Elsewhere it goes on, until she signs out everywhere.
    let owner = TestCart { client: other.clone(), ..cart };
    let _ = owner.run("cartContactSet", json!({"email": "ada.l@example.org"})).await.accepted();
    assert_eq!(others.payload().await["data"]["cartUpdated"]["version"], 2);
    let third = with_access(&shop, &sign_in(&shop, "ada@example.org", "a password").await.accepted());
    let _ = third.run("signOut", json!({"everywhere": true})).await.accepted();
    assert_eq!(within("the end of the stream", others.next()).await, None);
    assert!(is_refused(&other).await && is_refused(&third).await);
    let mut late = Socket::connect(&shop.anonymous()).await;
    late.send(json!({"type": "connection_init", "payload": {"authorization": bearer}})).await;
    assert_eq!(late.next().await, Err(4403));
}

async fn a_new_password_signs_out_everywhere_else(shop: TestShop) {
    let ada = shop.customer("ada@example.org").await;
    let elsewhere = with_access(&shop, &sign_in(&shop, "ada@example.org", "a password").await.accepted());
    let change = async |current: &str, new: &str| {
        ada.run("customerPasswordChange", json!({"currentPassword": current, "newPassword": new})).await
    };
    let wrong = change("another password", "the new password").await;
    assert_eq!(wrong.refused("WRONG_CREDENTIALS")["path"], json!(["input", "currentPassword"]));
    let short = change("a password", "short").await;
    assert_eq!(short.refused("INVALID_INPUT")["path"], json!(["input", "newPassword"]));
    assert_eq!(me(&elsewhere).await["version"], 1, "nothing has changed");
    let _ = change("a password", "the new password").await.accepted();
    assert!(is_refused(&elsewhere).await && !is_refused(&ada).await);
    let _ = sign_in(&shop, "ada@example.org", "a password").await.refused("WRONG_CREDENTIALS");
    let _ = sign_in(&shop, "ada@example.org", "the new password").await.accepted();
}

async fn tokens_are_checked_to_the_letter(shop: TestShop) {
    let _ = shop.customer("ada@example.org").await;
    let signed_in = sign_in(&shop, "ada@example.org", "a password").await.accepted();
    let token = signed_in["accessToken"].as_str().unwrap();
    let keys = shop.anonymous().answer(shop.anonymous().request(Method::GET, "/.well-known/jwks.json")).await;
    assert_eq!(keys.status, 200);
    let keys = keys.body["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 1);
    let [header, claims] = read_token(token);
    assert_eq!(header, json!({"typ": "JWT", "alg": "EdDSA", "kid": keys[0]["kid"]}));
    assert!(is_signed_by(token, keys[0]["x"].as_str().unwrap()));
    assert_eq!((&claims["sub"], &claims["aud"]), (&signed_in["customer"]["id"], &json!("customer")));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 15 * 60);

    let [head, body, seal] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
    let refresh = signed_in["refreshToken"].as_str().unwrap();
    let flipped = format!("{head}.{body}.A{}", &seal[1..]);
    for wrong in ["x", "a.b.c", &flipped, &format!("{head}.{body}."), &format!("{token}x"), refresh, "Bearer"] {
        if wrong != token {
            assert!(is_refused(&shop.anonymous().with_token(wrong)).await, "{wrong}");
        }
    }
    for header in ["Basic YTpi", token, "Bearer", "Bearer "] {
        assert!(is_refused(&shop.anonymous().with_header("authorization", header)).await, "{header}");
    }
    assert!(!is_refused(&shop.anonymous().with_header("authorization", &format!("bearer  {token}"))).await);
    // Tokens outlive a restart.
    let token = token.to_owned();
    let shop = shop.restarted();
    let ada = shop.anonymous().with_token(&token);
    eventually("the server", async || (!is_refused(&ada).await).then_some(())).await;
}

async fn staff_sees_customers_as_far_as_it_may(shop: TestShop) {
    let ada = shop.customer("ada@example.org").await;
    let id = me(&ada).await["id"].clone();
    let _ = shop.customer("eve@example.org").await;
    let cart = TestCart::ready_by(&ada, &[("CHK", 1)]).await;
    let _ = cart.order("approve").await.accepted();
    let viewer = shop.staff_with("viewer@example.org", &["VIEW_CUSTOMERS"]).await;
    let document = "query($email: String) { customers(email: $email) { nodes { email orders { nodes { number } } } } }";
    let seen = viewer.query(document, json!({})).await["customers"]["nodes"].clone();
    let none = json!({"nodes": []});
    let expected = ["eve@example.org", "ada@example.org"].map(|it| json!({"email": it, "orders": none}));
    assert_eq!(seen, json!(expected), "newest first, without their orders");
    let all = shop.staff_with("all@example.org", &["VIEW_CUSTOMERS", "VIEW_ORDERS"]).await;
    let seen = all.query(document, json!({"email": "ADA@example.org"})).await["customers"]["nodes"].clone();
    assert_eq!(seen[0]["orders"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(all.query(document, json!({"email": "nobody@example.org"})).await["customers"]["nodes"], json!([]));
    assert_eq!(all.execute(document, json!({"email": "nobody"})).await.code(), "INVALID_INPUT");
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(viewer.query(node, json!({"id": id})).await["node"]["id"], id);
    let clerk = shop.staff_with("clerk@example.org", &["VIEW_ORDERS"]).await;
    assert_eq!(clerk.query(node, json!({"id": id})).await["node"], Value::Null);
}

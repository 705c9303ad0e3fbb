//! Staff at a point of sale: a PIN instead of a password, for a short while and for what a counter needs.

use comptoir_tests::{Client, EventStream, TestCart, TestShop, both_databases};
use serde_json::{Value, json};

both_databases! {
    an_advisor_adds_to_a_customers_web_cart,
    a_pin_is_tried_five_times,
    a_counter_is_no_office,
}

const CART: &str = "subscription($id: ID!, $after: Int) { cartUpdated(cartId: $id, afterVersion: $after) { version cart { totalQuantity } } }";
const EMAIL: &str = "advisor@example.org";

/// An advisor with these permissions and the PIN 314159.
async fn advisor(shop: &TestShop, permissions: &[&str]) -> Client {
    let advisor = shop.staff_with(EMAIL, permissions).await;
    let _ = advisor.run("staffPinSet", json!({"password": "a password", "pin": "314159"})).await.accepted();
    advisor
}

/// The advisor at a till.
async fn at_till(shop: &TestShop, till: &Client) -> Client {
    let stepped_up = till.run("staffStepUp", json!({"email": EMAIL, "pin": "314159"})).await.accepted();
    shop.anonymous().with_token(stepped_up["accessToken"].as_str().unwrap())
}

async fn an_advisor_adds_to_a_customers_web_cart(shop: TestShop) {
    let _ = advisor(&shop, &["MANAGE_CARTS", "VIEW_CUSTOMERS", "MANAGE_PRICES"]).await;
    let till = shop.device("paris-marais-till").await;
    let ada = shop.customer("ada@example.org").await;
    let web = TestCart::create_by(&ada, "EUR", &[("CHK", 1)]).await;
    let web = TestCart { client: ada.clone(), ..web };
    assert_eq!(till.client.cart(&web.id).await, Value::Null, "the till alone opens nobody's cart");

    let at_till = at_till(&shop, &till.client).await;
    let viewer = "{ viewer { staffId permissions device { id } } context { channel { code } } }";
    let seen = at_till.query(viewer, json!({})).await;
    assert_eq!(seen["viewer"]["permissions"], json!(["MANAGE_CARTS", "VIEW_CUSTOMERS"]), "prices are for the office");
    assert_eq!(
        (&seen["viewer"]["device"]["id"], &seen["context"]["channel"]["code"]),
        (&json!(till.id), &json!("paris-marais-till"))
    );

    let opened = at_till.cart(&web.id).await;
    assert_eq!(opened["totalQuantity"], 1);
    let variables = json!({"id": web.id, "after": opened["version"]});
    let mut customers = EventStream::open(&ada, CART, variables.clone()).await;
    let mut advisors = EventStream::open(&at_till, CART, variables).await;
    let lines = json!({"cartId": web.id, "lines": [{"variantId": ada.variant("CNB-A5").await}]});
    let _ = at_till.run("cartLinesAdd", lines.clone()).await.accepted();
    for stream in [&mut customers, &mut advisors] {
        assert_eq!(stream.payload().await["data"]["cartUpdated"]["cart"]["totalQuantity"], 2);
    }
    let _ = ada.run("cartLinesAdd", lines).await.accepted();
    for stream in [&mut customers, &mut advisors] {
        assert_eq!(stream.payload().await["data"]["cartUpdated"]["cart"]["totalQuantity"], 3);
    }

    // The device is revoked: what was opened on it closes, and its staff is out.
    let _ = shop.staff().await.run("deviceRevoke", json!({"deviceId": till.id})).await.accepted();
    while advisors.next().await.is_some() {}
    let answer = at_till.execute(viewer, json!({})).await;
    assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"));
    assert_eq!(ada.cart(&web.id).await["totalQuantity"], 3);
}

async fn a_pin_is_tried_five_times(shop: TestShop) {
    let advisor = advisor(&shop, &["MANAGE_CARTS"]).await;
    let (till, kiosk) = (shop.device("paris-marais-till").await, shop.device("paris-marais-kiosk").await);
    let attempt = async |pin: &str| till.client.run("staffStepUp", json!({"email": EMAIL, "pin": pin})).await;
    for _ in 0..5 {
        assert_eq!(attempt("271828").await.refused("WRONG_CREDENTIALS")["path"], json!(["input", "pin"]));
    }
    for pin in ["271828", "314159"] {
        let refused = attempt(pin).await;
        assert!(refused.refused("PIN_LOCKED")["retryAt"].is_string(), "the right one too");
    }
    // Who knows the password sets a new one.
    for (password, pin, code, field) in [
        ("another password", "161803", "WRONG_CREDENTIALS", "password"),
        ("a password", "16180", "INVALID_INPUT", "pin"),
        ("a password", "123456", "INVALID_INPUT", "pin"),
        ("a password", "aaaaaa", "INVALID_INPUT", "pin"),
    ] {
        let refused = advisor.run("staffPinSet", json!({"password": password, "pin": pin})).await;
        assert_eq!(refused.refused(code)["path"], json!(["input", field]), "{pin}");
    }
    assert_eq!(attempt("161803").await.codes(), ["PIN_LOCKED"]);
    let _ = advisor.run("staffPinSet", json!({"password": "a password", "pin": "161803"})).await.accepted();
    assert_eq!(attempt("314159").await.codes(), ["WRONG_CREDENTIALS"]);
    let _ = attempt("161803").await.accepted();
    // Staff without a PIN, and nobody at all.
    for email in ["demo@comptoir.example", "nobody@example.org", "nobody"] {
        let refused = till.client.run("staffStepUp", json!({"email": email, "pin": "161803"})).await;
        assert_eq!(refused.codes(), ["WRONG_CREDENTIALS"], "{email}");
    }
    let command = comptoir_tests::command("staffStepUp");
    let at_kiosk = kiosk.client.execute(&command, json!({"input": {"email": EMAIL, "pin": "161803"}})).await;
    assert_eq!(at_kiosk.code(), "FORBIDDEN", "a kiosk is for shoppers");
}

async fn a_counter_is_no_office(shop: TestShop) {
    let _ = advisor(&shop, &["MANAGE_STOCK", "MANAGE_STAFF", "MANAGE_PRICES", "VIEW_ORDERS", "MANAGE_DEVICES"]).await;
    let till = shop.device("paris-marais-till").await;
    let at_till = at_till(&shop, &till.client).await;
    let variant = at_till.variant("CHK").await;
    let adjust = async |location: &str| {
        let place = json!({"variantId": variant, "locationId": at_till.location(location).await, "change": {"by": 1}});
        let input = json!({"idempotencyKey": comptoir_tests::new_key(), "adjustments": [place]});
        at_till.execute(&comptoir_tests::command("inventoryAdjust"), json!({"input": input})).await
    };
    assert_eq!(adjust("paris-marais").await.data()["inventoryAdjust"]["userErrors"], json!([]));
    assert_eq!(adjust("lyon-warehouse").await.code(), "FORBIDDEN");
    for (operation, input) in [
        ("staffPinSet", json!({"password": "a password", "pin": "161803"})),
        ("deviceRevoke", json!({"deviceId": till.id})),
        ("pricesSet", json!({"prices": []})),
        ("kioskSessionEnd", Value::Null),
    ] {
        let answer = match input {
            Value::Null => at_till.execute("mutation { kioskSessionEnd { releasedCarts } }", json!({})).await,
            input => at_till.execute(&comptoir_tests::command(operation), json!({"input": input})).await,
        };
        assert_eq!(answer.code(), "FORBIDDEN", "{operation}");
    }
    let orders = at_till.execute("{ orders { nodes { id } } }", json!({})).await;
    assert_eq!(orders.code(), "FORBIDDEN");
}

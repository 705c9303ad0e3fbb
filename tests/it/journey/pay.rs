//! Payments that are decided later, and orders that are sent twice.

use comptoir_tests::{Answer, TestCart, TestShop, WEBHOOK_SECRET, amount, both_databases, demo_variant, sign};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

both_databases! {
    a_webhook_decides_a_pending_payment_once,
    a_webhook_that_is_not_signed_changes_nothing,
    a_key_places_one_order,
}

/// An order of two knives whose payment is pending.
async fn pending(shop: &TestShop) -> (TestCart, Value) {
    let cart = TestCart::ready(shop, &[("CHK", 2)]).await;
    let order = cart.order("pending").await.accepted()["order"].clone();
    assert_eq!((&order["status"], &order["paymentState"]), (&json!("PENDING"), &json!("PENDING")));
    (cart, order)
}

async fn a_webhook_decides_a_pending_payment_once(shop: TestShop) {
    let staff = shop.staff().await;
    let all = demo_variant("CHK").available();
    let read = async |order: &Value| staff.order(order["number"].as_str().unwrap(), None).await;

    let (cart, order) = pending(&shop).await;
    assert_eq!(staff.available("CHK").await, all - 2, "set aside while it is not decided");
    assert_eq!(shop.webhook(&order["payment"]["id"], "approve").await.status, 204);
    let approved = read(&order).await;
    assert_eq!((&approved["status"], &approved["paymentState"]), (&json!("OPEN"), &json!("PAID")));
    assert!(order["version"].as_i64() < approved["version"].as_i64());
    for outcome in ["approve", "decline"] {
        assert_eq!(shop.webhook(&order["payment"]["id"], outcome).await.status, 204);
        assert_eq!(read(&order).await, approved, "{outcome} changes nothing any more");
    }
    assert_eq!((&cart.read().await["state"], staff.available("CHK").await), (&json!("ORDERED"), all - 2));

    let (cart, order) = pending(&shop).await;
    let answers = join_all((0..4).map(|_| shop.webhook(&order["payment"]["id"], "decline"))).await;
    assert_eq!(answers.iter().map(|it| it.status).collect::<Vec<_>>(), [204; 4]);
    let declined = read(&order).await;
    assert_eq!((&declined["status"], &declined["cancelReason"]), (&json!("CANCELLED"), &json!("PAYMENT_DECLINED")));
    assert_eq!(
        (&declined["paymentState"], &declined["payment"]["declineReason"]),
        (&json!("DECLINED"), &json!("insufficient_funds"))
    );
    assert_eq!(staff.available("CHK").await, all - 2, "given back once");
    assert_eq!(cart.read().await["state"], "ACTIVE");
    assert_eq!(shop.webhook(&order["payment"]["id"], "approve").await.status, 204);
    assert_eq!(read(&order).await, declined);

    let placed = cart.order("approve").await.accepted();
    assert_eq!(staff.available("CHK").await, all - 4);
    // A late webhook of the first order leaves the second one alone.
    assert_eq!(shop.webhook(&order["payment"]["id"], "decline").await.status, 204);
    assert_eq!(read(&placed["order"]).await, placed["order"]);
    assert_eq!(cart.read().await["state"], "ORDERED");
}

async fn a_webhook_that_is_not_signed_changes_nothing(shop: TestShop) {
    let (_, order) = pending(&shop).await;
    let before = shop.everything().await;
    let body = json!({"paymentId": order["payment"]["id"], "outcome": "approve"}).to_string();
    let right = sign(WEBHOOK_SECRET, &body);
    let upper = right.to_uppercase();
    let others =
        [sign("another secret of the tests", &body), sign(WEBHOOK_SECRET, &format!("{body} ")), sign("", &body)];
    let wrong =
        [None, Some(""), Some("sha256="), right.strip_prefix("sha256="), Some(&right[..right.len() - 2]), Some(&upper)];
    for signature in wrong.into_iter().chain(others.iter().map(|it| Some(it.as_str()))) {
        let answer = shop.webhook_signed(signature, body.clone()).await;
        assert_eq!(answer.status, 401, "{signature:?}");
    }
    for text in [
        "",
        "{}",
        "[]",
        "null",
        "{\"paymentId\":\"pay_x\",\"outcome\":\"approve\"}",
        &body.replace("approve", "refund"),
    ] {
        let answer = shop.webhook_signed(Some(&sign(WEBHOOK_SECRET, text)), text.to_owned()).await;
        assert_eq!(answer.status, 400, "{text}");
    }
    let unknown = json!("pay_01h455vb4pex5vsknk084sn02q");
    assert_eq!(shop.webhook(&unknown, "approve").await.status, 204, "heard, and nothing to do");
    let long = " ".repeat(65 * 1024);
    assert_eq!(shop.webhook_signed(Some(&sign(WEBHOOK_SECRET, &long)), long.clone()).await.status, 413);

    let client = shop.anonymous();
    for (method, path, status) in [
        (Method::POST, "/webhooks/payments/manual", 404),
        (Method::POST, "/webhooks/payments/none", 404),
        (Method::POST, "/webhooks/payments/..%2Ftest", 404),
        (Method::GET, "/webhooks/payments/test", 405),
    ] {
        let request = client.request(method, path).header("comptoir-signature", &right).body(body.clone());
        assert_eq!(client.answer(request).await.status, status, "{path}");
    }
    shop.assert_unchanged(&before, "a webhook that is not believed").await;
}

async fn a_key_places_one_order(shop: TestShop) {
    let staff = shop.staff().await;
    let all = demo_variant("CHK").available();
    let count = async || {
        let orders = staff.query("{ orders(first: 100) { nodes { id } } }", json!({})).await;
        orders["orders"]["nodes"].as_array().unwrap().len()
    };

    let cart = TestCart::ready(&shop, &[("CHK", 2)]).await;
    let input = cart.order_input("approve");
    let first = cart.client.run("orderPlace", input.clone()).await.accepted();
    let mut again = cart.client.run("orderPlace", input.clone()).await.accepted();
    assert_eq!((&first["isReplay"], &again["isReplay"]), (&json!(false), &json!(true)));
    again["isReplay"] = json!(false);
    assert_eq!(again, first, "the same order and token");
    let upper = json!(input["idempotencyKey"].as_str().unwrap().to_uppercase());
    let mut same = input.clone();
    same["idempotencyKey"] = upper;
    assert_eq!(
        cart.client.run("orderPlace", same).await.accepted()["isReplay"],
        true,
        "a UUID in other letters is the same"
    );

    let total = json!({"amount": amount(2 * demo_variant("CHK").prices["EUR"] + 490), "currency": "EUR"});
    for (field, value) in [
        ("payment", json!({"provider": "test", "token": "decline"})),
        ("payment", json!({"provider": "manual"})),
        ("expectedTotal", total),
        ("expectedVersion", json!(1)),
    ] {
        let mut other = input.clone();
        other[field] = value;
        let refused = cart.client.run("orderPlace", other).await;
        assert_eq!(refused.refused("IDEMPOTENCY_KEY_REUSED")["path"], json!(["input", "idempotencyKey"]), "{field}");
    }
    let another = TestCart::ready(&shop, &[("CHK", 1)]).await;
    let mut stolen = another.order_input("approve");
    stolen["idempotencyKey"] = input["idempotencyKey"].clone();
    assert_eq!(another.client.run("orderPlace", stolen).await.codes(), ["IDEMPOTENCY_KEY_REUSED"]);
    // Who does not hold the cart learns nothing of its order.
    assert_eq!(another.client.run("orderPlace", input).await.codes(), ["NOT_FOUND"]);
    assert_eq!((count().await, staff.available("CHK").await), (1, all - 2));

    // Eight at once with one key.
    let input = another.order_input("approve");
    let document = comptoir_tests::command("orderPlace");
    let sent = (0..8).map(|_| another.client.execute(&document, json!({"input": input})));
    let payloads: Vec<Value> =
        join_all(sent).await.into_iter().map(Answer::data).map(|it| it["orderPlace"].clone()).collect();
    let numbers: Vec<_> = payloads.iter().map(|it| &it["order"]["number"]).collect();
    assert!(numbers.iter().all(|it| it.is_string() && *it == numbers[0]), "{payloads:#?}");
    assert_eq!(payloads.iter().filter(|it| it["isReplay"] == false).count(), 1, "one placed it");
    assert_eq!((count().await, staff.available("CHK").await), (2, all - 3));

    // Eight at once with as many keys: one wins.
    let cart = TestCart::ready(&shop, &[("CHK", 1)]).await;
    let sent = (0..8).map(|_| cart.order("approve"));
    let payloads = join_all(sent).await;
    let placed = payloads.iter().filter(|it| it.errors().is_empty()).count();
    assert_eq!(placed, 1, "{payloads:#?}");
    assert!(payloads.iter().flat_map(|it| it.codes()).all(|it| it == "CART_ALREADY_ORDERED"), "{payloads:#?}");
    assert_eq!((count().await, staff.available("CHK").await), (3, all - 4));
}

//! A tax provider outside: asked when a cart has changed, never by a read, and waited for by nobody else.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use comptoir_tests::{Db, TestCart, TestShop, eventually};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Mutex,
};

/// What the provider does with a question.
#[derive(Clone, Copy)]
enum Mood {
    Answers(&'static str),
    Fails,
    Hangs,
}

/// A server that says what tax is due.
struct Provider {
    url: String,
    mood: Arc<Mutex<Mood>>,
    asked: Arc<AtomicUsize>,
    last: Arc<Mutex<Value>>,
}

impl Provider {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/rates", listener.local_addr().unwrap());
        let provider = Self {
            url,
            mood: Arc::new(Mutex::new(Mood::Answers("10"))),
            asked: Arc::default(),
            last: Arc::new(Mutex::new(Value::Null)),
        };
        let (mood, asked, last) = (provider.mood.clone(), provider.asked.clone(), provider.last.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (mood, asked, last) = (mood.clone(), asked.clone(), last.clone());
                tokio::spawn(async move { serve(stream, &mood, &asked, &last).await });
            }
        });
        provider
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// Answers the questions of one connection.
async fn serve(mut stream: TcpStream, mood: &Mutex<Mood>, asked: &AtomicUsize, last: &Mutex<Value>) {
    while let Some(question) = question(&mut stream).await {
        asked.fetch_add(1, Ordering::SeqCst);
        *last.lock().await = question.clone();
        let mood = *mood.lock().await;
        let (status, body) = match mood {
            Mood::Answers(rate) => {
                let lines = question["lines"].as_array().unwrap().iter();
                let lines: Vec<Value> = lines.map(|it| json!({"variantId": it["variantId"], "rate": rate})).collect();
                ("200 OK", json!({"lines": lines}).to_string())
            }
            Mood::Fails => ("500 Internal Server Error", String::new()),
            Mood::Hangs => std::future::pending().await,
        };
        let head =
            format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    }
}

/// The next request's JSON; none: the connection is closed.
async fn question(stream: &mut TcpStream) -> Option<Value> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|it| it.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if length == Some(body.len()) {
                assert!(head.contains("authorization: Bearer a token"), "{head}");
                return Some(serde_json::from_str(body).unwrap());
            }
        }
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(read @ 1..) => bytes.extend_from_slice(&part[..read]),
            _ => return None,
        }
    }
}

const COST: &str =
    "query($id: ID!) { cart(id: $id) { totalQuantity cost { stale subtotal { tax { amount } gross { amount } } } } }";

async fn read(cart: &TestCart) -> Value {
    cart.client.query(COST, json!({"id": cart.id})).await["cart"].clone()
}

/// The tax on the goods, and whether it is stale.
fn tax(cart: &Value) -> (&str, bool) {
    (cart["cost"]["subtotal"]["tax"]["amount"].as_str().unwrap(), cart["cost"]["stale"].as_bool().unwrap())
}

async fn set_quantity(cart: &TestCart, quantity: u32) {
    let line = cart.read().await["lines"][0]["id"].clone();
    let _ = cart.run("cartLinesUpdate", json!({"lines": [{"lineId": line, "quantity": quantity}]})).await.accepted();
}

async fn carts_are_taxed_as_the_provider_says(db: Db) {
    let provider = Provider::start().await;
    let variables = [
        ("COMPTOIR_TAX_URL", provider.url.as_str()),
        ("COMPTOIR_TAX_TOKEN", "a token"),
        ("COMPTOIR_TAX_TIMEOUT_MS", "3000"),
    ];
    let Some(shop) = TestShop::start_with(db, &variables).await else { return };
    let cart = TestCart::create(&shop, &[("SMG-SA", 1)]).await;
    // 10 % in 16.90 are 1.5363…; the table has 20 %.
    assert_eq!(tax(&read(&cart).await), ("1.54", false));
    let question = provider.last.lock().await.clone();
    assert_eq!(
        (&question["cartId"], &question["cartVersion"], &question["country"]),
        (&json!(cart.id), &json!(1), &json!("FR"))
    );
    let line = json!({"variantId": cart.client.variant("SMG-SA").await, "category": "standard", "quantity": 1,
        "unitPrice": "16.90", "currency": "EUR"});
    assert_eq!(question["lines"], json!([line]));
    for _ in 0..3 {
        let _ = read(&cart).await;
    }
    assert_eq!(provider.asked(), 1, "the answer is kept with the version of the cart");

    // A provider that fails, or does not answer, leaves the rates that it gave last, and the cart says so.
    *provider.mood.lock().await = Mood::Fails;
    set_quantity(&cart, 2).await;
    assert_eq!(tax(&read(&cart).await), ("3.07", true));
    *provider.mood.lock().await = Mood::Hangs;
    let (before, edited) = (provider.asked(), cart.clone());
    let edit = tokio::spawn(async move { set_quantity(&edited, 3).await });
    // What was changed is there while the provider is waited for: nothing is locked, and no read waits.
    let seen = eventually("the change to be stored", async || {
        let seen = read(&cart).await;
        (seen["totalQuantity"] == 3 && before < provider.asked()).then_some(seen)
    })
    .await;
    assert!(!edit.is_finished(), "the command waits for the provider");
    assert_eq!(tax(&seen), ("4.61", true));
    edit.await.unwrap();

    *provider.mood.lock().await = Mood::Answers("5.5");
    let _ = cart.run("cartContactSet", json!({"email": "jeanne@example.org"})).await.accepted();
    // 5.5 % in 50.70 are 2.6431….
    assert_eq!(tax(&read(&cart).await), ("2.64", false));
    cart.complete().await;
    let placed = cart.order_manually().await.accepted()["order"].clone();
    assert_eq!(placed["cost"]["subtotal"]["amount"], "50.70");
    let of_order = "query($number: String!, $token: String) { order(number: $number, token: $token) { cost { taxSummary { rate } } } }";
    let order = shop.staff().await.query(of_order, json!({"number": placed["number"]})).await["order"].clone();
    assert_eq!(order["cost"]["taxSummary"], json!([{"rate": "5.5"}]), "an order keeps what was used");
}

#[tokio::test]
async fn carts_are_taxed_as_the_provider_says_sqlite() {
    carts_are_taxed_as_the_provider_says(Db::Sqlite).await;
}

#[tokio::test]
async fn carts_are_taxed_as_the_provider_says_postgres() {
    carts_are_taxed_as_the_provider_says(Db::Postgres).await;
}

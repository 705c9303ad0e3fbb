//! Channels and markets: where something is sold, and to whom.

use comptoir_tests::{Client, Db, Installation, Socket, TestCart, TestShop, both_databases, eventually};
use serde_json::{Value, json};

both_databases! {
    a_request_says_where_it_sells_and_reads_it_back,
    a_search_goes_by_the_prices_of_the_market_and_the_channel,
    a_cart_keeps_where_it_was_begun,
    staff_sets_up_channels_and_markets,
}

const CONTEXT: &str = "query($context: ContextInput) { context(context: $context) {
    channel { code kind location { code } } market { code currency priceDisplay } currency languages } }";

async fn context(client: &Client, argument: Value) -> Value {
    client.query(CONTEXT, json!({"context": argument})).await["context"].clone()
}

async fn a_request_says_where_it_sells_and_reads_it_back(shop: TestShop) {
    let client = shop.anonymous();
    let europe = context(&client, Value::Null).await;
    let expected = json!({
        "channel": {"code": "web", "kind": "WEB", "location": null},
        "market": {"code": "europe", "currency": "EUR", "priceDisplay": "GROSS"}, "currency": "EUR", "languages": ["en", "fr"],
    });
    assert_eq!(europe, expected);

    let american = client.with_header("comptoir-market", "united-states").with_header("accept-language", "fr");
    let states = context(&american, Value::Null).await;
    assert_eq!((&states["market"]["code"], &states["currency"]), (&json!("united-states"), &json!("USD")));
    assert_eq!(states["languages"], json!(["fr", "en"]));
    assert_eq!(context(&american, json!({"market": "europe"})).await["currency"], "EUR", "an argument wins");
    assert_eq!(context(&american, json!({"currency": "JPY"})).await["market"]["code"], "united-states");
    let kiosk = client.with_header("comptoir-channel", "paris-marais-kiosk");
    let kiosk = context(&kiosk, Value::Null).await["channel"].clone();
    assert_eq!(kiosk, json!({"code": "paris-marais-kiosk", "kind": "KIOSK", "location": {"code": "paris-marais"}}));

    // The prices of a list, of a product and of search follow.
    let document = "query($context: ContextInput) {
        products(first: 1, context: $context) { nodes { priceRange { minimum { currency } } } }
        product(slug: \"oak-stool\", context: $context) { priceRange { minimum { currency } } }
        search(first: 1, context: $context) { nodes { priceRange { minimum { currency } } } } }";
    for (client, argument, currency) in [
        (&client, Value::Null, "EUR"),
        (&american, Value::Null, "USD"),
        (&client, json!({"market": "united-states"}), "USD"),
        (&american, json!({"channel": "app"}), "EUR"),
    ] {
        let data = client.query(document, json!({"context": argument})).await;
        let found = [&data["products"]["nodes"][0], &data["product"], &data["search"]["nodes"][0]];
        for found in found {
            assert_eq!(found["priceRange"]["minimum"]["currency"], currency, "{argument}: {data}");
        }
    }

    // What is not there is refused, wherever it is named.
    for (argument, code, field) in [("channel", "UNKNOWN_CHANNEL", "channel"), ("market", "UNKNOWN_MARKET", "market")] {
        let answer = client.execute(CONTEXT, json!({"context": {argument: "nowhere"}})).await;
        assert_eq!((answer.status, answer.code()), (200, code));
        assert_eq!(answer.body["errors"][0]["extensions"]["argumentPath"], json!(["context", field]));
        let named = client.with_header(&format!("comptoir-{argument}"), "nowhere");
        let answer = named.execute(CONTEXT, json!({})).await;
        assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"));
        let mut socket = Socket::connect(&client).await;
        socket.send(json!({"type": "connection_init", "payload": {argument: "nowhere"}})).await;
        assert_eq!(socket.next().await, Err(4400));
    }
    let mut socket = Socket::open(&client, json!({"market": "united-states"})).await;
    socket.subscribe("1", "{ context { currency } }", json!({})).await;
    assert_eq!(socket.payload("1").await["data"]["context"]["currency"], "USD");
}

async fn a_search_goes_by_the_prices_of_the_market_and_the_channel(shop: TestShop) {
    let (client, staff) = (shop.anonymous(), shop.staff().await);
    let price = async |sku: &str, amount: &str, place: &str, code: &str| {
        let amount = json!({"amount": amount, "currency": "EUR"});
        let price = json!({"variantId": client.variant(sku).await, "amount": amount, place: code});
        let _ = staff.run("pricesSet", json!({"prices": [price]})).await.accepted();
    };
    price("SMG-SA", "0.03", "market", "united-states").await;
    price("OST-45", "0.02", "channel", "app").await;
    let cheapest = async |context: &Value, filter: Value| {
        let document = "query($context: ContextInput, $filter: SearchFilterInput) {
            search(first: 2, sort: PRICE_ASCENDING, context: $context, filter: $filter) {
                totalCount nodes { slug } priceRange { minimum { amount } } } }";
        client.query(document, json!({"context": context, "filter": filter})).await["search"].clone()
    };
    let (america, app) = (json!({"market": "united-states", "currency": "EUR"}), json!({"channel": "app"}));
    let both = json!({"market": "united-states", "currency": "EUR", "channel": "app"});
    for (context, slugs, minimum) in [
        (&america, &["stoneware-mug"][..], "0.03"),
        (&app, &["oak-stool"], "0.02"),
        (&both, &["oak-stool", "stoneware-mug"], "0.02"),
    ] {
        let found = eventually("the prices of a place to be searchable", async || {
            let found = cheapest(context, Value::Null).await;
            (found["priceRange"]["minimum"]["amount"] == minimum).then_some(found)
        })
        .await;
        let nodes: Vec<_> = found["nodes"].as_array().unwrap().iter().map(|it| it["slug"].clone()).collect();
        assert_eq!(nodes[..slugs.len()], *slugs, "{context}");
        let filtered = cheapest(context, json!({"price": {"maximum": "0.03"}})).await;
        assert_eq!(filtered["totalCount"], slugs.len(), "{context}");
    }
    // Nobody else sees anything of them.
    let web = cheapest(&Value::Null, json!({"price": {"maximum": "0.03"}})).await;
    assert_eq!(web["totalCount"], 0);
    let web = cheapest(&Value::Null, Value::Null).await;
    assert_ne!(web["priceRange"]["minimum"]["amount"], "0.02");
    assert!(!["stoneware-mug", "oak-stool"].contains(&web["nodes"][0]["slug"].as_str().unwrap()), "{web}");
}

async fn a_cart_keeps_where_it_was_begun(shop: TestShop) {
    let client = shop.anonymous();
    let document =
        "mutation($context: ContextInput, $input: CartCreateInput) { cartCreate(input: $input, context: $context) {
        cart { id currency } cartSecret userErrors { code } } }";
    let variables = json!({"context": {"channel": "app", "market": "united-states"}, "input": {}});
    let created = client.query(document, variables).await["cartCreate"].clone();
    assert_eq!(created["cart"]["currency"], "USD");
    let holder = client.with_cart_secret(created["cartSecret"].as_str().unwrap());
    // Whoever looks at it from elsewhere sees it as it is.
    let holder = holder.with_header("comptoir-market", "europe");
    let read = "query($id: ID!) { cart(id: $id) { currency channel { code } market { code } } }";
    let cart = holder.query(read, json!({"id": created["cart"]["id"]})).await["cart"].clone();
    assert_eq!(cart, json!({"currency": "USD", "channel": {"code": "app"}, "market": {"code": "united-states"}}));

    let kiosk = client.with_header("comptoir-channel", "paris-marais-kiosk");
    let placed = TestCart::ready_by(&kiosk, &[("CHK", 1)]).await.order("approve").await.accepted();
    let order = "query($number: String!) { order(number: $number) { channel { code } market { code } } }";
    let order = shop.staff().await.query(order, json!({"number": placed["order"]["number"]})).await["order"].clone();
    assert_eq!(order, json!({"channel": {"code": "paris-marais-kiosk"}, "market": {"code": "europe"}}));
    assert_eq!(
        client.execute(document, json!({"context": {"market": "nowhere"}, "input": {}})).await.code(),
        "UNKNOWN_MARKET"
    );
}

async fn staff_sets_up_channels_and_markets(shop: TestShop) {
    let staff = shop.staff().await;
    let name = json!([{"language": "en", "text": "Japan"}, {"language": "ja", "text": "日本"}]);
    let japan = json!({"code": "japan", "name": name, "countries": ["JP"], "currency": "JPY", "languages": ["ja", "en"],
        "priceEntry": "GROSS_OF_COUNTRY", "priceEntryCountry": "JP", "isDefault": true});
    let saved = staff.run("marketSave", japan.clone()).await.accepted()["market"].clone();
    let expected = json!({"code": "japan", "name": "Japan", "countries": ["JP"], "currency": "JPY", "languages": ["ja", "en"],
        "priceEntry": "GROSS_OF_COUNTRY", "priceEntryCountry": "JP", "priceDisplay": "GROSS", "isDefault": true});
    assert_eq!(saved, expected);
    let client = shop.anonymous();
    assert_eq!(context(&client, Value::Null).await["market"]["code"], "japan", "the default one, at once");
    let markets = client.query("{ markets { nodes { code isDefault } } }", json!({})).await;
    let is = |code: &str, is_default: bool| json!({"code": code, "isDefault": is_default});
    assert_eq!(
        markets["markets"]["nodes"],
        json!([is("europe", false), is("japan", true), is("united-states", false)])
    );

    let store = client.location("lille-centre").await;
    let till =
        json!({"code": "lille-till", "kind": "POINT_OF_SALE", "name": "Till", "locationId": store, "market": "europe"});
    let saved = staff.run("channelSave", till.clone()).await.accepted()["channel"].clone();
    assert_eq!((&saved["location"]["code"], &saved["market"]["code"]), (&json!("lille-centre"), &json!("europe")));
    let at_till = client.with_header("comptoir-channel", "lille-till");
    assert_eq!(context(&at_till, Value::Null).await["market"]["code"], "europe", "the channel's own");

    let before = staff
        .query("{ channels(first: 100) { nodes { code name } } markets { nodes { code countries } } }", json!({}))
        .await;
    let warehouse = client.location("lyon-warehouse").await;
    for (mutation, base, changed, code, path) in [
        ("channelSave", &till, json!({"code": "Lille"}), "INVALID_INPUT", json!(["input", "code"])),
        ("channelSave", &till, json!({"name": ""}), "INVALID_INPUT", json!(["input", "name"])),
        ("channelSave", &till, json!({"locationId": null}), "INVALID_INPUT", json!(["input", "locationId"])),
        ("channelSave", &till, json!({"kind": "WEB"}), "INVALID_INPUT", json!(["input", "locationId"])),
        ("channelSave", &till, json!({"locationId": warehouse}), "NOT_FOUND", json!(["input", "locationId"])),
        ("channelSave", &till, json!({"locationId": "x"}), "INVALID_ID", json!(["input", "locationId"])),
        ("channelSave", &till, json!({"market": "mars"}), "UNKNOWN_MARKET", json!(["input", "market"])),
        ("marketSave", &japan, json!({"code": ""}), "INVALID_INPUT", json!(["input", "code"])),
        ("marketSave", &japan, json!({"name": []}), "INVALID_INPUT", json!(["input", "name"])),
        ("marketSave", &japan, json!({"countries": ["JP", "FR"]}), "INVALID_INPUT", json!(["input", "countries", "1"])),
        ("marketSave", &japan, json!({"countries": ["XX"]}), "INVALID_INPUT", json!(["input", "countries", "0"])),
        ("marketSave", &japan, json!({"currency": "YEN"}), "UNKNOWN_CURRENCY", json!(["input", "currency"])),
        ("marketSave", &japan, json!({"languages": []}), "INVALID_INPUT", json!(["input", "languages"])),
        ("marketSave", &japan, json!({"languages": ["!"]}), "INVALID_INPUT", json!(["input", "languages", "0"])),
        (
            "marketSave",
            &japan,
            json!({"priceEntryCountry": null}),
            "INVALID_INPUT",
            json!(["input", "priceEntryCountry"]),
        ),
        ("marketSave", &japan, json!({"priceEntry": "NET"}), "INVALID_INPUT", json!(["input", "priceEntryCountry"])),
    ] {
        let mut input = base.clone();
        input.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
        let refused = staff.run(mutation, input).await;
        assert_eq!(refused.refused(code)["path"], path, "{mutation} {changed}");
    }
    let after = staff
        .query("{ channels(first: 100) { nodes { code name } } markets { nodes { code countries } } }", json!({}))
        .await;
    assert_eq!(after, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_has_set_up_nothing_sells_anywhere() {
    let installation = Installation::new(Db::Sqlite).await.unwrap();
    let server = installation.serve_with(&[], &[("COMPTOIR_CURRENCY", "CHF")]);
    let found = context(&Client::new(&server.url), Value::Null).await;
    assert_eq!((&found["channel"]["code"], &found["market"]["code"]), (&json!("web"), &json!("anywhere")));
    assert_eq!((&found["currency"], &found["languages"]), (&json!("CHF"), &json!(["en"])));
}

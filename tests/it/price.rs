//! Prices under conditions: which one is shown and charged, why, and what it was before.

use comptoir_tests::{Client, TestCart, TestShop, both_databases};
use serde_json::{Value, json};

both_databases! {
    a_sale_is_shown_charged_and_over,
    more_of_one_cost_less_each,
    a_price_is_for_where_it_is_sold,
    a_price_of_a_group_is_its_customers_alone,
    the_first_list_comes_first_and_may_look_for_the_lowest,
    a_list_changes_and_goes_as_staff_says,
    a_list_that_ends_keeps_a_dearer_cart_from_being_ordered,
}

/// The mug in sand, which is 16.90 EUR.
const MUG: &str = "SMG-SA";

const PRICE: &str = "query($sku: String!, $quantity: Int! = 1) { variantBySku(sku: $sku) { price(quantity: $quantity) {
    amount { amount } compareAt { amount }
    priceSource { priceId priceListId priceListType qualifiers minimumQuantity decidedBy replacedPriceId }
    priceBreaks { minimumQuantity amount { amount } compareAt { amount } }
    referencePrice { amount { amount } isReduction } history { amount { amount } isReduced }
} } }";

async fn price(client: &Client, quantity: u32) -> Value {
    client.query(PRICE, json!({"sku": MUG, "quantity": quantity})).await["variantBySku"]["price"].clone()
}

async fn amount(client: &Client) -> String {
    price(client, 1).await["amount"]["amount"].as_str().unwrap().to_owned()
}

/// What the only line of a cart costs, and what the cart does.
async fn cost(cart: &TestCart) -> (Value, Value) {
    let document = "query($id: ID!) { cart(id: $id) { cost { subtotal { gross { amount } } } lines { cost {
        unitPrice { amount } compareAt { amount } priceSource { priceId decidedBy }
        priceBreaks { minimumQuantity } referencePrice { amount { amount } isReduction } } } } }";
    let cart = cart.client.query(document, json!({"id": cart.id})).await["cart"].clone();
    (cart["lines"][0]["cost"].clone(), cart["cost"]["subtotal"]["gross"]["amount"].clone())
}

/// A price of the mug with these `fields`.
async fn set(staff: &Client, amount: &str, mut fields: Value) -> String {
    fields["variantId"] = json!(staff.variant(MUG).await);
    fields["amount"] = json!({"amount": amount, "currency": "EUR"});
    let set = staff.run("pricesSet", json!({"prices": [fields]})).await.accepted();
    set["prices"][0]["id"].as_str().unwrap().to_owned()
}

async fn list(staff: &Client, input: Value) -> Value {
    staff.run("priceListCreate", input).await.accepted()["priceList"]["id"].clone()
}

async fn a_sale_is_shown_charged_and_over(shop: TestShop) {
    let (staff, client) = (shop.staff().await, shop.anonymous());
    let before = price(&client, 1).await;
    assert_eq!((&before["amount"]["amount"], &before["compareAt"]), (&json!("16.90"), &Value::Null));
    assert_eq!(before["priceSource"]["decidedBy"], "ONLY_MATCH");
    let cart = TestCart::ready(&shop, &[(MUG, 2)]).await;
    let sale = list(&staff, json!({"name": "Summer sale", "type": "SALE"})).await;
    let id = set(&staff, "12.50", json!({"priceListId": sale})).await;
    // A list for a mug that is dearer in it leaves it as it is: a sale never raises a price.
    let dearer = list(&staff, json!({"name": "No sale", "type": "SALE", "priority": 9})).await;
    let _ = set(&staff, "17.00", json!({"priceListId": dearer})).await;

    let now = price(&client, 1).await;
    assert_eq!((&now["amount"]["amount"], &now["compareAt"]["amount"]), (&json!("12.50"), &json!("16.90")));
    let source = json!({"priceId": id, "priceListId": sale, "priceListType": "SALE", "qualifiers": [], "minimumQuantity": 1,
        "decidedBy": "LIST_PRIORITY", "replacedPriceId": before["priceSource"]["priceId"]});
    assert_eq!(now["priceSource"], source);
    assert_eq!(before["referencePrice"], Value::Null);
    assert_eq!(now["referencePrice"], json!({"amount": {"amount": "16.90"}, "isReduction": true}));
    let history = now["history"].as_array().unwrap();
    assert_eq!(
        history[history.len() - 2..],
        [
            json!({"amount": {"amount": "16.90"}, "isReduced": false}),
            json!({"amount": {"amount": "12.50"}, "isReduced": true})
        ]
    );
    let (line, subtotal) = cost(&cart).await;
    assert_eq!((&line["unitPrice"]["amount"], &line["compareAt"]["amount"]), (&json!("12.50"), &json!("16.90")));
    assert_eq!((&line["priceSource"]["priceId"], subtotal), (&json!(id), json!("25.00")));
    assert_eq!(line["referencePrice"], now["referencePrice"]);
    let ranges = "{ product(slug: \"stoneware-mug\") { priceRange { minimum { amount } } } }";
    assert_eq!(client.query(ranges, json!({})).await["product"]["priceRange"]["minimum"]["amount"], "12.50");

    let placed = cart.order_manually().await.accepted();
    assert_eq!(placed["order"]["cost"]["subtotal"]["amount"], "25.00");
    let paused = json!({"priceListId": sale, "isPaused": true});
    assert_eq!(staff.run("priceListUpdate", paused).await.accepted()["priceList"]["version"], 2);
    let over = price(&client, 1).await;
    for field in ["amount", "compareAt", "priceSource", "referencePrice"] {
        assert_eq!(over[field], before[field], "the sale is over");
    }
    let after = TestCart::create(&shop, &[(MUG, 1)]).await;
    assert_eq!(cost(&after).await.1, "16.90");
}

async fn more_of_one_cost_less_each(shop: TestShop) {
    let (staff, client) = (shop.staff().await, shop.anonymous());
    let _ = set(&staff, "15.00", json!({"minimumQuantity": 5})).await;
    let _ = set(&staff, "14.00", json!({"minimumQuantity": 10})).await;
    let shown = price(&client, 1).await;
    assert_eq!(shown["amount"]["amount"], "16.90");
    let breaks = json!([{"minimumQuantity": 5, "amount": {"amount": "15.00"}, "compareAt": null},
        {"minimumQuantity": 10, "amount": {"amount": "14.00"}, "compareAt": null}]);
    assert_eq!(shown["priceBreaks"], breaks);
    let ten = price(&client, 12).await;
    assert_eq!(
        (&ten["amount"]["amount"], &ten["priceSource"]["decidedBy"]),
        (&json!("14.00"), &json!("MINIMUM_QUANTITY"))
    );

    let cart = TestCart::create(&shop, &[(MUG, 4)]).await;
    assert_eq!(cost(&cart).await.1, "67.60");
    let one = json!({"lines": [{"variantId": client.variant(MUG).await, "quantity": 1}]});
    let _ = cart.run("cartLinesAdd", one).await.accepted();
    let (line, subtotal) = cost(&cart).await;
    assert_eq!((&line["unitPrice"]["amount"], subtotal), (&json!("15.00"), json!("75.00")), "4 and 1 cost what 5 do");
    assert_eq!(line["priceBreaks"], json!([{"minimumQuantity": 5}, {"minimumQuantity": 10}]));
    let line = cart.read().await["lines"][0]["id"].clone();
    let _ = cart.run("cartLinesUpdate", json!({"lines": [{"lineId": line, "quantity": 10}]})).await.accepted();
    assert_eq!(cost(&cart).await.1, "140.00");
}

async fn a_price_is_for_where_it_is_sold(shop: TestShop) {
    let (staff, client) = (shop.staff().await, shop.anonymous());
    let _ = set(&staff, "15.50", json!({"channel": "app"})).await;
    let _ = set(&staff, "16.00", json!({"market": "europe"})).await;
    let _ = set(&staff, "13.00", json!({"market": "united-states"})).await;
    let _ = set(&staff, "1.00", json!({"startsAt": "2999-01-01T00:00:00Z"})).await;
    let _ = set(&staff, "2.00", json!({"endsAt": "2026-01-01T00:00:00Z", "startsAt": "2025-01-01T00:00:00Z"})).await;
    let europe = price(&client, 1).await;
    assert_eq!(
        (&europe["amount"]["amount"], &europe["priceSource"]["qualifiers"]),
        (&json!("16.00"), &json!(["MARKET"]))
    );
    // Both are narrowed to one thing: the lower holds.
    let app = client.with_header("comptoir-channel", "app");
    let in_app = price(&app, 1).await;
    assert_eq!((&in_app["amount"]["amount"], &in_app["priceSource"]["decidedBy"]), (&json!("15.50"), &json!("LOWEST")));
    let both = set(&staff, "18.00", json!({"channel": "app", "market": "europe"})).await;
    let narrow = price(&app, 1).await;
    assert_eq!((&narrow["amount"]["amount"], &narrow["priceSource"]["priceId"]), (&json!("18.00"), &json!(both)));
    let cart = TestCart::create_by(&app, "EUR", &[(MUG, 1)]).await;
    assert_eq!(cost(&cart).await.1, "18.00");
    let cart = TestCart::create_by(&client, "EUR", &[(MUG, 1)]).await;
    assert_eq!(cost(&cart).await.1, "16.00");
    let removed = staff.run("pricesRemove", json!({"priceIds": [both]})).await.accepted();
    assert_eq!(removed["variants"][0]["sku"], MUG);
    assert_eq!(amount(&app).await, "15.50");

    let all = "query($id: ID!, $after: String) { prices(variantId: $id, first: 4, after: $after) {
        nodes { amount { amount } market startsAt variant { sku } } pageInfo { hasNextPage endCursor } } }";
    let id = client.variant(MUG).await;
    let first = staff.query(all, json!({"id": id})).await["prices"].clone();
    assert_eq!(
        (&first["nodes"][0]["amount"]["amount"], &first["nodes"][0]["variant"]["sku"]),
        (&json!("2.00"), &json!(MUG))
    );
    let rest = staff.query(all, json!({"id": id, "after": first["pageInfo"]["endCursor"]})).await["prices"].clone();
    // Three of the five, and the base prices in euros and dollars: all but four of seven.
    assert_eq!(rest["nodes"].as_array().unwrap().len(), 3);
    assert_eq!(rest["pageInfo"]["hasNextPage"], false);
}

async fn a_price_of_a_group_is_its_customers_alone(shop: TestShop) {
    let (staff, trade, other) =
        (shop.staff().await, shop.customer("trade@example.org").await, shop.customer("other@example.org").await);
    let group =
        staff.run("customerGroupSave", json!({"name": "Trade"})).await.accepted()["customerGroup"]["id"].clone();
    let _ = set(&staff, "11.00", json!({"customerGroupId": group})).await;
    let action = json!({"percentage": {"target": {"order": {}}, "percent": "10"}});
    let promotion = json!({"name": "Trade", "condition": {"customerGroups": [group]}, "actions": [action]});
    let _ = staff.run("promotionCreate", promotion).await.accepted();
    let cart = TestCart::create_by(&trade, "EUR", &[(MUG, 1)]).await;
    assert_eq!((amount(&trade).await.as_str(), cost(&cart).await.1), ("16.90", json!("16.90")), "nobody is in it yet");

    let me = trade.query("{ me { id groups { name } } }", json!({})).await["me"].clone();
    assert_eq!(me["groups"], json!([]));
    let put = json!({"customerId": me["id"], "groupIds": [group, group]});
    let _ = staff.run("customerGroupsSet", put).await.accepted();
    let seen = staff.query("{ customers(email: \"trade@example.org\") { nodes { groups { id name } } } customerGroups { nodes { name } } }", json!({})).await;
    assert_eq!(seen["customers"]["nodes"][0]["groups"], json!([{"id": group, "name": "Trade"}]));
    assert_eq!(seen["customerGroups"]["nodes"], json!([{"name": "Trade"}]));
    assert_eq!(
        trade.query("{ me { groups { name } } }", json!({})).await["me"]["groups"],
        json!([]),
        "they are not told"
    );

    let shown = price(&trade, 1).await;
    assert_eq!(
        (&shown["amount"]["amount"], &shown["priceSource"]["qualifiers"]),
        (&json!("11.00"), &json!(["CUSTOMER_GROUP"]))
    );
    assert_eq!(cost(&cart).await.1, "11.00");
    assert_eq!(cart.read().await["cost"]["total"]["amount"], "9.90", "the promotion for the group applies too");
    for stranger in [&other, &shop.anonymous()] {
        assert_eq!(amount(stranger).await, "16.90");
        let cart = TestCart::create_by(stranger, "EUR", &[(MUG, 1)]).await;
        assert_eq!(cost(&cart).await.1, "16.90");
    }
    let _ = staff.run("customerGroupDelete", json!({"groupId": group})).await.accepted();
    assert_eq!((amount(&trade).await.as_str(), cost(&cart).await.1), ("16.90", json!("16.90")), "the group has gone");
}

async fn the_first_list_comes_first_and_may_look_for_the_lowest(shop: TestShop) {
    let (staff, client) = (shop.staff().await, shop.anonymous());
    let low = list(&staff, json!({"name": "Low", "type": "OVERRIDE"})).await;
    let _ = set(&staff, "10.00", json!({"priceListId": low})).await;
    let high = list(&staff, json!({"name": "High", "type": "OVERRIDE", "priority": 1})).await;
    let _ = set(&staff, "20.00", json!({"priceListId": high, "market": "europe"})).await;
    let _ = set(&staff, "19.00", json!({"priceListId": high})).await;
    let shown = price(&client, 1).await;
    let expected = (&json!("20.00"), &Value::Null, &json!("SPECIFICITY"));
    assert_eq!((&shown["amount"]["amount"], &shown["compareAt"], &shown["priceSource"]["decidedBy"]), expected);
    let by_lowest = json!({"priceListId": high, "selection": "LOWEST"});
    let _ = staff.run("priceListUpdate", by_lowest).await.accepted();
    assert_eq!(amount(&client).await, "19.00");
}

async fn a_list_changes_and_goes_as_staff_says(shop: TestShop) {
    let (staff, client) = (shop.staff().await, shop.anonymous());
    let input = json!({"name": "Spring", "type": "OVERRIDE", "priority": -2, "startsAt": "2026-01-01T00:00:00Z"});
    let created = staff.run("priceListCreate", input).await.accepted()["priceList"].clone();
    let id = created["id"].clone();
    let is = json!({"id": id, "version": 1, "name": "Spring", "type": "OVERRIDE", "priority": -2, "selection": "SPECIFICITY",
        "startsAt": "2026-01-01T00:00:00Z", "endsAt": null, "isPaused": false});
    assert_eq!(created, is);
    let _ = set(&staff, "14.00", json!({"priceListId": id})).await;
    assert_eq!(amount(&client).await, "14.00");
    let update =
        |version: i64| json!({"priceListId": id, "expectedVersion": version, "endsAt": "2026-02-01T00:00:00Z"});
    let outdated = staff.run("priceListUpdate", update(7)).await;
    assert_eq!(outdated.refused("VERSION_CONFLICT")["currentVersion"], 1);
    assert_eq!(outdated.0["priceList"]["name"], "Spring");
    let _ = staff.run("priceListUpdate", update(1)).await.accepted();
    assert_eq!(amount(&client).await, "16.90", "it is over");
    let _ = staff.run("priceListUpdate", json!({"priceListId": id, "endsAt": null})).await.accepted();
    assert_eq!(amount(&client).await, "14.00");
    let read = "query($id: ID!) { priceList(id: $id) { version prices { nodes { amount { amount } } } } priceLists { nodes { name } } }";
    let seen = staff.query(read, json!({"id": id})).await;
    assert_eq!(seen["priceList"], json!({"version": 3, "prices": {"nodes": [{"amount": {"amount": "14.00"}}]}}));
    assert_eq!(seen["priceLists"]["nodes"], json!([{"name": "Spring"}]));
    assert_eq!(staff.run("priceListDelete", json!({"priceListId": id})).await.accepted()["deletedId"], id);
    assert_eq!(amount(&client).await, "16.90");
    assert_eq!(staff.query(read, json!({"id": id})).await["priceList"], Value::Null);
}

async fn a_list_that_ends_keeps_a_dearer_cart_from_being_ordered(shop: TestShop) {
    let staff = shop.staff().await;
    let sale = list(&staff, json!({"name": "Summer sale", "type": "SALE"})).await;
    set(&staff, "12.00", json!({"priceListId": sale})).await;
    let cart = TestCart::ready(&shop, &[(MUG, 2)]).await;
    assert_eq!(cart.read().await["problems"], json!([]));
    let _ = staff.run("priceListDelete", json!({"priceListId": sale})).await.accepted();
    let document = "query($id: ID!) { cart(id: $id) { problems { code lineId ... on CartPriceProblem { was { amount } now { amount } } } } }";
    let problems = async || cart.client.query(document, json!({"id": cart.id})).await["cart"]["problems"].clone();
    let line = cart.read().await["lines"][0]["id"].clone();
    let (was, now) = (json!({"amount": "12.00"}), json!({"amount": "16.90"}));
    assert_eq!(problems().await, json!([{"code": "PRICE_LIST_ENDED", "lineId": line, "was": was, "now": now}]));
    let refused = cart.order("approve").await;
    assert_eq!(refused.refused("PRICE_LIST_ENDED")["lineId"], line);
    let order = "mutation($input: OrderPlaceInput!) { orderPlace(input: $input) { userErrors { code ... on CartLineError { problem { code ... on CartPriceProblem { now { amount } } } } } } }";
    let again =
        cart.client.query(order, json!({"input": cart.order_input("approve")})).await["orderPlace"]["userErrors"]
            .clone();
    assert_eq!(again, json!([{"code": "PRICE_LIST_ENDED", "problem": {"code": "PRICE_LIST_ENDED", "now": now}}]));
    // Who still wants as many, takes the price of now.
    let _ = cart.run("cartLinesUpdate", json!({"lines": [{"lineId": line, "quantity": 2}]})).await.accepted();
    assert_eq!(problems().await, json!([]));
    let placed = cart.order("approve").await.accepted();
    assert_eq!(placed["order"]["lines"][0]["cost"]["unitPrice"]["amount"], "16.90");
}

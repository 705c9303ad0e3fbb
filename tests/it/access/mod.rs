//! Who may do what: every operation of the schema, asked by ten callers over the wire.

mod cart;
mod scene;

use std::collections::{BTreeMap, BTreeSet};

use comptoir_tests::{Answer, Client, EventStream, TestCart, TestShop, both_databases, command, new_key, root};
use serde_json::{Value, json};

use self::{cart::FOR_GOOD, scene::Scene};

both_databases! {
    every_operation_is_open_to_those_who_may_alone,
    nobody_is_shown_what_they_may_not_call,
}

const ALL: [&str; 14] = [
    "GIVE_DISCOUNTS",
    "MANAGE_CARTS",
    "MANAGE_CUSTOMERS",
    "MANAGE_DEVICES",
    "MANAGE_ORDERS",
    "MANAGE_PRICES",
    "MANAGE_PRODUCTS",
    "MANAGE_PROMOTIONS",
    "MANAGE_SEARCH",
    "MANAGE_SETTINGS",
    "MANAGE_STAFF",
    "MANAGE_STOCK",
    "VIEW_CUSTOMERS",
    "VIEW_ORDERS",
];

/// An operation, the permissions that open it to staff, and what becomes of it for each caller.
type Row = (&'static str, &'static [&'static str], [&'static str; CALLERS]);

/// Those who ask: anybody; who holds the cart and has the order's token; who holds another cart; the customer whose cart and
/// order they are; another customer; staff with all permissions but these; staff with these alone;
/// a device on which another cart was begun; who held the cart until it was handed over; who it was shared with, who has the
/// order's token, too.
const CALLERS: usize = 10;
const HOLDER: usize = 1;
const OWNER: usize = 3;
const SHARER: usize = 9;

const OPEN: [&str; CALLERS] = ["ok"; CALLERS];
const HOLDERS: [&str; CALLERS] = ["null", "ok", "null", "ok", "null", "null", "ok", "null", "null", "ok"];
const HOLDERS_COMMAND: [&str; CALLERS] =
    ["NOT_FOUND", "ok", "NOT_FOUND", "ok", "NOT_FOUND", "NOT_FOUND", "ok", "NOT_FOUND", "NOT_FOUND", "ok"];
const FIRST_HOLDERS_COMMAND: [&str; CALLERS] = [
    "NOT_FOUND",
    "ok",
    "NOT_FOUND",
    "ok",
    "NOT_FOUND",
    "NOT_FOUND",
    "ok",
    "NOT_FOUND",
    "NOT_FOUND",
    "CART_ONLY_SHARED",
];
const STAFF: [&str; CALLERS] = [
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "FORBIDDEN",
    "FORBIDDEN",
    "ok",
    "FORBIDDEN",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
];
const ME: [&str; CALLERS] = ["null", "null", "null", "ok", "ok", "null", "null", "null", "null", "null"];
const CUSTOMERS: [&str; CALLERS] = [
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "ok",
    "ok",
    "FORBIDDEN",
    "FORBIDDEN",
    "FORBIDDEN",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
];
const SIGNED_IN: [&str; CALLERS] = [
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "ok",
    "ok",
    "ok",
    "ok",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
];
const DEVICES: [&str; CALLERS] = [
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "FORBIDDEN",
    "FORBIDDEN",
    "FORBIDDEN",
    "ok",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
];

/// For staff, whatever they may do.
const STAFF_THEMSELVES: [&str; CALLERS] = [
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "FORBIDDEN",
    "ok",
    "ok",
    "FORBIDDEN",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
];

const ROWS: &[Row] = &[
    ("viewer", &[], OPEN),
    ("paymentProviders", &[], OPEN),
    ("products", &[], OPEN),
    ("product", &[], OPEN),
    ("variantBySku", &[], OPEN),
    ("variantByScan", &[], OPEN),
    ("context", &[], OPEN),
    ("locations", &[], OPEN),
    ("markets", &[], OPEN),
    ("channels", &["MANAGE_SETTINGS"], STAFF),
    ("search", &[], OPEN),
    ("searchSuggestions", &[], OPEN),
    ("relatedProducts", &[], OPEN),
    ("frequentlyBoughtTogether", &[], OPEN),
    ("recentlyViewed", &[], OPEN),
    ("collection", &[], OPEN),
    ("collections", &[], OPEN),
    ("searchRules", &["MANAGE_SEARCH"], STAFF),
    ("synonymSets", &["MANAGE_SEARCH"], STAFF),
    ("searchPreview", &["MANAGE_SEARCH"], STAFF),
    ("searchReport", &["MANAGE_SEARCH"], STAFF),
    ("taxRates", &["MANAGE_SETTINGS"], STAFF),
    ("prices", &["MANAGE_PRICES"], STAFF),
    ("priceList", &["MANAGE_PRICES"], STAFF),
    ("priceLists", &["MANAGE_PRICES"], STAFF),
    ("promotion", &["MANAGE_PROMOTIONS"], STAFF),
    ("promotions", &["MANAGE_PROMOTIONS"], STAFF),
    ("promotionGroups", &["MANAGE_PROMOTIONS"], STAFF),
    ("discountCodes", &["MANAGE_PROMOTIONS"], STAFF),
    ("promotionPreview", &["MANAGE_PROMOTIONS"], STAFF),
    ("cart", &["MANAGE_CARTS"], HOLDERS),
    ("node", &["MANAGE_CARTS"], HOLDERS),
    ("nodes", &["MANAGE_CARTS"], HOLDERS),
    ("order", &["VIEW_ORDERS"], HOLDERS),
    ("orders", &["VIEW_ORDERS"], STAFF),
    ("me", &[], ME),
    ("customers", &["VIEW_CUSTOMERS"], STAFF),
    ("customerGroups", &["MANAGE_CUSTOMERS"], STAFF),
    ("devices", &["MANAGE_DEVICES"], STAFF),
    ("staffSignIn", &[], OPEN),
    ("customerSignUp", &[], OPEN),
    ("customerSignIn", &[], OPEN),
    ("accessTokenRefresh", &[], OPEN),
    ("customerUpdate", &[], CUSTOMERS),
    ("customerPasswordChange", &[], CUSTOMERS),
    ("customerGroupSave", &["MANAGE_CUSTOMERS"], STAFF),
    ("customerGroupDelete", &["MANAGE_CUSTOMERS"], STAFF),
    ("customerGroupsSet", &["MANAGE_CUSTOMERS"], STAFF),
    ("customerTaxExemptionsSet", &["MANAGE_CUSTOMERS"], STAFF),
    ("cartCreate", &[], OPEN),
    ("cartLinesAdd", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartLinesUpdate", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartLinesRemove", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartLinesSet", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartLinesSaveForLater", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartLinesMoveToCart", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartNoteSet", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartContactSet", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartAddressesSet", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartVatNumberSet", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartDeliverySelect", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartSync", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartCopy", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartMerge", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartSecretRotate", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartPurge", &["MANAGE_CARTS"], FIRST_HOLDERS_COMMAND),
    ("cartCodeApply", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartCodeRemove", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartHandoffCreate", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartHoldRenew", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartHandoffAccept", &[], OPEN),
    ("cartGiftChoose", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("cartPaymentSelect", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("orderPlace", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("orderReorder", &["VIEW_ORDERS"], HOLDERS_COMMAND),
    ("deviceEnrolmentCreate", &["MANAGE_DEVICES"], STAFF),
    ("deviceEnrol", &[], OPEN),
    ("deviceRevoke", &["MANAGE_DEVICES"], STAFF),
    ("kioskSessionEnd", &[], DEVICES),
    ("staffPinSet", &[], STAFF_THEMSELVES),
    ("staffStepUp", &[], DEVICES),
    ("staffCreate", &["MANAGE_STAFF"], STAFF),
    ("staffDiscountLimitSet", &["GIVE_DISCOUNTS", "MANAGE_STAFF"], STAFF),
    ("cartDiscountAdd", &["GIVE_DISCOUNTS", "MANAGE_CARTS"], STAFF),
    ("cartDiscountRemove", &["GIVE_DISCOUNTS", "MANAGE_CARTS"], STAFF),
    ("productSave", &["MANAGE_PRODUCTS"], STAFF),
    ("collectionSave", &["MANAGE_PRODUCTS"], STAFF),
    ("collectionProductsSet", &["MANAGE_PRODUCTS"], STAFF),
    ("collectionProductsAdd", &["MANAGE_PRODUCTS"], STAFF),
    ("collectionProductsRemove", &["MANAGE_PRODUCTS"], STAFF),
    ("collectionDelete", &["MANAGE_PRODUCTS"], STAFF),
    ("searchRuleSave", &["MANAGE_SEARCH"], STAFF),
    ("searchRuleDelete", &["MANAGE_SEARCH"], STAFF),
    ("synonymSetSave", &["MANAGE_SEARCH"], STAFF),
    ("synonymSetDelete", &["MANAGE_SEARCH"], STAFF),
    ("promotionCreate", &["MANAGE_PROMOTIONS"], STAFF),
    ("promotionUpdate", &["MANAGE_PROMOTIONS"], STAFF),
    ("promotionSchedule", &["MANAGE_PROMOTIONS"], STAFF),
    ("promotionPause", &["MANAGE_PROMOTIONS"], STAFF),
    ("promotionResume", &["MANAGE_PROMOTIONS"], STAFF),
    ("promotionDuplicate", &["MANAGE_PROMOTIONS"], STAFF),
    ("promotionDelete", &["MANAGE_PROMOTIONS"], STAFF),
    ("discountCodesCreate", &["MANAGE_PROMOTIONS"], STAFF),
    ("discountCodeUpdate", &["MANAGE_PROMOTIONS"], STAFF),
    ("discountCodePause", &["MANAGE_PROMOTIONS"], STAFF),
    ("discountCodeResume", &["MANAGE_PROMOTIONS"], STAFF),
    ("discountCodeDelete", &["MANAGE_PROMOTIONS"], STAFF),
    ("promotionGroupSave", &["MANAGE_PROMOTIONS"], STAFF),
    ("promotionGroupDelete", &["MANAGE_PROMOTIONS"], STAFF),
    ("searchFeedback", &[], OPEN),
    ("productViewRecord", &[], CUSTOMERS),
    ("recentlyViewedClear", &[], CUSTOMERS),
    ("productsImport", &["MANAGE_PRICES", "MANAGE_PRODUCTS", "MANAGE_STOCK"], STAFF),
    ("taxRatesImport", &["MANAGE_SETTINGS"], STAFF),
    ("pricesSet", &["MANAGE_PRICES"], STAFF),
    ("pricesRemove", &["MANAGE_PRICES"], STAFF),
    ("priceListCreate", &["MANAGE_PRICES"], STAFF),
    ("priceListUpdate", &["MANAGE_PRICES"], STAFF),
    ("priceListDelete", &["MANAGE_PRICES"], STAFF),
    ("inventoryAdjust", &["MANAGE_STOCK"], STAFF),
    ("channelSave", &["MANAGE_SETTINGS"], STAFF),
    ("marketSave", &["MANAGE_SETTINGS"], STAFF),
    ("locationSave", &["MANAGE_SETTINGS"], STAFF),
    ("deliveryMethodSave", &["MANAGE_SETTINGS"], STAFF),
    ("orderMarkPaid", &["MANAGE_ORDERS"], STAFF),
    ("orderFulfill", &["MANAGE_ORDERS"], STAFF),
    ("orderCancel", &["MANAGE_ORDERS"], STAFF),
    ("cartUpdated", &["MANAGE_CARTS"], HOLDERS_COMMAND),
    ("orderUpdated", &["VIEW_ORDERS"], HOLDERS_COMMAND),
    // Last, because nobody comes back from it.
    ("signOut", &[], SIGNED_IN),
];

/// The fields of the root type `name` in schema.graphql.
fn operations(name: &str) -> BTreeSet<String> {
    let schema = std::fs::read_to_string(root().join("schema.graphql")).unwrap();
    let block = schema.split(&format!("\ntype {name} {{\n")).nth(1).unwrap().split("\n}").next().unwrap();
    // Descriptions have spaces before their first colon or bracket.
    let names = block.lines().filter_map(|it| it.strip_prefix('\t')?.split_once(['(', ':'])).map(|it| it.0);
    names.filter(|it| it.chars().all(char::is_alphanumeric)).map(str::to_owned).collect()
}

/// What became of `operation`: `ok`, `null`, or a code.
fn outcome(operation: &str, answer: &Answer) -> String {
    assert!(answer.status < 500, "{operation}: {answer:?}");
    if answer.body.get("errors").is_some() {
        let data = &answer.body["data"];
        assert!(data.is_null() || data[operation].is_null(), "{operation}: {answer:?}");
        return answer.code().to_owned();
    }
    let value = &answer.body["data"][operation];
    match value["userErrors"][0]["code"].as_str() {
        Some(code) => code.to_owned(),
        None if value.is_null() || *value == json!([null]) => "null".to_owned(),
        None => "ok".to_owned(),
    }
}

async fn ask(client: &Client, operation: &str, (document, variables): (String, Value)) -> String {
    if !document.starts_with("subscription") {
        return outcome(operation, &client.execute(&document, variables).await);
    }
    let mut stream = EventStream::open(client, &document, variables).await;
    outcome(operation, &Answer { status: 200, body: stream.payload().await })
}

/// Staff for each set of permissions: with all but these, and with these alone.
async fn staff_by_permissions(shop: &TestShop) -> BTreeMap<&'static [&'static str], [Client; 2]> {
    let mut staff = BTreeMap::new();
    for (_, permissions, _) in ROWS {
        if !staff.contains_key(permissions) {
            let others: Vec<&str> = ALL.into_iter().filter(|it| !permissions.contains(it)).collect();
            let without = if permissions.is_empty() { vec![] } else { others };
            let name = permissions.join("-").to_lowercase();
            let without = shop.staff_with(&format!("without-{name}@example.org"), &without).await;
            let with = shop.staff_with(&format!("with-{name}@example.org"), permissions).await;
            staff.insert(*permissions, [without, with]);
        }
    }
    staff
}

async fn every_operation_is_open_to_those_who_may_alone(shop: TestShop) {
    let in_schema: BTreeSet<String> =
        ["Query", "Mutation", "Subscription"].iter().flat_map(|it| operations(it)).collect();
    let in_table: BTreeSet<String> = ROWS.iter().map(|it| it.0.to_owned()).collect();
    assert_eq!(in_table, in_schema, "every operation has a row in the table");

    let scene = Scene::set(&shop).await;
    let till = shop.device("paris-marais-till").await;
    let _ = TestCart::create_by(&till.client, "EUR", &[]).await;
    let staff = staff_by_permissions(&shop).await;
    let mut wrong = Vec::new();
    for (operation, permissions, expected) in ROWS {
        let [without, with] = &staff[permissions];
        let (anybody, holders) = (shop.anonymous(), [&scene.cart.client, &scene.other.client]);
        let (former, sharer) = (&scene.former, &scene.sharer);
        let shoppers = [&anybody, holders[0], holders[1], &scene.owner, &scene.stranger];
        let callers: [&Client; CALLERS] =
            [&shoppers[..], &[without, with, &till.client, former, sharer]].concat().try_into().unwrap();
        let before = (shop.everything().await, scene.cart.read().await);
        let mut asked = Vec::new();
        for (place, client) in callers.iter().enumerate().filter(|(place, _)| expected[*place] != "ok") {
            // An order that is cancelled is placed first, which is a change of its own.
            let request = if *operation == "orderCancel" {
                (command(operation), json!({"input": {"orderId": scene.order["id"], "idempotencyKey": new_key()}}))
            } else {
                scene.request(operation, place).await
            };
            asked.push((place, ask(client, operation, request).await));
        }
        shop.assert_unchanged(&before.0, operation).await;
        assert_eq!(scene.cart.read().await, before.1, "{operation}");
        for (place, client) in callers.iter().enumerate().filter(|(place, _)| expected[*place] == "ok") {
            if FOR_GOOD.contains(operation) {
                let (client, input) = scene.own_cart(operation, place, client).await;
                asked.push((place, ask(&client, operation, (command(operation), json!({"input": input}))).await));
            } else {
                asked.push((place, ask(client, operation, scene.request(operation, place).await).await));
            }
        }
        let differs = asked.into_iter().filter(|(place, found)| expected[*place] != found);
        wrong.extend(
            differs.map(|(place, found)| format!("{operation}, caller {place}: {found}, not {}", expected[place])),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn nobody_is_shown_what_they_may_not_call(shop: TestShop) {
    let document = "{ __schema { queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }";
    let seen_by = async |client: &Client| {
        let schema = client.query(document, json!({})).await;
        let roots =
            ["queryType", "mutationType", "subscriptionType"].map(|it| schema["__schema"][it]["fields"].clone());
        let names =
            roots.iter().flat_map(|it| it.as_array().unwrap()).map(|it| it["name"].as_str().unwrap().to_owned());
        names.collect::<BTreeSet<String>>()
    };
    let open_to = |may: &dyn Fn(&Row) -> bool| {
        ROWS.iter().filter(|it| may(it)).map(|it| it.0.to_owned()).collect::<BTreeSet<_>>()
    };
    let cart = TestCart::create(&shop, &[]).await;
    let of_customers = |it: &Row| it.2 == CUSTOMERS || it.2 == SIGNED_IN;
    let for_shoppers = |it: &Row| it.2 != STAFF && it.2 != DEVICES && it.2 != STAFF_THEMSELVES;
    let shoppers = open_to(&|it| for_shoppers(it) && !of_customers(it));
    assert_eq!(seen_by(&shop.anonymous()).await, shoppers);
    assert_eq!(seen_by(&cart.client).await, shoppers);
    assert_eq!(seen_by(&shop.customer("ada@example.org").await).await, open_to(&for_shoppers));
    let kiosk = shop.device("paris-marais-kiosk").await;
    assert_eq!(seen_by(&kiosk.client).await, open_to(&|it| (for_shoppers(it) || it.2 == DEVICES) && !of_customers(it)));
    let staffs = |it: &Row| (for_shoppers(it) || it.2 == STAFF_THEMSELVES) && it.2 != CUSTOMERS;
    assert_eq!(seen_by(&shop.staff_with("nothing@example.org", &[]).await).await, open_to(&staffs));
    let clerk = shop.staff_with("clerk@example.org", &["VIEW_ORDERS", "MANAGE_STOCK"]).await;
    let clerks = open_to(&|it| staffs(it) || ["orders", "inventoryAdjust"].contains(&it.0));
    assert_eq!(seen_by(&clerk).await, clerks);
    assert_eq!(seen_by(&shop.staff().await).await, open_to(&|it| it.2 != CUSTOMERS && it.2 != DEVICES));
}

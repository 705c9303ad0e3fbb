//! Who may do what: every operation of the schema, asked by eight callers over the wire.

use std::collections::{BTreeMap, BTreeSet};

use comptoir_tests::{Answer, Client, EventStream, TestCart, TestShop, both_databases, command, new_key, root};
use serde_json::{Value, json};

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
/// a device on which another cart was begun.
const CALLERS: usize = 8;
const HOLDER: usize = 1;
const OWNER: usize = 3;

const OPEN: [&str; CALLERS] = ["ok"; CALLERS];
const HOLDERS: [&str; CALLERS] = ["null", "ok", "null", "ok", "null", "null", "ok", "null"];
const HOLDERS_COMMAND: [&str; CALLERS] =
    ["NOT_FOUND", "ok", "NOT_FOUND", "ok", "NOT_FOUND", "NOT_FOUND", "ok", "NOT_FOUND"];
const STAFF: [&str; CALLERS] =
    ["UNAUTHENTICATED", "UNAUTHENTICATED", "UNAUTHENTICATED", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN", "ok", "FORBIDDEN"];
const ME: [&str; CALLERS] = ["null", "null", "null", "ok", "ok", "null", "null", "null"];
const CUSTOMERS: [&str; CALLERS] =
    ["UNAUTHENTICATED", "UNAUTHENTICATED", "UNAUTHENTICATED", "ok", "ok", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN"];
const SIGNED_IN: [&str; CALLERS] =
    ["UNAUTHENTICATED", "UNAUTHENTICATED", "UNAUTHENTICATED", "ok", "ok", "ok", "ok", "UNAUTHENTICATED"];
const DEVICES: [&str; CALLERS] =
    ["UNAUTHENTICATED", "UNAUTHENTICATED", "UNAUTHENTICATED", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN", "ok"];

/// For staff, whatever they may do.
const STAFF_THEMSELVES: [&str; CALLERS] =
    ["UNAUTHENTICATED", "UNAUTHENTICATED", "UNAUTHENTICATED", "FORBIDDEN", "FORBIDDEN", "ok", "ok", "FORBIDDEN"];

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
    ("cartPurge", &["MANAGE_CARTS"], HOLDERS_COMMAND),
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

/// What the operations are about.
struct Scene<'a> {
    shop: &'a TestShop,
    /// The customer whose `cart` and `order` they are.
    owner: Client,
    stranger: Client,
    cart: TestCart,
    other: TestCart,
    order: Value,
    token: Value,
    variant: String,
    product: String,
    location: String,
    /// A discount code.
    code: Value,
    /// A promotion that offers a knife to everybody.
    giving: Value,
}

impl<'a> Scene<'a> {
    async fn set(shop: &'a TestShop) -> Self {
        let staff = shop.staff().await;
        // There has to be something to renew.
        let web = json!({"code": "web", "kind": "WEB", "name": "Web", "isDefault": true, "holdPolicy": "ON_CHECKOUT"});
        let _ = staff.run("channelSave", web).await.accepted();
        let (owner, stranger) = (shop.customer("owner@example.org").await, shop.customer("stranger@example.org").await);
        for customer in [&owner, &stranger] {
            let _ = customer.run("customerUpdate", json!({"allowsPersonalization": true})).await.accepted();
        }
        let cart = TestCart::ready_by(&owner, &[("CNB-A5", 1), ("CHK", 1)]).await;
        let placed = TestCart::ready_by(&owner, &[("CHK", 1)]).await.order_manually().await.accepted();
        let created = staff.run("promotionCreate", promotion()).await.accepted();
        let codes = json!({"promotionId": created["promotion"]["id"], "codes": ["ACCESS"]});
        let giving = staff.run("promotionCreate", giving(&staff.variant("CHK").await)).await.accepted();
        let code = staff.run("discountCodesCreate", codes).await.accepted()["codes"][0].clone();
        Self {
            code,
            giving: giving["promotion"]["id"].clone(),
            shop,
            owner,
            stranger,
            // Who holds the secret need not be the customer.
            cart: TestCart { client: shop.anonymous().with_cart_secret(&cart.secret), ..cart },
            other: TestCart::ready(shop, &[("CNB-A5", 1)]).await,
            order: placed["order"].clone(),
            token: placed["orderToken"].clone(),
            variant: shop.anonymous().variant("CNB-A4").await,
            product: shop.anonymous().product("oak-stool").await,
            location: shop.anonymous().location("lyon-warehouse").await,
        }
    }

    /// The document of `operation`, and its variables; `caller` is the place in a row.
    async fn request(&self, operation: &str, caller: usize) -> (String, Value) {
        if let Some(mut input) = self.input(operation).await {
            if operation == "orderReorder" {
                input["orderToken"] = if caller == HOLDER { self.token.clone() } else { Value::Null };
            }
            return (command(operation), json!({"input": input}));
        }
        let token = match caller {
            HOLDER => self.token.clone(),
            2 => json!("not its token"),
            _ => Value::Null,
        };
        let (cart, order, product) = ("($id: ID!)", "($number: String!, $token: String)", "($product: ID!)");
        let (arguments, selection) = match operation {
            "viewer" => ("", "viewer { permissions }"),
            "paymentProviders" => ("", "paymentProviders"),
            "products" => ("", "products { totalCount }"),
            "product" => ("", "product(slug: \"oak-stool\") { id }"),
            "variantBySku" => ("", "variantBySku(sku: \"CHK\") { id }"),
            "variantByScan" => ("", "variantByScan(code: \"CHK\") { userErrors { code } }"),
            "context" => ("", "context { currency channel { code } }"),
            "locations" => ("", "locations { nodes { id } }"),
            "markets" => ("", "markets { nodes { code } }"),
            "channels" => ("", "channels { nodes { code } }"),
            "search" => ("", "search { totalCount }"),
            "searchSuggestions" => ("", "searchSuggestions(query: \"oak\") { queries }"),
            "relatedProducts" => (product, "relatedProducts(productId: $product) { slug }"),
            "frequentlyBoughtTogether" => (product, "frequentlyBoughtTogether(productId: $product) { lift }"),
            "recentlyViewed" => ("", "recentlyViewed { slug }"),
            "collection" => ("", "collection(slug: \"linen\") { id }"),
            "collections" => ("", "collections { nodes { id } }"),
            "searchRules" => ("", "searchRules { nodes { code } }"),
            "synonymSets" => ("", "synonymSets { nodes { code } }"),
            "searchPreview" => ("", "searchPreview { totalCount }"),
            "searchReport" => ("", "searchReport(kind: POPULAR, since: \"2026-01-01T00:00:00Z\") { query }"),
            "priceList" | "promotion" => {
                let id = self.id_for(operation).await;
                return (format!("{{ {operation}(id: {id}) {{ name }} }}"), json!({}));
            }
            "taxRates" => ("", "taxRates { nodes { rate } }"),
            "prices" => ("", "prices { nodes { id } }"),
            "priceLists" => ("", "priceLists { nodes { id } }"),
            "promotions" => ("", "promotions { nodes { id } }"),
            "discountCodes" => ("", "discountCodes { nodes { code } }"),
            "promotionPreview" => (cart, "promotionPreview(cartId: $id) { cost { total { amount } } }"),
            "promotionGroups" => ("", "promotionGroups { nodes { id } }"),
            "cart" => (cart, "cart(id: $id) { email }"),
            "node" => (cart, "node(id: $id) { id }"),
            "nodes" => (cart, "nodes(ids: [$id]) { id }"),
            "order" => (order, "order(number: $number, token: $token) { email }"),
            "orders" => ("", "orders { nodes { id } }"),
            "me" => ("", "me { id }"),
            "customers" => ("", "customers { nodes { id } }"),
            "customerGroups" => ("", "customerGroups { nodes { id } }"),
            "devices" => ("", "devices { nodes { id } }"),
            "kioskSessionEnd" => return ("mutation { kioskSessionEnd { userErrors { code } } }".to_owned(), json!({})),
            "cartUpdated" => (cart, "cartUpdated(cartId: $id, afterVersion: 0) { cart { email } }"),
            "orderUpdated" => (order, "orderUpdated(number: $number, token: $token, afterVersion: 0) { version }"),
            other => panic!("{other} has no request here"),
        };
        let kind = if operation.ends_with("Updated") { "subscription" } else { "query" };
        let variables = match arguments {
            "" => json!({}),
            it if it == cart => json!({"id": self.cart.id}),
            it if it == product => json!({"product": self.product}),
            _ => json!({"number": self.order["number"], "token": token}),
        };
        (format!("{kind}{arguments} {{ {selection} }}"), variables)
    }

    /// A collection that nobody needs.
    async fn collection(&self) -> Value {
        let texts = json!([{"language": "en", "name": "Another"}]);
        let staff = self.shop.staff().await;
        let saved = staff.run("collectionSave", json!({"slug": "another", "texts": texts})).await.accepted();
        saved["collection"]["id"].clone()
    }

    /// A promotion that nobody needs.
    async fn promotion(&self) -> Value {
        let created = self.shop.staff().await.run("promotionCreate", promotion()).await.accepted();
        created["promotion"]["id"].clone()
    }

    /// The input of a mutation on promotions; nothing for other operations.
    async fn promotion_input(&self, operation: &str) -> Option<Value> {
        Some(match operation {
            "promotionCreate" => promotion(),
            "promotionUpdate" => json!({"promotionId": self.promotion().await, "name": "Another"}),
            "promotionSchedule" | "promotionPause" | "promotionResume" | "promotionDuplicate" | "promotionDelete" => {
                json!({"promotionId": self.promotion().await})
            }
            "discountCodesCreate" => json!({"promotionId": self.promotion().await, "count": 1}),
            "discountCodeUpdate" | "discountCodePause" | "discountCodeResume" | "discountCodeDelete" => {
                let input = json!({"promotionId": self.promotion().await, "count": 1});
                let issued = self.shop.staff().await.run("discountCodesCreate", input).await.accepted();
                json!({"code": issued["codes"][0]})
            }
            "promotionGroupSave" => json!({"name": "Best of", "mode": "BEST"}),
            "promotionGroupDelete" => {
                let input = json!({"name": "Another", "mode": "FIRST"});
                let saved = self.shop.staff().await.run("promotionGroupSave", input).await.accepted();
                json!({"groupId": saved["promotionGroup"]["id"]})
            }
            _ => return None,
        })
    }

    /// The id of what a query looks up.
    async fn id_for(&self, query: &str) -> Value {
        if query == "promotion" {
            return self.promotion().await;
        }
        self.price_input("priceListUpdate").await["priceListId"].clone()
    }

    /// The input of a mutation on prices and price lists.
    async fn price_input(&self, operation: &str) -> Value {
        let staff = self.shop.staff().await;
        let set = json!({"prices": [{"variantId": self.variant, "amount": {"amount": "7.00", "currency": "EUR"}}]});
        let list = json!({"name": "Another", "type": "SALE"});
        match operation {
            "pricesSet" => set,
            "pricesRemove" => {
                let prices = staff.run("pricesSet", set).await.accepted();
                json!({"priceIds": [prices["prices"][0]["id"]]})
            }
            "priceListCreate" => list,
            _ => {
                let created = staff.run("priceListCreate", list).await.accepted();
                json!({"priceListId": created["priceList"]["id"]})
            }
        }
    }

    /// The input of a mutation on collections and search; nothing for other operations.
    async fn search_input(&self, operation: &str) -> Option<Value> {
        let run = async |command: &str, input: Value| {
            let _ = self.shop.staff().await.run(command, input).await.accepted();
        };
        Some(match operation {
            "collectionSave" => json!({"slug": "linen", "isPublished": true}),
            "collectionDelete" => json!({"collectionId": self.collection().await}),
            "collectionProductsSet" | "collectionProductsAdd" | "collectionProductsRemove" => {
                let product = self.shop.anonymous().query("{ product(slug: \"oak-stool\") { id } }", json!({})).await;
                let products = json!([product["product"]["id"]]);
                json!({"collectionId": self.collection().await, "productIds": products})
            }
            "searchRuleSave" => rule(),
            "searchRuleDelete" => {
                run("searchRuleSave", rule()).await;
                json!({"code": "stools"})
            }
            "synonymSetSave" => synonyms(),
            "synonymSetDelete" => {
                run("synonymSetSave", synonyms()).await;
                json!({"code": "seats"})
            }
            "searchFeedback" => {
                let found = self.shop.anonymous().query("{ search(query: \"oak\") { searchId } }", json!({})).await;
                json!({"searchId": found["search"]["searchId"], "kind": "CLICK"})
            }
            "productViewRecord" => json!({"productId": self.product}),
            "recentlyViewedClear" => json!({"productIds": [self.product]}),
            _ => return None,
        })
    }

    /// A device that waits for its code.
    async fn enrolment(&self) -> Value {
        let input = json!({"name": "Another", "channel": "paris-marais-kiosk"});
        self.shop.staff().await.run("deviceEnrolmentCreate", input).await.accepted()
    }

    /// The input of a mutation; nothing for other operations.
    async fn input(&self, operation: &str) -> Option<Value> {
        if let Some(input) = self.search_input(operation).await {
            return Some(input);
        }
        if let Some(input) = self.promotion_input(operation).await {
            return Some(input);
        }
        if let Some(input) = self.person_input(operation).await {
            return Some(input);
        }
        let eur = json!({"amount": "7.00", "currency": "EUR"});
        let order = || json!({"orderId": self.order["id"], "idempotencyKey": new_key()});
        Some(match operation {
            "cartCreate" => json!({}),
            "productSave" => json!({"slug": "oak-stool", "brand": "Another"}),
            "productsImport" => {
                let csv = "Handle,Title,Variant Price,Variant Inventory Qty\nimported,Imported,3.00,2\n";
                json!({"csv": csv, "locationCode": "lyon-warehouse"})
            }
            price @ ("pricesSet" | "pricesRemove" | "priceListCreate" | "priceListUpdate" | "priceListDelete") => {
                return Some(self.price_input(price).await);
            }
            "inventoryAdjust" => {
                let adjustment = json!({"variantId": self.variant, "locationId": self.location, "change": {"to": 5}});
                json!({"idempotencyKey": new_key(), "adjustments": [adjustment]})
            }
            "channelSave" => json!({"code": "app", "kind": "APP", "name": "Another"}),
            "marketSave" => {
                let name = json!([{"language": "en", "text": "Another"}]);
                json!({"code": "japan", "name": name, "countries": ["JP"], "currency": "JPY", "languages": ["ja"]})
            }
            "locationSave" => json!({"code": "lyon-warehouse", "kind": "WAREHOUSE", "name": "Another"}),
            "deliveryMethodSave" => {
                let name = json!([{"language": "en", "text": "Another"}]);
                json!({"code": "express", "kind": "SHIP", "name": name, "countries": ["FR"], "prices": [eur]})
            }
            "orderMarkPaid" | "orderFulfill" => order(),
            "orderReorder" => json!({"orderId": self.order["id"]}),
            "orderCancel" => {
                let placed = TestCart::ready(self.shop, &[("GPC-HB", 1)]).await.order_manually().await.accepted();
                json!({"orderId": placed["order"]["id"], "idempotencyKey": new_key()})
            }
            _ => return self.cart_input(operation).await,
        })
    }

    /// The input of a command on customers, staff and devices; nothing for other operations.
    async fn person_input(&self, operation: &str) -> Option<Value> {
        Some(match operation {
            "staffSignIn" => json!({"email": "demo@comptoir.example", "password": "comptoir-demo"}),
            "customerSignUp" => {
                json!({"email": format!("{}@example.org", new_key()), "password": "a password"})
            }
            "customerSignIn" => json!({"email": "owner@example.org", "password": "a password"}),
            "accessTokenRefresh" => {
                let input = json!({"email": "owner@example.org", "password": "a password"});
                let signed_in = self.shop.anonymous().run("customerSignIn", input).await.accepted();
                json!({"refreshToken": signed_in["refreshToken"]})
            }
            "customerGroupSave" => json!({"name": "Another"}),
            "customerGroupDelete" => {
                let saved =
                    self.shop.staff().await.run("customerGroupSave", json!({"name": "Another"})).await.accepted();
                json!({"groupId": saved["customerGroup"]["id"]})
            }
            "customerGroupsSet" | "customerTaxExemptionsSet" => {
                let me = self.owner.query("{ me { id } }", json!({})).await;
                let of_what = if operation == "customerGroupsSet" { "groupIds" } else { "taxExemptions" };
                json!({"customerId": me["me"]["id"], of_what: []})
            }
            "taxRatesImport" => json!({"csv": "US,,standard,0,2026-01-01,,a test"}),
            "customerUpdate" => json!({"firstName": "Grace"}),
            "customerPasswordChange" => {
                json!({"currentPassword": "a password", "newPassword": "a password"})
            }
            "signOut" => json!({}),
            "staffPinSet" => json!({"password": "a password", "pin": "314159"}),
            "staffStepUp" => {
                let _ = self
                    .shop
                    .staff()
                    .await
                    .run("staffPinSet", json!({"password": "comptoir-demo", "pin": "314159"}))
                    .await
                    .accepted();
                json!({"email": "demo@comptoir.example", "pin": "314159"})
            }
            "deviceEnrolmentCreate" => json!({"name": "Another", "channel": "paris-marais-kiosk"}),
            "deviceEnrol" => json!({"code": self.enrolment().await["code"]}),
            "deviceRevoke" => json!({"deviceId": self.enrolment().await["device"]["id"]}),
            "staffCreate" => {
                let email = format!("{}@example.org", new_key());
                json!({"email": email, "password": "a password", "permissions": []})
            }
            "staffDiscountLimitSet" => {
                let input =
                    json!({"email": format!("{}@example.org", new_key()), "password": "a password", "permissions": []});
                let created = self.shop.staff().await.run("staffCreate", input).await.accepted();
                json!({"staffId": created["staff"]["id"], "discountLimit": {"percent": "10"}})
            }
            _ => return None,
        })
    }

    /// The input of a command on a cart; nothing for other operations.
    async fn cart_input(&self, operation: &str) -> Option<Value> {
        let line = || async { self.cart.read().await["lines"][0]["id"].clone() };
        let mut input = match operation {
            "cartLinesAdd" => json!({"lines": [{"variantId": self.variant}]}),
            "cartLinesUpdate" => json!({"lines": [{"lineId": line().await, "quantity": 2}]}),
            "cartLinesRemove" => json!({"lineIds": [line().await]}),
            "cartLinesSet" => json!({"lines": [{"sku": "CNB-A5"}, {"sku": "CHK"}, {"sku": "SMG-SA"}]}),
            "cartLinesSaveForLater" => json!({"lineIds": [line().await]}),
            "cartLinesMoveToCart" => json!({"lineIds": []}),
            "cartNoteSet" => json!({"note": "Ring twice"}),
            "cartSync" => {
                let command = json!({"id": new_key(), "at": "2026-01-01T00:00:00Z", "noteSet": {"note": "Ring"}});
                json!({"commands": [command]})
            }
            "cartCopy" => json!({}),
            "cartContactSet" => json!({"email": "other@example.org"}),
            "cartVatNumberSet" => json!({"vatNumber": "BE0123456789"}),
            "cartAddressesSet" => json!({"shipping": TestCart::address()}),
            "cartDeliverySelect" => json!({"handle": "express"}),
            "cartCodeApply" => json!({"code": self.code}),
            "cartCodeRemove" => {
                // For those who may, it is there again each time; before them nobody has taken it away.
                let input = json!({"cartId": self.cart.id, "code": self.code});
                let document = "query($id: ID!) { cart(id: $id) { codes { code } } }";
                let cart = self.owner.query(document, json!({"id": self.cart.id})).await;
                if cart["cart"]["codes"] == json!([]) {
                    let _ = self.owner.run("cartCodeApply", input).await.accepted();
                }
                json!({"code": self.code})
            }
            "cartHoldRenew" => json!({}),
            "cartHandoffCreate" => json!({"mode": "SHARE"}),
            "cartHandoffAccept" => {
                let share = json!({"cartId": self.cart.id, "mode": "SHARE"});
                let created = self.owner.run("cartHandoffCreate", share).await.accepted();
                return Some(json!({"code": created["handoff"]["code"]}));
            }
            "cartDiscountAdd" => json!({"value": {"percent": "1"}, "reason": "a regular"}),
            "cartDiscountRemove" => {
                // One is there whenever somebody may take it back.
                let input = json!({"cartId": self.cart.id, "value": {"percent": "1"}, "reason": "a regular"});
                let document = "query($id: ID!) { cart(id: $id) { manualDiscounts { id } } }";
                let mut cart = self.owner.query(document, json!({"id": self.cart.id})).await;
                if cart["cart"]["manualDiscounts"] == json!([]) {
                    let _ = self.shop.staff().await.run("cartDiscountAdd", input).await.accepted();
                    cart = self.owner.query(document, json!({"id": self.cart.id})).await;
                }
                json!({"discountId": cart["cart"]["manualDiscounts"][0]["id"]})
            }
            "cartGiftChoose" => {
                let variant = self.shop.anonymous().variant("CHK").await;
                json!({"promotionId": self.giving, "variantId": variant, "isAccepted": false})
            }
            "cartPaymentSelect" => json!({"provider": "test"}),
            "orderPlace" => json!({"idempotencyKey": new_key(), "payment": {"provider": "manual"}}),
            "cartSecretRotate" | "cartPurge" => json!({}),
            "cartMerge" => {
                let guest = TestCart::create(self.shop, &[("GPC-HB", 1)]).await;
                return Some(json!({"sourceId": guest.id, "sourceSecret": guest.secret, "targetId": self.cart.id}));
            }
            _ => return None,
        };
        input["cartId"] = json!(self.cart.id);
        Some(input)
    }
}

fn rule() -> Value {
    json!({"code": "stools", "name": "Stools", "query": {"text": "stool"}, "actions": [{"redirect": "/stools"}]})
}

/// It applies to no cart, as nobody has a code.
fn promotion() -> Value {
    json!({"name": "Ten off", "condition": {"code": true}, "actions": [{"percentage": {"target": {"order": {}}, "percent": "10"}}]})
}

/// It offers a variant to every cart.
fn giving(variant: &str) -> Value {
    let gift = json!({"gift": {"variantId": variant, "quantity": 1, "offer": "OFFERED"}});
    json!({"name": "A gift", "actions": [gift]})
}

fn synonyms() -> Value {
    json!({"code": "seats", "terms": ["stool", "footrest"]})
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
        let callers = [&anybody, holders[0], holders[1], &scene.owner, &scene.stranger, without, with, &till.client];
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
            if ["cartMerge", "cartSecretRotate", "cartPurge"].contains(operation) {
                // Nobody comes back to the cart as it was: each has one of their own.
                let whose = if place == OWNER { client } else { &anybody };
                let cart = TestCart::create_by(whose, "EUR", &[("GPC-HB", 1)]).await;
                let client = if place == HOLDER { &cart.client } else { client };
                let input = if *operation == "cartMerge" {
                    let guest = TestCart::create(&shop, &[("GPC-HB", 1)]).await;
                    json!({"sourceId": guest.id, "sourceSecret": guest.secret, "targetId": cart.id})
                } else {
                    json!({"cartId": cart.id})
                };
                asked.push((place, ask(client, operation, (command(operation), json!({"input": input}))).await));
            } else if *operation == "orderPlace" {
                let whose = if place == OWNER { client } else { &anybody };
                let cart = TestCart::ready_by(whose, &[("GPC-HB", 1)]).await;
                let client = if place == HOLDER { &cart.client } else { client };
                let mut input = cart.order_input("approve");
                input["payment"] = json!({"provider": "manual"});
                asked.push((place, ask(client, operation, (command(operation), json!({"input": input}))).await));
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

//! What the operations are about, and what is asked for.

use comptoir_tests::{Client, TestCart, TestShop, command, new_key};
use serde_json::{Value, json};

use super::{HOLDER, SHARER, cart::handed_on};

/// What the operations are about.
pub(super) struct Scene<'a> {
    pub(super) shop: &'a TestShop,
    /// The customer whose `cart` and `order` they are.
    pub(super) owner: Client,
    pub(super) stranger: Client,
    pub(super) cart: TestCart,
    /// Who held `cart` until it was handed over, and who it was shared with.
    pub(super) former: Client,
    pub(super) sharer: Client,
    pub(super) other: TestCart,
    pub(super) order: Value,
    token: Value,
    pub(super) variant: String,
    product: String,
    location: String,
    /// A discount code.
    pub(super) code: Value,
    /// A promotion that offers a knife to everybody.
    pub(super) giving: Value,
}

impl<'a> Scene<'a> {
    pub(super) async fn set(shop: &'a TestShop) -> Self {
        let staff = shop.staff().await;
        // There has to be something to renew.
        let web = json!({"code": "web", "kind": "WEB", "name": "Web", "isDefault": true, "holdPolicy": "ON_CHECKOUT"});
        let _ = staff.run("channelSave", web).await.accepted();
        let (owner, stranger) = (shop.customer("owner@example.org").await, shop.customer("stranger@example.org").await);
        for customer in [&owner, &stranger] {
            let _ = customer.run("customerUpdate", json!({"allowsPersonalization": true})).await.accepted();
        }
        // Who holds the secret need not be the customer.
        let begun = TestCart::ready_by(&owner, &[("CNB-A5", 1), ("CHK", 1)]).await;
        let cart = handed_on(&begun, "TRANSFER", &shop.anonymous()).await;
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
            former: shop.anonymous().with_cart_secret(&begun.secret),
            sharer: handed_on(&cart, "SHARE", &shop.anonymous()).await.client,
            cart,
            other: TestCart::ready(shop, &[("CNB-A5", 1)]).await,
            order: placed["order"].clone(),
            token: placed["orderToken"].clone(),
            variant: shop.anonymous().variant("CNB-A4").await,
            product: shop.anonymous().product("oak-stool").await,
            location: shop.anonymous().location("lyon-warehouse").await,
        }
    }

    /// The document of `operation`, and its variables; `caller` is the place in a row.
    pub(super) async fn request(&self, operation: &str, caller: usize) -> (String, Value) {
        if let Some(mut input) = self.input(operation).await {
            if operation == "orderReorder" {
                input["orderToken"] = if [HOLDER, SHARER].contains(&caller) { self.token.clone() } else { Value::Null };
            }
            return (command(operation), json!({"input": input}));
        }
        let token = match caller {
            HOLDER | SHARER => self.token.clone(),
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

//! Commands on carts.

use comptoir_tests::{Client, TestCart, new_key};
use serde_json::{Value, json};

use super::{HOLDER, OWNER, SHARER, scene::Scene};

/// After these a cart is not what it was: each who may has one of their own for them.
pub(super) const FOR_GOOD: [&str; 5] = ["cartHoldRenew", "cartMerge", "cartPurge", "cartSecretRotate", "orderPlace"];

/// A cart as `to` holds it after who held it handed it on.
pub(super) async fn handed_on(cart: &TestCart, mode: &str, to: &Client) -> TestCart {
    let created = cart.run("cartHandoffCreate", json!({"mode": mode})).await.accepted();
    let accepted = to.run("cartHandoffAccept", json!({"code": created["handoff"]["code"]})).await.accepted();
    let secret = accepted["cartSecret"].as_str().unwrap().to_owned();
    TestCart { client: to.with_cart_secret(&secret), id: cart.id.clone(), secret }
}

impl Scene<'_> {
    /// A caller who may, as they hold a cart of their own, and the input of a command on that.
    pub(super) async fn own_cart(&self, operation: &str, caller: usize, client: &Client) -> (Client, Value) {
        let anybody = self.shop.anonymous();
        let whose = if caller == OWNER { client } else { &anybody };
        let cart = TestCart::create_by(whose, "EUR", &[("GPC-HB", 1)]).await;
        let client = match caller {
            HOLDER => cart.client.clone(),
            SHARER => handed_on(&cart, "SHARE", &anybody).await.client,
            _ => client.clone(),
        };
        let input = match operation {
            "cartMerge" => {
                let guest = TestCart::create(self.shop, &[("GPC-HB", 1)]).await;
                json!({"sourceId": guest.id, "sourceSecret": guest.secret, "targetId": cart.id})
            }
            "orderPlace" => {
                cart.complete().await;
                let mut input = cart.order_input("approve");
                input["payment"] = json!({"provider": "manual"});
                input
            }
            _ => json!({"cartId": cart.id}),
        };
        (client, input)
    }

    /// The input of a command on a cart; nothing for other operations.
    pub(super) async fn cart_input(&self, operation: &str) -> Option<Value> {
        let line = async || {
            // For those who may take one away, one is there again each time.
            if self.cart.read().await["lines"] == json!([]) {
                let _ = self.cart.run("cartLinesAdd", json!({"lines": [{"variantId": self.variant}]})).await.accepted();
            }
            self.cart.read().await["lines"][0]["id"].clone()
        };
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
                // Another one each time: a cart is not shared with all who are.
                let another = TestCart::create(self.shop, &[]).await;
                let created = another.run("cartHandoffCreate", json!({"mode": "SHARE"})).await.accepted();
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

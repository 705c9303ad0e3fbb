//! A cart and who holds it.

use serde_json::{Value, json};

use crate::{Client, Payload, TestShop, new_key};

/// A cart, with the client that holds its secret.
#[derive(Debug, Clone)]
pub struct TestCart {
    /// Who holds it.
    pub client: Client,
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl TestCart {
    /// Creates a cart with `lines` of SKUs and quantities, in euros.
    pub async fn create(shop: &TestShop, lines: &[(&str, i64)]) -> Self {
        Self::create_in(shop, "EUR", lines).await
    }

    /// Creates a cart with `lines` of SKUs and quantities, in `currency`.
    pub async fn create_in(shop: &TestShop, currency: &str, lines: &[(&str, i64)]) -> Self {
        Self::create_by(&shop.anonymous(), currency, lines).await
    }

    /// Creates a cart as `client` with `lines` of SKUs and quantities, in `currency`. Its client holds the secret too.
    ///
    /// # Panics
    /// If it cannot be created.
    pub async fn create_by(client: &Client, currency: &str, lines: &[(&str, i64)]) -> Self {
        let mut inputs = Vec::new();
        for (sku, quantity) in lines {
            inputs.push(json!({"variantId": client.variant(sku).await, "quantity": quantity}));
        }
        let created = client.run("cartCreate", json!({"currency": currency, "lines": inputs})).await.accepted();
        let secret = created["cartSecret"].as_str().unwrap().to_owned();
        let id = created["cart"]["id"].as_str().unwrap().to_owned();
        Self { client: client.with_cart_secret(&secret), id, secret }
    }

    /// Creates a cart in euros that can be ordered: contact, address in Paris, standard delivery.
    pub async fn ready(shop: &TestShop, lines: &[(&str, i64)]) -> Self {
        let cart = Self::create(shop, lines).await;
        cart.complete().await;
        cart
    }

    /// Creates a cart as `client`, in euros, that can be ordered.
    pub async fn ready_by(client: &Client, lines: &[(&str, i64)]) -> Self {
        let cart = Self::create_by(client, "EUR", lines).await;
        cart.complete().await;
        cart
    }

    /// Says all that an order needs: contact, address in Paris, standard delivery.
    pub async fn complete(&self) {
        let _ = self.run("cartContactSet", json!({"email": "jeanne@example.org"})).await.accepted();
        let _ = self.run("cartAddressesSet", json!({"shipping": Self::address()})).await.accepted();
        let _ = self.run("cartDeliverySelect", json!({"handle": "standard"})).await.accepted();
    }

    /// An address in Paris.
    #[must_use]
    pub fn address() -> Value {
        json!({"name": "Jeanne Martin", "line1": "3 rue du Pont", "postalCode": "75004", "city": "Paris", "country": "FR"})
    }

    /// Runs the mutation `field` on this cart.
    pub async fn run(&self, field: &str, mut input: Value) -> Payload {
        input["cartId"] = json!(self.id);
        self.client.run(field, input).await
    }

    /// The cart as it is now.
    pub async fn read(&self) -> Value {
        self.client.cart(&self.id).await
    }

    /// The input of `orderPlace`, paid with the test provider's `token`.
    #[must_use]
    pub fn order_input(&self, token: &str) -> Value {
        json!({"cartId": self.id, "idempotencyKey": new_key(), "payment": {"provider": "test", "token": token}})
    }

    /// Orders the cart with the test provider's `token`, under a new key.
    pub async fn order(&self, token: &str) -> Payload {
        self.client.run("orderPlace", self.order_input(token)).await
    }

    /// Orders the cart to be paid by hand, under a new key.
    pub async fn order_manually(&self) -> Payload {
        let mut input = self.order_input("");
        input["payment"] = json!({"provider": "manual"});
        self.client.run("orderPlace", input).await
    }
}

//! The kinds of operations.

use std::time::Instant;

use comptoir_tests::{Client, new_key};
use serde_json::{Value, json};

use super::{
    catalog::{handle, sku, words},
    sink::Sink,
};

const PRODUCT_LIST: &str = "query List($after: String) { products(first: 24, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { id slug name image { url alt } priceRange { minimum { amount currency } maximum { amount currency } }
      variants(first: 4) { nodes { id sku selectedOptions { name value } price { amount { amount currency } } availability { isAvailable } } } } } }";
const PRODUCT: &str = "query Detail($slug: String!) { product(slug: $slug) {
    id slug name descriptionHtml brand productType tags options { name values } media { url alt }
    variants(first: 20) { nodes { id sku selectedOptions { name value } price { amount { amount currency } compareAt { amount currency } } availability { isAvailable quantity } } } } }";
const SEARCH: &str = "query Search($query: String!) { search(query: $query, first: 24) { totalCount
    facets { key values { value count } }
    nodes { id slug name image { url } priceRange { minimum { amount currency } } } } }";
const CART_CREATE: &str = "mutation Create($input: CartCreateInput) { cartCreate(input: $input) { cart { id } cartSecret userErrors { code message } } }";
const CART_ADD: &str = "mutation Add($input: CartLinesAddInput!) { cartLinesAdd(input: $input) {
    cart { id version totalQuantity cost { subtotal { amount currency } total { amount currency } } } userErrors { code message path } } }";
const CART: &str = "query Cart($id: ID!) { cart(id: $id) { id version totalQuantity
    lines { id quantity variant { id sku product { id slug name image { url } } } cost { unitPrice { amount currency } total { amount currency } } problem { code } }
    cost { subtotal { amount currency } delivery { amount currency } total { amount currency } } problems { code lineId } } }";
const CONTACT: &str =
    "mutation($input: CartContactSetInput!) { cartContactSet(input: $input) { cart { version } userErrors { code } } }";
const ADDRESSES: &str = "mutation($input: CartAddressesSetInput!) { cartAddressesSet(input: $input) {
    cart { deliveryOptions { handle price { amount currency } } } userErrors { code } } }";
const DELIVERY: &str = "mutation($input: CartDeliverySelectInput!) { cartDeliverySelect(input: $input) {
    cart { cost { total { amount currency } } } userErrors { code } } }";
const PLACE: &str = "mutation($input: OrderPlaceInput!) { orderPlace(input: $input) { order { number status } orderToken userErrors { code message } } }";
const ORDER: &str = "query($number: String!, $token: String) { order(number: $number, token: $token) { number status cost { total { amount currency } } lines { name quantity } } }";

/// After so many lines a client begins a new cart: few have more.
const CART_LINES: usize = 8;

/// A kind of operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scenario {
    /// A list of 24 products with four variants each.
    ProductList,
    /// One product with all it has.
    ProductDetail,
    /// Two words, 24 products, and all facets.
    Search,
    /// One line more in a cart.
    CartAdd,
    /// A cart of five lines.
    CartRead,
    /// From a new cart to the order that is looked up: eight operations.
    Journey,
}

impl Scenario {
    /// All of them.
    pub(crate) const ALL: [Self; 6] =
        [Self::ProductList, Self::ProductDetail, Self::Search, Self::CartAdd, Self::CartRead, Self::Journey];

    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ProductList => "product list",
            Self::ProductDetail => "product detail",
            Self::Search => "search",
            Self::CartAdd => "cart add",
            Self::CartRead => "cart read",
            Self::Journey => "journey",
        }
    }

    /// Runs it as the client of this `number` until the deadline.
    pub(crate) async fn repeat(self, client: &Client, number: usize, deadline: Instant) -> Sink {
        let mut shopper = Shopper::new(client, number).await;
        if self == Self::CartRead {
            shopper.fill(5).await;
        }
        let mut sink = Sink::default();
        while Instant::now() < deadline {
            if self == Self::CartAdd && shopper.lines == CART_LINES {
                shopper.begin_cart().await;
            }
            let began = Instant::now();
            shopper.run(self).await;
            sink.push(began.elapsed());
        }
        sink
    }
}

/// A client with a cart.
struct Shopper {
    client: Client,
    variants: Vec<String>,
    /// Counts what it asked for, so that no two ask for the same at once.
    turn: usize,
    cart: String,
    lines: usize,
    cursor: Value,
}

impl Shopper {
    async fn new(client: &Client, number: usize) -> Self {
        let turn = number * 131;
        let mut variants = Vec::new();
        for n in 0..20 {
            variants.push(client.variant(&sku(turn + n, n)).await);
        }
        let mut shopper =
            Self { client: client.clone(), variants, turn, cart: String::new(), lines: 0, cursor: Value::Null };
        shopper.begin_cart().await;
        shopper
    }

    async fn begin_cart(&mut self) {
        let created = data(&self.client, CART_CREATE, json!({"input": {}})).await;
        let created = &created["cartCreate"];
        self.cart = text(&created["cart"]["id"]);
        self.client = self.client.without_headers().with_cart_secret(&text(&created["cartSecret"]));
        self.lines = 0;
    }

    async fn add(&mut self) {
        let variant = &self.variants[self.turn % self.variants.len()];
        let input = json!({"cartId": self.cart, "lines": [{"variantId": variant, "quantity": 1}]});
        let added = data(&self.client, CART_ADD, json!({"input": input})).await;
        assert_eq!(added["cartLinesAdd"]["userErrors"], json!([]));
        self.lines += 1;
        self.turn += 1;
    }

    async fn fill(&mut self, lines: usize) {
        for _ in 0..lines {
            self.add().await;
        }
    }

    async fn run(&mut self, scenario: Scenario) {
        self.turn += 1;
        let n = self.turn;
        match scenario {
            Scenario::ProductList => {
                let list = data(&self.client, PRODUCT_LIST, json!({"after": self.cursor})).await;
                assert_eq!(list["products"]["nodes"][23]["variants"]["nodes"].as_array().map(Vec::len), Some(4));
                self.cursor =
                    if n.is_multiple_of(20) { Value::Null } else { list["products"]["pageInfo"]["endCursor"].clone() };
            }
            Scenario::ProductDetail => {
                let detail = data(&self.client, PRODUCT, json!({"slug": handle(n * 37)})).await;
                assert_eq!(detail["product"]["variants"]["nodes"].as_array().map(Vec::len), Some(4));
            }
            Scenario::Search => {
                let found = data(&self.client, SEARCH, json!({"query": words(n)})).await;
                assert!(found["search"]["totalCount"].as_u64().is_some_and(|it| 0 < it), "{}: {found}", words(n));
            }
            Scenario::CartAdd => self.add().await,
            Scenario::CartRead => {
                let cart = data(&self.client, CART, json!({"id": self.cart})).await;
                assert_eq!(cart["cart"]["lines"].as_array().map(Vec::len), Some(5));
            }
            Scenario::Journey => self.journey().await,
        }
    }

    async fn journey(&mut self) {
        self.begin_cart().await;
        self.add().await;
        let cart = self.cart.clone();
        let client = &self.client;
        let of = |mut input: Value| {
            input["cartId"] = json!(cart);
            json!({"input": input})
        };
        let address = json!({"name": "Ada Martin", "line1": "12 rue des Lilas", "city": "Paris", "country": "FR"});
        let _ = data(client, CONTACT, of(json!({"email": "ada@example.org"}))).await;
        let _ = data(client, ADDRESSES, of(json!({"shipping": address}))).await;
        let _ = data(client, DELIVERY, of(json!({"handle": "standard"}))).await;
        let payment = json!({"provider": "test", "token": "approve"});
        let placed = data(client, PLACE, of(json!({"idempotencyKey": new_key(), "payment": payment}))).await;
        let placed = &placed["orderPlace"];
        assert_eq!(placed["userErrors"], json!([]));
        let order = json!({"number": placed["order"]["number"], "token": placed["orderToken"]});
        assert_eq!(data(client, ORDER, order).await["order"]["status"], "OPEN");
    }
}

async fn data(client: &Client, document: &str, variables: Value) -> Value {
    client.query(document, variables).await
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

//! One who asks over HTTP: nobody in particular, the holder of a cart, or staff.

use std::sync::Once;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    documents::{cart, command, order},
    within,
};

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body; null where it is no JSON.
    pub body: Value,
}

impl Answer {
    /// `data`.
    ///
    /// # Panics
    /// If there are errors.
    #[must_use]
    pub fn data(self) -> Value {
        assert_eq!((self.status, self.body.get("errors")), (200, None), "{:#}", self.body);
        self.body["data"].clone()
    }

    /// What the operation cost, before it ran.
    ///
    /// # Panics
    /// If the answer does not say.
    #[must_use]
    pub fn cost(&self) -> u64 {
        self.body["extensions"]["cost"]["requested"].as_u64().unwrap_or_else(|| panic!("no cost: {self:?}"))
    }

    /// The code of the first error at the top level.
    ///
    /// # Panics
    /// If there is none, or it lacks a code.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no code: {self:?}"))
    }
}

/// What a mutation answered.
#[derive(Debug, Clone)]
pub struct Payload(pub Value);

impl Payload {
    /// The payload of a command that was accepted.
    ///
    /// # Panics
    /// If it was refused.
    #[must_use]
    pub fn accepted(self) -> Value {
        assert_eq!(self.0["userErrors"], json!([]), "refused: {:#}", self.0);
        self.0
    }

    /// The errors of a command.
    #[must_use]
    pub fn errors(&self) -> &[Value] {
        self.0["userErrors"].as_array().unwrap()
    }

    /// The only error of a command that was refused.
    ///
    /// # Panics
    /// If there is not one with that code.
    #[must_use]
    pub fn refused(&self, code: &str) -> &Value {
        assert_eq!(self.codes(), [code], "{:#}", self.0);
        &self.errors()[0]
    }

    /// The codes of all errors.
    #[must_use]
    pub fn codes(&self) -> Vec<&str> {
        self.errors().iter().map(|it| it["code"].as_str().unwrap()).collect()
    }
}

/// One who asks over HTTP.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    /// Where the server is, without a path.
    pub url: String,
    headers: Vec<(String, String)>,
}

impl Client {
    /// Nobody in particular, who asks the server at `url`.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self { http: http(), url: url.to_owned(), headers: Vec::new() }
    }

    /// Nobody in particular, over the connections of this client.
    #[must_use]
    pub fn without_headers(&self) -> Self {
        Self { headers: Vec::new(), ..self.clone() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same with an access token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        self.with_header("authorization", &format!("Bearer {token}"))
    }

    /// The same with a cart's secret.
    #[must_use]
    pub fn with_cart_secret(&self, secret: &str) -> Self {
        self.with_header("comptoir-cart-secret", secret)
    }

    /// A request to `path` with this client's headers.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        self.headers.iter().fold(request, |it, (name, value)| it.header(name, value))
    }

    /// What the server answers to `request`.
    ///
    /// # Panics
    /// If it does not answer.
    pub async fn answer(&self, request: reqwest::RequestBuilder) -> Answer {
        self.try_answer(request).await.unwrap()
    }

    /// As [`Client::answer`].
    ///
    /// # Errors
    /// The connection failed.
    pub async fn try_answer(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        within("an answer", async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            let text = response.text().await?;
            Ok(Answer { status, body: serde_json::from_str(&text).unwrap_or_default() })
        })
        .await
    }

    /// Posts `body` as it is.
    pub async fn post(&self, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.request(Method::POST, "/graphql").header("content-type", content_type).body(body);
        self.answer(request).await
    }

    /// Runs a document.
    pub async fn execute(&self, document: &str, variables: Value) -> Answer {
        self.post("application/json", json!({"query": document, "variables": variables}).to_string()).await
    }

    /// As [`Client::execute`].
    ///
    /// # Errors
    /// The connection failed.
    pub async fn try_execute(&self, document: &str, variables: Value) -> reqwest::Result<Answer> {
        let body = json!({"query": document, "variables": variables}).to_string();
        let request = self.request(Method::POST, "/graphql").header("content-type", "application/json").body(body);
        self.try_answer(request).await
    }

    /// The data of a query.
    ///
    /// # Panics
    /// If there are errors.
    pub async fn query(&self, document: &str, variables: Value) -> Value {
        self.execute(document, variables).await.data()
    }

    /// Runs the mutation `field`.
    ///
    /// # Panics
    /// If there are errors at the top level; those of the command are in the payload.
    pub async fn run(&self, field: &str, input: Value) -> Payload {
        Payload(self.query(&command(field), json!({"input": input})).await[field].clone())
    }

    /// A cart as this client sees it; null where it does not.
    pub async fn cart(&self, id: &str) -> Value {
        let document = format!("query($id: ID!) {{ cart(id: $id) {} }}", cart());
        self.query(&document, json!({"id": id})).await["cart"].clone()
    }

    /// An order as this client sees it; null where it does not.
    pub async fn order(&self, number: &str, token: Option<&str>) -> Value {
        let document =
            format!("query($number: String!, $token: String) {{ order(number: $number, token: $token) {} }}", order());
        self.query(&document, json!({"number": number, "token": token})).await["order"].clone()
    }

    /// The id of the variant of `sku`.
    ///
    /// # Panics
    /// If there is none.
    pub async fn variant(&self, sku: &str) -> String {
        let found = self.query("query($sku: String!) { variantBySku(sku: $sku) { id } }", json!({"sku": sku})).await;
        found["variantBySku"]["id"].as_str().unwrap_or_else(|| panic!("no variant {sku}")).to_owned()
    }

    /// The id of the product of a slug.
    ///
    /// # Panics
    /// If there is none.
    pub async fn product(&self, slug: &str) -> String {
        let found = self.query("query($slug: String!) { product(slug: $slug) { id } }", json!({"slug": slug})).await;
        found["product"]["id"].as_str().unwrap_or_else(|| panic!("no product {slug}")).to_owned()
    }

    /// How many of `sku` can be bought, over all locations.
    ///
    /// # Panics
    /// If there is no such variant, or nobody counts it.
    pub async fn available(&self, sku: &str) -> i64 {
        let document = "query($sku: String!) { variantBySku(sku: $sku) { availability { quantity } } }";
        let found = self.query(document, json!({"sku": sku})).await;
        found["variantBySku"]["availability"]["quantity"].as_i64().unwrap()
    }

    /// The id of the location of `code`.
    ///
    /// # Panics
    /// If there is none.
    pub async fn location(&self, code: &str) -> String {
        let found = self.query("{ locations(first: 100) { nodes { id code } } }", json!({})).await;
        let location = found["locations"]["nodes"].as_array().unwrap().iter().find(|it| it["code"] == code).unwrap();
        location["id"].as_str().unwrap().to_owned()
    }
}

/// An HTTP client for all of a test.
fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| rustls::crypto::aws_lc_rs::default_provider().install_default().unwrap());
    reqwest::Client::builder().no_proxy().build().unwrap()
}

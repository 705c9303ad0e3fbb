//! A demo shop that runs.

use std::{future::Future, sync::Once};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Client, Db, Installation, Server, WEBHOOK_SECRET, client::Answer, sign};

/// What the demo's staff signs in with.
const STAFF: (&str, &str) = ("demo@comptoir.example", "comptoir-demo");

/// A demo shop, with a server, a database and files of its own.
pub struct TestShop {
    // Ends before its database and files do.
    server: Server,
    http: reqwest::Client,
    /// Its database and files.
    pub installation: Installation,
}

impl TestShop {
    /// Starts a demo shop; `None` where there is no such database.
    pub async fn start(db: Db) -> Option<Self> {
        let installation = Installation::new(db).await?;
        let server = installation.serve(&["--demo"]);
        Some(Self { server, http: http(), installation })
    }

    /// Starts a demo shop and runs `test` on it, where there is such a database.
    pub async fn run<F: Future<Output = ()>>(db: Db, test: impl FnOnce(Self) -> F) {
        if let Some(shop) = Self::start(db).await {
            test(shop).await;
        }
    }

    /// Kills the server, as `kill -9` does, and starts another one on the same data.
    #[must_use]
    pub fn restarted(self) -> Self {
        let Self { server, installation, http } = self;
        server.kill();
        Self { server: installation.serve(&["--demo"]), http, installation }
    }

    /// Its server.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Nobody in particular.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        Client::new(self.http.clone(), &self.server.url)
    }

    /// Staff that may do everything.
    ///
    /// # Panics
    /// If it cannot sign in.
    pub async fn staff(&self) -> Client {
        self.signed_in(STAFF.0, STAFF.1).await
    }

    /// A token of staff that may do everything.
    ///
    /// # Panics
    /// If it cannot sign in.
    pub async fn staff_token(&self) -> String {
        self.token_of(STAFF.0, STAFF.1).await
    }

    /// A new member of staff who has `permissions`.
    ///
    /// # Panics
    /// If there cannot be one.
    pub async fn staff_with(&self, email: &str, permissions: &[&str]) -> Client {
        let input = json!({"email": email, "password": "a password", "permissions": permissions});
        let _ = self.staff().await.run("staffCreate", input).await.accepted();
        self.signed_in(email, "a password").await
    }

    async fn signed_in(&self, email: &str, password: &str) -> Client {
        self.anonymous().with_token(&self.token_of(email, password).await)
    }

    async fn token_of(&self, email: &str, password: &str) -> String {
        let input = json!({"email": email, "password": password});
        let signed_in = self.anonymous().run("staffSignIn", input).await.accepted();
        signed_in["accessToken"].as_str().unwrap().to_owned()
    }

    /// Sends a webhook of the test provider, rightly signed.
    pub async fn webhook(&self, payment: &Value, outcome: &str) -> Answer {
        let body = json!({"paymentId": payment, "outcome": outcome}).to_string();
        let signature = sign(WEBHOOK_SECRET, &body);
        self.webhook_signed(Some(&signature), body).await
    }

    /// Sends a webhook of the test provider as it is.
    pub async fn webhook_signed(&self, signature: Option<&str>, body: String) -> Answer {
        let client = self.anonymous();
        let mut request = client.request(Method::POST, "/webhooks/payments/test").body(body);
        if let Some(signature) = signature {
            request = request.header("comptoir-signature", signature);
        }
        client.answer(request).await
    }

    /// All that staff sees of products, stock, prices, locations and orders: equal before and after what changes nothing.
    pub async fn everything(&self, staff: &Client) -> Value {
        staff.query(include_str!("everything.graphql"), json!({})).await
    }
}

/// A client that keeps its connections.
fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| rustls::crypto::aws_lc_rs::default_provider().install_default().unwrap());
    reqwest::Client::builder().no_proxy().build().unwrap()
}

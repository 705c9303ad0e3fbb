//! A demo shop that runs.

use std::future::Future;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::{Client, Db, Installation, Server, WEBHOOK_SECRET, client::Answer, sign};

/// What the demo's staff signs in with.
const STAFF: (&str, &str) = ("demo@comptoir.example", "comptoir-demo");

/// A demo shop, with a server, a database and files of its own.
pub struct TestShop {
    // Ends before its database and files do.
    server: Server,
    staff_token: OnceCell<String>,
    /// Its database and files.
    pub installation: Installation,
}

impl TestShop {
    /// Starts a demo shop; `None` where there is no such database.
    pub async fn start(db: Db) -> Option<Self> {
        Self::start_with(db, &[]).await
    }

    /// Starts a demo shop with these variables; `None` where there is no such database.
    pub async fn start_with(db: Db, variables: &[(&str, &str)]) -> Option<Self> {
        let installation = Installation::new(db).await?;
        let server = installation.serve_with(&["--demo"], variables);
        Some(Self { server, staff_token: OnceCell::new(), installation })
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
        let Self { server, installation, .. } = self;
        server.kill();
        Self { server: installation.serve(&["--demo"]), staff_token: OnceCell::new(), installation }
    }

    /// Its server.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Nobody in particular.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        Client::new(&self.server.url)
    }

    /// Staff that may do everything.
    ///
    /// # Panics
    /// If it cannot sign in.
    pub async fn staff(&self) -> Client {
        self.anonymous().with_token(&self.staff_token().await)
    }

    /// A token of staff that may do everything.
    ///
    /// # Panics
    /// If it cannot sign in.
    pub async fn staff_token(&self) -> String {
        self.staff_token.get_or_init(|| self.token_of(STAFF.0, STAFF.1)).await.clone()
    }

    /// A new member of staff who has `permissions`.
    ///
    /// # Panics
    /// If there cannot be one.
    pub async fn staff_with(&self, email: &str, permissions: &[&str]) -> Client {
        let input = json!({"email": email, "password": "a password", "permissions": permissions});
        let _ = self.staff().await.run("staffCreate", input).await.accepted();
        self.anonymous().with_token(&self.token_of(email, "a password").await)
    }

    /// A new customer, who has signed in; their password is `a password`.
    ///
    /// # Panics
    /// If there cannot be one.
    pub async fn customer(&self, email: &str) -> Client {
        let input = json!({"email": email, "password": "a password"});
        let signed_up = self.anonymous().run("customerSignUp", input).await.accepted();
        self.anonymous().with_token(signed_up["accessToken"].as_str().unwrap())
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

    /// All that staff sees of products, stock, prices, locations and orders, line by line.
    ///
    /// # Panics
    /// If staff may not see it.
    pub async fn everything(&self) -> Vec<String> {
        let data = self.staff().await.query(include_str!("everything.graphql"), json!({})).await;
        let text = serde_json::to_string_pretty(&data).unwrap().replace(&self.server.url, "");
        text.lines().map(str::to_owned).collect()
    }

    /// Asserts that nothing is different from what [`TestShop::everything`] was `before`.
    ///
    /// # Panics
    /// If anything is, after `what`.
    pub async fn assert_unchanged(&self, before: &[String], what: &str) {
        let now = self.everything().await;
        let first = before.iter().zip(&now).find(|(before, now)| before != now);
        assert!(first.is_none() && before.len() == now.len(), "{what} changed something: {first:?}");
    }
}

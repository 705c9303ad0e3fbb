//! Kiosks and points of sale that staff enrolled.

use serde_json::json;

use crate::{Client, TestShop};

/// A device that was enrolled.
pub struct TestDevice {
    /// It asks with the device's token.
    pub client: Client,
    /// The device's id.
    pub id: String,
    /// The device's token.
    pub token: String,
}

impl TestShop {
    /// Enrols a device in a channel, such as the demo's `paris-marais-kiosk` and `paris-marais-till`.
    ///
    /// # Panics
    /// If it cannot be.
    pub async fn device(&self, channel: &str) -> TestDevice {
        let input = json!({"name": "A device", "channel": channel});
        let created = self.staff().await.run("deviceEnrolmentCreate", input).await.accepted();
        let enrolled = self.anonymous().run("deviceEnrol", json!({"code": created["code"]})).await.accepted();
        let token = enrolled["deviceToken"].as_str().unwrap().to_owned();
        let id = enrolled["device"]["id"].as_str().unwrap().to_owned();
        TestDevice { client: self.anonymous().with_token(&token), id, token }
    }
}

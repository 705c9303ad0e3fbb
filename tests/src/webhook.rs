//! Webhooks of the test payment provider.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign as hmac_sign};

/// What the demo's webhook is signed with; the tests configure it.
pub const WEBHOOK_SECRET: &str = "a webhook secret of the tests";

/// The signature of `body` under `secret`: `sha256=` and its HMAC-SHA-256 in hex.
#[must_use]
pub fn sign(secret: &str, body: &str) -> String {
    let key = Key::new(HMAC_SHA256, secret.as_bytes());
    format!("sha256={}", hex::encode(hmac_sign(&key, body.as_bytes())))
}

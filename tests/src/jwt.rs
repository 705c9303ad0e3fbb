//! JSON Web Tokens, as one reads them who knows only the public keys.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;

fn decode(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// The header and the claims of `token`.
///
/// # Panics
/// If it is no token.
#[must_use]
pub fn read_token(token: &str) -> [Value; 2] {
    let parts: Vec<&str> = token.split('.').collect();
    [parts[0], parts[1]].map(|it| serde_json::from_slice(&decode(it)).unwrap())
}

/// Whether `token` is signed with the private half of the Ed25519 key whose `x` a key set shows.
///
/// # Panics
/// If it is no token, or `x` no key.
#[must_use]
pub fn is_signed_by(token: &str, x: &str) -> bool {
    let (message, signature) = token.rsplit_once('.').unwrap();
    UnparsedPublicKey::new(&ED25519, decode(x)).verify(message.as_bytes(), &decode(signature)).is_ok()
}

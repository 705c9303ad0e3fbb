//! Secrets and tokens, as the rules see them; how they are made is the adapter's.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    ids::{OrderId, StaffId},
    storage::BoxError,
};

macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text.
            #[must_use]
            pub fn new(text: String) -> Self {
                Self(text)
            }

            /// Shows the text; never to a log.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

secrets! {
    /// Opens one cart; whoever has it, holds the cart.
    CartSecret;
    /// Opens one order, for a buyer without an account.
    OrderToken;
    /// Says for a short while who signed in.
    AccessToken;
    /// What a password is checked against, with its salt and its costs (PHC string).
    PasswordHash;
}

/// The digest of a secret, which is all that is stored of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash(pub String);

/// The token is none of ours, or no longer valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the access token is invalid or has expired")]
pub struct TokenError;

/// Makes and checks secrets and tokens.
pub trait Tokens: Send + Sync {
    /// A new secret of at least 128 bits of chance.
    fn new_cart_secret(&self) -> CartSecret;

    /// The digest under which a cart with this secret is stored.
    fn hash_cart_secret(&self, secret: &CartSecret) -> SecretHash;

    /// The token of an order: always the same, and not to be guessed.
    fn order_token(&self, order: OrderId) -> OrderToken;

    /// Whether `token` opens `order`, in a time that tells nothing about the token.
    fn opens_order(&self, token: &OrderToken, order: OrderId) -> bool;

    /// A token for `staff`, and when it expires.
    ///
    /// # Errors
    /// The signing failed.
    fn issue_staff_token(&self, staff: StaffId, now: Timestamp) -> Result<(AccessToken, Timestamp), BoxError>;

    /// Whose token this is, and when it ends.
    ///
    /// # Errors
    /// [`TokenError`].
    fn verify_staff_token(&self, token: &AccessToken, now: Timestamp) -> Result<(StaffId, Timestamp), TokenError>;

    /// A digest of a command's input, for [idempotency](crate::idempotency).
    fn fingerprint(&self, input: &str) -> String;
}

/// Hashes passwords, slowly and away from the async workers.
#[async_trait]
pub trait Passwords: Send + Sync {
    /// A hash with a new salt.
    ///
    /// # Errors
    /// The hashing failed.
    async fn hash(&self, password: &str) -> Result<PasswordHash, BoxError>;

    /// Whether `password` is the one that was hashed; without a hash it takes as long, and the answer is no.
    ///
    /// # Errors
    /// The hash cannot be read.
    async fn verify(&self, password: &str, hash: Option<&PasswordHash>) -> Result<bool, BoxError>;
}

//! Secrets and tokens, as the rules see them; how they are made is the adapter's.

use std::{collections::BTreeSet, fmt};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{OneTimeCode, PasswordError, Subject};
use crate::{
    clock::Timestamp,
    ids::{OrderId, SignInId},
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
    /// Says which device acts, until it is revoked.
    DeviceToken;
    /// Opens one order, for a buyer without an account.
    OrderToken;
    /// Says for a short while who signed in.
    AccessToken;
    /// Gives new tokens, once.
    RefreshToken;
    /// What a password is checked against, with its salt and its costs (PHC string).
    PasswordHash;
}

/// A client's own secret of a cart is none that can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret is `cs_` and 22 to 125 letters without accents, digits, hyphens and underscores, made by chance")]
pub struct CartSecretError;

impl CartSecret {
    /// What every secret of a cart begins with.
    pub const PREFIX: &'static str = "cs_";
    /// 128 bits in base 64.
    const LENGTH_MIN: usize = 22;
    /// So many characters make more than 128 bits in base 64 look like chance; 22 of them have fewer once in 10^10 times.
    const DISTINCT_MIN: usize = 8;

    /// Checks a secret that a client made.
    ///
    /// # Errors
    /// [`CartSecretError`], for what could be guessed.
    pub fn parse(text: String) -> Result<Self, CartSecretError> {
        let Some(chance) = text.strip_prefix(Self::PREFIX) else { return Err(CartSecretError) };
        let is_good = |it: u8| it.is_ascii_alphanumeric() || it == b'-' || it == b'_';
        let distinct: BTreeSet<u8> = chance.bytes().collect();
        let is_long = (Self::LENGTH_MIN..=125).contains(&chance.len()) && Self::DISTINCT_MIN <= distinct.len();
        if is_long && chance.bytes().all(is_good) { Ok(Self(text)) } else { Err(CartSecretError) }
    }
}

/// The digest of a secret, which is all that is stored of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash(pub String);

/// What an access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessClaims {
    /// Who signed in.
    pub subject: Subject,
    /// Where they did.
    pub sign_in: SignInId,
    /// When the token ends.
    pub expires_at: Timestamp,
}

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

    /// A new token of at least 128 bits of chance.
    fn new_device_token(&self) -> DeviceToken;

    /// The digest under which a device with this token is stored.
    fn hash_device_token(&self, token: &DeviceToken) -> SecretHash;

    /// A new code, drawn evenly from all there are.
    fn new_code(&self) -> OneTimeCode;

    /// The digest under which this code is stored. It takes a key that is not in the database: codes are short enough to be
    /// found by trying all.
    fn hash_code(&self, code: &OneTimeCode) -> SecretHash;

    /// The digest under which a network address is counted. It takes a key that is not in the database: there are few enough
    /// addresses to be found by trying all.
    fn hash_network(&self, address: &str) -> SecretHash;

    /// The token of an order: always the same, and not to be guessed.
    fn order_token(&self, order: OrderId) -> OrderToken;

    /// Whether `token` opens `order`, in a time that tells nothing about the token.
    fn opens_order(&self, token: &OrderToken, order: OrderId) -> bool;

    /// A token with these claims, and when it expires: as `claims` say, to the second.
    ///
    /// # Errors
    /// The signing failed.
    fn access_token(&self, claims: &AccessClaims, now: Timestamp) -> Result<(AccessToken, Timestamp), BoxError>;

    /// What a token claims, if it is ours and has not expired.
    ///
    /// # Errors
    /// [`TokenError`].
    fn read_access_token(&self, token: &AccessToken, now: Timestamp) -> Result<AccessClaims, TokenError>;

    /// The refresh token of this generation of a sign-in: always the same, and not to be guessed.
    fn refresh_token(&self, sign_in: SignInId, generation: u32) -> RefreshToken;

    /// Of which sign-in and generation a refresh token is; `None` for one that is none of ours. Told in a time that says
    /// nothing about the token.
    fn read_refresh_token(&self, token: &RefreshToken) -> Option<(SignInId, u32)>;

    /// A digest of a command's input, for [idempotency](crate::idempotency).
    fn fingerprint(&self, input: &str) -> String;
}

/// A password in the clear, of a length that can be; only its hash is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The fewest characters of a password (NIST SP 800-63B, 3.1.1.2, where it is not the only factor).
    pub const LENGTH_MIN: usize = 8;
    /// The most characters: hashing costs grow with them.
    pub const LENGTH_MAX: usize = 256;

    /// Checks a new password.
    ///
    /// # Errors
    /// [`PasswordError::Length`].
    pub fn parse(text: String) -> Result<Self, PasswordError> {
        let (min, max) = (Self::LENGTH_MIN, Self::LENGTH_MAX);
        if (min..=max).contains(&text.chars().count()) {
            Ok(Self(text))
        } else {
            Err(PasswordError::Length { min, max })
        }
    }

    /// A password that somebody signs in with; one that is too long to be anybody's is the empty one, which is nobody's.
    #[must_use]
    pub fn attempt(text: &str) -> &str {
        if text.chars().count() <= Self::LENGTH_MAX { text } else { "" }
    }

    /// Shows the text; never to a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_could_be_guessed_is_none() {
        let parse = |text: &str| CartSecret::parse(text.to_owned());
        assert!(parse("cs_Zk3v9QpX0aLr7TnW2bYc5e").is_ok());
        let long = format!("cs_{}", "abcdefghij".repeat(13));
        for text in
            ["", "cs_", "Zk3v9QpX0aLr7TnW2bYc5e", "cs_Zk3v9QpX0aLr7TnW2bYc5", "cs_aaaaaaaaaaaaaaaaaaaaaaaaa", &long]
        {
            assert_eq!(parse(text), Err(CartSecretError), "{text}");
        }
        assert_eq!(parse("cs_Zk3v9QpX0aLr7TnW2bYc5 "), Err(CartSecretError));
    }
}

//! Passwords, secrets and tokens.

mod access_tokens;
mod passwords;
mod secret;
mod tokens;

pub use passwords::Argon2Passwords;
pub use secret::{MasterSecret, SecretError};
pub use tokens::SealedTokens;

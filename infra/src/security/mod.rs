//! Passwords, secrets and tokens.

mod passwords;
mod secret;
mod staff_tokens;
mod tokens;

pub use passwords::Argon2Passwords;
pub use secret::{MasterSecret, SecretError};
pub use tokens::SealedTokens;

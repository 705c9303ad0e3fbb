//! Who acts, and what they may do.

mod actor;
mod error;
mod permission;
mod service;
mod sign_in;
mod sign_in_service;
mod staff;
mod tokens;

pub use actor::{Actor, Principal};
pub use error::{AccessError, PasswordError, SignInError, StaffError};
pub use permission::{Permission, Permissions};
pub use service::{NewStaff, StaffService};
pub use sign_in::{SignIn, SignInEnd, SignInQueries, SignInRepository, SignInTokens, SignedIn, Subject};
pub use sign_in_service::SignInService;
pub(crate) use sign_in_service::{begin as begin_sign_in, end_all as end_sign_ins};
pub use staff::{Email, EmailError, Staff, StaffQueries, StaffRepository};
pub use tokens::{
    AccessClaims, AccessToken, CartSecret, CartSecretError, OrderToken, Password, PasswordHash, Passwords,
    RefreshToken, SecretHash, TokenError, Tokens,
};

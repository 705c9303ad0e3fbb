//! Who acts, and what they may do.

mod actor;
mod error;
mod permission;
mod service;
mod staff;
mod tokens;

pub use actor::{Actor, Principal};
pub use error::{AccessError, StaffError};
pub use permission::{Permission, Permissions};
pub use service::{NewStaff, SignedIn, StaffService};
pub use staff::{Email, EmailError, Staff, StaffQueries, StaffRepository};
pub use tokens::{AccessToken, CartSecret, OrderToken, PasswordHash, Passwords, SecretHash, TokenError, Tokens};

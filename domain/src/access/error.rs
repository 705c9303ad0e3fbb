//! Refusals of access.

use super::Permission;
use crate::storage::StorageError;

/// The actor may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Nobody has signed in, and somebody must.
    #[error("sign in first")]
    Unauthenticated,
    /// Whoever signed in lacks a permission.
    #[error("this needs the permission {permission}")]
    Forbidden {
        /// The one that is missing.
        permission: Permission,
    },
}

/// Why a command about staff was refused.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Somebody has the address already.
    #[error("a member of staff has this e-mail address already")]
    EmailTaken,
    /// Too short to be safe, or too long to be hashed.
    #[error("a password has {min} to {max} characters")]
    PasswordLength {
        /// The fewest characters.
        min: usize,
        /// The most characters.
        max: usize,
    },
    /// The address or the password is wrong; which, is not said.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

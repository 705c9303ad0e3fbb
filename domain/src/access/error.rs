//! Refusals of access.

use super::Permission;
use crate::{clock::Timestamp, storage::StorageError};

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
    /// Staff has no account to shop with.
    #[error("this is for customers")]
    CustomersOnly,
    /// Only staff can do this, who signed in with their password.
    #[error("this is for staff who signed in with their password")]
    StaffOnly,
    /// Staff who stepped up on a device works on its store alone.
    #[error("on this device, staff works on its own store alone")]
    Elsewhere,
    /// Only a device can do this, with its own token.
    #[error("this is for devices")]
    DevicesOnly,
}

/// Why a sign-in does not go on.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// None of ours, used before, expired, or signed out; which, is not said.
    #[error("the refresh token is invalid, was used, or has expired: sign in again")]
    InvalidRefreshToken,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A password that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short to be safe, or too long to be hashed.
    #[error("a password has {min} to {max} characters")]
    Length {
        /// The fewest characters.
        min: usize,
        /// The most characters.
        max: usize,
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
    /// A limit that limits nothing, more than all, or less than nothing.
    #[error("a limit is a percentage up to 100, an amount of at least nothing in each currency, or both")]
    InvalidLimit,
    /// More than who sets it may give.
    #[error("this is more than you may give yourself")]
    LimitBeyondOwn,
    /// No such member.
    #[error("there is no such member of staff")]
    NotFound,
    /// The password cannot be.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The address or the password is wrong; which, is not said.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// The password is wrong.
    #[error("the password is wrong")]
    WrongPassword,
    /// The address or the PIN is wrong, or none was set; which, is not said.
    #[error("the e-mail address or the PIN is wrong")]
    WrongPin,
    /// Too many attempts failed.
    #[error("too many attempts failed: the PIN cannot be tried before {until}")]
    PinLocked {
        /// Until when none is made.
        until: Timestamp,
    },
    /// PINs are for points of sale.
    #[error("this is for points of sale")]
    NoPointOfSale,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

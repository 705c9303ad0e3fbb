//! Refusals of commands on customers.

use crate::{
    access::{AccessError, PasswordError},
    storage::StorageError,
};

/// Why a command on a customer was refused.
#[derive(Debug, thiserror::Error)]
pub enum CustomerError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Somebody has the address already.
    #[error("a customer has this e-mail address already")]
    EmailTaken,
    /// The password cannot be.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The address or the password is wrong; which, is not said.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// The password that was given to change it is wrong.
    #[error("the current password is wrong")]
    WrongPassword,
    /// A name that cannot be.
    #[error("a name has at most {max} characters, on one line")]
    InvalidName {
        /// Which part of it.
        field: &'static str,
        /// The most characters.
        max: usize,
    },
    /// They have not allowed it.
    #[error("the customer has not allowed personalization")]
    ConsentMissing,
    /// No such product, or none that the customer sees.
    #[error("there is no such product")]
    UnknownProduct,
    /// No such customer.
    #[error("there is no such customer")]
    NotFound,
    /// A name that no group can have.
    #[error("a group's name has 1 to {max} characters, on one line")]
    InvalidGroupName {
        /// The most characters.
        max: usize,
    },
    /// A certificate that cannot be.
    #[error("{reason}")]
    InvalidTaxExemption {
        /// Its place in the input, from 0.
        index: usize,
        /// What of it.
        field: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// Too many certificates.
    #[error("a customer has at most {max} tax exemptions")]
    TooManyTaxExemptions {
        /// The most.
        max: usize,
    },
    /// No such group.
    #[error("there is no such group of customers")]
    UnknownGroup {
        /// Its place in the input, from 0, where there are several.
        index: Option<usize>,
    },
    /// Enough groups.
    #[error("there are at most {max} groups of customers")]
    TooManyGroups {
        /// The most.
        max: usize,
    },
    /// Too many groups for one.
    #[error("a customer is in at most {max} groups")]
    TooManyGroupsOfCustomer {
        /// The most.
        max: usize,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

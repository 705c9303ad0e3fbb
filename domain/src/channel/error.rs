//! Refusals of settings.

use crate::{access::AccessError, storage::StorageError};

/// Why a command about locations or delivery methods was refused.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Not lower case, digits and inner hyphens, or too long.
    #[error("a code has up to 64 lower-case letters, digits and inner hyphens")]
    InvalidCode {
        /// The field at fault.
        field: &'static str,
    },
    /// Nothing to call it by, too much, or control characters.
    #[error("a name has 1 to {max} characters, and no control characters")]
    InvalidName {
        /// The most characters.
        max: usize,
    },
    /// A method that ships must say where to.
    #[error("a method that ships needs at least one country")]
    CountriesMissing,
    /// Delivery cannot cost less than nothing.
    #[error("a delivery price cannot be negative")]
    NegativePrice,
    /// Two prices in one currency.
    #[error("there is more than one price in a currency")]
    PriceTwice,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

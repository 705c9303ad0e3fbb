//! Refusals of prices.

use crate::{access::AccessError, ids::VariantId, storage::StorageError};

/// Why prices were not set.
#[derive(Debug, thiserror::Error)]
pub enum PricingError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// No such variant.
    #[error("there is no variant {id}")]
    UnknownVariant {
        /// The price's place in the input, from 0.
        index: usize,
        /// The id that was given.
        id: VariantId,
    },
    /// A price that cannot be.
    #[error("{reason}")]
    InvalidPrice {
        /// The price's place in the input, from 0.
        index: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Too many at once.
    #[error("at most {max} prices are set at once")]
    TooMany {
        /// The most prices of one command.
        max: usize,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

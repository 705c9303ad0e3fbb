//! Refusals of stock commands.

use crate::{
    access::AccessError,
    idempotency::KeyReused,
    ids::{LocationId, VariantId},
    storage::StorageError,
};

/// Why a command about stock was refused.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Too many at once, or none.
    #[error("1 to {max} changes are made at once")]
    BatchSize {
        /// The most changes of one command.
        max: usize,
    },
    /// No such variant.
    #[error("there is no variant {id}")]
    UnknownVariant {
        /// The change's place in the input, from 0.
        index: usize,
        /// The id that was given.
        id: VariantId,
    },
    /// No such location.
    #[error("there is no location {id}")]
    UnknownLocation {
        /// The change's place in the input, from 0.
        index: usize,
        /// The id that was given.
        id: LocationId,
    },
    /// A bundle, which has no stock of its own.
    #[error("this is a bundle, which has no stock of its own: adjust its components")]
    Bundle {
        /// The change's place in the input, from 0.
        index: usize,
    },
    /// The same variant and location twice.
    #[error("this variant and location were changed already in this command")]
    Duplicate {
        /// The change's place in the input, from 0.
        index: usize,
    },
    /// Fewer than nothing, or more than anybody stores. What is below zero already, by an import, can only grow.
    #[error("the quantity on hand is between {min} and {max}")]
    QuantityOutOfRange {
        /// The change's place in the input, from 0.
        index: usize,
        /// The smallest quantity.
        min: i64,
        /// The largest quantity.
        max: i64,
    },
    /// The key came before with other input.
    #[error(transparent)]
    KeyReused(#[from] KeyReused),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

//! Refusals of collections.

use super::Collection;
use crate::{access::AccessError, catalog::ProductError, storage::StorageError};

/// Why a command about collections was refused.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A new collection without a name.
    #[error("a new collection needs a name in one language at least")]
    NameMissing,
    /// A text that cannot be.
    #[error(transparent)]
    Text(#[from] ProductError),
    /// No such collection.
    #[error("there is no such collection")]
    NotFound,
    /// No such product.
    #[error("there is no such product")]
    UnknownProduct {
        /// Which of the command's products.
        index: usize,
    },
    /// Too many products in one command, or none.
    #[error("a command is about 1 to {max} products", max = Collection::BATCH_MAX)]
    BatchSize,
    /// Too many products in one collection.
    #[error("a collection has at most {max} products", max = Collection::PRODUCTS_MAX)]
    TooManyProducts,
    /// Too many collections.
    #[error("there are at most {max} collections", max = Collection::COUNT_MAX)]
    TooMany,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

//! Why a scan found nothing.

use super::Reading;
use crate::storage::StorageError;

/// Why a scanned code names no variant.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// Not the code of anything.
    #[error("the code cannot be read: {reason}")]
    Unreadable {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A digit was misread or mistyped.
    #[error("the check digit is {found}, and would be {expected}")]
    CheckDigit {
        /// The digit that the others ask for.
        expected: u8,
        /// The digit that is there.
        found: u8,
    },
    /// A code of GS1 that names no trade item, such as that of a pallet.
    #[error("the code names no product")]
    NoProduct,
    /// No variant that the actor may see.
    #[error("no variant has this code")]
    NotFound {
        /// What the code says all the same.
        reading: Option<Box<Reading>>,
    },
    /// Several variants have the code.
    #[error("{count} variants have this code")]
    Ambiguous {
        /// How many.
        count: usize,
        /// What the code says.
        reading: Box<Reading>,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

//! Why a scan found nothing.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Reading;
use crate::storage::StorageError;

/// What a code says of the one piece that it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Measure {
    /// What it costs.
    Price,
    /// What it weighs.
    Weight,
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Price => "price",
            Self::Weight => "weight",
        })
    }
}

/// Why a SKU or a code that can be names no variant: a fact of the catalog, which can be another one later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NameReason {
    /// No variant that the actor may see has it.
    #[error("no variant has this code")]
    NotFound,
    /// Several variants have it.
    #[error("{count} variants have this code")]
    Ambiguous {
        /// How many.
        count: usize,
    },
    /// It is of a piece with a price or a weight of its own, which a cart would lose.
    #[error("the code is of one piece with its own {what}, which a cart cannot keep: name the variant, and how many")]
    Measured {
        /// What it says of that piece.
        what: Measure,
    },
}

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
    #[error("{}", NameReason::NotFound)]
    NotFound {
        /// What the code says all the same.
        reading: Option<Box<Reading>>,
    },
    /// Several variants have the code.
    #[error("{}", NameReason::Ambiguous { count: *count })]
    Ambiguous {
        /// How many.
        count: usize,
        /// What the code says.
        reading: Box<Reading>,
    },
    /// A piece with a price or a weight of its own, which a cart would lose.
    #[error("{}", NameReason::Measured { what: *what })]
    Measured {
        /// What it says of that piece.
        what: Measure,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ScanError {
    /// Why it names nothing; none: it cannot be a code, or nobody could look.
    #[must_use]
    pub fn reason(&self) -> Option<NameReason> {
        match self {
            Self::NotFound { .. } => Some(NameReason::NotFound),
            Self::Ambiguous { count, .. } => Some(NameReason::Ambiguous { count: *count }),
            Self::Measured { what } => Some(NameReason::Measured { what: *what }),
            Self::Unreadable { .. } | Self::CheckDigit { .. } | Self::NoProduct | Self::Storage(_) => None,
        }
    }
}

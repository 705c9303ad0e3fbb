//! Refusals of prices.

use super::{PriceRowError, StoredPriceList};
use crate::{
    access::AccessError,
    ids::{PriceId, VariantId},
    storage::StorageError,
};

/// Why a command about prices was refused.
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
    /// No such list, channel or market.
    #[error("there is no {reference} `{name}`")]
    UnknownReference {
        /// The price's place in the input, from 0.
        index: usize,
        /// What is not there.
        reference: PriceReference,
        /// What it was called.
        name: String,
    },
    /// A price that cannot be.
    #[error("{error}")]
    InvalidPrice {
        /// The price's place in the input, from 0.
        index: usize,
        /// What is wrong with it.
        error: PriceRowError,
    },
    /// Two prices for the same: no step of a quantity, and no moment, can have both.
    #[error("it is the same list, currency, scope, minimum quantity and beginning as that of the price at {first}")]
    Twice {
        /// The price's place in the input, from 0.
        index: usize,
        /// The place of the other.
        first: usize,
    },
    /// Too many at once.
    #[error("at most {max} prices are changed at once")]
    TooMany {
        /// The most prices of one command.
        max: usize,
    },
    /// Too many of one variant.
    #[error("a variant has at most {max} prices in one currency")]
    TooManyOfVariant {
        /// The price's place in the input, from 0.
        index: usize,
        /// The most.
        max: usize,
    },
    /// No such price.
    #[error("there is no price {id}")]
    UnknownPrice {
        /// Its place in the input, from 0.
        index: usize,
        /// The id that was given.
        id: PriceId,
    },
    /// A name that is empty or too long.
    #[error("a name has 1 to {max} characters, none of them for control")]
    InvalidName {
        /// The most characters.
        max: usize,
    },
    /// A list that would never be in force.
    #[error("the list would end before it begins")]
    EmptyWindow,
    /// No such list.
    #[error("there is no such price list")]
    ListNotFound,
    /// Somebody changed it since the client saw it.
    #[error("the price list is at version {}", current.version)]
    VersionConflict {
        /// As it is.
        current: Box<StoredPriceList>,
    },
    /// Enough lists.
    #[error("there are at most {max} price lists")]
    TooManyLists {
        /// The most.
        max: usize,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What a price can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceReference {
    /// A price list.
    List,
    /// A market.
    Market,
    /// A channel.
    Channel,
    /// A group of customers.
    CustomerGroup,
}

impl std::fmt::Display for PriceReference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::List => "price list",
            Self::Market => "market",
            Self::Channel => "channel",
            Self::CustomerGroup => "group of customers",
        })
    }
}

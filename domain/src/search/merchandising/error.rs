//! Refusals of merchandising.

use super::{SearchRule, Synonyms};
use crate::{access::AccessError, codes::ChannelCode, storage::StorageError};

/// Why a rule or a set of synonyms was refused.
#[derive(Debug, thiserror::Error)]
pub enum MerchandisingError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Not lower case, digits and inner hyphens, or too long.
    #[error("a code has up to 64 lower-case letters, digits and inner hyphens")]
    InvalidCode,
    /// No such channel.
    #[error("there is no channel `{code}`")]
    UnknownChannel {
        /// The code that names none.
        code: ChannelCode,
    },
    /// No name, too much of one, or control characters.
    #[error("a name has 1 to 120 characters, and no control characters")]
    InvalidName,
    /// A rule that applies to nothing, or to a text without words.
    #[error(
        "a rule is for a query with at least one word and at most 200 characters, a collection, a group of customers, or several of these"
    )]
    InvalidCondition,
    /// A window that ends before it begins.
    #[error("a rule ends after it starts")]
    InvalidWindow,
    /// No action, or too many.
    #[error("a rule has 1 to {max} actions", max = SearchRule::ACTIONS_MAX)]
    ActionCount,
    /// A position outside of what can be pinned to.
    #[error("a product is pinned to a position from 1 to {max}", max = SearchRule::POSITION_MAX)]
    InvalidPosition {
        /// Which action.
        index: usize,
    },
    /// A facet without key or value, or too long.
    #[error("a facet has a key and a value of at most 255 characters")]
    InvalidTarget {
        /// Which action.
        index: usize,
    },
    /// A product that is not there.
    #[error("there is no such product")]
    UnknownProduct {
        /// Which action.
        index: usize,
    },
    /// A collection that is not there.
    #[error("there is no such collection")]
    UnknownCollection,
    /// A group of customers that is not there.
    #[error("there is no such group of customers")]
    UnknownCustomerGroup,
    /// Two actions that cannot both be.
    #[error(
        "a rule has one redirect, one product at a place, and one action for a product or a facet; an earlier action says otherwise"
    )]
    Contradiction {
        /// The later of them.
        index: usize,
    },
    /// An address that no browser should be sent to.
    #[error("a redirect goes to a path or an address with https://, of at most 2048 characters")]
    InvalidRedirect {
        /// Which action.
        index: usize,
    },
    /// Too few or too many words that mean the same.
    #[error("synonyms are 2 to {max} texts with words of at most 80 characters, each once", max = Synonyms::TERMS_MAX)]
    InvalidTerms,
    /// There are enough.
    #[error("there are at most {max} of them")]
    TooMany {
        /// The most.
        max: usize,
    },
    /// There is none of this code.
    #[error("there is none of this code")]
    NotFound,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

//! Refusals of the administration of promotions.

use super::{PromotionIssue, StoredPromotion};
use crate::{access::AccessError, storage::StorageError};

/// Why a command about promotions was refused.
#[derive(Debug, thiserror::Error)]
pub enum PromotionError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// It cannot be as it is: at least one issue.
    #[error("the promotion cannot be as it is")]
    Invalid(Vec<PromotionIssue>),
    /// No such promotion.
    #[error("there is no such promotion")]
    NotFound,
    /// Somebody changed it since the client saw it.
    #[error("the promotion is at version {}", current.version)]
    VersionConflict {
        /// As it is.
        current: Box<StoredPromotion>,
    },
    /// Enough promotions.
    #[error("there are at most {max} promotions that have not ended")]
    TooMany {
        /// The most.
        max: usize,
    },
    /// Enough gifts.
    #[error("promotions that have not ended give at most {max} different things away")]
    TooManyGifts {
        /// The most.
        max: usize,
    },
    /// Enough groups.
    #[error("there are at most {max} groups")]
    TooManyGroups {
        /// The most.
        max: usize,
    },
    /// No such group.
    #[error("there is no such group")]
    GroupNotFound,
    /// A group that is not empty.
    #[error("{promotions} promotions and {groups} groups stand in it: move or delete them first")]
    GroupNotEmpty {
        /// How many promotions.
        promotions: usize,
        /// How many groups.
        groups: usize,
    },
    /// No codes, too many, or both ways at once.
    #[error("a command names 1 to {max} codes, or has 1 to {max} made up")]
    CodeCount {
        /// The most.
        max: usize,
    },
    /// Too long a beginning.
    #[error("codes begin with at most {max} characters")]
    PrefixTooLong {
        /// The most.
        max: usize,
    },
    /// Too few uses, or too many.
    #[error("a code can be used 1 to {max} times")]
    UseCount {
        /// The most.
        max: u32,
    },
    /// No such code.
    #[error("there is no such discount code")]
    UnknownCode,
    /// Too long a text to look for.
    #[error("codes have at most {max} characters")]
    SearchTooLong {
        /// The most.
        max: usize,
    },
    /// There is one of these codes already, or one is named twice.
    #[error("one of these codes is there already")]
    CodeTaken,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

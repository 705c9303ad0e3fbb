//! What can go wrong with search.

use super::SearchQuery;
use crate::{
    access::AccessError,
    codes::ChannelCode,
    storage::{BoxError, StorageError},
};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A text that is too long.
    #[error("a search text has at most {max} characters", max = SearchQuery::TEXT_LENGTH_MAX)]
    TextTooLong,
    /// Too many filters, or a filter with too many values or none.
    #[error(
        "there are at most {max} filters of a kind, with 1 to {max} values each, and {locations} places",
        max = SearchQuery::FILTERS_MAX,
        locations = SearchQuery::LOCATIONS_MAX
    )]
    TooManyFilters,
    /// A page that is too far.
    #[error("hits can be paged through from the first up to the {max}th", max = SearchQuery::OFFSET_MAX)]
    TooFar,
    /// More than there are at once.
    #[error("there are at most {max} at once")]
    TooMany {
        /// The most.
        max: u32,
    },
    /// No such channel.
    #[error("there is no channel `{code}`")]
    UnknownChannel {
        /// The code that names none.
        code: ChannelCode,
    },
    /// The engine is not there, or not ready. The catalog's lists go on without it.
    #[error("search is unavailable")]
    Unavailable(#[source] BoxError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

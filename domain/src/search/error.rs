//! What can go wrong with search.

use super::SearchQuery;
use crate::storage::BoxError;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A text that is too long.
    #[error("a search text has at most {max} characters", max = SearchQuery::TEXT_LENGTH_MAX)]
    TextTooLong,
    /// Too many filters, or a filter with too many values or none.
    #[error("there are at most {max} filters, with 1 to {max} values each", max = SearchQuery::FILTERS_MAX)]
    TooManyFilters,
    /// A page that is too far.
    #[error("hits can be paged through up to the {max}th", max = SearchQuery::OFFSET_MAX)]
    TooFar,
    /// The engine is not there, or not ready. The catalog's lists go on without it.
    #[error("search is unavailable")]
    Unavailable(#[source] BoxError),
}

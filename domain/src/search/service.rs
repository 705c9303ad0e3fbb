//! The use case of searching.

use std::sync::Arc;

use super::{ProductSearch, SearchError, SearchQuery, SearchResult};
use crate::{access::Actor, page::PageSize};

/// The use cases of search.
pub struct SearchService {
    pub(crate) engine: Arc<dyn ProductSearch>,
}

impl SearchService {
    /// Finds products. The index can be a moment behind: load the hits through the catalog, which knows what may be seen.
    ///
    /// # Errors
    /// [`SearchError`].
    pub async fn search(&self, _actor: &Actor, query: &SearchQuery) -> Result<SearchResult, SearchError> {
        if SearchQuery::TEXT_LENGTH_MAX < query.text.chars().count() {
            return Err(SearchError::TextTooLong);
        }
        let allowed = 1..=SearchQuery::FILTERS_MAX;
        if SearchQuery::FILTERS_MAX < query.facets.len()
            || query.facets.iter().any(|it| !allowed.contains(&it.values.len()))
        {
            return Err(SearchError::TooManyFilters);
        }
        if SearchQuery::OFFSET_MAX < query.offset || PageSize::MAX < query.limit {
            return Err(SearchError::TooFar);
        }
        self.engine.search(query).await
    }
}

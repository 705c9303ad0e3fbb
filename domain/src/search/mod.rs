//! Search: what can be asked of the product index, what it answers, and what it is fed.

mod document;
mod error;
mod index;
mod indexer;
mod query;
mod service;

pub use document::{PriceRange, ProductDocument, SearchText};
pub use error::SearchError;
pub use index::{IndexGeneration, ProductIndex, ProductSearch};
pub use indexer::{Indexer, IndexerError};
pub use query::{Facet, FacetFilter, FacetValue, PriceFilter, SearchQuery, SearchResult, SearchSort};
pub use service::SearchService;

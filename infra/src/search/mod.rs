//! The two search engines: Tantivy inside the process, and Meilisearch beside it.

mod highlight;
pub mod meilisearch;
pub mod tantivy;

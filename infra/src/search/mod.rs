//! The two search engines: Tantivy inside the process, and Meilisearch beside it.

pub mod meilisearch;
pub mod tantivy;
mod words;

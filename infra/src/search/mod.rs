//! The two search engines: Tantivy inside the process, and Meilisearch beside it.

pub mod tantivy;
mod words;

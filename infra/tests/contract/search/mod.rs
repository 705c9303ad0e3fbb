//! The contract of the product index, on each search engine.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod concurrency;

mod engine;
mod facets;
mod lifecycle;
mod meilisearch;
mod narrowing;
mod products;
mod relevance;
mod scale;
mod stub;
mod synonyms;
mod text;

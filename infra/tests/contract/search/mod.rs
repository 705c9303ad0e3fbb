//! The contract of the product index, on each search engine.

#![expect(clippy::unwrap_used, reason = "tests")]

mod concurrency;
mod demo;
mod engine;
mod facets;
mod lifecycle;
mod meilisearch;
mod products;
mod stub;
mod text;

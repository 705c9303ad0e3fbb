//! The contract of the product index, on each search engine.

#![expect(clippy::unwrap_used, reason = "tests")]

mod concurrency;
mod demo;
mod engine;
mod facets;
mod lifecycle;
mod meilisearch;
mod narrowing;
mod products;
mod stub;
mod synonyms;
mod text;

//! The contract of the product index, on each search engine.

#![expect(clippy::unwrap_used, reason = "tests")]

mod concurrency;
mod engine;
mod facets;
mod lifecycle;
mod products;
mod text;

//! What goes with a product: what is like it, what is bought with it, and what was looked at before.

mod related;
mod service;
mod together;

pub use together::{Companion, PurchaseCounts, Together};

//! Prices, and what a cart costs by them.

mod calculator;
mod error;
mod price;
mod repository;
mod service;

pub use calculator::{PricedCart, PricedLine, price_cart};
pub use error::PricingError;
pub use price::{Price, check_compare_at};
pub use repository::PriceRepository;
pub use service::{PriceChange, PricingService};

//! Prices, and what a cart costs by them.

mod calculator;
mod error;
mod history;
mod price;
mod price_list;
mod price_row;
mod repository;
mod select;
mod service;
pub mod tax;
#[cfg(test)]
mod tests;

pub use calculator::{PricedCart, PricedLine, price_cart};
pub use error::PricingError;
pub use history::{PricePoint, REFERENCE_DAYS, ReferencePrice, reference_price};
pub use price::{Price, check_compare_at};
pub use price_list::{PriceList, PriceListType, PriceSelection};
pub use price_row::{PriceQualifier, PriceRow, PriceRowError, PriceScope};
pub use repository::PriceRepository;
pub use select::{PriceBook, PriceContext, PriceDecision, PriceSource, SelectedPrice};
pub use service::{PriceChange, PricingService};

//! Prices, taxes, and what a cart costs by them.
//!
//! # The order of calculation
//!
//! 1. **Prices.** [`Pricing::select`] gives each line the price that holds for it, says which row won and why, and
//!    which price a sale replaced (`select.rs` has the rules). [`PriceHistory`] and [`reference_price`] tell the
//!    lowest price of the 30 days before a reduction began.
//! 2. **What tax is due.** [`tax::TaxTable::treatment`] decides the rate of each line, bundle component and delivery, and
//!    why; a provider outside may decide it instead. Prices contain the tax of the market's zone, or none.
//! 3. **Promotions.** [`promotion::discount`](crate::promotion::discount) takes them off the entered prices.
//! 4. **Taxes.** What is left of each line is taxed: once for the line, or for each unit. A bundle's amount is first shared
//!    among its components (largest remainder, by what they cost by themselves), each taxed in its own way; a delivery may
//!    be taxed as the goods it carries. The tax is rounded, in the way that is recorded; the other side is the difference.
//! 5. **Sums.** Every total is the sum of the rounded parts that are shown: lines, deliveries, and rates of the summary.
//!
//! [`quote::quote`] does steps 3 to 5.

mod calculator;
mod due;
mod error;
mod history;
mod lists;
mod price_list;
mod price_row;
pub mod quote;
mod repository;
mod select;
mod service;
mod stored;
pub mod tax;
mod tax_service;
mod taxes;
#[cfg(test)]
mod tests;
mod view;

pub use calculator::{Buyer, CartToPrice, PricedCart, PricedLine, offers_near, price_cart};
pub use error::{PriceReference, PricingError};
pub use history::{HISTORY_DAYS, PriceHistory, PricePoint, REFERENCE_DAYS, ReferencePrice, Version, reference_price};
pub use price_list::{PriceList, PriceListType, PriceSelection};
pub use price_row::{
    MINIMUM_QUANTITY_MAX, PRICE_MAX, PriceDraft, PriceQualifier, PriceRow, PriceRowError, PriceScope, check_compare_at,
};
pub use repository::{PriceQueries, PriceRepository};
pub use select::{
    PriceBreak, PriceContext, PriceDecision, PriceLists, PriceSource, Pricing, SelectedPrice, quantities_by_variant,
};
pub(crate) use service::store_prices;
pub use service::{PricesSet, PricingService};
pub use stored::{PriceCursor, PriceFilter, PriceListCursor, PriceListDraft, StoredPriceList};
pub use tax_service::{TaxRateError, TaxRateRepository, TaxRateService};
pub use taxes::{Taxes, tax_question};
pub use view::PriceView;
pub(crate) use view::public_price;

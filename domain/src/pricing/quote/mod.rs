//! What a cart costs, with its promotions and taxes: the one calculation for every channel.

mod bundle;
mod calculate;
mod request;
mod result;
#[cfg(test)]
mod tests;
mod totals;

pub use calculate::quote;
pub use request::{Component, DeliveryTax, DeliveryToQuote, LineToQuote, QuoteRequest, RoundingRules};
pub use result::{Quote, QuotedComponent, QuotedDelivery, QuotedLine, TaxPart, TaxSummary};

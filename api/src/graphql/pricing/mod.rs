//! Prices on the wire.

mod input;
mod mutation;
mod object;
mod query;
mod tax_rate;
mod variant_price;

pub(super) use self::{
    mutation::PricingMutation,
    query::PricingQuery,
    tax_rate::{TaxRateMutation, TaxRateQuery},
    variant_price::{PriceBreak, PriceSource, ReferencePrice, VariantPrice},
};

//! Prices on the wire.

mod input;
mod mutation;
mod object;
mod query;
mod variant_price;

pub(super) use self::{
    mutation::PricingMutation,
    query::PricingQuery,
    variant_price::{PriceBreak, PriceSource, ReferencePrice, VariantPrice},
};

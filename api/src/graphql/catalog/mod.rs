//! Products and variants on the wire.

mod input;
mod mutation;
mod object;
mod query;

pub(super) use mutation::CatalogMutation;
pub(super) use object::{Product, Variant};
pub(super) use query::{CatalogQuery, ContextInput, sales_context};

//! Products and variants on the wire.

mod collection;
mod component;
mod import;
mod input;
mod mutation;
mod object;
mod query;
mod scan;
mod siblings;

pub(super) use collection::{Collection, CollectionMutation, CollectionQuery};
pub(super) use component::visible_part;
pub(super) use input::{LocalizedTextInput, parse_texts};
pub(super) use mutation::CatalogMutation;
pub(super) use object::{Attribute, PriceRange, Product, SelectedOption, Variant};
pub(super) use query::CatalogQuery;
pub(super) use scan::ScanQuery;

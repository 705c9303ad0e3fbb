//! Scanned codes: what is read from them, and by which codes a variant is looked for. Pure.
//!
//! After the [GS1 General Specifications](https://ref.gs1.org/standards/genspecs/), whose sections are named where a rule is theirs.

mod element;
mod error;
mod gtin;
mod identifier;
mod in_store;
mod reading;
mod values;

pub use error::{Measure, NameReason, ScanError};
pub use gtin::Gtin;
pub use in_store::{InStoreCode, InStoreCodeError};
pub use reading::{Reading, ScanKind};
pub(super) use reading::{Scan, read};

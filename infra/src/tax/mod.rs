//! Who says what tax is due, outside of the process.

mod http;

pub use http::{HttpTaxProvider, HttpTaxProviderError};

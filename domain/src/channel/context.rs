//! The context that a request sells in.

use crate::{language::Language, money::Currency};

/// What prices and texts a request sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesContext {
    /// The currency of prices.
    pub currency: Currency,
    /// The languages of texts, dearest first; English follows them, then any.
    pub languages: Vec<Language>,
}

//! What the use cases of checkout share.

use std::sync::Arc;

use super::PaymentProviders;
use crate::{
    access::Tokens, clock::Clock, ids::IdSource, order::OrderQueries, settings::SettingsCache, storage::Storage,
};

/// The use cases of checkout: [`place`](Self::place), the payment's answers, and those that never came.
pub struct CheckoutService {
    pub(crate) has_tax_provider: bool,
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) orders: Arc<dyn OrderQueries>,
    pub(crate) providers: PaymentProviders,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
}

impl CheckoutService {
    /// The payment providers the shop offers.
    #[must_use]
    pub fn providers(&self) -> &PaymentProviders {
        &self.providers
    }
}

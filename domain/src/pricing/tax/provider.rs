//! Tax rates of a provider outside: what it is asked, what it answers, and what is done with that.
//!
//! A cart is asked about when it has changed, after that is stored; what is answered is kept with the version of the cart. A
//! read asks nobody: it takes what was answered last, and says where that was for an earlier version, or was never.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{TaxContext, VatNumber};
use crate::{
    cart::{Cart, CartState},
    channel::Country,
    codes::TaxCategory,
    ids::{CartId, VariantId},
    money::{Money, Percentage},
    storage::BoxError,
};

/// What a provider is asked: the rates that are due on a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxQuestion {
    /// The cart.
    pub cart_id: CartId,
    /// At which version.
    pub cart_version: u32,
    /// The day of the sale.
    pub day: NaiveDate,
    /// Where the seller is registered.
    pub seller: Option<Country>,
    /// Where the goods go.
    pub country: Country,
    /// In which region of it.
    pub region: Option<String>,
    /// The buyer's number.
    pub vat_number: Option<VatNumber>,
    /// What the buyer's certificates are known by.
    pub certificates: Vec<String>,
    /// What is sold. Deliveries are taxed as the goods they carry.
    pub lines: Vec<TaxQuestionLine>,
}

/// A variant that a provider is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxQuestionLine {
    /// What.
    pub variant_id: VariantId,
    /// How it is taxed.
    pub category: TaxCategory,
    /// How many.
    pub quantity: u32,
    /// What one costs, as prices are entered.
    pub unit_price: Money,
}

/// What a provider answered for a version of a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartTaxes {
    /// The cart.
    pub cart_id: CartId,
    /// The version of it that was asked about.
    pub cart_version: u32,
    /// The rates, by variant.
    pub rates: Vec<(VariantId, Percentage)>,
}

impl CartTaxes {
    /// The rate that is due on a variant, where it was asked about.
    #[must_use]
    pub fn rate(&self, variant: VariantId) -> Option<Percentage> {
        self.rates.iter().find(|it| it.0 == variant).map(|it| it.1)
    }
}

/// What is known of a cart's taxes where a provider is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProvidedTaxes {
    /// What it answered last; none: nothing yet.
    pub answer: Option<CartTaxes>,
}

impl ProvidedTaxes {
    /// Whether the answer is not for the cart as it is.
    #[must_use]
    pub fn is_stale(&self, cart: &Cart) -> bool {
        // To be ordered changes nothing that is taxed.
        let version = if let CartState::Ordered(_) = cart.state { cart.version - 1 } else { cart.version };
        self.answer.as_ref().is_none_or(|it| it.cart_version != version)
    }
}

/// Why a provider gave no rates.
#[derive(Debug, thiserror::Error)]
pub enum TaxProviderError {
    /// It did not answer in time, or not at all.
    #[error("the tax provider did not answer")]
    Unavailable(#[source] BoxError),
    /// It answered what cannot be used.
    #[error("the tax provider's answer cannot be used: {0}")]
    Unusable(String),
}

/// Says what tax is due.
#[async_trait]
pub trait TaxProvider: Send + Sync {
    /// The rate of each line, in the order of the lines. Takes a bounded time.
    ///
    /// # Errors
    /// [`TaxProviderError`].
    async fn rates(&self, question: &TaxQuestion) -> Result<Vec<Percentage>, TaxProviderError>;
}

/// Who is asked; none: the table of rates decides.
pub type SomeTaxProvider = Option<Arc<dyn TaxProvider>>;

impl TaxQuestion {
    /// The question about lines that go where `context` says.
    #[must_use]
    pub fn new((cart_id, cart_version): (CartId, u32), context: &TaxContext, lines: Vec<TaxQuestionLine>) -> Self {
        Self {
            cart_id,
            cart_version,
            day: context.day,
            seller: context.seller,
            country: context.destination.country,
            region: context.destination.region.clone(),
            vat_number: context.vat_number.clone(),
            certificates: context.exemptions.iter().map(|it| it.certificate.clone()).collect(),
            lines,
        }
    }
}

//! Payment, as a port: providers take money or refuse to; Comptoir records what they said.

use std::{collections::BTreeMap, fmt, sync::Arc};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{codes::PaymentMeans, ids::PaymentId, money::Money, storage::BoxError};

/// A provider's name, such as `manual`. Whether there is such a provider, [`PaymentProviders::find`] knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProviderCode(String);

impl ProviderCode {
    /// Wraps a name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The means of payment that promotions may ask for: the provider's name.
    #[must_use]
    pub fn means(&self) -> Option<PaymentMeans> {
        self.0.parse().ok()
    }
}

impl fmt::Display for ProviderCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a provider is asked to take.
#[derive(Clone)]
pub struct PaymentRequest {
    /// Ours; the provider must take the money at most once for it, however often it is asked.
    pub payment_id: PaymentId,
    /// How much.
    pub amount: Money,
    /// What the provider's own page or reader gave the client.
    pub token: Option<String>,
}

/// What a provider answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentOutcome {
    /// The money is ours.
    Captured,
    /// The money will be handed over with the goods.
    Due,
    /// It will tell later, by its webhook.
    Pending,
    /// No; the reason may be shown to the buyer.
    Declined {
        /// A short code such as `insufficient_funds`.
        reason: String,
    },
}

/// The provider could not be asked. Whether it took the money is not known, so the same is asked again later.
#[derive(Debug, thiserror::Error)]
#[error("the payment provider did not answer")]
pub struct PaymentError(#[source] pub BoxError);

/// What a webhook tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentNotice {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// What became of it.
    pub outcome: PaymentOutcome,
}

/// A webhook that is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The provider does not send any.
    #[error("this provider has no webhook")]
    Unsupported,
    /// Not signed by the provider.
    #[error("the signature is missing or wrong")]
    Signature,
    /// Signed, but not to be read.
    #[error("the body is not a notice of this provider")]
    Malformed,
}

/// Takes money.
#[async_trait]
pub trait PaymentProvider: Send + Sync {
    /// Its name.
    fn code(&self) -> ProviderCode;

    /// Whether it can use such a token; asked before anything is stored.
    ///
    /// # Errors
    /// The reason why not.
    fn check_token(&self, token: Option<&str>) -> Result<(), &'static str>;

    /// Takes the money, or says why not. Asking again for the same payment gives the same answer.
    ///
    /// # Errors
    /// [`PaymentError`] where the answer is not known.
    async fn pay(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError>;

    /// Reads a webhook that was sent to this provider's address.
    ///
    /// # Errors
    /// [`WebhookError`].
    fn read_webhook(&self, signature: Option<&str>, body: &[u8]) -> Result<PaymentNotice, WebhookError>;
}

/// The providers a shop offers.
#[derive(Clone, Default)]
pub struct PaymentProviders(BTreeMap<ProviderCode, Arc<dyn PaymentProvider>>);

impl PaymentProviders {
    /// The provider of this name.
    #[must_use]
    pub fn find(&self, code: &ProviderCode) -> Option<&Arc<dyn PaymentProvider>> {
        self.0.get(code)
    }

    /// The names of all providers.
    pub fn codes(&self) -> impl Iterator<Item = &ProviderCode> {
        self.0.keys()
    }
}

impl FromIterator<Arc<dyn PaymentProvider>> for PaymentProviders {
    fn from_iter<I: IntoIterator<Item = Arc<dyn PaymentProvider>>>(providers: I) -> Self {
        Self(providers.into_iter().map(|it| (it.code(), it)).collect())
    }
}

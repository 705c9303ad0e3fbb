//! The payment of an order.

use serde::{Deserialize, Serialize};

use crate::{checkout::ProviderCode, clock::Timestamp, ids::PaymentId, money::Money};

/// How far a payment got.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", tag = "state")]
pub enum PaymentState {
    /// The provider is being asked. After a crash it is asked again.
    Initiated {
        /// What the provider's own page or reader gave the client; forgotten once the provider has answered.
        token: Option<String>,
    },
    /// The provider will tell.
    Pending,
    /// To be paid when the goods are handed over.
    Due,
    /// The money is ours.
    Captured,
    /// The provider said no.
    Declined {
        /// A short code.
        reason: String,
    },
    /// Nobody waits for it any more.
    Voided,
}

impl std::fmt::Debug for PaymentState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Initiated { .. } => f.write_str("Initiated"),
            Self::Pending => f.write_str("Pending"),
            Self::Due => f.write_str("Due"),
            Self::Captured => f.write_str("Captured"),
            Self::Declined { reason } => write!(f, "Declined({reason})"),
            Self::Voided => f.write_str("Voided"),
        }
    }
}

/// An attempt to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Its id, which the provider knows too.
    pub id: PaymentId,
    /// Who takes the money.
    pub provider: ProviderCode,
    /// How much.
    pub amount: Money,
    /// How far it got.
    #[serde(flatten)]
    pub state: PaymentState,
    /// When it last changed.
    pub updated_at: Timestamp,
}

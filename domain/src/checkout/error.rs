//! Refusals of checkout.

use crate::{
    cart::{CartError, LineError},
    idempotency::KeyReused,
    ids::CartLineId,
    money::{Money, MoneyError},
    promotion::{DiscountCode, Rejection},
    storage::StorageError,
};

/// What a cart still lacks to become an order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Incomplete {
    /// It holds nothing.
    #[error("the cart is empty")]
    NoLines,
    /// Nobody to write to.
    #[error("the buyer's e-mail address is missing")]
    NoContact,
    /// Nowhere to ship to.
    #[error("the shipping address is missing")]
    NoShippingAddress,
    /// No delivery option was chosen.
    #[error("choose a delivery option")]
    NoDelivery,
    /// The chosen option is not available any more.
    #[error("the chosen delivery option is not available any more")]
    DeliveryUnavailable,
    /// A line cannot be ordered as it is.
    #[error("{problem}")]
    Line {
        /// Which.
        line_id: CartLineId,
        /// Why.
        problem: LineError,
    },
    /// A code does not count any more.
    #[error("the code `{code}` does not count any more: take it away, or enter it again")]
    Code {
        /// Which.
        code: DiscountCode,
        /// Why.
        reason: Rejection,
    },
    /// Its stock is not set aside any more.
    #[error("the stock is not set aside any more: renew the hold")]
    HoldExpired,
}

/// Why a cart did not become an order.
#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    /// The cart refused.
    #[error(transparent)]
    Cart(#[from] CartError),
    /// The cart lacks something; all that it lacks.
    #[error("the cart cannot be ordered yet")]
    Incomplete(Vec<Incomplete>),
    /// No such payment provider.
    #[error("there is no payment provider of this name; there are {}", offered.join(", "))]
    UnknownProvider {
        /// The providers there are.
        offered: Vec<String>,
    },
    /// The provider cannot use the token.
    #[error("{reason}")]
    InvalidToken {
        /// Why not.
        reason: &'static str,
    },
    /// It does not cost what the buyer was shown.
    #[error("the total is {actual}, not {expected}")]
    TotalChanged {
        /// What the buyer was shown.
        expected: Money,
        /// What it costs.
        actual: Money,
    },
    /// The payment provider said no. The cart can be changed, and ordered again under a new key.
    #[error("the payment was declined: {reason}")]
    PaymentDeclined {
        /// A short code.
        reason: String,
    },
    /// The key came before with other input.
    #[error(transparent)]
    KeyReused(#[from] KeyReused),
    /// Too much money.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

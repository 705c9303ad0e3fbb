//! The axes of an order's progress.

use serde::{Deserialize, Serialize};

/// How far an order got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrderStatus {
    /// Its stock is set aside; whether it will be paid is not known yet.
    Pending,
    /// It is to be fulfilled.
    Open,
    /// It is paid and fulfilled.
    Completed,
    /// It came to nothing; its stock is free again.
    Cancelled,
}

/// Whether the goods have left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FulfillmentState {
    /// Not yet.
    Unfulfilled,
    /// All of them.
    Fulfilled,
}

/// Why an order was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CancelReason {
    /// The payment provider said no.
    PaymentDeclined,
    /// The payment provider did not say yes in time.
    PaymentExpired,
    /// Staff did it.
    Staff,
}

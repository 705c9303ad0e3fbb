//! Refusals of order commands.

use super::{Order, OrderStatus};
use crate::{access::AccessError, idempotency::KeyReused, storage::StorageError};

/// Why a command on an order was refused.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// No such order.
    #[error("there is no such order")]
    NotFound,
    /// It has ended, or is not so far.
    #[error("the order is not open")]
    NotOpen {
        /// How far it got.
        status: OrderStatus,
    },
    /// It is not as the client last saw it.
    #[error("the order is at version {}", current.version)]
    VersionConflict {
        /// The order as it is.
        current: Box<Order>,
    },
    /// Nothing is to be paid at the counter.
    #[error("no payment is due")]
    NotDue,
    /// The money was taken.
    #[error("the order is paid: refund it instead")]
    AlreadyPaid,
    /// The key came before with other input.
    #[error(transparent)]
    KeyReused(#[from] KeyReused),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

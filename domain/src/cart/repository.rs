//! Stores carts.

use async_trait::async_trait;

use super::Cart;
use crate::{
    ids::{CartId, DeviceId},
    storage::StorageError,
};

/// Carts, to be changed.
#[async_trait]
pub trait CartRepository: Send + Sync {
    /// The cart; nobody else changes it until the unit of work ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn find(&self, id: CartId) -> Result<Option<Cart>, StorageError>;

    /// Stores a new cart.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where its id is taken.
    async fn insert(&self, cart: &Cart) -> Result<(), StorageError>;

    /// Stores a changed cart.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where the stored cart is not of the version before this one's.
    async fn save(&self, cart: &Cart) -> Result<(), StorageError>;

    /// Up to `limit` carts that a device holds, by id; nobody else changes them until the unit of work ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn carts_of_device(&self, id: DeviceId, limit: u32) -> Result<Vec<Cart>, StorageError>;
}

/// Reads carts.
#[async_trait]
pub trait CartQueries: Send + Sync {
    /// By id, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn carts_by_id(&self, ids: &[CartId]) -> Result<Vec<Cart>, StorageError>;
}

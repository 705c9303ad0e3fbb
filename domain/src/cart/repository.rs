//! Stores carts.

use async_trait::async_trait;

use super::Cart;
use crate::{ids::CartId, pricing::tax::CartTaxes, storage::StorageError};

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

    /// Keeps what a tax provider answered, unless it has answered for a later version of the cart.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_taxes(&self, taxes: &CartTaxes) -> Result<(), StorageError>;

    /// Stores a changed cart.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where the stored cart is not of the version before this one's.
    async fn save(&self, cart: &Cart) -> Result<(), StorageError>;
}

/// Reads carts.
#[async_trait]
pub trait CartQueries: Send + Sync {
    /// By id, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn carts_by_id(&self, ids: &[CartId]) -> Result<Vec<Cart>, StorageError>;

    /// What a tax provider answered last for these carts, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn cart_taxes(&self, ids: &[CartId]) -> Result<Vec<CartTaxes>, StorageError>;
}

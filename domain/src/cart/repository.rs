//! Stores carts.

use async_trait::async_trait;

use uuid::Uuid;

use super::{Cart, RecordedCommand};
use crate::{
    clock::Timestamp,
    codes::ChannelCode,
    customer::CustomerTerms,
    ids::{CartId, CustomerId, DeviceId},
    pricing::tax::CartTaxes,
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

    /// The cart as by [`CartRepository::find`], with what its customer's prices and taxes depend on.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn find_with_terms(&self, id: CartId) -> Result<Option<(Cart, CustomerTerms)>, StorageError>;

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

    /// Up to `limit` carts that can be changed and that nobody changed since `moment`, of which this was not told yet as they are.
    /// From now on it was.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn claim_abandoned(&self, moment: Timestamp, limit: u32) -> Result<Vec<Cart>, StorageError>;

    /// Deletes up to `limit` carts that were not ordered and that nobody changed since `moment`, with the code uses that they set
    /// aside. Their ids and versions.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn delete_unchanged_since(&self, moment: Timestamp, limit: u32) -> Result<Vec<(CartId, u32)>, StorageError>;

    /// What became of those of these offline commands of a cart that came before.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn recorded_commands(&self, cart: CartId, ids: &[Uuid]) -> Result<Vec<RecordedCommand>, StorageError>;

    /// Keeps what became of offline commands of a cart.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where one of them is kept already.
    async fn record_commands(
        &self,
        cart: CartId,
        commands: &[RecordedCommand],
        now: Timestamp,
    ) -> Result<(), StorageError>;

    /// Forgets the offline commands of a cart.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn forget_commands(&self, cart: CartId) -> Result<(), StorageError>;

    /// Up to `limit` carts that a device holds, or of which it was noted to have a secret, by id; nobody else changes them until the
    /// unit of work ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn carts_of_device(&self, id: DeviceId, limit: u32) -> Result<Vec<Cart>, StorageError>;

    /// Notes that a device has a secret of a cart, so that the cart is found by it.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn note_device(&self, cart: CartId, device: DeviceId) -> Result<(), StorageError>;

    /// Forgets what was noted of these carts and a device.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn forget_device(&self, carts: &[CartId], device: DeviceId) -> Result<(), StorageError>;
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

    /// Of each of these customers the cart that changed last in a channel and can still be changed, if there is one.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn active_carts(&self, of: &[CustomerId], channel: &ChannelCode) -> Result<Vec<Cart>, StorageError>;
}

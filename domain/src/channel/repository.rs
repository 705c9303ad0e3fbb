//! Stores locations and delivery methods.

use async_trait::async_trait;

use super::{DeliveryMethod, Location};
use crate::{ids::LocationId, storage::StorageError};

/// Writes settings.
#[async_trait]
pub trait ChannelRepository: Send + Sync {
    /// Creates the location, or replaces the one with its code; returns what is stored, with the id it keeps.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_location(&self, location: &Location) -> Result<Location, StorageError>;

    /// Creates the method, or replaces the one with its code.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_delivery_method(&self, method: &DeliveryMethod) -> Result<(), StorageError>;
}

/// Reads settings.
#[async_trait]
pub trait ChannelQueries: Send + Sync {
    /// All locations, by code. There are at most a few thousand.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn locations(&self) -> Result<Vec<Location>, StorageError>;

    /// The locations of these ids that exist, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn locations_by_id(&self, ids: &[LocationId]) -> Result<Vec<Location>, StorageError>;

    /// All delivery methods, by code.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn delivery_methods(&self) -> Result<Vec<DeliveryMethod>, StorageError>;
}

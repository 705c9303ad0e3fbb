//! Stores channels, markets, locations and delivery methods. They are read together, as [settings](crate::settings).

use async_trait::async_trait;

use super::{Channel, DeliveryMethod, Location, Market};
use crate::storage::StorageError;

/// Writes settings.
#[async_trait]
pub trait ChannelRepository: Send + Sync {
    /// Creates the channel, or replaces the one with its code; where it is the default one, no other is any more.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_channel(&self, channel: &Channel) -> Result<(), StorageError>;

    /// Creates the market, or replaces the one with its code; where it is the default one, no other is any more.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_market(&self, market: &Market) -> Result<(), StorageError>;

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

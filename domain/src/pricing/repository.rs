//! Writes prices.

use async_trait::async_trait;

use super::Price;
use crate::storage::StorageError;

/// Stores prices.
#[async_trait]
pub trait PriceRepository: Send + Sync {
    /// Sets these prices; each replaces the one of its variant and currency.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn set(&self, prices: &[Price]) -> Result<(), StorageError>;
}

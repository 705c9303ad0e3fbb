//! Stores stock.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Allocation, StockLevel};
use crate::{
    clock::Timestamp,
    ids::{LocationId, OrderId, VariantId},
    storage::StorageError,
};

/// Why stock moved; every movement is kept, with its cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "cause", content = "of")]
pub enum MovementCause {
    /// A file or a product that was saved said how many there are.
    Import,
    /// Staff counted.
    Counted,
    /// Staff adjusted: goods received, damaged, found.
    Adjusted,
    /// An order was placed.
    Ordered(OrderId),
    /// An order was cancelled.
    Cancelled(OrderId),
    /// An order left.
    Fulfilled(OrderId),
}

/// How many of a variant stand at a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// What.
    pub variant_id: VariantId,
    /// Where.
    pub location_id: LocationId,
    /// How many.
    pub on_hand: i64,
}

/// Stock, to be changed. Every method takes rows in the order of their ids, so that no two wait for each other.
#[async_trait]
pub trait StockRepository: Send + Sync {
    /// The levels of these variants everywhere, with what carts hold `now`; nobody else changes either until the unit of work
    /// ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn lock_levels(&self, variants: &[VariantId], now: Timestamp) -> Result<Vec<StockLevel>, StorageError>;

    /// As [`lock_levels`](Self::lock_levels), for the variants of these places; a place that has no level yet gets one, with nothing on hand.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn lock_places(
        &self,
        places: &[(VariantId, LocationId)],
        now: Timestamp,
    ) -> Result<Vec<StockLevel>, StorageError>;

    /// Sets what is on hand; whether anything is different now.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn count(&self, counts: &[Count], cause: MovementCause, now: Timestamp) -> Result<bool, StorageError>;

    /// Sets units aside for an order. The levels are [locked](Self::lock_levels), and what the order's own cart held was given back.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where a location no longer has what was planned; try again with fresh levels.
    async fn allocate(&self, allocations: &[Allocation], order: OrderId, now: Timestamp) -> Result<(), StorageError>;

    /// Gives units back that were set aside.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn release(&self, allocations: &[Allocation], order: OrderId, now: Timestamp) -> Result<(), StorageError>;

    /// Takes away units that were set aside: they left the house.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn ship(&self, allocations: &[Allocation], order: OrderId, now: Timestamp) -> Result<(), StorageError>;
}

/// Reads stock.
#[async_trait]
pub trait InventoryQueries: Send + Sync {
    /// The levels of these variants everywhere, with what carts hold `now`; without a moment, as if they held nothing.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn levels_of(&self, variants: &[VariantId], now: Option<Timestamp>) -> Result<Vec<StockLevel>, StorageError>;
}

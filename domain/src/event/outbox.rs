//! The outbox: events stored in the transaction that caused them.

use async_trait::async_trait;

use super::DomainEvent;
use crate::storage::StorageError;

/// Takes events within a unit of work.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Stores `events`; they are published after the commit, at least once, in order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn append(&self, events: &[DomainEvent]) -> Result<(), StorageError>;
}

/// An event with its place among all events.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RecordedEvent {
    /// Grows by one from event to event, in the order of publication; the first is 1.
    pub position: i64,
    /// The event.
    pub event: DomainEvent,
}

/// The published part of the outbox, for consumers that keep their own position.
#[async_trait]
pub trait OutboxQueries: Send + Sync {
    /// Up to `limit` events after `position`, in order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn events_after(&self, position: i64, limit: u32) -> Result<Vec<RecordedEvent>, StorageError>;

    /// The position of the last event; 0 before the first.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn last_position(&self) -> Result<i64, StorageError>;
}

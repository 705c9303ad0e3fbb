//! The event bus: carries events to those who listen now.

use std::pin::Pin;

use async_trait::async_trait;
use futures_core::Stream;

use super::{RecordedEvent, Topic};
use crate::storage::BoxError;

/// The bus did not take the events; they are sent again.
#[derive(Debug, thiserror::Error)]
#[error("the event bus is unavailable")]
pub struct BusError(#[source] pub BoxError);

/// Events of one topic as they come.
///
/// `None` in the place of an event: some were missed (the listener was slow, or the connection broke), so look at the whole again.
pub type EventStream = Pin<Box<dyn Stream<Item = Option<RecordedEvent>> + Send>>;

/// Carries events to listeners, on this replica and the others. Keeps nothing.
#[async_trait]
pub trait EventBus: Send + Sync {
    /// Hands `events` to all who listen, in order.
    ///
    /// # Errors
    /// [`BusError`]; some listeners may have them all the same.
    async fn publish(&self, events: &[RecordedEvent]) -> Result<(), BusError>;

    /// Listens to one topic from the moment this returns.
    ///
    /// # Errors
    /// [`BusError`].
    async fn subscribe(&self, topic: Topic) -> Result<EventStream, BusError>;
}

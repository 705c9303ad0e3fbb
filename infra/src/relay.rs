//! The relay: takes events from the outbox and hands them to the event bus, in order, at least once.

use std::{sync::Arc, time::Duration};

use comptoir_domain::{event::EventBus, storage::BoxError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::db::DbStorage;

/// How many events go out at once.
const BATCH: u64 = 1_000;
/// How often other processes' commits are looked for; those of this process wake the relay at once.
const POLL: Duration = Duration::from_millis(250);
/// How long the relay rests after a failure.
const RETRY: Duration = Duration::from_secs(1);

/// Moves events from the outbox to the bus.
pub struct Relay {
    storage: DbStorage,
    bus: Arc<dyn EventBus>,
    published: Arc<Notify>,
}

impl Relay {
    /// A relay from `storage` to `bus`.
    #[must_use]
    pub fn new(storage: DbStorage, bus: Arc<dyn EventBus>) -> Self {
        Self { storage, bus, published: Arc::default() }
    }

    /// Wakes who reads the published events themselves, such as the indexer.
    #[must_use]
    pub fn published(&self) -> Arc<Notify> {
        self.published.clone()
    }

    /// Runs until `shutdown`. Failures are logged, and tried again.
    pub async fn run(self, shutdown: CancellationToken) {
        let committed = self.storage.committed();
        while !shutdown.is_cancelled() {
            let woken = committed.notified();
            let pause = match self.step().await {
                Ok(0) => POLL,
                Ok(_) => continue,
                Err(error) => {
                    tracing::error!(error = &*error, "events could not be published");
                    RETRY
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = woken => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Publishes what waits; how many events that were.
    ///
    /// # Errors
    /// The storage or the bus failed; the same events go out again.
    pub async fn step(&self) -> Result<usize, BoxError> {
        let events = self.storage.unpublished(BATCH).await?;
        if let Some(last) = events.last() {
            self.bus.publish(&events).await?;
            self.storage.mark_published(last.position).await?;
            self.published.notify_waiters();
        }
        Ok(events.len())
    }
}

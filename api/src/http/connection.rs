//! What a request knows of the connection that carries it.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

/// A handle on the connection: a socket that outlives its HTTP connection holds it to be counted and waited for.
#[derive(Clone, Default)]
pub(super) struct Connection {
    /// Cancelled when the server begins to shut down.
    pub(super) shutdown: CancellationToken,
    _counted: Option<(TaskTrackerToken, Arc<OwnedSemaphorePermit>)>,
}

impl Connection {
    pub(super) fn new(shutdown: CancellationToken, open: &TaskTracker, permit: OwnedSemaphorePermit) -> Self {
        Self { shutdown, _counted: Some((open.token(), Arc::new(permit))) }
    }
}

//! Counts statements: those of requests, and those of what runs beside them.

use std::{
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
};

tokio::task_local! {
    /// There while something runs that no client waits for.
    static IN_BACKGROUND: ();
}

/// Runs what no client waits for: its statements are counted apart, so that those of requests say what requests cost.
pub fn in_background<F: Future>(work: F) -> impl Future<Output = F::Output> {
    IN_BACKGROUND.scope((), work)
}

/// How many statements ran, those that begin and end transactions left out.
#[derive(Debug, Default)]
pub(super) struct Statements {
    requests: AtomicU64,
    background: AtomicU64,
}

impl Statements {
    /// Counts a statement of the task that calls.
    pub(super) fn count(&self) {
        let is_background = IN_BACKGROUND.try_with(|()| ()).is_ok();
        let counter = if is_background { &self.background } else { &self.requests };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Those of requests.
    pub(super) fn of_requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Those of what no client waits for.
    pub(super) fn of_background(&self) -> u64 {
        self.background.load(Ordering::Relaxed)
    }
}

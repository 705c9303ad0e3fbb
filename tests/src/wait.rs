//! Waiting for conditions, never for time to pass.

use std::{future::Future, time::Duration};

use tokio::time::{Instant, interval, timeout};

/// How long anything may take before the test that waits for it fails.
const PATIENCE: Duration = Duration::from_secs(90);

/// What `future` becomes.
///
/// # Panics
/// If it takes too long; `what` was waited for.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("waited {PATIENCE:?} for {what}"))
}

/// What `look` finds, as soon as it finds anything.
///
/// # Panics
/// If it takes too long; `what` was waited for.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + PATIENCE;
    let mut ticks = interval(Duration::from_millis(20));
    loop {
        ticks.tick().await;
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited {PATIENCE:?} for {what}");
    }
}

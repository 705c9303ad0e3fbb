//! What many requests read and few change, kept for a moment.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;

use crate::clock::{Clock, Timestamp};

/// How long a value counts at least.
const KEPT_FOR: TimeDelta = TimeDelta::seconds(1);
/// And how many times as long as it took to read, so that reading it never takes more than a hundredth of the time.
const KEPT_TIMES: i32 = 100;

/// A value that is read anew when it has become old.
pub(crate) struct Snapshot<T> {
    slot: Mutex<Option<(Arc<T>, Timestamp)>>,
}

impl<T> Default for Snapshot<T> {
    fn default() -> Self {
        Self { slot: Mutex::new(None) }
    }
}

impl<T> Snapshot<T> {
    /// The value, read by `load` where there is none that counts.
    pub(crate) async fn get<E>(
        &self,
        clock: &dyn Clock,
        load: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let started = clock.now();
        if let Some((value, until)) = &*self.slot.lock().unwrap_or_else(PoisonError::into_inner)
            && started < *until
        {
            return Ok(value.clone());
        }
        let value = Arc::new(load.await?);
        let now = clock.now();
        let until = now + KEPT_FOR.max((now - started) * KEPT_TIMES);
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = Some((value.clone(), until));
        Ok(value)
    }
}

//! The time, as a port: rules never ask the system.

use chrono::{DateTime, SubsecRound, Utc};

/// A moment in UTC, to the microsecond.
pub type Timestamp = DateTime<Utc>;

/// Tells the time. A use case asks once, at its top, and passes the answer down.
pub trait Clock: Send + Sync {
    /// The present moment, truncated by [`to_micros`].
    fn now(&self) -> Timestamp;
}

/// Cuts what PostgreSQL would round away, so that both databases give back what was stored.
#[must_use]
pub fn to_micros(moment: Timestamp) -> Timestamp {
    moment.trunc_subsecs(6)
}

//! The time, as a port: rules never ask the system.

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

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

/// A stretch of time, open at an end that is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Window {
    /// When it begins; that moment belongs to it.
    pub from: Option<Timestamp>,
    /// When it is over; that moment does not belong to it.
    pub until: Option<Timestamp>,
}

impl Window {
    /// Always.
    pub const ALWAYS: Self = Self { from: None, until: None };

    /// Whether it has begun and is not over.
    #[must_use]
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.from.is_none_or(|it| it <= moment) && self.until.is_none_or(|it| moment < it)
    }

    /// Whether no moment belongs to it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!((self.from, self.until), (Some(from), Some(until)) if until <= from)
    }

    /// What belongs to both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let earlier = |a: Option<Timestamp>, b: Option<Timestamp>| a.into_iter().chain(b).min();
        Self { from: self.from.max(other.from), until: earlier(self.until, other.until) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn window(from: Option<i64>, until: Option<i64>) -> Window {
        Window { from: from.map(at), until: until.map(at) }
    }

    #[test]
    fn a_window_has_its_first_moment_and_not_its_last() {
        let open = |it: Window| [9, 10, 19, 20].map(|second| it.contains(at(second)));
        assert_eq!(open(window(Some(10), Some(20))), [false, true, true, false]);
        assert_eq!(open(window(None, Some(20))), [true, true, true, false]);
        assert_eq!(open(window(Some(10), None)), [false, true, true, true]);
        assert_eq!(open(Window::ALWAYS), [true; 4]);
        assert!(window(Some(10), Some(10)).is_empty() && !window(Some(10), Some(11)).is_empty());
    }

    #[test]
    fn windows_overlap_where_both_are_open() {
        let res = window(Some(10), None).intersect(&window(Some(5), Some(20)));
        assert_eq!(res, window(Some(10), Some(20)));
        assert!(window(None, Some(5)).intersect(&window(Some(5), None)).is_empty());
        assert_eq!(Window::ALWAYS.intersect(&window(None, Some(5))), window(None, Some(5)));
    }
}

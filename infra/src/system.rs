//! The system's clock, and ids made from it.

use chrono::Utc;
use comptoir_domain::{
    clock::{Clock, Timestamp, to_micros},
    ids::IdSource,
};
use uuid::Uuid;

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the system is asked for the time")]
    fn now(&self) -> Timestamp {
        to_micros(Utc::now())
    }
}

/// UUIDv7 of the machine's clock, with a counter that keeps those of this process in order within a millisecond.
#[derive(Debug, Clone, Copy, Default)]
pub struct UuidSource;

impl IdSource for UuidSource {
    #[expect(clippy::disallowed_methods, reason = "the one place where ids come from")]
    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, thread};

    use super::*;

    #[test]
    fn the_time_has_nothing_below_a_microsecond() {
        for _ in 0..1000 {
            let now = SystemClock.now();
            assert_eq!(now.timestamp_subsec_nanos() % 1000, 0);
        }
    }

    #[test]
    fn ids_are_version_7_and_tell_when_they_were_made() {
        let before = SystemClock.now().timestamp_millis();
        let id = UuidSource.uuid();
        let after = SystemClock.now().timestamp_millis();
        assert_eq!(id.get_version_num(), 7);
        let millis = i64::try_from(id.as_u128() >> 80).unwrap();
        assert!((before..=after).contains(&millis));
    }

    #[test]
    fn ids_sort_by_creation_also_where_several_threads_make_them() {
        let threads: Vec<_> =
            (0..4).map(|_| thread::spawn(|| (0..20_000).map(|_| UuidSource.uuid()).collect::<Vec<_>>())).collect();
        let mut all = HashSet::new();
        for thread in threads {
            let ids = thread.join().unwrap();
            assert!(ids.is_sorted());
            all.extend(ids);
        }
        assert_eq!(all.len(), 80_000);
    }
}

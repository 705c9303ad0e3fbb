//! Token buckets: how much each of many callers may do a second, in bounded memory.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Most buckets at once; strangers beyond share one.
const BUCKETS_MAX: usize = 100_000;

/// Fewest buckets among which full ones are looked for.
const SWEEP_MIN: usize = 1_024;

/// Shortest time between two looks once there is no room left.
const SWEEP_PAUSE: Duration = Duration::from_secs(1);

/// The key of the bucket that is shared.
const SHARED: u64 = 0;

/// Buckets that all hold `burst` tokens and gain one every `interval`. A full one takes no memory.
pub(super) struct Buckets {
    interval: Duration,
    burst: u32,
    hasher: RandomState,
    state: Mutex<State>,
}

struct State {
    /// When each bucket will be full again.
    full_at: HashMap<u64, Instant>,
    sweep_at: usize,
    swept: Option<Instant>,
}

impl Buckets {
    /// Buckets of `burst` tokens that gain `count` in each `period`; `None` where either is 0: no limit.
    pub(super) fn new(count: u32, period: Duration, burst: u32) -> Option<Self> {
        let interval = period.checked_div(count)?;
        let state = Mutex::new(State { full_at: HashMap::new(), sweep_at: SWEEP_MIN, swept: None });
        (burst > 0).then(|| Self { interval, burst, hasher: RandomState::new(), state })
    }

    /// The most tokens that are in a bucket.
    pub(super) fn burst(&self) -> u32 {
        self.burst
    }

    /// Takes `tokens` (at most a full bucket) from the bucket of `key`.
    ///
    /// # Errors
    ///
    /// If they are not there: how long it takes until they are. Nothing is taken then.
    pub(super) fn take(&self, key: &impl Hash, tokens: u32, now: Instant) -> Result<(), Duration> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let key = state.room_for(self.hasher.hash_one(key), now);
        let full_at = state.full_at.get(&key).map_or(now, |at| (*at).max(now)) + self.interval * tokens.min(self.burst);
        let wait = full_at.duration_since(now).saturating_sub(self.interval * self.burst);
        if !wait.is_zero() {
            return Err(wait);
        }
        state.full_at.insert(key, full_at);
        Ok(())
    }
}

impl State {
    /// `key` if there is room for its bucket, after dropping full ones where there are many.
    fn room_for(&mut self, key: u64, now: Instant) -> u64 {
        if self.full_at.len() < self.sweep_at || self.full_at.contains_key(&key) {
            return key;
        }
        if self.swept.is_none_or(|swept| self.sweep_at < BUCKETS_MAX || now.duration_since(swept) >= SWEEP_PAUSE) {
            self.full_at.retain(|_, full_at| *full_at > now);
            self.sweep_at = (self.full_at.len() * 2).clamp(SWEEP_MIN, BUCKETS_MAX);
            self.swept = Some(now);
        }
        if self.full_at.len() < BUCKETS_MAX { key } else { SHARED }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_passes_and_then_what_the_rate_allows() {
        let buckets = Buckets::new(10, SECOND, 5).unwrap();
        let began = Instant::now();
        for _ in 0..5 {
            assert_eq!(buckets.take(&"a", 1, began), Ok(()));
        }
        assert_eq!(buckets.take(&"a", 1, began), Err(SECOND / 10));
        assert_eq!(buckets.take(&"a", 3, began), Err(SECOND * 3 / 10));
        assert_eq!(buckets.take(&"b", 5, began), Ok(()), "each has a bucket of its own");
        let later = began + SECOND / 10;
        assert_eq!(buckets.take(&"a", 1, later), Ok(()));
        assert!(buckets.take(&"a", 1, later).is_err());
        assert_eq!(buckets.take(&"a", 5, later + SECOND), Ok(()), "it holds no more than a burst");
        assert!(buckets.take(&"a", 1, later + SECOND).is_err());
    }

    #[test]
    fn what_weighs_more_than_a_burst_passes_when_the_bucket_is_full() {
        let buckets = Buckets::new(10, SECOND, 5).unwrap();
        let began = Instant::now();
        assert_eq!(buckets.take(&"a", u32::MAX, began), Ok(()));
        assert_eq!(buckets.take(&"a", u32::MAX, began), Err(SECOND / 2));
    }

    #[test]
    fn zero_is_no_limit() {
        assert!(Buckets::new(0, SECOND, 5).is_none() && Buckets::new(5, SECOND, 0).is_none());
    }

    #[test]
    fn full_buckets_are_forgotten_and_the_others_are_bounded() {
        let buckets = Buckets::new(1, SECOND, 1).unwrap();
        let began = Instant::now();
        let count = |buckets: &Buckets| buckets.state.lock().unwrap().full_at.len();
        for key in 0..3 * BUCKETS_MAX {
            let _ = buckets.take(&key, 1, began);
        }
        assert!((BUCKETS_MAX..=BUCKETS_MAX + 1).contains(&count(&buckets)), "{}", count(&buckets));
        assert!(buckets.take(&"stranger", 1, began).is_err(), "strangers share a bucket, which is empty");
        assert_eq!(buckets.take(&"stranger", 1, began + SECOND), Ok(()));
        assert_eq!(count(&buckets), 1);
    }
}

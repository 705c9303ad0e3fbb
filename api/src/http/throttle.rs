//! Who has to wait: operations by caller, and attempts to sign in by address and by name.

use std::{net::IpAddr, time::Duration};

use async_graphql::ServerError;
use tokio::time::Instant;

use super::{error::rate_limited, guard::Attempt, limits::Limits, rate::Buckets};

/// How much cost weighs as much as one operation.
const COST_UNIT: usize = 500;

/// Counts operations and attempts; attempts are limited apart, and much harder.
pub(super) struct Throttle {
    operations: Option<Buckets>,
    attempts: Option<Buckets>,
}

/// Whose operations are counted together: an identity that was proved, otherwise an address.
#[derive(Clone, Hash)]
pub(super) enum Payer {
    Identity(String),
    Address(Option<IpAddr>),
}

/// Whose attempts are counted together.
#[derive(Hash)]
enum Suspect<'a> {
    Address(Option<IpAddr>),
    /// Whom the attempts are about; the caller, where they do not say.
    Subject(&'a Attempt, Option<&'a Payer>),
}

impl Throttle {
    pub(super) fn new(limits: &Limits) -> Self {
        let minute = Duration::from_secs(60);
        Self {
            operations: Buckets::new(limits.rate, Duration::from_secs(1), limits.rate_burst),
            attempts: Buckets::new(limits.attempts, minute, limits.attempts),
        }
    }

    /// Counts an operation before anything is known of it, hostile ones too.
    ///
    /// # Errors
    ///
    /// `RATE_LIMITED`.
    pub(super) fn count_operation(&self, payer: &Payer) -> Result<(), ServerError> {
        take(self.operations.as_ref(), payer, 1)
    }

    /// Counts what an operation weighs beyond the lightest; at most what a rested caller has left.
    ///
    /// # Errors
    ///
    /// `RATE_LIMITED`.
    pub(super) fn count_cost(&self, payer: &Payer, cost: usize) -> Result<(), ServerError> {
        let left = self.operations.as_ref().map_or(0, |operations| operations.burst() - 1);
        match u32::try_from(cost / COST_UNIT).unwrap_or(u32::MAX).min(left) {
            0 => Ok(()),
            more => take(self.operations.as_ref(), payer, more),
        }
    }

    /// Counts attempts on secrets, of an address and of each whom they are about.
    ///
    /// # Errors
    ///
    /// `RATE_LIMITED`.
    pub(super) fn count_attempts(
        &self,
        address: Option<IpAddr>,
        payer: &Payer,
        attempts: &[Attempt],
    ) -> Result<(), ServerError> {
        for attempt in attempts {
            take(self.attempts.as_ref(), &Suspect::Address(address), 1)?;
            let caller = (!attempt.has_subject()).then_some(payer);
            take(self.attempts.as_ref(), &Suspect::Subject(attempt, caller), 1)?;
        }
        Ok(())
    }
}

fn take(buckets: Option<&Buckets>, key: &impl std::hash::Hash, tokens: u32) -> Result<(), ServerError> {
    let Some(buckets) = buckets else { return Ok(()) };
    buckets.take(key, tokens, Instant::now()).map_err(rate_limited)
}

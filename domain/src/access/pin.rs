//! PINs: what staff enters at a point of sale, where nobody types a password.

use std::fmt;

use async_trait::async_trait;
use chrono::TimeDelta;

use super::PasswordHash;
use crate::{clock::Timestamp, ids::StaffId, storage::StorageError};

/// A PIN in the clear that can be; only its hash is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

/// A PIN that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Too short, too long, or not digits.
    #[error("a PIN has {min} to {max} digits")]
    Digits {
        /// The fewest digits.
        min: usize,
        /// The most digits.
        max: usize,
    },
    /// Among the first that anybody tries.
    #[error("a PIN is neither one digit again and again nor digits in a row")]
    TooSimple,
}

impl Pin {
    /// The fewest digits (NIST SP 800-63B, 3.1.1.2: where chance chooses them; here a person does, and attempts are few).
    pub const LENGTH_MIN: usize = 6;
    /// The most digits.
    pub const LENGTH_MAX: usize = 12;

    /// Checks a new PIN.
    ///
    /// # Errors
    /// [`PinError`].
    pub fn parse(text: String) -> Result<Self, PinError> {
        let (min, max) = (Self::LENGTH_MIN, Self::LENGTH_MAX);
        if !(min..=max).contains(&text.len()) || !text.bytes().all(|it| it.is_ascii_digit()) {
            return Err(PinError::Digits { min, max });
        }
        let steps = || text.bytes().zip(text.bytes().skip(1)).map(|(a, b)| i16::from(b) - i16::from(a));
        if [-1, 0, 1].into_iter().any(|step| steps().all(|it| it == step)) {
            return Err(PinError::TooSimple);
        }
        Ok(Self(text))
    }

    /// Shows the text; never to a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// The PIN of a member of staff, and the attempts on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffPin {
    /// Whose.
    pub staff_id: StaffId,
    /// What it is checked against.
    pub hash: PasswordHash,
    /// How many attempts failed, one after the other; those that are being checked count.
    pub failures: u32,
    /// Until when no attempt is made.
    pub locked_until: Option<Timestamp>,
    /// When it was set.
    pub set_at: Timestamp,
}

impl StaffPin {
    /// How many attempts in a row may fail.
    pub const FAILURES_MAX: u32 = 5;
    /// How long nobody can try after that.
    pub const LOCKOUT: TimeDelta = TimeDelta::minutes(15);

    /// Counts an attempt before it is checked, so that of many at once no more are checked than may be.
    ///
    /// # Errors
    /// Until when none is made.
    pub fn attempt(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        match self.locked_until {
            Some(until) if now < until => return Err(until),
            Some(_) => self.failures = 0,
            None => {}
        }
        self.failures += 1;
        self.locked_until = (Self::FAILURES_MAX <= self.failures).then(|| now + Self::LOCKOUT);
        Ok(())
    }

    /// Forgets the attempts: this one was right.
    pub fn succeeded(&mut self) {
        self.failures = 0;
        self.locked_until = None;
    }
}

/// PINs, to be changed.
#[async_trait]
pub trait PinRepository: Send + Sync {
    /// The PIN of a member of staff; nobody else changes it until the unit of work ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn find(&self, id: StaffId) -> Result<Option<StaffPin>, StorageError>;

    /// Stores a PIN in the place of the one before.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save(&self, pin: &StaffPin) -> Result<(), StorageError>;
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::ids::Id;

    fn at(minutes: i64) -> Timestamp {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    #[test]
    fn a_pin_has_digits_that_are_not_the_first_to_be_tried() {
        for text in ["314159", "112233", "123457", "987653", "000001", "314159265358"] {
            assert_eq!(Pin::parse(text.to_owned()).map(|it| it.expose().to_owned()).as_deref(), Ok(text));
        }
        let digits = Err(PinError::Digits { min: 6, max: 12 });
        for text in ["", "31415", "3141592653589", "31415a", "３１４１５９", "-31415", "314 59"] {
            assert_eq!(Pin::parse(text.to_owned()), digits, "{text}");
        }
        for text in ["000000", "99999999", "123456", "876543", "0123456789"] {
            assert_eq!(Pin::parse(text.to_owned()), Err(PinError::TooSimple), "{text}");
        }
    }

    #[test]
    fn five_failures_in_a_row_lock_it_for_a_quarter_of_an_hour() {
        let staff_id = StaffId::from_uuid(Uuid::nil());
        let hash = PasswordHash::new(String::new());
        let mut pin = StaffPin { staff_id, hash, failures: 0, locked_until: None, set_at: at(0) };
        for _ in 0..4 {
            assert_eq!(pin.attempt(at(0)), Ok(()));
        }
        pin.succeeded();
        for _ in 0..5 {
            assert_eq!(pin.attempt(at(1)), Ok(()), "what was right begins anew");
        }
        assert_eq!([at(1), at(15)].map(|now| pin.attempt(now)), [Err(at(16)); 2]);
        for _ in 0..5 {
            assert_eq!(pin.attempt(at(16)), Ok(()));
        }
        assert_eq!(pin.attempt(at(16)), Err(at(31)));
    }
}

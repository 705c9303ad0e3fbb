//! Sign-ins: somebody who signed in somewhere, until they sign out or are away for too long.

use std::fmt;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{AccessToken, RefreshToken, step_up::STEP_UP_LIFETIME};
use crate::{
    clock::Timestamp,
    event::{DomainEvent, EventKind, Topic},
    ids::{CustomerId, DeviceId, IdSource, SignInId, StaffId},
    storage::StorageError,
};

/// Who signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Subject {
    /// A customer.
    Customer(CustomerId),
    /// A member of staff.
    Staff(StaffId),
}

impl Subject {
    /// How long an access token is good for. It is looked up with each request, so that this bounds only what third parties
    /// believe who check tokens by themselves.
    #[must_use]
    pub fn access_lifetime(self) -> TimeDelta {
        match self {
            Self::Customer(_) => TimeDelta::minutes(15),
            Self::Staff(_) => TimeDelta::hours(1),
        }
    }

    /// How long one may be away and go on without a password or PIN: on a device that many use, not for long.
    #[must_use]
    pub fn idle_max(self, device: Option<DeviceId>) -> TimeDelta {
        match (self, device) {
            (Self::Customer(_), None) => TimeDelta::days(30),
            (Self::Customer(_), Some(_)) => TimeDelta::minutes(30),
            (Self::Staff(_), None) => TimeDelta::hours(12),
            (Self::Staff(_), Some(_)) => STEP_UP_LIFETIME,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(id) => id.fmt(f),
            Self::Staff(id) => id.fmt(f),
        }
    }
}

/// Why a sign-in has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SignInEnd {
    /// They signed out.
    SignedOut,
    /// A refresh token came a second time: somebody else has a copy of it.
    TokenReused,
    /// The password changed, elsewhere.
    PasswordChanged,
    /// The device was revoked on which they signed in or stepped up.
    DeviceRevoked,
    /// The session ended of the device on which they signed in.
    DeviceSessionEnded,
}

/// Somebody who signed in, with the chain of refresh tokens that began there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Its id.
    pub id: SignInId,
    /// Who.
    pub subject: Subject,
    /// The device on which a customer signed in, whose session ends it, or staff stepped up, whose tokens are not refreshed.
    /// Its tokens are good there alone.
    pub device_id: Option<DeviceId>,
    /// Which token of the chain comes next: it grows by one with each that was used.
    pub generation: u32,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it ends by itself, unless it is refreshed before.
    pub expires_at: Timestamp,
    /// Why it has ended, if it has.
    pub end: Option<SignInEnd>,
}

/// The refresh token opens nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RefreshRefusal {
    /// It has ended or expired.
    Over,
    /// The token was used before. The sign-in has ended by this; it is to be stored.
    Reused,
}

impl SignIn {
    /// A new one, on a device that staff enrolled or on one of their own.
    #[must_use]
    pub fn begin(subject: Subject, device_id: Option<DeviceId>, now: Timestamp, ids: &dyn IdSource) -> Self {
        Self {
            id: SignInId::new(ids),
            subject,
            device_id,
            generation: 1,
            created_at: now,
            expires_at: now + subject.idle_max(device_id),
            end: None,
        }
    }

    /// Whether it goes on.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.end.is_none() && now < self.expires_at
    }

    /// Uses up the refresh token of `generation`.
    ///
    /// A token that was used before ends the whole chain: of two who hold copies, one is a thief, and nobody can tell which
    /// (RFC 9700, 4.14.2).
    pub(super) fn refresh(&mut self, generation: u32, now: Timestamp) -> Result<(), RefreshRefusal> {
        let is_step_up = matches!((self.subject, self.device_id), (Subject::Staff(_), Some(_)));
        if !self.is_live(now) || is_step_up || self.generation < generation {
            return Err(RefreshRefusal::Over);
        }
        if generation < self.generation {
            self.end = Some(SignInEnd::TokenReused);
            return Err(RefreshRefusal::Reused);
        }
        self.generation += 1;
        self.expires_at = now + self.subject.idle_max(self.device_id);
        Ok(())
    }

    /// Tells those who listen that it has ended: open sockets close by it.
    pub(crate) fn ended_event(id: SignInId, now: Timestamp) -> DomainEvent {
        DomainEvent { topic: Topic::SignIn(id), kind: EventKind::SignInEnded, sequence: 1, occurred_at: now }
    }
}

/// What one who signed in goes on with.
#[derive(Debug, Clone)]
pub struct SignInTokens {
    /// Where they signed in.
    pub sign_in: SignInId,
    /// Goes into the `Authorization` header.
    pub access: AccessToken,
    /// When the access token ends.
    pub access_expires_at: Timestamp,
    /// Gives new tokens, once.
    pub refresh: RefreshToken,
    /// When the refresh token ends.
    pub refresh_expires_at: Timestamp,
}

/// One who just signed in.
#[derive(Debug, Clone)]
pub struct SignedIn<T> {
    /// Who.
    pub who: T,
    /// What they go on with.
    pub tokens: SignInTokens,
}

/// Sign-ins, to be changed.
#[async_trait]
pub trait SignInRepository: Send + Sync {
    /// The sign-in; nobody else changes it until the unit of work ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn find(&self, id: SignInId) -> Result<Option<SignIn>, StorageError>;

    /// Stores a new one.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn insert(&self, sign_in: &SignIn) -> Result<(), StorageError>;

    /// Stores a changed one.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save(&self, sign_in: &SignIn) -> Result<(), StorageError>;

    /// Ends all of `subject` that have not ended, but `except`; which they were.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn end_all(
        &self,
        subject: Subject,
        except: Option<SignInId>,
        end: SignInEnd,
    ) -> Result<Vec<SignInId>, StorageError>;

    /// Ends all on a device: of customers who signed in and of staff who stepped up there. Which they were.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn end_all_on(&self, device: DeviceId, end: SignInEnd) -> Result<Vec<SignInId>, StorageError>;

    /// Ends those of customers on a device; which they were.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn end_customers_on(&self, device: DeviceId, end: SignInEnd) -> Result<Vec<SignInId>, StorageError>;

    /// Forgets those that expired before `moment`; how many there were.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn forget_expired(&self, moment: Timestamp) -> Result<u64, StorageError>;
}

/// Reads sign-ins.
#[async_trait]
pub trait SignInQueries: Send + Sync {
    /// By id.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn sign_in(&self, id: SignInId) -> Result<Option<SignIn>, StorageError>;
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::ids::Id;

    struct Nil;

    impl IdSource for Nil {
        fn uuid(&self) -> Uuid {
            Uuid::nil()
        }
    }

    fn begin_on(device: Option<DeviceId>) -> SignIn {
        SignIn::begin(Subject::Customer(CustomerId::from_uuid(Uuid::nil())), device, DateTime::UNIX_EPOCH, &Nil)
    }

    fn sign_in() -> SignIn {
        begin_on(None)
    }

    fn day(n: i64) -> Timestamp {
        DateTime::UNIX_EPOCH + TimeDelta::days(n)
    }

    #[test]
    fn each_token_of_the_chain_is_used_once_and_prolongs_it() {
        let mut it = sign_in();
        assert_eq!(it.refresh(1, day(29)), Ok(()));
        assert_eq!(it.refresh(2, day(58)), Ok(()));
        assert_eq!((it.generation, it.expires_at), (3, day(88)));
    }

    #[test]
    fn a_token_that_was_used_ends_the_chain_for_everybody() {
        let mut it = sign_in();
        it.refresh(1, day(1)).unwrap();
        it.refresh(2, day(2)).unwrap();
        assert_eq!(it.refresh(1, day(3)), Err(RefreshRefusal::Reused));
        assert_eq!(it.end, Some(SignInEnd::TokenReused));
        assert_eq!(it.refresh(3, day(3)), Err(RefreshRefusal::Over), "the newest one too");
    }

    #[test]
    fn who_is_away_too_long_or_comes_from_the_future_is_refused() {
        let mut it = sign_in();
        assert_eq!(it.refresh(1, day(30)), Err(RefreshRefusal::Over));
        assert_eq!(it.refresh(2, day(1)), Err(RefreshRefusal::Over));
        assert_eq!(it, sign_in(), "nothing has changed by it");
    }

    #[test]
    fn who_leaves_a_device_is_signed_out_there_within_half_an_hour() {
        let minute = |n| DateTime::UNIX_EPOCH + TimeDelta::minutes(n);
        let device = Some(DeviceId::from_uuid(Uuid::nil()));
        let mut it = begin_on(device);
        assert_eq!(it.refresh(1, minute(29)), Ok(()));
        assert_eq!([it.is_live(minute(58)), it.is_live(minute(59))], [true, false]);
        let staff = Subject::Staff(StaffId::from_uuid(Uuid::nil()));
        let mut it = SignIn::begin(staff, device, minute(0), &Nil);
        assert_eq!([it.is_live(minute(9)), it.is_live(minute(10))], [true, false]);
        assert_eq!(it.refresh(1, minute(1)), Err(RefreshRefusal::Over), "staff enters the PIN again");
    }
}

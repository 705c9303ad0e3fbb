//! Devices: kiosks and points of sale that staff enrolled.

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{AccessError, SecretHash};
use crate::{
    clock::Timestamp,
    codes::ChannelCode,
    event::{DomainEvent, EventKind, Topic},
    ids::{DeviceId, LocationId},
    page::{Page, PageRequest},
    settings::Settings,
    storage::StorageError,
};

/// How far a device got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceState {
    /// It waits for its code to be entered.
    Pending,
    /// It was enrolled, and its token opens what devices may do.
    Active,
    /// Its code was not entered in time.
    Expired,
    /// Its token opens nothing any more.
    Revoked,
}

/// A kiosk or a point of sale. It stands where its channel does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// What staff calls it.
    pub name: String,
    /// The channel it sells in; that never changes.
    pub channel: ChannelCode,
    /// When its staff was told the code.
    pub created_at: Timestamp,
    /// Until when the code can be entered.
    pub code_expires_at: Timestamp,
    /// When the code was entered.
    pub enrolled_at: Option<Timestamp>,
    /// When it was last heard of, to [a minute](Self::SEEN_INTERVAL).
    pub last_seen_at: Option<Timestamp>,
    /// When staff took its token away.
    pub revoked_at: Option<Timestamp>,
    /// When the session of somebody who stood there ended last.
    pub session_ended_at: Option<Timestamp>,
}

impl Device {
    /// How long an enrolment code is good for.
    pub const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(10);
    /// How often it is written down that a device was heard of.
    pub const SEEN_INTERVAL: TimeDelta = TimeDelta::minutes(1);
    /// The most characters of a name.
    pub const NAME_LENGTH_MAX: usize = 120;

    /// How far it got.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> DeviceState {
        match (self.revoked_at, self.enrolled_at) {
            (Some(_), _) => DeviceState::Revoked,
            (None, Some(_)) => DeviceState::Active,
            (None, None) if now < self.code_expires_at => DeviceState::Pending,
            (None, None) => DeviceState::Expired,
        }
    }

    /// Whether who began something on it at `moment` stands there still, as far as anybody said.
    #[must_use]
    pub fn is_same_session(&self, moment: Timestamp) -> bool {
        self.revoked_at.is_none() && self.session_ended_at.is_none_or(|it| it < moment)
    }

    /// Whether its being heard of has to be written down again.
    #[must_use]
    pub fn is_seen_long_ago(&self, now: Timestamp) -> bool {
        self.last_seen_at.is_none_or(|it| it + Self::SEEN_INTERVAL <= now)
    }

    /// Where it stands, while its token opens anything: that is over once it is revoked, or its channel stands in no store.
    #[must_use]
    pub fn place(&self, settings: &Settings, now: Timestamp) -> Option<DevicePlace> {
        let channel = settings.channel(self.channel.as_str()).filter(|_| self.state(now) == DeviceState::Active)?;
        Some(DevicePlace { id: self.id, channel: self.channel.clone(), location_id: channel.location_id? })
    }

    /// Tells those who listen that its token opens nothing any more: open sockets close by it.
    pub(super) fn revoked_event(id: DeviceId, now: Timestamp) -> DomainEvent {
        DomainEvent { topic: Topic::Device(id), kind: EventKind::DeviceRevoked, sequence: 1, occurred_at: now }
    }
}

/// A device that acts, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevicePlace {
    /// Which.
    pub id: DeviceId,
    /// The channel it sells in.
    pub channel: ChannelCode,
    /// The store that the channel stands in.
    pub location_id: LocationId,
}

/// Why a command about devices was refused.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// No such device.
    #[error("there is no such device")]
    NotFound,
    /// Nothing to call it by, too much, or control characters.
    #[error("a name has 1 to {max} characters, and no control characters")]
    InvalidName {
        /// The most characters.
        max: usize,
    },
    /// No such channel, or none that stands in a store.
    #[error("there is no kiosk or point of sale `{code}`")]
    UnknownChannel {
        /// The code that was given.
        code: ChannelCode,
    },
    /// None of ours, used before, or expired; which, is not said.
    #[error("the code is wrong, was used, or has expired")]
    InvalidCode,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The place of a device in the list: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCursor {
    /// When it was created.
    pub created_at: Timestamp,
    /// Which of those that were then.
    pub id: DeviceId,
}

impl DeviceCursor {
    /// The place of `device`.
    #[must_use]
    pub fn of(device: &Device) -> Self {
        Self { created_at: device.created_at, id: device.id }
    }
}

/// Devices, to be changed. Of codes and tokens, only digests are stored.
#[async_trait]
pub trait DeviceRepository: Send + Sync {
    /// Stores a new device that waits for its code.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where another one waits for the same code.
    async fn insert(&self, device: &Device, code: &SecretHash) -> Result<(), StorageError>;

    /// Uses up a code that has not expired: its device has this token from now on. `None`: no device waits for it.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn enrol(
        &self,
        code: &SecretHash,
        token: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<Device>, StorageError>;

    /// Takes code and token away; the device as it is then, and whether it was not revoked before. `None`: no such device.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn revoke(&self, id: DeviceId, now: Timestamp) -> Result<Option<(Device, bool)>, StorageError>;

    /// The device; nobody ends its session or revokes it until the unit of work ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn lock(&self, id: DeviceId) -> Result<Option<Device>, StorageError>;

    /// Writes down that the session of who stood there has ended.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn end_session(&self, id: DeviceId, now: Timestamp) -> Result<(), StorageError>;

    /// Writes down that the device was heard of.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn seen(&self, id: DeviceId, now: Timestamp) -> Result<(), StorageError>;

    /// Forgets devices whose code expired before `moment`, with nobody having entered it; how many there were.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn forget_expired(&self, moment: Timestamp) -> Result<u64, StorageError>;
}

/// Reads devices.
#[async_trait]
pub trait DeviceQueries: Send + Sync {
    /// By id.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn device(&self, id: DeviceId) -> Result<Option<Device>, StorageError>;

    /// The device that has this token.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn device_by_token(&self, token: &SecretHash) -> Result<Option<Device>, StorageError>;

    /// A page of devices, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn devices(&self, page: &PageRequest<DeviceCursor>) -> Result<Page<Device>, StorageError>;
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::ids::Id;

    fn at(seconds: i64) -> Timestamp {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn device() -> Device {
        Device {
            id: DeviceId::from_uuid(Uuid::nil()),
            name: "Entrance".to_owned(),
            channel: "kiosk".parse().unwrap(),
            created_at: at(0),
            code_expires_at: at(0) + Device::CODE_LIFETIME,
            enrolled_at: None,
            last_seen_at: None,
            revoked_at: None,
            session_ended_at: None,
        }
    }

    #[test]
    fn a_device_waits_for_its_code_then_works_until_it_is_revoked() {
        let mut it = device();
        assert_eq!([it.state(at(599)), it.state(at(600))], [DeviceState::Pending, DeviceState::Expired]);
        it.enrolled_at = Some(at(300));
        assert_eq!([it.state(at(300)), it.state(at(1_000_000))], [DeviceState::Active; 2]);
        it.revoked_at = Some(at(400));
        assert_eq!(it.state(at(400)), DeviceState::Revoked);
    }

    #[test]
    fn who_began_before_a_session_ended_is_gone() {
        let mut it = device();
        assert!(it.is_same_session(at(0)));
        it.session_ended_at = Some(at(100));
        assert_eq!([at(99), at(100), at(101)].map(|moment| it.is_same_session(moment)), [false, false, true]);
        it.revoked_at = Some(at(200));
        assert!(!it.is_same_session(at(300)));
    }

    #[test]
    fn that_it_was_heard_of_is_written_down_once_a_minute() {
        let mut it = device();
        assert!(it.is_seen_long_ago(at(0)));
        it.last_seen_at = Some(at(100));
        assert_eq!([at(100), at(159), at(160)].map(|now| it.is_seen_long_ago(now)), [false, false, true]);
    }
}

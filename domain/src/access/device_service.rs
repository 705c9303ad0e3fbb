//! The use cases of devices: enrol, revoke, and say who they are.

use std::sync::Arc;

use super::{
    AccessError, Actor, Device, DeviceCursor, DeviceError, DevicePlace, DeviceQueries, DeviceState, DeviceToken,
    OneTimeCode, Permission, SignInEnd, TokenError, Tokens, sign_in_service::tell_ended,
};
use crate::{
    cart::release_carts_of,
    clock::{Clock, Timestamp},
    codes::ChannelCode,
    ids::{DeviceId, IdSource},
    page::{Page, PageRequest},
    settings::SettingsCache,
    storage::{Storage, StorageError},
};

/// A device that waits for its code.
#[derive(Debug, Clone)]
pub struct DeviceEnrolment {
    /// The device.
    pub device: Device,
    /// What to enter on it; told once.
    pub code: OneTimeCode,
}

/// The use cases of devices.
pub struct DeviceService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) queries: Arc<dyn DeviceQueries>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
}

impl DeviceService {
    /// Gives a code by which one device can be enrolled, for [a while](Device::CODE_LIFETIME).
    ///
    /// # Errors
    /// [`DeviceError`]: no permission, no name, or no channel that stands in a store.
    pub async fn create_enrolment(
        &self,
        actor: &Actor,
        name: &str,
        channel: &str,
    ) -> Result<DeviceEnrolment, DeviceError> {
        actor.require(Permission::ManageDevices)?;
        let (name, max) = (name.trim(), Device::NAME_LENGTH_MAX);
        if !(1..=max).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(DeviceError::InvalidName { max });
        }
        let settings = self.settings.latest().await?;
        let unknown = || ChannelCode::try_from(channel.to_owned()).map(|code| DeviceError::UnknownChannel { code });
        let found = settings.channel(channel).filter(|it| it.kind.is_in_store());
        let Some(found) = found else {
            return Err(unknown().unwrap_or(DeviceError::NotFound));
        };
        let now = self.clock.now();
        let device = Device {
            id: DeviceId::new(&*self.ids),
            name: name.to_owned(),
            channel: found.code.clone(),
            created_at: now,
            code_expires_at: now + Device::CODE_LIFETIME,
            enrolled_at: None,
            last_seen_at: None,
            revoked_at: None,
            session_ended_at: None,
        };
        let code = self.tokens.new_code();
        let uow = self.storage.begin().await?;
        uow.devices().insert(&device, &self.tokens.hash_code(&code)).await?;
        uow.commit().await?;
        Ok(DeviceEnrolment { device, code })
    }

    /// Enrols the device that waits for `code`, which is used up; its token is told once.
    ///
    /// # Errors
    /// [`DeviceError::InvalidCode`].
    pub async fn enrol(&self, _actor: &Actor, code: &OneTimeCode) -> Result<(Device, DeviceToken), DeviceError> {
        let token = self.tokens.new_device_token();
        let hashes = (self.tokens.hash_code(code), self.tokens.hash_device_token(&token));
        let uow = self.storage.begin().await?;
        let enrolled = uow.devices().enrol(&hashes.0, &hashes.1, self.clock.now()).await?;
        let device = enrolled.ok_or(DeviceError::InvalidCode)?;
        uow.commit().await?;
        Ok((device, token))
    }

    /// Takes a device's token away, ends what customers and staff do on it, and lets go of its carts. A device that is revoked
    /// already stays as it is.
    ///
    /// # Errors
    /// [`DeviceError`]: no permission, or no such device.
    pub async fn revoke(&self, actor: &Actor, id: DeviceId) -> Result<Device, DeviceError> {
        actor.require(Permission::ManageDevices)?;
        let now = self.clock.now();
        let uow = self.storage.begin().await?;
        let (device, is_news) = uow.devices().revoke(id, now).await?.ok_or(DeviceError::NotFound)?;
        if is_news {
            let ended = uow.sign_ins().end_all_on(id, SignInEnd::DeviceRevoked).await?;
            uow.handoffs().void_on(id).await?;
            uow.outbox().append(&[Device::revoked_event(id, now)]).await?;
            tell_ended(&*uow, ended, now).await?;
        }
        uow.commit().await?;
        release_carts_of(&*self.storage, &*self.tokens, id, now).await?;
        Ok(device)
    }

    /// Signs out the customers who signed in on the device, voids the codes that it shows, and lets go of all carts that it holds,
    /// alone or with others: neither they nor their secrets open there any more, and what they say of a person is removed where
    /// nobody else holds them. How many carts they were.
    ///
    /// # Errors
    /// [`AccessError::DevicesOnly`].
    pub async fn end_session(&self, actor: &Actor) -> Result<u32, DeviceError> {
        let (id, now) = (actor.require_device()?, self.clock.now());
        let uow = self.storage.begin().await?;
        // First of all: who signs in meanwhile waits for it, and is told.
        uow.devices().end_session(id, now).await?;
        let ended = uow.sign_ins().end_customers_on(id, SignInEnd::DeviceSessionEnded).await?;
        uow.handoffs().void_on(id).await?;
        tell_ended(&*uow, ended, now).await?;
        uow.commit().await?;
        Ok(release_carts_of(&*self.storage, &*self.tokens, id, now).await?)
    }

    /// A page of all devices, newest first.
    ///
    /// # Errors
    /// [`DeviceError`]: no permission.
    pub async fn list(&self, actor: &Actor, page: &PageRequest<DeviceCursor>) -> Result<Page<Device>, DeviceError> {
        actor.require(Permission::ManageDevices)?;
        Ok(self.queries.devices(page).await?)
    }

    /// The device that acts, or on which the actor does.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn own(&self, actor: &Actor) -> Result<Option<Device>, StorageError> {
        match actor.device() {
            Some(place) => self.queries.device(place.id).await,
            None => Ok(None),
        }
    }

    /// How far a device got, now.
    #[must_use]
    pub fn state_of(&self, device: &Device) -> DeviceState {
        device.state(self.clock.now())
    }

    /// Which device this token is of, and where it stands. That it was heard of is written down, once a minute at most.
    ///
    /// # Errors
    /// [`TokenError`] within for a token that is none, was revoked, or whose channel stands in no store any more; [`StorageError`] outside.
    pub async fn authenticate(&self, token: &DeviceToken) -> Result<Result<DevicePlace, TokenError>, StorageError> {
        let found = self.queries.device_by_token(&self.tokens.hash_device_token(token)).await?;
        let Some(device) = found else { return Ok(Err(TokenError)) };
        let now = self.clock.now();
        let place = device.place(&*self.settings.current().await?, now);
        if place.is_some() {
            self.see(&device, now).await;
        }
        Ok(place.ok_or(TokenError))
    }

    /// Whether the device's token opens anything; that it was heard of is written down.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn goes_on(&self, id: DeviceId) -> Result<bool, StorageError> {
        let now = self.clock.now();
        match self.queries.device(id).await? {
            Some(device) if device.state(now) == DeviceState::Active => {
                self.see(&device, now).await;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Forgets enrolments whose code nobody entered; how many.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn forget_expired(&self, _actor: &Actor) -> Result<u64, StorageError> {
        let uow = self.storage.begin().await?;
        let forgotten = uow.devices().forget_expired(self.clock.now() - KEPT_AFTER_EXPIRY).await?;
        uow.commit().await?;
        Ok(forgotten)
    }

    /// Writes down that a device was heard of. Where that fails, the next minute's will tell: nobody is refused for it.
    async fn see(&self, device: &Device, now: Timestamp) {
        if device.is_seen_long_ago(now) {
            let _ = self.write_seen(device.id, now).await;
        }
    }

    async fn write_seen(&self, id: DeviceId, now: Timestamp) -> Result<(), StorageError> {
        let uow = self.storage.begin().await?;
        uow.devices().seen(id, now).await?;
        uow.commit().await
    }
}

/// How long it can be seen that a code was not entered in time.
const KEPT_AFTER_EXPIRY: chrono::TimeDelta = chrono::TimeDelta::days(1);

impl Actor {
    /// Insists on a device itself.
    ///
    /// # Errors
    /// [`AccessError::Unauthenticated`] for one who came without credentials, [`AccessError::DevicesOnly`] for anybody else.
    pub fn require_device(&self) -> Result<DeviceId, AccessError> {
        match &self.principal {
            super::Principal::Device(place) => Ok(place.id),
            super::Principal::Anonymous => Err(AccessError::Unauthenticated),
            _ => Err(AccessError::DevicesOnly),
        }
    }
}

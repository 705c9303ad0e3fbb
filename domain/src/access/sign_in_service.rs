//! The use cases of whoever signed in: go on, sign out, and whom a token belongs to.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{
    AccessClaims, AccessError, AccessToken, Actor, DevicePlace, DeviceQueries, Principal, RefreshToken, SignIn,
    SignInEnd, SignInError, SignInQueries, SignInTokens, StaffQueries, Subject, TokenError, Tokens, at_the_counter,
    sign_in::RefreshRefusal,
};
use crate::{
    clock::{Clock, Timestamp},
    event::DomainEvent,
    ids::{DeviceId, SignInId},
    settings::SettingsCache,
    storage::{Storage, StorageError, UnitOfWork},
};

/// How long the past of expired sign-ins is kept.
const KEPT_AFTER_EXPIRY: TimeDelta = TimeDelta::days(30);

/// The use cases of sign-ins.
pub struct SignInService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) queries: Arc<dyn SignInQueries>,
    pub(crate) staff: Arc<dyn StaffQueries>,
    pub(crate) devices: Arc<dyn DeviceQueries>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl SignInService {
    /// New tokens for a refresh token, which is used up by this.
    ///
    /// # Errors
    /// [`SignInError::InvalidRefreshToken`] for one that is none, was used, has expired or was signed out. One that was used
    /// before ends the sign-in with all its tokens.
    pub async fn refresh(&self, _actor: &Actor, token: &RefreshToken) -> Result<SignInTokens, SignInError> {
        let (id, generation) = self.tokens.read_refresh_token(token).ok_or(SignInError::InvalidRefreshToken)?;
        let now = self.clock.now();
        let uow = self.storage.begin().await?;
        let mut sign_in = uow.sign_ins().find(id).await?.ok_or(SignInError::InvalidRefreshToken)?;
        let refreshed = sign_in.refresh(generation, now);
        if refreshed == Err(RefreshRefusal::Over) {
            return Err(SignInError::InvalidRefreshToken);
        }
        uow.sign_ins().save(&sign_in).await?;
        if refreshed == Err(RefreshRefusal::Reused) {
            uow.outbox().append(&[SignIn::ended_event(id, now)]).await?;
        }
        uow.commit().await?;
        refreshed.map_err(|_| SignInError::InvalidRefreshToken)?;
        Ok(tokens_of(&*self.tokens, &sign_in, sign_in.subject.access_lifetime(), now)?)
    }

    /// Signs out: the access and refresh tokens of this sign-in, or of all, open nothing any more.
    ///
    /// # Errors
    /// [`AccessError::Unauthenticated`] for one who has not signed in.
    pub async fn end(&self, actor: &Actor, everywhere: bool) -> Result<(), SignInError> {
        let (subject, id) = actor.signed_in().ok_or(AccessError::Unauthenticated)?;
        let now = self.clock.now();
        let uow = self.storage.begin().await?;
        if everywhere {
            end_all(&*uow, subject, None, SignInEnd::SignedOut, now).await?;
        } else if let Some(mut sign_in) = uow.sign_ins().find(id).await?.filter(|it| it.end.is_none()) {
            sign_in.end = Some(SignInEnd::SignedOut);
            uow.sign_ins().save(&sign_in).await?;
            uow.outbox().append(&[SignIn::ended_event(id, now)]).await?;
        }
        uow.commit().await?;
        Ok(())
    }

    /// Whose token this is, with the permissions they have now, and when it ends.
    ///
    /// # Errors
    /// [`TokenError`] within for a token that is not valid or was signed out, [`StorageError`] outside.
    pub async fn authenticate(
        &self,
        token: &AccessToken,
    ) -> Result<Result<(Principal, Timestamp), TokenError>, StorageError> {
        let now = self.clock.now();
        let Ok(claims) = self.tokens.read_access_token(token, now) else {
            return Ok(Err(TokenError));
        };
        let Some(found) = self.queries.sign_in(claims.sign_in).await?.filter(|it| it.is_live(now)) else {
            return Ok(Err(TokenError));
        };
        let (sign_in, device) = match found.device_id {
            None => (found.id, None),
            Some(device) => match self.place_of(device, now).await? {
                Some(place) => (found.id, Some(place)),
                None => return Ok(Err(TokenError)),
            },
        };
        let principal = match claims.subject {
            Subject::Customer(id) => Some(Principal::Customer { id, sign_in, device }),
            Subject::Staff(id) => self.staff.staff(id).await?.map(|it| {
                let permissions = if device.is_some() { at_the_counter(&it.permissions) } else { it.permissions };
                Principal::Staff { id, permissions, sign_in, device }
            }),
        };
        Ok(principal.map(|it| (it, claims.expires_at)).ok_or(TokenError))
    }

    /// Where a device stands on which somebody signed in; `None` where it was revoked.
    async fn place_of(&self, id: DeviceId, now: Timestamp) -> Result<Option<DevicePlace>, StorageError> {
        let (device, settings) = (self.devices.device(id).await?, self.settings.current().await?);
        Ok(device.and_then(|it| it.place(&settings, now)))
    }

    /// Whether the sign-in has neither ended nor expired.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn goes_on(&self, id: SignInId) -> Result<bool, StorageError> {
        let now = self.clock.now();
        Ok(self.queries.sign_in(id).await?.is_some_and(|it| it.is_live(now)))
    }

    /// Forgets sign-ins that expired long ago; how many.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn forget_expired(&self, _actor: &Actor) -> Result<u64, StorageError> {
        let uow = self.storage.begin().await?;
        let forgotten = uow.sign_ins().forget_expired(self.clock.now() - KEPT_AFTER_EXPIRY).await?;
        uow.commit().await?;
        Ok(forgotten)
    }
}

/// Begins a sign-in within the transaction of `uow`; its first tokens.
pub(crate) async fn begin(
    uow: &dyn UnitOfWork,
    tokens: &dyn Tokens,
    sign_in: &SignIn,
    access_lifetime: TimeDelta,
) -> Result<SignInTokens, StorageError> {
    uow.sign_ins().insert(sign_in).await?;
    tokens_of(tokens, sign_in, access_lifetime, sign_in.created_at)
}

/// Ends all sign-ins of `subject` but `except`, within the transaction of `uow`.
pub(crate) async fn end_all(
    uow: &dyn UnitOfWork,
    subject: Subject,
    except: Option<SignInId>,
    end: SignInEnd,
    now: Timestamp,
) -> Result<(), StorageError> {
    tell_ended(uow, uow.sign_ins().end_all(subject, except, end).await?, now).await
}

/// Tells of sign-ins that have ended, within the transaction of `uow`.
pub(super) async fn tell_ended(uow: &dyn UnitOfWork, ended: Vec<SignInId>, now: Timestamp) -> Result<(), StorageError> {
    let events: Vec<DomainEvent> = ended.into_iter().map(|it| SignIn::ended_event(it, now)).collect();
    if events.is_empty() { Ok(()) } else { uow.outbox().append(&events).await }
}

fn tokens_of(
    tokens: &dyn Tokens,
    sign_in: &SignIn,
    access_lifetime: TimeDelta,
    now: Timestamp,
) -> Result<SignInTokens, StorageError> {
    let claims = AccessClaims { subject: sign_in.subject, sign_in: sign_in.id, expires_at: now + access_lifetime };
    let (access, access_expires_at) = tokens.access_token(&claims, now).map_err(StorageError::Unavailable)?;
    Ok(SignInTokens {
        sign_in: sign_in.id,
        access,
        access_expires_at,
        refresh: tokens.refresh_token(sign_in.id, sign_in.generation),
        refresh_expires_at: sign_in.expires_at,
    })
}

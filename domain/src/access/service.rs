//! The use cases of staff: create, and sign in.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{
    AccessToken, Actor, Email, Password, Passwords, Permission, Permissions, Principal, SignIn, SignedIn, Staff,
    StaffError, StaffQueries, Subject, Tokens, sign_in_service::begin,
};
use crate::{
    clock::{Clock, Timestamp},
    ids::{IdSource, StaffId},
    promotion::ManualLimit,
    settings::SettingsCache,
    storage::{Storage, StorageError},
};

/// How long a token for the terminal is good for: a working day.
const TERMINAL_LIFETIME: TimeDelta = TimeDelta::hours(8);

/// What a new member of staff needs.
#[derive(Clone)]
pub struct NewStaff {
    /// What they sign in with.
    pub email: Email,
    /// What they sign in with as well.
    pub password: Password,
    /// What they may do.
    pub permissions: Permissions,
    /// How far they may go with discounts by hand; none: as far as they like.
    pub discount_limit: Option<ManualLimit>,
}

/// A member of staff who stepped up on a device.
#[derive(Debug, Clone)]
pub struct SteppedUp {
    /// Who, with what they may do there.
    pub staff: Staff,
    /// What they go on with, on that device.
    pub token: AccessToken,
    /// When it ends; there is no other way on than the PIN.
    pub expires_at: Timestamp,
}

/// The use cases of staff.
pub struct StaffService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) queries: Arc<dyn StaffQueries>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) passwords: Arc<dyn Passwords>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
}

impl StaffService {
    /// Creates a member of staff. Nobody gives a permission that they lack, or a limit beyond their own.
    ///
    /// # Errors
    /// [`StaffError`]: no permission, a limit, or an address that is taken.
    pub async fn create(&self, actor: &Actor, new: NewStaff) -> Result<Staff, StaffError> {
        actor.require(Permission::ManageStaff)?;
        new.permissions.iter().try_for_each(|&it| actor.require(it))?;
        if new.discount_limit.is_some() || new.permissions.contains(&Permission::GiveDiscounts) {
            self.check_limit(actor, new.discount_limit.as_ref()).await?;
        }
        let password_hash = self.passwords.hash(new.password.expose()).await.map_err(StorageError::Unavailable)?;
        let staff = Staff {
            id: StaffId::new(&*self.ids),
            email: new.email,
            password_hash,
            permissions: new.permissions,
            discount_limit: new.discount_limit,
            created_at: self.clock.now(),
        };
        let uow = self.storage.begin().await?;
        if !uow.staff().insert(&staff).await? {
            return Err(StaffError::EmailTaken);
        }
        uow.commit().await?;
        Ok(staff)
    }

    /// Sets how far a member of staff may go with discounts by hand; none: as far as they like. Nobody lets another go
    /// further than they may themselves.
    ///
    /// # Errors
    /// [`StaffError`]: no permission, a limit, or no such member.
    pub async fn set_discount_limit(
        &self,
        actor: &Actor,
        id: StaffId,
        limit: Option<ManualLimit>,
    ) -> Result<Staff, StaffError> {
        actor.require(Permission::ManageStaff)?;
        actor.require(Permission::GiveDiscounts)?;
        self.check_limit(actor, limit.as_ref()).await?;
        let staff = self.queries.staff(id).await?.ok_or(StaffError::NotFound)?;
        let uow = self.storage.begin().await?;
        if !uow.staff().set_discount_limit(id, limit.as_ref()).await? {
            return Err(StaffError::NotFound);
        }
        uow.commit().await?;
        Ok(Staff { discount_limit: limit, ..staff })
    }

    /// Insists that a limit leaves something, and is not beyond the actor's own.
    async fn check_limit(&self, actor: &Actor, limit: Option<&ManualLimit>) -> Result<(), StaffError> {
        let is_good = limit.is_none_or(ManualLimit::is_meaningful);
        if !is_good {
            return Err(StaffError::InvalidLimit);
        }
        let Principal::Staff { id, .. } = actor.principal else { return Ok(()) };
        let own = self.queries.staff(id).await?.and_then(|it| it.discount_limit);
        let unlimited = ManualLimit::default();
        if own.is_none_or(|own| own.covers(limit.unwrap_or(&unlimited))) {
            Ok(())
        } else {
            Err(StaffError::LimitBeyondOwn)
        }
    }

    /// Signs in with an address and a password.
    ///
    /// # Errors
    /// [`StaffError::WrongCredentials`], after the same time for an address that is unknown.
    pub async fn sign_in(&self, _actor: &Actor, email: &str, password: &str) -> Result<SignedIn<Staff>, StaffError> {
        let staff = match email.parse::<Email>() {
            Ok(email) => self.queries.staff_by_email(&email).await?,
            Err(_) => None,
        };
        let hash = staff.as_ref().map(|it| &it.password_hash);
        let is_right = self.passwords.verify(Password::attempt(password), hash).await;
        match staff {
            Some(staff) if is_right.map_err(StorageError::Unavailable)? => {
                let lifetime = Subject::Staff(staff.id).access_lifetime();
                self.sign_in_for(staff, lifetime).await
            }
            _ => Err(StaffError::WrongCredentials),
        }
    }

    /// Signs a member of staff in without a password; for the one at the terminal.
    ///
    /// # Errors
    /// [`StaffError`]: no permission, or nobody of that address.
    pub async fn issue_token(&self, actor: &Actor, email: &Email) -> Result<SignedIn<Staff>, StaffError> {
        actor.require(Permission::ManageStaff)?;
        let staff = self.queries.staff_by_email(email).await?.ok_or(StaffError::WrongCredentials)?;
        self.sign_in_for(staff, TERMINAL_LIFETIME).await
    }

    async fn sign_in_for(&self, staff: Staff, lifetime: TimeDelta) -> Result<SignedIn<Staff>, StaffError> {
        let uow = self.storage.begin().await?;
        let sign_in = SignIn::begin(Subject::Staff(staff.id), None, self.clock.now(), &*self.ids);
        let tokens = begin(&*uow, &*self.tokens, &sign_in, lifetime).await?;
        uow.commit().await?;
        Ok(SignedIn { who: staff, tokens })
    }
}

//! Stepping up: staff who enters a PIN at a point of sale acts there for a short while.

use chrono::TimeDelta;

use super::{
    AccessError, Actor, Email, Password, PasswordHash, Permission, Permissions, Pin, Principal, SignIn, Staff,
    StaffError, StaffPin, StaffService, SteppedUp,
};
use crate::{
    access::{AccessClaims, Subject},
    channel::ChannelKind,
    ids::StaffId,
    storage::StorageError,
};

/// How long staff acts on a device after a PIN.
pub(super) const STEP_UP_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// What staff may do at a counter, if they may do it at all; for the rest, they sign in with their password.
const AT_THE_COUNTER: [Permission; 4] =
    [Permission::GiveDiscounts, Permission::ManageCarts, Permission::ManageStock, Permission::ViewCustomers];

/// What of `permissions` staff has who stepped up.
#[must_use]
pub fn at_the_counter(permissions: &Permissions) -> Permissions {
    AT_THE_COUNTER.into_iter().filter(|it| permissions.contains(it)).collect()
}

impl StaffService {
    /// Sets the PIN of the member of staff who acts, who says their password once more.
    ///
    /// # Errors
    /// [`StaffError`]: nobody of staff, or the wrong password.
    pub async fn set_pin(&self, actor: &Actor, password: &str, pin: &Pin) -> Result<Staff, StaffError> {
        let id = actor.require_password_staff()?;
        let staff = self.queries.staff(id).await?.ok_or(AccessError::Unauthenticated)?;
        let is_right = self.passwords.verify(Password::attempt(password), Some(&staff.password_hash)).await;
        if !is_right.map_err(StorageError::Unavailable)? {
            return Err(StaffError::WrongPassword);
        }
        let hash = self.passwords.hash(pin.expose()).await.map_err(StorageError::Unavailable)?;
        let uow = self.storage.begin().await?;
        let pin = StaffPin { staff_id: id, hash, failures: 0, locked_until: None, set_at: self.clock.now() };
        uow.pins().save(&pin).await?;
        uow.commit().await?;
        Ok(staff)
    }

    /// Lets a member of staff act on the point of sale that asks, for [a short while](STEP_UP_LIFETIME), with
    /// [what a counter needs](at_the_counter) of their permissions.
    ///
    /// # Errors
    /// [`StaffError`]: no point of sale, [`StaffError::WrongPin`] (after the same time for an address that is unknown), or too
    /// many attempts.
    pub async fn step_up(&self, actor: &Actor, email: &str, pin: &str) -> Result<SteppedUp, StaffError> {
        let device = actor.require_device()?;
        self.require_point_of_sale(actor).await?;
        let staff = match email.parse::<Email>() {
            Ok(email) => self.queries.staff_by_email(&email).await?,
            Err(_) => None,
        };
        let hash = match &staff {
            Some(staff) => self.count_attempt(staff.id).await?,
            None => None,
        };
        let pin = if pin.len() <= Pin::LENGTH_MAX { pin } else { "" };
        let is_right = self.passwords.verify(pin, hash.as_ref()).await.map_err(StorageError::Unavailable)?;
        let Some(staff) = staff.filter(|_| is_right) else { return Err(StaffError::WrongPin) };
        let now = self.clock.now();
        let sign_in = SignIn::begin(Subject::Staff(staff.id), Some(device), now, &*self.ids);
        let uow = self.storage.begin().await?;
        if let Some(mut found) = uow.pins().find(staff.id).await? {
            found.succeeded();
            uow.pins().save(&found).await?;
        }
        uow.sign_ins().insert(&sign_in).await?;
        uow.commit().await?;
        let claims =
            AccessClaims { subject: Subject::Staff(staff.id), sign_in: sign_in.id, expires_at: now + STEP_UP_LIFETIME };
        let (token, expires_at) = self.tokens.access_token(&claims, now).map_err(StorageError::Unavailable)?;
        let permissions = at_the_counter(&staff.permissions);
        Ok(SteppedUp { staff: Staff { permissions, ..staff }, token, expires_at })
    }

    async fn require_point_of_sale(&self, actor: &Actor) -> Result<(), StaffError> {
        let settings = self.settings.current().await?;
        let channel = actor.device().and_then(|it| settings.channel(it.channel.as_str()));
        match channel.map(|it| it.kind) {
            Some(ChannelKind::PointOfSale) => Ok(()),
            _ => Err(StaffError::NoPointOfSale),
        }
    }

    /// Counts an attempt on a PIN; what to check it against, where there is one.
    async fn count_attempt(&self, id: StaffId) -> Result<Option<PasswordHash>, StaffError> {
        let uow = self.storage.begin().await?;
        let Some(mut pin) = uow.pins().find(id).await? else { return Ok(None) };
        pin.attempt(self.clock.now()).map_err(|until| StaffError::PinLocked { until })?;
        uow.pins().save(&pin).await?;
        uow.commit().await?;
        Ok(Some(pin.hash))
    }
}

impl Actor {
    /// Insists on a member of staff who signed in with a password.
    ///
    /// # Errors
    /// [`AccessError::Unauthenticated`] for one who has not signed in, [`AccessError::StaffOnly`] for anybody else.
    pub fn require_password_staff(&self) -> Result<StaffId, AccessError> {
        match &self.principal {
            Principal::Staff { id, device: None, .. } => Ok(*id),
            Principal::Anonymous => Err(AccessError::Unauthenticated),
            _ => Err(AccessError::StaffOnly),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_gives_nobody_what_they_lack() {
        let all: Permissions = Permission::ALL.iter().copied().collect();
        assert_eq!(at_the_counter(&all), AT_THE_COUNTER.into_iter().collect());
        let some = [Permission::ManageCarts, Permission::ManageStaff].into();
        assert_eq!(at_the_counter(&some), [Permission::ManageCarts].into());
    }
}

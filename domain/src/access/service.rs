//! The use cases of staff: create, sign in, and who a token belongs to.

use std::sync::Arc;

use super::{
    AccessToken, Actor, Email, Passwords, Permission, Permissions, Principal, Staff, StaffError, StaffQueries,
    TokenError, Tokens,
};
use crate::{
    clock::{Clock, Timestamp},
    ids::{IdSource, StaffId},
    storage::{Storage, StorageError},
};

/// What a new member of staff needs.
#[derive(Clone)]
pub struct NewStaff {
    /// What they sign in with.
    pub email: Email,
    /// In the clear; only its hash is kept.
    pub password: String,
    /// What they may do.
    pub permissions: Permissions,
}

/// One who just signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub staff: Staff,
    /// Goes into the `Authorization` header.
    pub token: AccessToken,
    /// When the token ends.
    pub expires_at: Timestamp,
}

/// The use cases of staff.
pub struct StaffService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) queries: Arc<dyn StaffQueries>,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) passwords: Arc<dyn Passwords>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
}

impl StaffService {
    /// The fewest characters of a password (NIST SP 800-63B, 3.1.1.2, where it is not the only factor).
    pub const PASSWORD_LENGTH_MIN: usize = 8;
    /// The most characters: hashing costs grow with them.
    pub const PASSWORD_LENGTH_MAX: usize = 256;

    /// Creates a member of staff. Nobody gives a permission that they lack.
    ///
    /// # Errors
    /// [`StaffError`]: no permission, a password of the wrong length, an address that is taken.
    pub async fn create(&self, actor: &Actor, new: NewStaff) -> Result<Staff, StaffError> {
        actor.require(Permission::ManageStaff)?;
        new.permissions.iter().try_for_each(|&it| actor.require(it))?;
        let (min, max) = (Self::PASSWORD_LENGTH_MIN, Self::PASSWORD_LENGTH_MAX);
        if !(min..=max).contains(&new.password.chars().count()) {
            return Err(StaffError::PasswordLength { min, max });
        }
        let password_hash = self.passwords.hash(&new.password).await.map_err(StorageError::Unavailable)?;
        let staff = Staff {
            id: StaffId::new(&*self.ids),
            email: new.email,
            password_hash,
            permissions: new.permissions,
            created_at: self.clock.now(),
        };
        let uow = self.storage.begin().await?;
        if !uow.staff().insert(&staff).await? {
            return Err(StaffError::EmailTaken);
        }
        uow.commit().await?;
        Ok(staff)
    }

    /// Signs in with an address and a password.
    ///
    /// # Errors
    /// [`StaffError::WrongCredentials`], after the same time for an address that is unknown.
    pub async fn sign_in(&self, _actor: &Actor, email: &str, password: &str) -> Result<SignedIn, StaffError> {
        let staff = match email.parse::<Email>() {
            Ok(email) => self.queries.staff_by_email(&email).await?,
            Err(_) => None,
        };
        let password = if password.chars().count() <= Self::PASSWORD_LENGTH_MAX { password } else { "" };
        let hash = staff.as_ref().map(|it| &it.password_hash);
        let is_right = self.passwords.verify(password, hash).await.map_err(StorageError::Unavailable)?;
        match staff {
            Some(staff) if is_right => self.token_for(staff),
            _ => Err(StaffError::WrongCredentials),
        }
    }

    /// A token for a member of staff, without a password; for the command line.
    ///
    /// # Errors
    /// [`StaffError`]: no permission, or nobody of that address.
    pub async fn issue_token(&self, actor: &Actor, email: &Email) -> Result<SignedIn, StaffError> {
        actor.require(Permission::ManageStaff)?;
        let staff = self.queries.staff_by_email(email).await?.ok_or(StaffError::WrongCredentials)?;
        self.token_for(staff)
    }

    /// Whose token this is, with the permissions they have now, and when it ends.
    ///
    /// # Errors
    /// [`TokenError`] within for a token that is not valid, [`StorageError`] outside.
    pub async fn authenticate(
        &self,
        token: &AccessToken,
    ) -> Result<Result<(Principal, Timestamp), TokenError>, StorageError> {
        let Ok((id, expires_at)) = self.tokens.verify_staff_token(token, self.clock.now()) else {
            return Ok(Err(TokenError));
        };
        let staff = self.queries.staff(id).await?;
        let principal = staff.map(|it| Principal::Staff { id: it.id, permissions: it.permissions });
        Ok(principal.map(|it| (it, expires_at)).ok_or(TokenError))
    }

    fn token_for(&self, staff: Staff) -> Result<SignedIn, StaffError> {
        let (token, expires_at) =
            self.tokens.issue_staff_token(staff.id, self.clock.now()).map_err(StorageError::Unavailable)?;
        Ok(SignedIn { staff, token, expires_at })
    }
}

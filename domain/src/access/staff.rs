//! Members of staff.

use std::{fmt, str::FromStr};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{PasswordHash, Permissions};
use crate::{clock::Timestamp, ids::StaffId, promotion::ManualLimit, storage::StorageError};

/// An e-mail address: something, an @, a domain. Whether it exists, only a letter can tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

/// The text is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not an e-mail address")]
pub struct EmailError;

impl Email {
    /// The longest address that mail can carry (RFC 5321, 4.5.3.1.3).
    pub const LENGTH_MAX: usize = 254;

    /// The address; its domain in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError)?;
        let is_well_formed = text.len() <= Self::LENGTH_MAX
            && (1..=64).contains(&local.len())
            && !text.chars().any(|it| it.is_whitespace() || it.is_control() || "<>()[],;:\\\"".contains(it))
            && !local.contains('@')
            && domain.contains('.')
            && domain.split('.').all(|it| !it.is_empty() && !it.starts_with('-') && !it.ends_with('-'));
        if is_well_formed { Ok(Self(format!("{local}@{}", domain.to_lowercase()))) } else { Err(EmailError) }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Its id.
    pub id: StaffId,
    /// What they sign in with.
    pub email: Email,
    /// What their password is checked against.
    pub password_hash: PasswordHash,
    /// What they may do.
    pub permissions: Permissions,
    /// How far they may go with discounts by hand; none: as far as they like.
    pub discount_limit: Option<ManualLimit>,
    /// When they were created.
    pub created_at: Timestamp,
}

/// Writes staff.
#[async_trait]
pub trait StaffRepository: Send + Sync {
    /// Stores a new member, with the e-mail address in lower case; `false` where it is taken, whatever its case.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn insert(&self, staff: &Staff) -> Result<bool, StorageError>;

    /// Sets how far a member may go with discounts by hand; `false` where there is no such member.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn set_discount_limit(&self, id: StaffId, limit: Option<&ManualLimit>) -> Result<bool, StorageError>;
}

/// Reads staff.
#[async_trait]
pub trait StaffQueries: Send + Sync {
    /// By id.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn staff(&self, id: StaffId) -> Result<Option<Staff>, StorageError>;

    /// By e-mail address.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn staff_by_email(&self, email: &Email) -> Result<Option<Staff>, StorageError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_local_part_and_a_domain() {
        assert_eq!("Ada@Example.COM".parse::<Email>().unwrap().as_str(), "Ada@example.com");
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@com",
            "a b@example.com",
            "ada@exa..mple.com",
            "a@b@example.com",
            "<ada@example.com>",
        ] {
            assert_eq!(text.parse::<Email>(), Err(EmailError), "{text}");
        }
        assert_eq!(format!("a@{}.com", "b".repeat(260)).parse::<Email>(), Err(EmailError));
    }
}

//! The customer and its rules.

use super::CustomerError;
use crate::{
    access::{Actor, Email, PasswordHash, Permission},
    clock::Timestamp,
    event::{DomainEvent, EventKind, Topic},
    ids::{CustomerGroupId, CustomerId},
    language::Language,
    pricing::tax::TaxExemption,
};

/// What a customer is called; both parts may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerName {
    first: Option<String>,
    last: Option<String>,
}

impl CustomerName {
    /// The most characters of each part.
    pub const LENGTH_MAX: usize = 120;

    /// Checks a name; white space around is left out, and what is empty then is none.
    ///
    /// # Errors
    /// [`CustomerError::InvalidName`] for a part that is too long or has control characters.
    pub fn parse(first: Option<&str>, last: Option<&str>) -> Result<Self, CustomerError> {
        let part = |text: Option<&str>, field| match text.map(str::trim).filter(|it| !it.is_empty()) {
            Some(it) if Self::LENGTH_MAX < it.chars().count() || it.chars().any(char::is_control) => {
                Err(CustomerError::InvalidName { field, max: Self::LENGTH_MAX })
            }
            it => Ok(it.map(str::to_owned)),
        };
        Ok(Self { first: part(first, "firstName")?, last: part(last, "lastName")? })
    }

    /// The given name.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        self.first.as_deref()
    }

    /// The family name.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }
}

/// What a customer's prices and taxes depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerTerms {
    /// The groups they are in, those that have gone too.
    pub group_ids: Vec<CustomerGroupId>,
    /// What frees them from tax.
    pub tax_exemptions: Vec<TaxExemption>,
}

/// Who buys, with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// Grows with each change.
    pub version: u32,
    /// What they sign in with, and where letters go.
    pub email: Email,
    /// What their password is checked against.
    pub password_hash: PasswordHash,
    /// What they are called.
    pub name: CustomerName,
    /// The language to write to them in.
    pub language: Language,
    /// Whether what they look at and buy may be used to show them what suits them; only they say so, and at first it may not.
    pub allows_personalization: bool,
    /// The groups that staff put them in, in the order of their ids.
    pub group_ids: Vec<CustomerGroupId>,
    /// The certificates that free them from tax, as staff has seen them.
    pub tax_exemptions: Vec<TaxExemption>,
    /// When they signed up.
    pub created_at: Timestamp,
    /// When they last changed.
    pub updated_at: Timestamp,
}

impl Customer {
    /// How many of the products that they looked at are kept.
    pub const VIEWS_MAX: usize = 50;

    /// Whether `actor` may see this customer: themselves, and staff with [`Permission::ViewCustomers`].
    #[must_use]
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        actor.customer() == Some(self.id) || actor.has(Permission::ViewCustomers)
    }

    /// Marks a change: a new version, and the event that tells of it.
    pub fn changed(&mut self, kind: EventKind, now: Timestamp) -> DomainEvent {
        self.version += 1;
        self.updated_at = now;
        DomainEvent { topic: Topic::Customer(self.id), kind, sequence: self.version, occurred_at: now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_its_parts_may_be_missing() {
        let name = CustomerName::parse(Some(" Ada "), Some("  ")).unwrap();
        assert_eq!((name.first(), name.last()), (Some("Ada"), None));
        assert_eq!(CustomerName::parse(None, None).unwrap(), CustomerName::default());
        let longest = "é".repeat(120);
        assert!(CustomerName::parse(Some(&longest), None).is_ok());
        for (first, last, wrong) in
            [(Some("a\u{0}b"), None, "firstName"), (None, Some(format!("{longest}é").as_str()), "lastName")]
        {
            let refused = CustomerName::parse(first, last);
            assert!(
                matches!(refused, Err(CustomerError::InvalidName { field, max: 120 }) if field == wrong),
                "{refused:?}"
            );
        }
    }
}

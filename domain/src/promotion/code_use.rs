//! Uses of codes: set aside for a cart when its code is entered, made when it is ordered, and free again when nothing comes
//! of it. Limits count what is made and what is set aside, so that they hold however many try at once.

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{CodeCounts, CodeCursor, CodeFilter, CodeState, DiscountCode, EnteredCode};
use crate::{
    clock::Timestamp,
    ids::{CartId, CustomerId, PromotionId},
    page::{Page, PageRequest},
    storage::StorageError,
};

/// For how long a use is set aside for a cart.
pub const CODE_RESERVATION: TimeDelta = TimeDelta::minutes(30);

/// A code as staff made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedCode {
    /// The code.
    pub code: DiscountCode,
    /// The promotion it is for.
    pub promotion_id: PromotionId,
    /// How often it can be used; none: any number.
    pub uses_max: Option<u32>,
    /// How often one customer can use it; none: any number. With a limit it is for those who are signed in.
    pub customer_uses_max: Option<u32>,
    /// Whether staff has paused it.
    pub is_paused: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A use of a code by a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeUse {
    /// The code.
    pub code: DiscountCode,
    /// The cart.
    pub cart_id: CartId,
    /// Whose use it is, where anybody knows.
    pub customer_id: Option<CustomerId>,
    /// Until when it is set aside; none: it was ordered with.
    pub until: Option<Timestamp>,
}

/// How often a code was used, or is set aside to be, by other carts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CodeUsage {
    /// By anybody.
    pub uses: u64,
    /// By the customer in question.
    pub customer_uses: u64,
}

impl IssuedCode {
    /// Whether a cart of `customer` may use it too.
    ///
    /// # Errors
    /// The [`CodeState`] that says why not.
    pub fn check(&self, usage: CodeUsage, customer: Option<CustomerId>) -> Result<(), CodeState> {
        if self.is_paused {
            return Err(CodeState::Paused);
        }
        if let Some(limit) = self.uses_max.filter(|it| u64::from(*it) <= usage.uses) {
            return Err(CodeState::UsesExhausted { limit });
        }
        match self.customer_uses_max {
            Some(_) if customer.is_none() => Err(CodeState::NotForThisCustomer),
            Some(limit) if u64::from(limit) <= usage.customer_uses => Err(CodeState::CustomerUsesExhausted { limit }),
            _ => Ok(()),
        }
    }
}

/// The codes of a cart as promotions see them, in the order in which they were entered.
#[must_use]
pub fn entered_codes(
    codes: &[DiscountCode],
    issued: &[IssuedCode],
    uses: &[CodeUse],
    now: Timestamp,
) -> Vec<EnteredCode> {
    let entered = |code: &DiscountCode| {
        let found = issued.iter().find(|it| it.code == *code);
        let is_set_aside = || uses.iter().any(|it| it.code == *code && it.until.is_none_or(|until| now < until));
        let state = match found {
            None => CodeState::Unknown,
            Some(it) if it.is_paused => CodeState::Paused,
            Some(_) if is_set_aside() => CodeState::Usable,
            Some(_) => CodeState::ReservationExpired,
        };
        EnteredCode { code: code.clone(), promotion_id: found.map(|it| it.promotion_id), state }
    };
    codes.iter().map(entered).collect()
}

/// Reads codes and their uses.
#[async_trait]
pub trait CodeQueries: Send + Sync {
    /// The codes of these names.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn codes_by_name(&self, codes: &[DiscountCode]) -> Result<Vec<IssuedCode>, StorageError>;

    /// A page of codes, by code.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn codes(
        &self,
        filter: &CodeFilter,
        page: &PageRequest<CodeCursor>,
    ) -> Result<Page<IssuedCode>, StorageError>;

    /// How often codes are used by anybody at `now`; left out: never.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn code_counts(
        &self,
        codes: &[DiscountCode],
        now: Timestamp,
    ) -> Result<Vec<(DiscountCode, CodeCounts)>, StorageError>;

    /// What carts use.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn code_uses_of(&self, carts: &[CartId]) -> Result<Vec<CodeUse>, StorageError>;

    /// How often other carts than `cart` use `code` at `now`.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn code_usage(
        &self,
        code: &DiscountCode,
        cart: CartId,
        customer: Option<CustomerId>,
        now: Timestamp,
    ) -> Result<CodeUsage, StorageError>;
}

/// Keeps codes and their uses, within a unit of work.
#[async_trait]
pub trait CodeRepository: Send + Sync {
    /// Adds codes, and answers how many; those that are there already stay as they are.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn add_codes(&self, codes: &[IssuedCode]) -> Result<u64, StorageError>;

    /// A code; until the unit of work ends, nobody else gets it.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn lock_code(&self, code: &DiscountCode) -> Result<Option<IssuedCode>, StorageError>;

    /// Stores a code that was locked, as it is now.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_code(&self, code: &IssuedCode) -> Result<(), StorageError>;

    /// Removes a code and its uses.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn delete_code(&self, code: &DiscountCode) -> Result<(), StorageError>;

    /// Sets a use aside, or for longer.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn set_code_aside(&self, code_use: &CodeUse) -> Result<(), StorageError>;

    /// Frees a use that a cart set aside.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn free_code(&self, cart: CartId, code: &DiscountCode) -> Result<(), StorageError>;

    /// Gives the uses that a cart set aside of `codes` to another cart, which has none of them, and its customer.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn move_code_uses(
        &self,
        from: CartId,
        to: CartId,
        codes: &[DiscountCode],
        customer: Option<CustomerId>,
    ) -> Result<(), StorageError>;

    /// Makes the uses that a cart has of `codes`, for a customer.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn use_codes(
        &self,
        cart: CartId,
        codes: &[DiscountCode],
        customer: Option<CustomerId>,
    ) -> Result<(), StorageError>;

    /// Takes back the uses that were made of a cart's codes: set aside until then, or free where there is no such time.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn take_code_uses_back(&self, cart: CartId, until: Option<Timestamp>) -> Result<(), StorageError>;
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::ids::Id;

    fn issued(uses_max: Option<u32>, customer_uses_max: Option<u32>) -> IssuedCode {
        IssuedCode {
            code: "SUMMER".parse().unwrap(),
            promotion_id: PromotionId::from_uuid(Uuid::nil()),
            uses_max,
            customer_uses_max,
            is_paused: false,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn limits_count_what_others_have() {
        let customer = Some(CustomerId::from_uuid(Uuid::nil()));
        let usage = |uses, customer_uses| CodeUsage { uses, customer_uses };
        assert_eq!(issued(Some(50), None).check(usage(49, 0), None), Ok(()));
        assert_eq!(issued(Some(50), None).check(usage(50, 0), None), Err(CodeState::UsesExhausted { limit: 50 }));
        assert_eq!(issued(None, Some(1)).check(usage(9, 0), customer), Ok(()));
        let twice = Err(CodeState::CustomerUsesExhausted { limit: 1 });
        assert_eq!(issued(None, Some(1)).check(usage(9, 1), customer), twice);
        assert_eq!(issued(None, Some(1)).check(usage(0, 0), None), Err(CodeState::NotForThisCustomer));
        let paused = IssuedCode { is_paused: true, ..issued(None, None) };
        assert_eq!(paused.check(usage(0, 0), None), Err(CodeState::Paused));
    }

    #[test]
    fn a_use_that_was_set_aside_is_void_when_its_time_is_over() {
        let cart_id = CartId::from_uuid(Uuid::nil());
        let code: DiscountCode = "SUMMER".parse().unwrap();
        let until = DateTime::UNIX_EPOCH + CODE_RESERVATION;
        let set_aside = CodeUse { code: code.clone(), cart_id, customer_id: None, until: Some(until) };
        let state = |uses: &[CodeUse], now| {
            entered_codes(std::slice::from_ref(&code), &[issued(None, None)], uses, now).pop().unwrap().state
        };
        let uses = [set_aside.clone()];
        assert_eq!(state(&uses, until - TimeDelta::seconds(1)), CodeState::Usable);
        assert_eq!(state(&uses, until), CodeState::ReservationExpired);
        assert_eq!(state(&[], until), CodeState::ReservationExpired);
        assert_eq!(state(&[CodeUse { until: None, ..set_aside }], until), CodeState::Usable, "ordered with");
        let unknown = entered_codes(&[code], &[], &uses, until).pop().unwrap();
        assert_eq!((unknown.state, unknown.promotion_id), (CodeState::Unknown, None));
    }
}

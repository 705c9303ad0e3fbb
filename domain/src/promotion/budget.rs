//! Budgets: how much a promotion gives, and to how many carts. What carts have of it is set aside while they are filled,
//! spent when they are ordered, and left for others when nothing comes of them: as uses of codes are.

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::Budget;
use crate::{
    clock::Timestamp,
    ids::{CartId, PromotionId},
    money::{Amounts, Currency, Money},
    storage::StorageError,
};

/// For how long what a cart has of a budget is set aside, counted from its last change.
pub const BUDGET_RESERVATION: TimeDelta = TimeDelta::minutes(30);

/// How much a promotion may give altogether.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PromotionBudget {
    /// How much money, in each currency; none: as much as it takes. A cart to which it would give more than is left gets
    /// nothing of it.
    pub amounts: Option<Amounts>,
    /// To how many carts; none: to any number.
    pub uses: Option<u32>,
}

/// What a cart has of a promotion's budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetUse {
    /// The promotion.
    pub promotion_id: PromotionId,
    /// The cart.
    pub cart_id: CartId,
    /// What the promotion gives to it.
    pub amount: Money,
    /// Until when it is set aside; none: it was ordered.
    pub until: Option<Timestamp>,
}

/// What carts and orders have of a promotion's budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetTaken {
    /// The promotion.
    pub promotion_id: PromotionId,
    /// How many have something of it.
    pub uses: u64,
    /// How much, at most one amount in each currency.
    pub amounts: Vec<Money>,
}

impl BudgetUse {
    /// Whether nobody else can have it at a moment.
    #[must_use]
    pub fn counts(&self, moment: Timestamp) -> bool {
        self.until.is_none_or(|until| moment < until)
    }
}

impl BudgetTaken {
    /// Nothing yet.
    #[must_use]
    pub fn nothing(promotion_id: PromotionId) -> Self {
        Self { promotion_id, uses: 0, amounts: Vec::new() }
    }

    /// Counts so many uses, which have so much in all.
    pub fn add(&mut self, uses: u64, amount: Money) {
        self.uses = self.uses.saturating_add(uses);
        match self.amounts.iter_mut().find(|it| it.currency() == amount.currency()) {
            Some(it) => *it = Money::new(it.minor().saturating_add(amount.minor()), amount.currency()),
            None => self.amounts.push(amount),
        }
    }
}

impl PromotionBudget {
    /// What is left of it for a cart that has `own` already, where all have `taken`.
    #[must_use]
    pub fn left(&self, taken: &BudgetTaken, own: Option<BudgetUse>, currency: Currency) -> Budget {
        let in_currency = |it: &&Money| it.currency() == currency;
        let others = taken.amounts.iter().find(in_currency).map_or(0, |it| it.minor());
        let own_amount = own.filter(|it| it.amount.currency() == currency).map_or(0, |it| it.amount.minor());
        let limit = self.amounts.as_ref().and_then(|it| it.get(currency));
        let amount_left = limit.map(|it| Money::new((it.minor() - (others - own_amount)).max(0), currency));
        let used = taken.uses.saturating_sub(u64::from(own.is_some()));
        let uses_left = self.uses.map(|it| u32::try_from(u64::from(it).saturating_sub(used)).unwrap_or_default());
        Budget { promotion_id: taken.promotion_id, amount_left, uses_left }
    }
}

/// Reads what carts have of budgets.
#[async_trait]
pub trait BudgetQueries: Send + Sync {
    /// What all carts and orders together have of the budgets of some promotions at a moment; left out: nothing.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn budgets_taken(
        &self,
        promotions: &[PromotionId],
        moment: Timestamp,
    ) -> Result<Vec<BudgetTaken>, StorageError>;

    /// What carts have, or had set aside.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn budget_uses_of(&self, carts: &[CartId]) -> Result<Vec<BudgetUse>, StorageError>;
}

/// Keeps what carts have of budgets, within a unit of work.
#[async_trait]
pub trait BudgetRepository: Send + Sync {
    /// Waits until nobody else changes what is taken of these budgets; until the unit of work ends, nobody does.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn lock_budgets(&self, promotions: &[PromotionId]) -> Result<(), StorageError>;

    /// Sets something aside for carts; what they had of the same budget is replaced.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn set_budgets_aside(&self, uses: &[BudgetUse]) -> Result<(), StorageError>;

    /// Frees what a cart set aside of these budgets.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn free_budgets(&self, cart: CartId, promotions: &[PromotionId]) -> Result<(), StorageError>;

    /// Spends what a cart that is ordered set aside of these budgets.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn spend_budgets(&self, cart: CartId, promotions: &[PromotionId]) -> Result<(), StorageError>;

    /// Takes back what an order spent: it is set aside for its cart until then, or free where there is no such time.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn take_budgets_back(&self, cart: CartId, until: Option<Timestamp>) -> Result<(), StorageError>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promotion::tests::{eur, id};

    #[test]
    fn what_is_left_is_what_others_do_not_have() {
        let budget = PromotionBudget { amounts: Some(Amounts::one(eur(1_000))), uses: Some(3) };
        let mut taken = BudgetTaken::nothing(id(1));
        let left = |taken: &BudgetTaken, own| {
            let left = budget.left(taken, own, Currency::EUR);
            (left.amount_left.map(|it| it.minor()), left.uses_left)
        };
        assert_eq!(left(&taken, None), (Some(1_000), Some(3)));
        taken.add(1, eur(300));
        taken.add(1, eur(100));
        taken.add(1, Money::new(9_999, Currency::USD));
        assert_eq!((taken.uses, taken.amounts.len()), (3, 2));
        assert_eq!(left(&taken, None), (Some(600), Some(0)));
        let own = BudgetUse { promotion_id: id(1), cart_id: id(1), amount: eur(300), until: None };
        assert_eq!(left(&taken, Some(own)), (Some(900), Some(1)), "its own is left for it");
        // A budget that was made smaller is overspent already.
        taken.add(2, eur(5_000));
        assert_eq!(left(&taken, None), (Some(0), Some(0)));
        assert_eq!(budget.left(&taken, None, Currency::JPY).amount_left, None, "it has none in that currency");
    }

    #[test]
    fn what_is_set_aside_counts_until_its_time_is_over() {
        let until = chrono::DateTime::UNIX_EPOCH + BUDGET_RESERVATION;
        let own = BudgetUse { promotion_id: id(1), cart_id: id(1), amount: eur(1), until: Some(until) };
        assert!(own.counts(until - TimeDelta::microseconds(1)) && !own.counts(until));
        assert!(BudgetUse { until: None, ..own }.counts(until));
    }
}

//! What carts have of the budgets of promotions: set aside when a cart changes, spent when it is ordered.

use std::{collections::BTreeSet, slice};

use super::{BuyerSources, Buyers, Cart, CartError, CartView, Shelf};
use crate::{
    clock::Timestamp,
    ids::{CartId, PromotionId},
    money::MoneyError,
    promotion::{BUDGET_RESERVATION, BudgetUse, Outcome},
    settings::Settings,
    storage::{StorageError, UnitOfWork},
};

/// How often a cart is priced anew because a budget that it would have next was not locked.
const ROUNDS_MAX: usize = 4;

impl CartView {
    /// The cart as it is priced now, with what its promotions give set aside of their budgets. Those that give something
    /// else than before are locked first, so that of those who come at once each sees what the others have.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where the promotions that apply are others each time; [`MoneyError`].
    pub(crate) async fn with_budgets(
        uow: &dyn UnitOfWork,
        settings: &Settings,
        (cart, shelf): (Cart, Shelf),
        mut buyers: Buyers,
        now: Timestamp,
    ) -> Result<Self, CartError> {
        let price = |buyers: &Buyers| -> Result<Self, MoneyError> {
            Self::of(cart.clone(), shelf.clone(), settings, buyers.of(&cart, settings, now), now)
        };
        let mut locked: BTreeSet<PromotionId> = BTreeSet::new();
        for _ in 0..ROUNDS_MAX {
            let view = price(&buyers)?;
            let wanted = wanted(&view, settings, now);
            let own = buyers.budget_uses(&cart);
            let is_new = |it: &&BudgetUse| !locked.contains(&it.promotion_id) && !is_set_aside(it, &own, now);
            let to_lock: BTreeSet<PromotionId> = wanted.iter().filter(is_new).map(|it| it.promotion_id).collect();
            if to_lock.is_empty() {
                let set: Vec<BudgetUse> =
                    wanted.iter().filter(|it| locked.contains(&it.promotion_id)).copied().collect();
                set_aside(uow, &cart, &set, &own, &wanted).await?;
                return Ok(view);
            }
            uow.budgets().lock_budgets(&to_lock.iter().copied().collect::<Vec<_>>()).await?;
            locked.extend(to_lock);
            buyers = Buyers::load(
                BuyerSources::within(uow),
                std::mem::take(&mut buyers.terms),
                settings,
                slice::from_ref(&cart),
                now,
            )
            .await?;
        }
        Err(StorageError::Conflict.into())
    }
}

/// Leaves to others what a cart has set aside of budgets.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn free_budgets(uow: &dyn UnitOfWork, cart: CartId) -> Result<(), StorageError> {
    let own = uow.budget_queries().budget_uses_of(&[cart]).await?;
    let promotions: Vec<PromotionId> = own.iter().map(|it| it.promotion_id).collect();
    if promotions.is_empty() { Ok(()) } else { uow.budgets().free_budgets(cart, &promotions).await }
}

/// The promotions of a cart that have a budget.
pub(crate) fn budgeted(view: &CartView, settings: &Settings) -> Vec<PromotionId> {
    wanted(view, settings, view.cart.updated_at).iter().map(|it| it.promotion_id).collect()
}

/// What a cart would have of the budgets of its promotions.
fn wanted(view: &CartView, settings: &Settings, now: Timestamp) -> Vec<BudgetUse> {
    let (cart_id, until) = (view.cart.id, Some(now + BUDGET_RESERVATION));
    let traces = view.priced.quote.trace.promotions.iter();
    let given = traces.filter_map(|it| match it.outcome {
        Outcome::Applied { amount, .. } => Some(BudgetUse { promotion_id: it.promotion_id, cart_id, amount, until }),
        _ => None,
    });
    let has_budget = |it: &BudgetUse| settings.promotions.find(it.promotion_id).is_some_and(|it| it.budget.is_some());
    given.filter(has_budget).collect()
}

/// Whether a cart has the same set aside already, for half of the time that it would be set aside now.
fn is_set_aside(wanted: &BudgetUse, own: &[BudgetUse], now: Timestamp) -> bool {
    let is_long = |it: &BudgetUse| it.until.is_none_or(|until| now + BUDGET_RESERVATION / 2 < until);
    let same = own.iter().find(|it| it.promotion_id == wanted.promotion_id);
    same.is_some_and(|it| it.amount == wanted.amount && is_long(it))
}

async fn set_aside(
    uow: &dyn UnitOfWork,
    cart: &Cart,
    set: &[BudgetUse],
    own: &[BudgetUse],
    wanted: &[BudgetUse],
) -> Result<(), StorageError> {
    let is_kept = |it: &&BudgetUse| wanted.iter().any(|wanted| wanted.promotion_id == it.promotion_id);
    let freed: Vec<PromotionId> = own.iter().filter(|it| !is_kept(it)).map(|it| it.promotion_id).collect();
    if !set.is_empty() {
        uow.budgets().set_budgets_aside(set).await?;
    }
    if !freed.is_empty() {
        uow.budgets().free_budgets(cart.id, &freed).await?;
    }
    Ok(())
}

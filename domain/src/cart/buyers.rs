//! What is known of those who buy some carts, read at once for all of them.

use super::{Cart, CartState, Terms};
use crate::{
    access::Email,
    clock::Timestamp,
    ids::{CartId, CustomerId, PromotionId},
    order::{FirstOrder, OrderQueries},
    pricing::Buyer,
    promotion::{
        Budget, BudgetQueries, BudgetTaken, BudgetUse, CodeQueries, CodeUse, DiscountCode, IssuedCode, Promotion,
        entered_codes,
    },
    settings::Settings,
    storage::{StorageError, UnitOfWork},
};

/// Where it is read.
#[derive(Clone, Copy)]
pub(crate) struct BuyerSources<'a> {
    pub(crate) codes: &'a dyn CodeQueries,
    pub(crate) orders: &'a dyn OrderQueries,
    pub(crate) budgets: &'a dyn BudgetQueries,
}

impl<'a> BuyerSources<'a> {
    /// Within a unit of work.
    pub(crate) fn within(uow: &'a dyn UnitOfWork) -> Self {
        Self { codes: uow.code_queries(), orders: uow.order_queries(), budgets: uow.budget_queries() }
    }
}

/// What is known of those who buy some carts.
#[derive(Debug, Default)]
pub(crate) struct Buyers {
    issued: Vec<IssuedCode>,
    uses: Vec<CodeUse>,
    /// Their first orders; none where no promotion asks for them.
    first_orders: Option<Vec<FirstOrder>>,
    /// What all have of the budgets of promotions that run.
    taken: Vec<BudgetTaken>,
    /// What these carts have of them.
    budget_uses: Vec<BudgetUse>,
    /// What their prices and taxes depend on.
    pub(crate) terms: Terms,
    /// When it was read.
    at: Timestamp,
}

impl Buyers {
    /// Reads it: two statements where any of the carts has a code, one where promotions ask for a first order, and three
    /// where any has a budget.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(crate) async fn load(
        sources: BuyerSources<'_>,
        terms: Terms,
        settings: &Settings,
        carts: &[Cart],
        now: Timestamp,
    ) -> Result<Self, StorageError> {
        let mut buyers = Self { terms, at: now, ..Self::default() };
        let codes: Vec<DiscountCode> = carts.iter().flat_map(|it| &it.codes).cloned().collect();
        if !codes.is_empty() {
            let ids: Vec<CartId> = carts.iter().filter(|it| !it.codes.is_empty()).map(|it| it.id).collect();
            buyers.issued = sources.codes.codes_by_name(&codes).await?;
            buyers.uses = sources.codes.code_uses_of(&ids).await?;
        }
        if settings.promotions.asks_for_first_order() {
            let customers: Vec<CustomerId> = carts.iter().filter_map(|it| it.customer_id).collect();
            let emails: Vec<Email> = carts.iter().filter_map(|it| Some(it.contact.as_ref()?.email.clone())).collect();
            buyers.first_orders = Some(sources.orders.first_orders(&customers, &emails).await?);
        }
        let budgeted: Vec<PromotionId> = settings.promotions.budgeted(now).map(|it| it.id).collect();
        if !budgeted.is_empty() {
            let ids: Vec<CartId> = carts.iter().map(|it| it.id).collect();
            buyers.taken = sources.budgets.budgets_taken(&budgeted, now).await?;
            buyers.budget_uses = sources.budgets.budget_uses_of(&ids).await?;
        }
        Ok(buyers)
    }

    /// What is known of who buys a cart.
    pub(crate) fn of(&self, cart: &Cart, settings: &Settings, now: Timestamp) -> Buyer {
        let uses: Vec<CodeUse> = self.uses.iter().filter(|it| it.cart_id == cart.id).cloned().collect();
        let buyer = Buyer {
            codes: entered_codes(&cart.codes, &self.issued, &uses, now),
            is_first_order: self.is_first_order(cart),
            budgets: self.budgets(cart, settings, now),
            ..Buyer::default()
        };
        self.terms.complete(buyer, cart)
    }

    /// What is left of budgets for a cart.
    fn budgets(&self, cart: &Cart, settings: &Settings, now: Timestamp) -> Vec<Budget> {
        let own = self.budget_uses(cart);
        let left = |it: &Promotion| {
            let own = own.iter().find(|own| own.promotion_id == it.id && own.counts(self.at)).copied();
            let taken = self.taken.iter().find(|taken| taken.promotion_id == it.id).cloned();
            let taken = taken.unwrap_or_else(|| BudgetTaken::nothing(it.id));
            Some(it.budget.as_ref()?.left(&taken, own, cart.currency))
        };
        settings.promotions.budgeted(now).filter_map(left).collect()
    }

    /// What a cart has of budgets, or had set aside.
    pub(super) fn budget_uses(&self, cart: &Cart) -> Vec<BudgetUse> {
        self.budget_uses.iter().filter(|it| it.cart_id == cart.id).copied().collect()
    }

    /// The codes of the carts, as staff made them.
    pub(crate) fn issued(&self) -> &[IssuedCode] {
        &self.issued
    }

    /// Whether nobody with the cart's customer or e-mail address ordered before; not known of who has told neither.
    fn is_first_order(&self, cart: &Cart) -> Option<bool> {
        let first_orders = self.first_orders.as_ref()?;
        let email = cart.contact.as_ref().map(|it| it.email.as_str().to_lowercase());
        if cart.customer_id.is_none() && email.is_none() {
            return None;
        }
        let is_theirs = |it: &&FirstOrder| {
            let is_customers = it.customer_id.is_some() && it.customer_id == cart.customer_id;
            is_customers || Some(it.email.as_str().to_lowercase()) == email
        };
        // A cart that was ordered has changed last when it was.
        let counts = |it: &FirstOrder| cart.state == CartState::Active || it.placed_at < cart.updated_at;
        Some(!first_orders.iter().filter(is_theirs).any(counts))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    use super::*;
    use crate::{
        cart::{Contact, tests::cart},
        ids::{Id, OrderId},
    };

    #[test]
    fn an_order_is_the_first_of_who_has_not_ordered_before() {
        let at = |hours| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let customer = |n| Some(CustomerId::from_uuid(Uuid::from_u128(n)));
        let order =
            FirstOrder { customer_id: customer(1), email: "ada@example.org".parse().unwrap(), placed_at: at(2) };
        let buyers = |orders| Buyers { first_orders: Some(orders), ..Buyers::default() };
        let known = buyers(vec![order]);
        let mut anybody = cart();
        assert_eq!(known.is_first_order(&anybody), None, "nobody knows who it is");
        anybody.contact = Some(Contact { email: "ADA@example.org".parse().unwrap() });
        assert_eq!(known.is_first_order(&anybody), Some(false), "by the address, in any case");
        assert_eq!(buyers(vec![]).is_first_order(&anybody), Some(true));
        assert_eq!(Buyers::default().is_first_order(&anybody), None, "nobody asked");
        for (n, is_first) in [(1, false), (2, true)] {
            assert_eq!(known.is_first_order(&Cart { customer_id: customer(n), ..cart() }), Some(is_first));
        }
        let state = CartState::Ordered(OrderId::from_uuid(Uuid::nil()));
        for (hours, is_first) in [(2, true), (3, false)] {
            let ordered = Cart { state, updated_at: at(hours), customer_id: customer(1), ..cart() };
            assert_eq!(known.is_first_order(&ordered), Some(is_first), "its own order is none before it");
        }
    }
}

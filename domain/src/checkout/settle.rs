//! Settling a payment: asking the provider, hearing its webhook, and not waiting for ever.

use chrono::TimeDelta;

use super::{
    CheckoutError, CheckoutService, PaymentNotice, PaymentOutcome, PaymentRequest, ProviderCode, WebhookError,
};
use crate::{
    access::Actor,
    cart::{CartAuthor, CartState},
    clock::Timestamp,
    event::{EventKind, append_product_events},
    ids::OrderId,
    inventory::holds_of_order,
    order::{CancelReason, Order, OrderStatus, PaymentState},
    promotion::{BUDGET_RESERVATION, CODE_RESERVATION},
    storage::{StorageError, UnitOfWork},
};

/// How old an order is before a provider that has not answered is asked again.
const ASK_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(30);
/// How long an order waits for its payment before it gives its stock back.
const PAYMENT_EXPIRES_AFTER: TimeDelta = TimeDelta::minutes(30);
/// How many waiting orders are looked at in one go.
const PENDING_BATCH: u32 = 1_000;

impl CheckoutService {
    /// Asks the provider where it has not answered yet, and records what it says. The order is as it was where it says nothing.
    ///
    /// Safe at any time and any number of times: the provider answers the same, and only the first answer counts.
    pub(super) async fn settle(&self, id: OrderId) -> Result<Order, CheckoutError> {
        let order = self.orders.orders_by_id(&[id]).await?.pop();
        let order = order.ok_or_else(|| StorageError::Corrupt(format!("{id} is missing")))?;
        let PaymentState::Initiated { token } = &order.payment.state else {
            return Ok(order);
        };
        let Some(provider) = self.providers.find(&order.payment.provider) else {
            return Ok(order);
        };
        let request =
            PaymentRequest { payment_id: order.payment.id, amount: order.payment.amount, token: token.clone() };
        match provider.pay(&request).await {
            Ok(outcome) => self.record(id, &order.payment.provider, &outcome).await,
            Err(_) => Ok(order),
        }
    }

    /// Records what a provider's webhook tells; whether it was believed and meant something.
    ///
    /// # Errors
    /// [`WebhookError`] within for one that is not believed, [`CheckoutError`] outside where it could not be stored.
    pub async fn receive_webhook(
        &self,
        _actor: &Actor,
        provider: &ProviderCode,
        signature: Option<&str>,
        body: &[u8],
    ) -> Result<Result<(), WebhookError>, CheckoutError> {
        let Some(found) = self.providers.find(provider) else {
            return Ok(Err(WebhookError::Unsupported));
        };
        let PaymentNotice { payment_id, outcome } = match found.read_webhook(signature, body) {
            Ok(notice) => notice,
            Err(error) => return Ok(Err(error)),
        };
        if let Some(order_id) = self.orders.order_of_payment(payment_id).await? {
            self.record(order_id, provider, &outcome).await?;
        }
        Ok(Ok(()))
    }

    /// Asks providers again that never answered, and cancels what has waited too long. Returns how many orders moved on.
    ///
    /// # Errors
    /// [`CheckoutError`], the last, where some orders could not be stored; the others have moved on.
    pub async fn resume_pending(&self, _actor: &Actor) -> Result<usize, CheckoutError> {
        let now = self.clock.now();
        let (mut moved, mut failure) = (0, None);
        for order in self.orders.pending_since(now - ASK_AGAIN_AFTER, PENDING_BATCH).await? {
            match self.resume(&order, now).await {
                Ok(has_moved) => moved += usize::from(has_moved),
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(moved), Err)
    }

    async fn resume(&self, order: &Order, now: Timestamp) -> Result<bool, CheckoutError> {
        let settled = self.settle(order.id).await?;
        let is_expired = settled.status == OrderStatus::Pending && settled.placed_at < now - PAYMENT_EXPIRES_AFTER;
        if is_expired {
            self.expire(order.id, now).await?;
        }
        Ok(is_expired || settled.version != order.version)
    }

    /// Records what `provider` says of an order. It has no say in what is paid through another one.
    async fn record(
        &self,
        id: OrderId,
        provider: &ProviderCode,
        outcome: &PaymentOutcome,
    ) -> Result<Order, CheckoutError> {
        let now = self.clock.now();
        let uow = self.storage.begin().await?;
        let mut order = find(&*uow, id).await?;
        let was_cancelled = order.status == OrderStatus::Cancelled;
        if order.payment.provider != *provider {
            return Ok(order);
        }
        let Some(event) = order.record_payment(outcome, now) else {
            return Ok(order);
        };
        uow.orders().save(&order).await?;
        uow.outbox().append(&[event]).await?;
        // Money that comes for a cancelled order finds its stock given back already.
        if order.status == OrderStatus::Cancelled && !was_cancelled {
            reopen_cart(&*uow, &order, now).await?;
            uow.codes().take_code_uses_back(order.cart_id, Some(now + CODE_RESERVATION)).await?;
            uow.budgets().take_budgets_back(order.cart_id, Some(now + BUDGET_RESERVATION)).await?;
            release_stock(&*uow, &order, now).await?;
        }
        uow.commit().await?;
        Ok(order)
    }

    async fn expire(&self, id: OrderId, now: Timestamp) -> Result<(), CheckoutError> {
        let uow = self.storage.begin().await?;
        let mut order = find(&*uow, id).await?;
        if order.status != OrderStatus::Pending {
            return Ok(());
        }
        let Ok(event) = order.cancel(CancelReason::PaymentExpired, now) else {
            return Ok(());
        };
        uow.orders().save(&order).await?;
        uow.outbox().append(&[event]).await?;
        reopen_cart(&*uow, &order, now).await?;
        uow.codes().take_code_uses_back(order.cart_id, Some(now + CODE_RESERVATION)).await?;
        uow.budgets().take_budgets_back(order.cart_id, Some(now + BUDGET_RESERVATION)).await?;
        release_stock(&*uow, &order, now).await?;
        uow.commit().await?;
        Ok(())
    }
}

async fn find(uow: &dyn UnitOfWork, id: OrderId) -> Result<Order, StorageError> {
    let order = uow.orders().find(id).await?;
    order.ok_or_else(|| StorageError::Corrupt(format!("{id} is missing")))
}

/// Gives back what a cancelled order had set aside.
pub(crate) async fn release_stock(uow: &dyn UnitOfWork, order: &Order, now: Timestamp) -> Result<(), StorageError> {
    uow.stock().release(&order.allocations, order.id, now).await?;
    append_product_events(uow, order.product_ids(), EventKind::ProductStockChanged, now).await
}

/// Opens a cart again whose order came to nothing. What it held as it was ordered it holds again, for the rest of its time.
async fn reopen_cart(uow: &dyn UnitOfWork, order: &Order, now: Timestamp) -> Result<(), StorageError> {
    let found = uow.carts().find(order.cart_id).await?;
    let Some(mut cart) = found.filter(|it| it.state == CartState::Ordered(order.id)) else {
        return Ok(());
    };
    cart.state = CartState::Active;
    cart.hold.until = cart.hold.at_order.take();
    if let Some(until) = cart.hold.until.filter(|it| now < *it) {
        uow.holds().put(cart.id, cart.hold_owner().as_deref(), &holds_of_order(&order.allocations), until).await?;
    }
    cart.changed_by = Some(CartAuthor::System);
    let event = cart.changed(EventKind::CartUpdated, now);
    uow.carts().save(&cart).await?;
    uow.outbox().append(&[event]).await
}

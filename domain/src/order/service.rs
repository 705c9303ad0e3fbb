//! The use cases of orders that were placed.

use std::sync::Arc;

use super::{CancelReason, Order, OrderCursor, OrderError, OrderNumber, OrderQueries, OrderStatus};
use crate::{
    access::{Actor, OrderToken, Permission, Tokens},
    checkout::release_stock,
    clock::{Clock, Timestamp},
    event::DomainEvent,
    idempotency::{IdempotencyKey, IdempotentCommand},
    ids::{CustomerId, OrderId},
    page::{Page, PageRequest},
    storage::Storage,
};

/// The use cases of orders.
pub struct OrderService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) queries: Arc<dyn OrderQueries>,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// What staff does with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderCommand {
    /// The buyer paid what was due.
    MarkPaid,
    /// The goods left.
    Fulfill,
    /// It comes to nothing.
    Cancel,
}

impl OrderService {
    /// The order of this number, for who has its token, the customer whose it is, and who may see all; `None` for anybody else.
    ///
    /// # Errors
    /// [`OrderError::Storage`].
    pub async fn by_number(
        &self,
        actor: &Actor,
        number: &OrderNumber,
        token: Option<&OrderToken>,
    ) -> Result<Option<Order>, OrderError> {
        let order = self.queries.order_by_number(number).await?;
        let may_see =
            |order: &Order| order.is_visible_to(actor) || token.is_some_and(|it| self.tokens.opens_order(it, order.id));
        Ok(order.filter(may_see))
    }

    /// A page of all orders, newest first.
    ///
    /// # Errors
    /// [`OrderError`]: no permission.
    pub async fn list(&self, actor: &Actor, page: &PageRequest<OrderCursor>) -> Result<Page<Order>, OrderError> {
        actor.require(Permission::ViewOrders)?;
        Ok(self.queries.orders(None, page).await?)
    }

    /// A page of one customer's orders, newest first, for themselves and who may see all; for anybody else there are none.
    ///
    /// # Errors
    /// [`OrderError::Storage`].
    pub async fn of_customer(
        &self,
        actor: &Actor,
        customer: CustomerId,
        page: &PageRequest<OrderCursor>,
    ) -> Result<Page<Order>, OrderError> {
        if actor.customer() != Some(customer) && !actor.has(Permission::ViewOrders) {
            return Ok(Page { items: Vec::new(), has_previous: false, has_next: false });
        }
        Ok(self.queries.orders(Some(customer), page).await?)
    }

    /// Does `command` with an order, once per key; only at `expected_version` where the client says so.
    ///
    /// # Errors
    /// [`OrderError`]; nothing is different then.
    pub async fn run(
        &self,
        actor: &Actor,
        id: OrderId,
        expected_version: Option<u32>,
        key: IdempotencyKey,
        command: OrderCommand,
    ) -> Result<(Order, bool), OrderError> {
        actor.require(Permission::ManageOrders)?;
        let now = self.clock.now();
        let uow = self.storage.begin().await?;
        let mut order = uow.orders().find(id).await?.ok_or(OrderError::NotFound)?;
        let record = IdempotentCommand {
            key,
            fingerprint: self.tokens.fingerprint(&format!("order {id} {command:?} {expected_version:?}")),
            result: String::new(),
            created_at: now,
        };
        if let Some(earlier) = uow.idempotency().claim(&record).await? {
            record.replay(earlier)?;
            return Ok((order, true));
        }
        if expected_version.is_some_and(|it| it != order.version) {
            return Err(OrderError::VersionConflict { current: Box::new(order) });
        }
        let event = apply(&mut order, command, now)?;
        uow.orders().save(&order).await?;
        uow.outbox().append(&[event]).await?;
        if order.status == OrderStatus::Cancelled {
            uow.codes().take_code_uses_back(order.cart_id, None).await?;
            uow.budgets().take_budgets_back(order.cart_id, None).await?;
            release_stock(&*uow, &order, now).await?;
        }
        if command == OrderCommand::Fulfill {
            uow.stock().ship(&order.allocations, id, now).await?;
        }
        uow.commit().await?;
        Ok((order, false))
    }
}

fn apply(order: &mut Order, command: OrderCommand, now: Timestamp) -> Result<DomainEvent, OrderError> {
    match command {
        OrderCommand::MarkPaid => order.mark_paid(now),
        OrderCommand::Fulfill => order.fulfill(now),
        OrderCommand::Cancel => order.cancel(CancelReason::Staff, now),
    }
}

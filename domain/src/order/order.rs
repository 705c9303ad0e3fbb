//! The order and its rules.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{CancelReason, FulfillmentState, OrderError, OrderStatus, Payment, PaymentState};
use crate::{
    access::Email,
    cart::DeliveryChoice,
    catalog::{SelectedOption, Sku},
    channel::{Address, DeliveryKind},
    checkout::PaymentOutcome,
    clock::Timestamp,
    event::{DomainEvent, EventKind, Topic},
    ids::{CartId, OrderId, OrderLineId, ProductId, VariantId},
    inventory::Allocation,
    language::Language,
    money::{Currency, Money},
};

/// What people call an order by: `C` and a number that grows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderNumber(String);

impl OrderNumber {
    /// The number of the `serial`-th order; the first is `C100001`.
    #[must_use]
    pub fn from_serial(serial: i64) -> Self {
        Self(format!("C{}", 100_000 + serial))
    }

    /// A number as somebody typed it.
    #[must_use]
    pub fn from_typed(text: &str) -> Self {
        Self(text.trim().to_uppercase())
    }

    /// The number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line as it was bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// Its id.
    pub id: OrderLineId,
    /// What was bought; the variant may be gone by now.
    pub variant_id: VariantId,
    /// Of which product.
    pub product_id: ProductId,
    /// The merchant's own number.
    pub sku: Option<Sku>,
    /// What the product was called, in the buyer's language.
    pub name: String,
    /// What was chosen.
    pub options: Vec<SelectedOption>,
    /// How many.
    pub quantity: u32,
    /// What one cost.
    pub unit_price: Money,
    /// What all cost.
    pub total: Money,
}

/// The delivery as it was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDelivery {
    /// The option.
    pub choice: DeliveryChoice,
    /// How the goods travel.
    pub kind: DeliveryKind,
    /// What it was called, in the buyer's language.
    pub name: String,
    /// What it cost.
    pub price: Money,
}

/// What was bought, as it was at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// What people call it by.
    pub number: OrderNumber,
    /// The cart it was.
    pub cart_id: CartId,
    /// Grows with each change.
    pub version: u32,
    /// How far it got.
    pub status: OrderStatus,
    /// Whether the goods have left.
    pub fulfillment: FulfillmentState,
    /// Why it was cancelled, if it was.
    pub cancel_reason: Option<CancelReason>,
    /// Where the confirmation goes.
    pub email: Email,
    /// The language to write to the buyer in.
    pub language: Language,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// How it gets there.
    pub delivery: OrderDelivery,
    /// Where it goes; a pickup may do without.
    pub shipping_address: Option<Address>,
    /// Whom to bill, where that is not the receiver.
    pub billing_address: Option<Address>,
    /// The sum of the lines.
    pub subtotal: Money,
    /// The lines and the delivery.
    pub total: Money,
    /// From where it is served.
    pub allocations: Vec<Allocation>,
    /// How it is paid.
    pub payment: Payment,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Order {
    /// Records what the provider said. `None`: nothing is different by it.
    ///
    /// A captured payment opens a pending order, a declined one cancels it. What comes after the end changes nothing.
    pub fn record_payment(&mut self, outcome: &PaymentOutcome, now: Timestamp) -> Option<DomainEvent> {
        let is_waiting = matches!(self.payment.state, PaymentState::Initiated { .. } | PaymentState::Pending);
        if !is_waiting || self.status != OrderStatus::Pending {
            return None;
        }
        let (state, status) = match outcome {
            PaymentOutcome::Captured => (PaymentState::Captured, OrderStatus::Open),
            PaymentOutcome::Due => (PaymentState::Due, OrderStatus::Open),
            PaymentOutcome::Pending => (PaymentState::Pending, OrderStatus::Pending),
            PaymentOutcome::Declined { reason } => {
                (PaymentState::Declined { reason: reason.clone() }, OrderStatus::Cancelled)
            }
        };
        if state == self.payment.state {
            return None;
        }
        self.set_payment(state, now);
        self.status = status;
        if status == OrderStatus::Cancelled {
            self.cancel_reason = Some(CancelReason::PaymentDeclined);
            return Some(self.changed(EventKind::OrderCancelled, now));
        }
        Some(self.changed(EventKind::OrderPaymentUpdated, now))
    }

    /// Takes note that the buyer paid what was due.
    ///
    /// # Errors
    /// [`OrderError::NotDue`].
    pub fn mark_paid(&mut self, now: Timestamp) -> Result<DomainEvent, OrderError> {
        if self.payment.state != PaymentState::Due || self.status != OrderStatus::Open {
            return Err(OrderError::NotDue);
        }
        self.set_payment(PaymentState::Captured, now);
        self.complete_if_done();
        Ok(self.changed(EventKind::OrderPaymentUpdated, now))
    }

    /// Takes note that the goods left.
    ///
    /// # Errors
    /// [`OrderError::NotOpen`].
    pub fn fulfill(&mut self, now: Timestamp) -> Result<DomainEvent, OrderError> {
        if self.status != OrderStatus::Open || self.fulfillment == FulfillmentState::Fulfilled {
            return Err(OrderError::NotOpen { status: self.status });
        }
        self.fulfillment = FulfillmentState::Fulfilled;
        self.complete_if_done();
        Ok(self.changed(EventKind::OrderFulfilled, now))
    }

    /// Cancels what has not left and was not paid; money that was taken goes back by a refund, which is another matter.
    ///
    /// # Errors
    /// [`OrderError::NotOpen`], [`OrderError::AlreadyPaid`].
    pub fn cancel(&mut self, reason: CancelReason, now: Timestamp) -> Result<DomainEvent, OrderError> {
        let is_running = matches!(self.status, OrderStatus::Pending | OrderStatus::Open);
        if !is_running || self.fulfillment == FulfillmentState::Fulfilled {
            return Err(OrderError::NotOpen { status: self.status });
        }
        if self.payment.state == PaymentState::Captured {
            return Err(OrderError::AlreadyPaid);
        }
        self.set_payment(PaymentState::Voided, now);
        self.status = OrderStatus::Cancelled;
        self.cancel_reason = Some(reason);
        Ok(self.changed(EventKind::OrderCancelled, now))
    }

    fn set_payment(&mut self, state: PaymentState, now: Timestamp) {
        self.payment.state = state;
        self.payment.updated_at = now;
    }

    fn complete_if_done(&mut self) {
        if self.payment.state == PaymentState::Captured && self.fulfillment == FulfillmentState::Fulfilled {
            self.status = OrderStatus::Completed;
        }
    }

    /// Marks a change: a new version, and the event that tells of it.
    pub fn changed(&mut self, kind: EventKind, now: Timestamp) -> DomainEvent {
        self.version += 1;
        self.updated_at = now;
        DomainEvent { topic: Topic::Order(self.id), kind, sequence: self.version, occurred_at: now }
    }
}

//! The order and its rules.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use super::{CancelReason, FulfillmentState, OrderError, OrderStatus, Payment, PaymentState};
use crate::{
    access::{Actor, Email, Permission},
    cart::{DeliveryChoice, LineAttributes, Note},
    catalog::{SelectedOption, Sku},
    channel::{Address, DeliveryKind, PriceDisplay},
    checkout::PaymentOutcome,
    clock::Timestamp,
    codes::{ChannelCode, MarketCode},
    event::{DomainEvent, EventKind, Topic},
    ids::{CartId, CustomerId, OrderId, OrderLineId, ProductId, PromotionId, VariantId},
    inventory::Allocation,
    language::Language,
    money::{Currency, Money},
    pricing::{
        quote::Quote,
        tax::{TaxedMoney, VatNumber},
    },
    promotion::ManualDiscount,
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

    /// A number as somebody typed it, in either case; `None` for what is no number of an order.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_uppercase();
        let digits = text.strip_prefix('C')?;
        let is_number = (6..=19).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
        is_number.then_some(Self(text))
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
    /// What the buyer wanted of it.
    #[serde(default)]
    pub attributes: LineAttributes,
    /// What the buyer wrote of it.
    #[serde(default)]
    pub note: Option<Note>,
    /// How many.
    pub quantity: u32,
    /// What one cost.
    pub unit_price: Money,
    /// What all cost.
    pub total: Money,
    /// The promotion that gave it; none: it was bought.
    #[serde(default)]
    pub gift_of: Option<PromotionId>,
    /// What it was made of, where it was a bundle.
    #[serde(default)]
    pub components: Vec<OrderLineComponent>,
}

/// A part of a bundle as it was bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLineComponent {
    /// What; the variant may be gone by now.
    pub variant_id: VariantId,
    /// Of which product.
    pub product_id: ProductId,
    /// The merchant's own number.
    pub sku: Option<Sku>,
    /// What the product was called, in the buyer's language.
    pub name: String,
    /// What was chosen.
    pub options: Vec<SelectedOption>,
    /// How many, in all bundles of the line.
    pub quantity: u32,
    /// Its share of what the line cost, taxed in its own way.
    pub total: TaxedMoney,
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
    /// Whose it is, where that is somebody with an account.
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
    /// Where it was sold.
    #[serde(default = "ChannelCode::web")]
    pub channel: ChannelCode,
    /// To whom.
    #[serde(default = "MarketCode::anywhere")]
    pub market: MarketCode,
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
    /// What the buyer wrote to the shop.
    #[serde(default)]
    pub note: Option<Note>,
    /// How it gets there.
    pub delivery: OrderDelivery,
    /// Where it goes; a pickup may do without.
    pub shipping_address: Option<Address>,
    /// Whom to bill, where that is not the receiver.
    pub billing_address: Option<Address>,
    /// Under what number the buyer is registered for value added tax.
    #[serde(default)]
    pub vat_number: Option<VatNumber>,
    /// The sum of the lines, before anything was taken off.
    pub subtotal: Money,
    /// The lines less what was taken off them, and the delivery.
    pub total: Money,
    /// What it was made of: lines, taxes, discounts and reasons; none in orders older than taxes.
    #[serde(default)]
    pub quote: Option<Quote>,
    /// What staff gave by hand.
    #[serde(default)]
    pub manual_discounts: Vec<ManualDiscount>,
    /// Whether its amounts are shown with tax.
    #[serde(default)]
    pub display: PriceDisplay,
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
    /// Whether `actor` may see it without its token: the customer whose it is, and staff with [`Permission::ViewOrders`].
    #[must_use]
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        let is_owner = self.customer_id.is_some() && actor.customer() == self.customer_id;
        is_owner || actor.has(Permission::ViewOrders)
    }

    /// The products whose stock it took, or would have taken.
    #[must_use]
    pub fn product_ids(&self) -> BTreeSet<ProductId> {
        let parts = self.lines.iter().flat_map(|it| &it.components).map(|it| it.product_id);
        self.lines.iter().map(|it| it.product_id).chain(parts).collect()
    }

    /// Records what the provider said. `None`: nothing is different by it.
    ///
    /// A captured payment opens a pending order, a declined one cancels it. Money that comes for an order that was cancelled
    /// meanwhile is recorded, so that it is seen and given back; nothing else that comes after the end changes anything.
    pub fn record_payment(&mut self, outcome: &PaymentOutcome, now: Timestamp) -> Option<DomainEvent> {
        if self.payment.state == PaymentState::Voided && *outcome == PaymentOutcome::Captured {
            self.set_payment(PaymentState::Captured, now);
            return Some(self.changed(EventKind::OrderPaymentUpdated, now));
        }
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

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    use super::*;
    use crate::{
        checkout::ProviderCode,
        ids::{Id, PaymentId},
    };

    /// All that an order can be: status, payment and whether the goods left.
    type State = (OrderStatus, PaymentState, FulfillmentState);

    use FulfillmentState::{Fulfilled, Unfulfilled};
    use OrderStatus::{Cancelled, Completed, Open, Pending};

    fn states() -> [State; 9] {
        let declined = PaymentState::Declined { reason: "no".to_owned() };
        [
            (Pending, PaymentState::Initiated { token: Some("secret".to_owned()) }, Unfulfilled),
            (Pending, PaymentState::Pending, Unfulfilled),
            (Open, PaymentState::Due, Unfulfilled),
            (Open, PaymentState::Captured, Unfulfilled),
            (Open, PaymentState::Due, Fulfilled),
            (Completed, PaymentState::Captured, Fulfilled),
            (Cancelled, declined, Unfulfilled),
            (Cancelled, PaymentState::Voided, Unfulfilled),
            (Cancelled, PaymentState::Captured, Unfulfilled),
        ]
    }

    #[derive(Debug, Clone)]
    enum Command {
        Record(PaymentOutcome),
        MarkPaid,
        Fulfill,
        Cancel,
    }

    fn commands() -> [Command; 7] {
        [
            Command::Record(PaymentOutcome::Captured),
            Command::Record(PaymentOutcome::Due),
            Command::Record(PaymentOutcome::Pending),
            Command::Record(PaymentOutcome::Declined { reason: "no".to_owned() }),
            Command::MarkPaid,
            Command::Fulfill,
            Command::Cancel,
        ]
    }

    /// For each state (row) and command (column): the state it leads to, by its place in [`states`]; -1: refused, or nothing new.
    const TRANSITIONS: [[i8; 7]; 9] = [
        [3, 2, 1, 6, -1, -1, 7],
        [3, 2, -1, 6, -1, -1, 7],
        [-1, -1, -1, -1, 3, 4, 7],
        [-1, -1, -1, -1, -1, 5, -1],
        [-1, -1, -1, -1, 5, -1, -1],
        [-1, -1, -1, -1, -1, -1, -1],
        [-1, -1, -1, -1, -1, -1, -1],
        [8, -1, -1, -1, -1, -1, -1],
        [-1, -1, -1, -1, -1, -1, -1],
    ];

    fn later() -> Timestamp {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(1)
    }

    fn order((status, state, fulfillment): State) -> Order {
        let now = DateTime::UNIX_EPOCH;
        let nothing = Money::zero(Currency::EUR);
        Order {
            id: OrderId::from_uuid(Uuid::nil()),
            number: OrderNumber::from_serial(1),
            cart_id: CartId::from_uuid(Uuid::nil()),
            customer_id: None,
            channel: ChannelCode::web(),
            market: MarketCode::anywhere(),
            version: 7,
            status,
            fulfillment,
            cancel_reason: None,
            email: "ada@example.org".parse().unwrap(),
            language: Language::english(),
            currency: Currency::EUR,
            lines: Vec::new(),
            note: None,
            delivery: OrderDelivery {
                choice: "standard".parse().unwrap(),
                kind: DeliveryKind::Ship,
                name: String::new(),
                price: nothing,
            },
            shipping_address: None,
            billing_address: None,
            vat_number: None,
            subtotal: nothing,
            total: nothing,
            quote: None,
            manual_discounts: Vec::new(),
            display: PriceDisplay::Gross,
            allocations: Vec::new(),
            payment: Payment {
                id: PaymentId::from_uuid(Uuid::nil()),
                provider: ProviderCode::new("test"),
                amount: nothing,
                state,
                updated_at: now,
            },
            placed_at: now,
            updated_at: now,
        }
    }

    fn run(order: &mut Order, command: &Command) -> Option<DomainEvent> {
        match command {
            Command::Record(outcome) => order.record_payment(outcome, later()),
            Command::MarkPaid => order.mark_paid(later()).ok(),
            Command::Fulfill => order.fulfill(later()).ok(),
            Command::Cancel => order.cancel(CancelReason::Staff, later()).ok(),
        }
    }

    #[test]
    fn every_command_leads_from_every_state_where_it_should() {
        for (state, row) in states().into_iter().zip(TRANSITIONS) {
            for (command, next) in commands().iter().zip(row) {
                let before = order(state.clone());
                let mut after = before.clone();
                let event = run(&mut after, command);
                let Ok(next) = usize::try_from(next) else {
                    assert_eq!((event, after), (None, before), "{state:?} {command:?}");
                    continue;
                };
                let reached = (after.status, after.payment.state.clone(), after.fulfillment);
                assert_eq!(reached, states()[next], "{state:?} {command:?}");
                let event = event.unwrap();
                assert_eq!((event.sequence, after.version, after.updated_at), (8, 8, later()), "{state:?} {command:?}");
                assert_eq!(event.kind, kind_of(command), "{state:?} {command:?}");
            }
        }
    }

    fn kind_of(command: &Command) -> EventKind {
        match command {
            Command::Record(PaymentOutcome::Declined { .. }) | Command::Cancel => EventKind::OrderCancelled,
            Command::Record(_) | Command::MarkPaid => EventKind::OrderPaymentUpdated,
            Command::Fulfill => EventKind::OrderFulfilled,
        }
    }

    #[test]
    fn a_cancelled_order_says_why() {
        let mut declined = order(states()[1].clone());
        run(&mut declined, &commands()[3]);
        let mut expired = order(states()[0].clone());
        expired.cancel(CancelReason::PaymentExpired, later()).unwrap();
        let reasons = [declined.cancel_reason, expired.cancel_reason];
        assert_eq!(reasons, [Some(CancelReason::PaymentDeclined), Some(CancelReason::PaymentExpired)]);
    }

    #[test]
    fn a_refusal_says_what_the_order_is() {
        let at = |place: usize| order(states()[place].clone());
        assert!(matches!(at(3).cancel(CancelReason::Staff, later()), Err(OrderError::AlreadyPaid)));
        assert!(matches!(at(4).cancel(CancelReason::Staff, later()), Err(OrderError::NotOpen { status: Open })));
        assert!(matches!(at(0).fulfill(later()), Err(OrderError::NotOpen { status: Pending })));
        assert!(matches!(at(7).fulfill(later()), Err(OrderError::NotOpen { status: Cancelled })));
        assert!(matches!(at(3).mark_paid(later()), Err(OrderError::NotDue)));
    }

    #[test]
    fn numbers_begin_at_100001_and_are_read_as_people_type_them() {
        assert_eq!(OrderNumber::from_serial(1).as_str(), "C100001");
        assert_eq!(OrderNumber::parse(" c100001\n"), Some(OrderNumber::from_serial(1)));
        for text in ["", "C", "100001", "C1", "C100001\0", "X100001", "C10000١"] {
            assert_eq!(OrderNumber::parse(text), None, "{text:?}");
        }
    }
}

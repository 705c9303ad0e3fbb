//! Orders, their lines and their payment.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use comptoir_domain::{cart, money, order};

use super::super::{
    cart::LineAttribute,
    catalog::SelectedOption,
    channel::{Address, Channel, DeliveryKind, Location, Market, settings},
    id::to_id,
    loader::load,
    money::Money,
    quote::{Discount, ManualDiscount, PointsMultiplier, TaxSummary, TaxedMoney},
    scalar::{CurrencyCode, DateTime},
};

/// How far an order got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "order::OrderStatus")]
pub(super) enum OrderStatus {
    /// Its stock is set aside; whether it will be paid is not known yet.
    Pending,
    /// It is to be fulfilled.
    Open,
    /// It is paid and fulfilled.
    Completed,
    /// It came to nothing; its stock is free again.
    Cancelled,
}

/// Whether the goods have left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "order::FulfillmentState")]
pub(super) enum FulfillmentState {
    /// Not yet.
    Unfulfilled,
    /// All of them.
    Fulfilled,
}

/// Why an order was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "order::CancelReason")]
pub(super) enum CancelReason {
    /// The payment provider said no.
    PaymentDeclined,
    /// The payment provider did not say yes in time.
    PaymentExpired,
    /// Staff did it.
    Staff,
}

/// How far a payment got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum PaymentState {
    /// The provider has not said yes or no yet.
    Pending,
    /// To be paid when the goods are handed over.
    Due,
    /// Paid.
    Paid,
    /// The provider said no.
    Declined,
    /// Nobody waits for it any more.
    Voided,
}

/// How an order is paid.
#[derive(SimpleObject)]
pub(super) struct Payment {
    /// Its id.
    id: ID,
    /// Who takes the money.
    provider: String,
    /// How much.
    amount: Money,
    /// How far it got.
    state: PaymentState,
    /// The provider's short code, where it said no.
    decline_reason: Option<String>,
}

impl From<&order::Payment> for Payment {
    fn from(payment: &order::Payment) -> Self {
        let decline_reason = match &payment.state {
            order::PaymentState::Declined { reason } => Some(reason.clone()),
            _ => None,
        };
        Self {
            id: to_id(payment.id),
            provider: payment.provider.to_string(),
            amount: payment.amount.into(),
            state: (&payment.state).into(),
            decline_reason,
        }
    }
}

impl From<&order::PaymentState> for PaymentState {
    fn from(state: &order::PaymentState) -> Self {
        match state {
            order::PaymentState::Initiated { .. } | order::PaymentState::Pending => Self::Pending,
            order::PaymentState::Due => Self::Due,
            order::PaymentState::Captured => Self::Paid,
            order::PaymentState::Declined { .. } => Self::Declined,
            order::PaymentState::Voided => Self::Voided,
        }
    }
}

/// What a line cost.
#[derive(SimpleObject)]
struct OrderLineCost {
    /// What one cost before discounts, as prices are entered.
    unit_price: Money,
    /// What all cost before discounts.
    subtotal: TaxedMoney,
    /// What discounts took off.
    discount: TaxedMoney,
    /// What all cost.
    total: TaxedMoney,
}

/// A line as it was bought.
#[derive(SimpleObject)]
struct OrderLine {
    /// Its id.
    id: ID,
    /// What was bought; it may be gone by now.
    variant_id: ID,
    /// Of which product.
    product_id: ID,
    /// The merchant's own number.
    sku: Option<String>,
    /// What the product was called, in the buyer's language.
    name: String,
    /// What was chosen.
    selected_options: Vec<SelectedOption>,
    /// What the buyer wanted of it, by key; at most 20.
    attributes: Vec<LineAttribute>,
    /// What the buyer wrote of it.
    note: Option<String>,
    /// How many.
    quantity: u32,
    /// What it cost.
    cost: OrderLineCost,
    /// The promotion that gave it; null: it was bought.
    gift_of: Option<ID>,
    /// What its bundles were made of, at most 30; empty where it was none.
    components: Vec<OrderLineComponent>,
}

/// A part of the bundles of a line, as it was bought.
#[derive(SimpleObject)]
struct OrderLineComponent {
    /// What; it may be gone by now.
    variant_id: ID,
    /// Of which product.
    product_id: ID,
    /// The merchant's own number.
    sku: Option<String>,
    /// What the product was called, in the buyer's language.
    name: String,
    /// What was chosen.
    selected_options: Vec<SelectedOption>,
    /// How many, in all bundles of the line.
    quantity: u32,
    /// Its share of what the line cost, taxed in its own way.
    total: TaxedMoney,
}

impl OrderLineComponent {
    fn of(order: &order::Order, component: &order::OrderLineComponent) -> Self {
        Self {
            variant_id: to_id(component.variant_id),
            product_id: to_id(component.product_id),
            sku: component.sku.as_ref().map(ToString::to_string),
            name: component.name.clone(),
            selected_options: component.options.iter().map(SelectedOption::from).collect(),
            quantity: component.quantity,
            total: TaxedMoney::shown(component.total, order.display),
        }
    }
}

impl OrderLine {
    /// A line of an order, and its place in it.
    fn of(order: &order::Order, index: usize, line: &order::OrderLine) -> Self {
        let quoted = order.quote.as_ref().and_then(|it| it.lines.get(index));
        let shown = |amount| TaxedMoney::shown(amount, order.display);
        let untaxed = TaxedMoney::untaxed(line.total);
        let none = || TaxedMoney::untaxed(money::Money::zero(order.currency));
        Self {
            id: to_id(line.id),
            variant_id: to_id(line.variant_id),
            product_id: to_id(line.product_id),
            sku: line.sku.as_ref().map(ToString::to_string),
            name: line.name.clone(),
            selected_options: line.options.iter().map(SelectedOption::from).collect(),
            attributes: LineAttribute::all(&line.attributes),
            note: line.note.as_ref().map(|it| it.as_str().to_owned()),
            quantity: line.quantity,
            cost: OrderLineCost {
                unit_price: line.unit_price.into(),
                subtotal: quoted.map_or_else(|| untaxed.clone(), |it| shown(it.original)),
                discount: quoted.map_or_else(none, |it| shown(it.discount)),
                total: quoted.map_or_else(|| untaxed.clone(), |it| shown(it.total)),
            },
            gift_of: line.gift_of.map(to_id),
            components: line.components.iter().map(|it| OrderLineComponent::of(order, it)).collect(),
        }
    }
}

/// What an order cost: `total` is `subtotal` less `discount`, and `delivery`.
#[derive(SimpleObject)]
struct OrderCost {
    /// The goods, before discounts.
    subtotal: TaxedMoney,
    /// What discounts took off the goods.
    discount: TaxedMoney,
    /// The delivery, after discounts.
    delivery: TaxedMoney,
    /// All of it: what is to be paid, with tax.
    total: TaxedMoney,
    /// The total by rate of tax, the highest first; at most one entry for each rate.
    tax_summary: Vec<TaxSummary>,
}

/// The delivery as it was chosen.
pub(super) struct OrderDelivery(Arc<order::Order>);

/// The delivery as it was chosen.
#[Object]
impl OrderDelivery {
    /// The option's handle.
    async fn handle(&self) -> String {
        self.0.delivery.choice.to_string()
    }

    /// How the goods travel.
    async fn kind(&self) -> DeliveryKind {
        self.0.delivery.kind.into()
    }

    /// What it was called, in the buyer's language.
    async fn name(&self) -> &str {
        &self.0.delivery.name
    }

    /// The store of a pickup.
    async fn location(&self, ctx: &Context<'_>) -> Option<Result<Location>> {
        let location = load(ctx, self.0.delivery.choice.location_id?).await.transpose()?;
        Some(location.map(Location))
    }
}

/// What was bought, as it was at that moment, and how far paying and delivering it got.
pub(in crate::graphql) struct Order(pub(in crate::graphql) Arc<order::Order>);

/// What was bought, as it was at that moment, and how far paying and delivering it got.
#[Object]
impl Order {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        to_id(self.0.id)
    }

    /// What people call it by.
    async fn number(&self) -> &str {
        self.0.number.as_str()
    }

    /// Where it was sold; null where there is no such channel any more.
    async fn channel(&self, ctx: &Context<'_>) -> Result<Option<Channel>> {
        Ok(settings(ctx).await?.channel(self.0.channel.as_str()).map(Channel))
    }

    /// To whom; null where there is no such market any more.
    async fn market(&self, ctx: &Context<'_>) -> Result<Option<Market>> {
        Ok(settings(ctx).await?.market(self.0.market.as_str()).map(Market))
    }

    /// Grows with each change.
    async fn version(&self) -> u32 {
        self.0.version
    }

    /// How far it got.
    async fn status(&self) -> OrderStatus {
        self.0.status.into()
    }

    /// Whether the goods have left.
    async fn fulfillment_state(&self) -> FulfillmentState {
        self.0.fulfillment.into()
    }

    /// How far its payment got.
    async fn payment_state(&self) -> PaymentState {
        (&self.0.payment.state).into()
    }

    /// How it is paid.
    async fn payment(&self) -> Payment {
        (&self.0.payment).into()
    }

    /// Why it was cancelled, if it was.
    async fn cancel_reason(&self) -> Option<CancelReason> {
        self.0.cancel_reason.map(Into::into)
    }

    /// Where the confirmation goes.
    async fn email(&self) -> &str {
        self.0.email.as_str()
    }

    /// The currency of all its amounts.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.currency.code().to_owned())
    }

    /// What was bought, at most 250, and then the gifts.
    async fn lines(&self) -> Vec<OrderLine> {
        self.0.lines.iter().enumerate().map(|(index, it)| OrderLine::of(&self.0, index, it)).collect()
    }

    /// What the buyer wrote to the shop.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_ref().map(cart::Note::as_str)
    }

    /// What it cost.
    async fn cost(&self) -> OrderCost {
        let Some(quote) = &self.0.quote else {
            return OrderCost {
                subtotal: TaxedMoney::untaxed(self.0.subtotal),
                discount: TaxedMoney::untaxed(money::Money::zero(self.0.currency)),
                delivery: TaxedMoney::untaxed(self.0.delivery.price),
                total: TaxedMoney::untaxed(self.0.total),
                tax_summary: Vec::new(),
            };
        };
        let shown = |amount| TaxedMoney::shown(amount, self.0.display);
        OrderCost {
            subtotal: shown(quote.subtotal),
            discount: shown(quote.discount),
            delivery: shown(quote.delivery),
            total: TaxedMoney::paid(quote.total),
            tax_summary: quote.tax_summary.iter().map(TaxSummary::of).collect(),
        }
    }

    /// What was taken off, in the order of calculation; at most one entry for each promotion.
    async fn discounts(&self, ctx: &Context<'_>) -> Result<Vec<Discount>> {
        let settings = settings(ctx).await?;
        let discounts = self.0.quote.iter().flat_map(|it| &it.discounts);
        Ok(discounts.map(|it| Discount::of(it, &settings)).collect())
    }

    /// What staff gave by hand, off a line or all of them; at most 50.
    async fn manual_discounts(&self) -> Vec<ManualDiscount> {
        self.0.manual_discounts.iter().map(ManualDiscount::from).collect()
    }

    /// What multiplied the points that its lines earn; the lines are those of the cart that it was.
    async fn points_multipliers(&self) -> Vec<PointsMultiplier> {
        self.0.quote.iter().flat_map(|it| &it.points).map(PointsMultiplier::from).collect()
    }

    /// How it gets there.
    async fn delivery(&self) -> OrderDelivery {
        OrderDelivery(self.0.clone())
    }

    /// Where it goes; null for a pickup without one.
    async fn shipping_address(&self) -> Option<Address> {
        self.0.shipping_address.as_ref().map(Address::from)
    }

    /// Whom to bill; null: the receiver.
    async fn billing_address(&self) -> Option<Address> {
        self.0.billing_address.as_ref().map(Address::from)
    }

    /// The number under which the buyer is registered for value added tax.
    async fn vat_number(&self) -> Option<String> {
        self.0.vat_number.as_ref().map(ToString::to_string)
    }

    /// When it was placed.
    async fn placed_at(&self) -> DateTime {
        DateTime(self.0.placed_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

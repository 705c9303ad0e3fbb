//! Placing an order: the cart is checked, its stock set aside and the order stored in one transaction; then the money is taken.

use super::{
    CheckoutError, CheckoutService, DeliveryFacts, DeliveryOption, Incomplete, ProviderCode,
    delivery::{demands, sites},
};
use crate::{
    access::{Actor, OrderToken},
    cart::{Cart, CartError, CartState, LineError, Shelf},
    catalog::Product,
    channel::DeliveryKind,
    clock::Timestamp,
    event::EventKind,
    idempotency::{IdempotencyKey, IdempotentCommand},
    ids::{CartId, OrderId, OrderLineId, PaymentId},
    inventory::{Allocation, Shortage, append_stock_events, source},
    language::Language,
    money::Money,
    order::{FulfillmentState, Order, OrderDelivery, OrderLine, OrderStatus, Payment, PaymentState},
    pricing::{PricedCart, PricedLine, price_cart},
    storage::{StorageError, UnitOfWork},
};

/// What it takes to place an order.
#[derive(Clone)]
pub struct OrderPlacement {
    /// The cart that becomes an order.
    pub cart_id: CartId,
    /// The client's key.
    pub key: IdempotencyKey,
    /// Who takes the money.
    pub provider: ProviderCode,
    /// What the provider's own page or reader gave the client.
    pub token: Option<String>,
    /// What the buyer was shown; the order is refused where it costs anything else.
    pub expected_total: Option<Money>,
    /// The version of the cart that the buyer saw.
    pub expected_version: Option<u32>,
}

/// An order that was placed.
#[derive(Debug, Clone)]
pub struct PlacedOrder {
    /// The order.
    pub order: Order,
    /// What opens it.
    pub token: OrderToken,
    /// Whether the key had placed it before.
    pub is_replay: bool,
}

/// A cart that lacks nothing.
struct Checked {
    cart: Cart,
    shelf: Shelf,
    priced: PricedCart,
    delivery: DeliveryOption,
    allocations: Vec<Allocation>,
}

/// What an order is placed with, beside its cart.
struct Attempt<'a> {
    order_id: OrderId,
    placement: &'a OrderPlacement,
    now: Timestamp,
}

impl CheckoutService {
    /// Makes a cart an order and takes the money, once per key.
    ///
    /// The order is `Pending` where the provider has not said yes or no by the time this returns.
    ///
    /// # Errors
    /// [`CheckoutError`]. After [`CheckoutError::PaymentDeclined`] the cart can be ordered again, under a new key; after any other, nothing happened.
    pub async fn place(&self, actor: &Actor, placement: OrderPlacement) -> Result<PlacedOrder, CheckoutError> {
        let Some(provider) = self.providers.find(&placement.provider) else {
            let offered = self.providers.codes().map(ToString::to_string).collect();
            return Err(CheckoutError::UnknownProvider { offered });
        };
        provider.check_token(placement.token.as_deref()).map_err(|reason| CheckoutError::InvalidToken { reason })?;
        let (order_id, is_replay) = self.store_order(actor, &placement).await?;
        let order = self.settle(order_id).await?;
        match order.payment.state {
            PaymentState::Declined { reason } => Err(CheckoutError::PaymentDeclined { reason }),
            _ => Ok(PlacedOrder { token: self.tokens.order_token(order.id), order, is_replay }),
        }
    }

    /// The first transaction: everything but the money. Answers with the earlier order where the key had one.
    async fn store_order(&self, actor: &Actor, placement: &OrderPlacement) -> Result<(OrderId, bool), CheckoutError> {
        let now = self.clock.now();
        let order_id = OrderId::new(&*self.ids);
        let uow = self.storage.begin().await?;
        let mut cart = uow.carts().find(placement.cart_id).await?.ok_or(CartError::NotFound)?;
        cart.check_access(actor)?;
        let command = IdempotentCommand {
            key: placement.key,
            fingerprint: self.fingerprint(placement),
            result: order_id.to_string(),
            created_at: now,
        };
        if let Some(earlier) = uow.idempotency().claim(&command).await? {
            let order_id = command.replay(earlier)?.parse();
            return Ok((order_id.map_err(|_| StorageError::Corrupt("idempotency result".to_owned()))?, true));
        }
        cart.check_open(placement.expected_version)?;
        cart.state = CartState::Ordered(order_id);
        let cart_event = cart.changed(EventKind::CartOrdered, now);
        uow.carts().save(&cart).await?;
        let checked = check(&*uow, cart).await?;
        if let Some(expected) = placement.expected_total.filter(|it| *it != checked.priced.total) {
            return Err(CheckoutError::TotalChanged { expected, actual: checked.priced.total });
        }
        uow.stock().allocate(&checked.allocations, order_id, now).await?;
        let mut order = self.new_order(&*uow, checked, Attempt { order_id, placement, now }).await?;
        let order_event = order.changed(EventKind::OrderPlaced, now);
        uow.orders().insert(&order).await?;
        uow.outbox().append(&[cart_event, order_event]).await?;
        append_stock_events(&*uow, order.lines.iter().map(|it| it.product_id).collect(), now).await?;
        uow.commit().await?;
        Ok((order_id, false))
    }

    fn fingerprint(&self, placement: &OrderPlacement) -> String {
        let OrderPlacement { cart_id, provider, token, expected_total, expected_version, .. } = placement;
        let input = format!("orderPlace {cart_id} {provider} {token:?} {expected_total:?} {expected_version:?}");
        self.tokens.fingerprint(&input)
    }

    async fn new_order(
        &self,
        uow: &dyn UnitOfWork,
        checked: Checked,
        attempt: Attempt<'_>,
    ) -> Result<Order, CheckoutError> {
        let Attempt { order_id, placement, now } = attempt;
        let Checked { cart, shelf, priced, delivery, allocations } = checked;
        let product_ids: Vec<_> = shelf.offers.iter().map(|it| it.variant.product_id).collect();
        let products = uow.catalog().products_by_id(&product_ids).await?;
        let line_of = |line: &PricedLine| {
            let variant = &shelf.offer(line.variant_id)?.variant;
            let product = products.iter().find(|it| it.id == variant.product_id)?;
            Some(OrderLine {
                id: OrderLineId::new(&*self.ids),
                variant_id: variant.id,
                product_id: product.id,
                sku: variant.sku.clone(),
                name: name_of(product, &cart.language),
                options: variant.options.clone(),
                quantity: line.quantity,
                unit_price: line.unit_price?,
                total: line.total,
            })
        };
        let lines = priced.lines.iter().filter_map(line_of).collect();
        let name = delivery.method.name.best(std::slice::from_ref(&cart.language)).cloned();
        Ok(Order {
            id: order_id,
            number: uow.orders().next_number().await?,
            cart_id: cart.id,
            version: 0,
            status: OrderStatus::Pending,
            fulfillment: FulfillmentState::Unfulfilled,
            cancel_reason: None,
            email: cart.contact.ok_or_else(|| CheckoutError::Incomplete(vec![Incomplete::NoContact]))?.email,
            language: cart.language,
            currency: cart.currency,
            lines,
            delivery: OrderDelivery {
                kind: delivery.method.kind,
                name: name.unwrap_or_default(),
                price: delivery.price,
                choice: delivery.choice,
            },
            shipping_address: cart.shipping_address,
            billing_address: cart.billing_address,
            subtotal: priced.subtotal,
            total: priced.total,
            allocations,
            payment: Payment {
                id: PaymentId::new(&*self.ids),
                provider: placement.provider.clone(),
                amount: priced.total,
                state: PaymentState::Initiated { token: placement.token.clone() },
                updated_at: now,
            },
            placed_at: now,
            updated_at: now,
        })
    }
}

/// Checks that `cart` lacks nothing, and plans from where it is served. Its stock stays locked until the unit of work ends.
async fn check(uow: &dyn UnitOfWork, cart: Cart) -> Result<Checked, CheckoutError> {
    let variants = cart.variant_ids();
    let shelf = Shelf {
        offers: uow.catalog().offers(&variants, cart.currency).await?,
        levels: uow.stock().lock_levels(&variants).await?,
    };
    let facts = DeliveryFacts::load_all(uow.channel_queries()).await?;
    let chosen = facts.chosen(&cart, &shelf);
    let priced = price_cart(&cart, &shelf, chosen.as_ref().map(|it| it.price))?;
    let incomplete = what_lacks(&cart, &priced, chosen.as_ref());
    let (Some(delivery), true) = (chosen, incomplete.is_empty()) else {
        return Err(CheckoutError::Incomplete(incomplete));
    };
    let allocations = source(&demands(&cart, &shelf), &sites(&delivery, &facts.locations), &shelf.levels)
        .map_err(|shortages| CheckoutError::Incomplete(lines_short(&cart, &shortages)))?;
    Ok(Checked { cart, shelf, priced, delivery, allocations })
}

/// All that a cart lacks to become an order.
fn what_lacks(cart: &Cart, priced: &PricedCart, chosen: Option<&DeliveryOption>) -> Vec<Incomplete> {
    let mut lacks = Vec::new();
    if cart.lines.is_empty() {
        lacks.push(Incomplete::NoLines);
    }
    let problem = |line: &PricedLine| Some(Incomplete::Line { line_id: line.line_id, problem: line.problem? });
    lacks.extend(priced.lines.iter().filter_map(problem));
    if cart.contact.is_none() {
        lacks.push(Incomplete::NoContact);
    }
    let is_pickup = chosen.is_some_and(|it| it.method.kind == DeliveryKind::Pickup);
    if cart.shipping_address.is_none() && !is_pickup {
        lacks.push(Incomplete::NoShippingAddress);
    }
    match (&cart.delivery, chosen) {
        (None, _) => lacks.push(Incomplete::NoDelivery),
        (Some(_), None) if !cart.lines.is_empty() => lacks.push(Incomplete::DeliveryUnavailable),
        _ => {}
    }
    lacks
}

/// The lines of which there is not enough where they would be served from.
fn lines_short(cart: &Cart, shortages: &[Shortage]) -> Vec<Incomplete> {
    let line_of = |it: &Shortage| cart.lines.iter().find(|line| line.variant_id == it.variant_id);
    let short = |it: &Shortage| {
        let problem = LineError::InsufficientStock { available: it.available, requested: it.requested };
        Some(Incomplete::Line { line_id: line_of(it)?.id, problem })
    };
    shortages.iter().filter_map(short).collect()
}

fn name_of(product: &Product, language: &Language) -> String {
    let text = product.texts.best(std::slice::from_ref(language));
    text.map_or_else(|| product.slug.to_string(), |it| it.name.clone())
}

//! Placing an order: the cart is checked, its stock set aside and the order stored in one transaction; then the money is taken.

use std::collections::BTreeMap;

use super::{
    CheckoutError, CheckoutService, DeliveryOption, Incomplete, ProviderCode,
    delivery::{chosen_delivery, demands, sites},
};
use crate::{
    access::{Actor, OrderToken},
    cart::{
        BuyerSources, Buyers, Cart, CartError, CartLine, CartProblem, CartState, CartView, LineAttributes, LineError,
        Shelf, Terms, TermsQueries, budgeted, offers_of, places_of, use_codes, with_parts,
    },
    catalog::{Product, Variant, VariantComponent},
    channel::DeliveryKind,
    clock::Timestamp,
    event::{EventKind, append_product_events},
    idempotency::{IdempotencyKey, IdempotentCommand},
    ids::{CartId, CustomerId, OrderId, OrderLineId, PaymentId, PromotionId, VariantId},
    inventory::{Allocation, Shortage, source},
    language::Language,
    money::Money,
    order::{
        FulfillmentState, Order, OrderDelivery, OrderLine, OrderLineComponent, OrderStatus, Payment, PaymentState,
    },
    pricing::{PricedCart, PricedLine, tax::TaxedMoney},
    promotion::{CodeState, DiscountCode, Gift, GiftState},
    settings::Settings,
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
    /// The promotions that have a budget.
    budgeted: Vec<PromotionId>,
}

/// How often an order is tried whose stock others take at the same moment.
const ATTEMPTS: u32 = 3;

/// What an order is placed with, beside its cart.
struct Attempt<'a> {
    order_id: OrderId,
    /// Whose the order is: the cart's owner, otherwise the customer who placed it.
    customer_id: Option<CustomerId>,
    placement: &'a OrderPlacement,
    now: Timestamp,
}

impl CheckoutService {
    /// Makes a cart an order and takes the money, once per key.
    ///
    /// The order is `Pending` where the provider has not said yes or no by the time this returns, or what it said could not be
    /// stored: [`CheckoutService::resume_pending`] goes on then.
    ///
    /// # Errors
    /// [`CheckoutError`]. After [`CheckoutError::PaymentDeclined`] the cart can be ordered again, under a new key; after any other, nothing happened.
    pub async fn place(&self, actor: &Actor, placement: OrderPlacement) -> Result<PlacedOrder, CheckoutError> {
        let Some(provider) = self.providers.find(&placement.provider) else {
            let offered = self.providers.codes().map(ToString::to_string).collect();
            return Err(CheckoutError::UnknownProvider { offered });
        };
        provider.check_token(placement.token.as_deref()).map_err(|reason| CheckoutError::InvalidToken { reason })?;
        let (stored, is_replay) = self.store_order_repeatedly(actor, &placement).await?;
        let order = match self.settle(stored.id).await {
            Ok(order) => order,
            Err(_) => stored,
        };
        match order.payment.state {
            PaymentState::Declined { reason } => Err(CheckoutError::PaymentDeclined { reason }),
            _ => Ok(PlacedOrder { token: self.tokens.order_token(order.id), order, is_replay }),
        }
    }

    /// As [`Self::store_order`], again where somebody else was first at the same stock.
    async fn store_order_repeatedly(
        &self,
        actor: &Actor,
        placement: &OrderPlacement,
    ) -> Result<(Order, bool), CheckoutError> {
        for _ in 1..ATTEMPTS {
            match self.store_order(actor, placement).await {
                Err(
                    CheckoutError::Storage(StorageError::Conflict)
                    | CheckoutError::Cart(CartError::Storage(StorageError::Conflict)),
                ) => {}
                result => return result,
            }
        }
        self.store_order(actor, placement).await
    }

    /// The first transaction: everything but the money. Answers with the earlier order where the key had one.
    async fn store_order(&self, actor: &Actor, placement: &OrderPlacement) -> Result<(Order, bool), CheckoutError> {
        let now = self.clock.now();
        let order_id = OrderId::new(&*self.ids);
        let settings = self.settings.current().await?;
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
            let id =
                command.replay(earlier)?.parse().map_err(|_| StorageError::Corrupt("idempotency result".to_owned()))?;
            let order = uow.orders().find(id).await?;
            return Ok((order.ok_or_else(|| StorageError::Corrupt(format!("{id} is missing")))?, true));
        }
        cart.check_open(placement.expected_version)?;
        cart.hold.at_order = cart.hold.until.take();
        if cart.hold.at_order.is_some() {
            // What it held is there for it to take.
            uow.holds().release(cart.id).await?;
        }
        cart.changed_by = Some(cart.author(actor));
        cart.state = CartState::Ordered(order_id);
        cart.payment_means = placement.provider.means();
        let cart_event = cart.changed(EventKind::CartOrdered, now);
        uow.carts().save(&cart).await?;
        let customer_id = cart.customer_id.or(actor.customer());
        let checked = check(&*uow, &settings, self.has_tax_provider, cart, customer_id, now).await?;
        if let Some(expected) = placement.expected_total.filter(|it| *it != checked.priced.total()) {
            return Err(CheckoutError::TotalChanged { expected, actual: checked.priced.total() });
        }
        uow.stock().allocate(&checked.allocations, order_id, now).await?;
        uow.budgets().spend_budgets(checked.cart.id, &checked.budgeted).await?;
        let attempt = Attempt { order_id, customer_id, placement, now };
        let mut order = self.new_order(&*uow, checked, attempt).await?;
        let order_event = order.changed(EventKind::OrderPlaced, now);
        uow.orders().insert(&order).await?;
        uow.outbox().append(&[cart_event, order_event]).await?;
        append_product_events(&*uow, order.product_ids(), EventKind::ProductStockChanged, now).await?;
        uow.commit().await?;
        Ok((order, false))
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
        let Attempt { order_id, customer_id, placement, now } = attempt;
        let Checked { cart, shelf, priced, delivery, allocations, .. } = checked;
        let product_ids: Vec<_> = shelf.offers.iter().chain(&shelf.parts).map(|it| it.variant.product_id).collect();
        let products = uow.catalog().products_by_id(&product_ids).await?;
        let lines = self.order_lines(&cart, &shelf, &products, &priced);
        let total = priced.total();
        let name = delivery.method.name.best(std::slice::from_ref(&cart.language)).cloned();
        Ok(Order {
            id: order_id,
            number: uow.orders().next_number().await?,
            cart_id: cart.id,
            customer_id,
            channel: cart.channel,
            market: cart.market,
            version: 0,
            status: OrderStatus::Pending,
            fulfillment: FulfillmentState::Unfulfilled,
            cancel_reason: None,
            email: cart.contact.ok_or_else(|| CheckoutError::Incomplete(vec![Incomplete::NoContact]))?.email,
            language: cart.language,
            currency: cart.currency,
            lines,
            note: cart.note,
            delivery: OrderDelivery {
                kind: delivery.method.kind,
                name: name.unwrap_or_default(),
                price: priced.quote.delivery.gross(),
                choice: delivery.choice,
            },
            shipping_address: cart.shipping_address,
            billing_address: cart.billing_address,
            vat_number: cart.vat_number,
            subtotal: priced.quote.subtotal.gross(),
            total,
            display: priced.display,
            quote: Some(priced.quote),
            manual_discounts: cart.manual_discounts,
            allocations,
            payment: Payment {
                id: PaymentId::new(&*self.ids),
                provider: placement.provider.clone(),
                amount: total,
                state: PaymentState::Initiated { token: placement.token.clone() },
                updated_at: now,
            },
            placed_at: now,
            updated_at: now,
        })
    }

    /// What was bought, and then the gifts, which cost nothing.
    fn order_lines(&self, cart: &Cart, shelf: &Shelf, products: &[Product], priced: &PricedCart) -> Vec<OrderLine> {
        let line_of = |variant_id: VariantId, quantity: u32, [unit_price, total]: [Money; 2]| {
            let variant = &shelf.offer(variant_id)?.variant;
            let product = products.iter().find(|it| it.id == variant.product_id)?;
            Some(OrderLine {
                id: OrderLineId::new(&*self.ids),
                variant_id,
                product_id: product.id,
                sku: variant.sku.clone(),
                name: name_of(product, &cart.language),
                options: variant.options.clone(),
                attributes: LineAttributes::default(),
                note: None,
                quantity,
                unit_price,
                total,
                gift_of: None,
                components: components_of(variant, quantity, shelf, products, cart),
            })
        };
        let bought = |line: &PricedLine| {
            let quoted = line.quoted.as_ref()?;
            let asked = cart.lines.iter().find(|it| it.id == line.line_id)?;
            let costs = [quoted.unit_price, quoted.total.gross()];
            let mut bought = line_of(line.variant_id, line.quantity, costs)?;
            for component in &mut bought.components {
                let share = quoted.components.iter().find(|it| it.variant_id == component.variant_id);
                component.total = share.map_or(component.total, |it| it.total);
            }
            Some(OrderLine { attributes: asked.attributes.clone(), note: asked.note.clone(), ..bought })
        };
        let nothing = Money::zero(cart.currency);
        let given = |gift: &Gift| {
            let line = line_of(gift.variant_id, gift.quantity, [nothing; 2])?;
            Some(OrderLine { gift_of: Some(gift.promotion_id), ..line })
        };
        let gifts = gifts_of(priced).filter_map(given);
        priced.lines.iter().filter_map(bought).chain(gifts).collect()
    }
}

/// What of a bundle is bought; what its parts cost is not known yet.
fn components_of(
    bundle: &Variant,
    quantity: u32,
    shelf: &Shelf,
    products: &[Product],
    cart: &Cart,
) -> Vec<OrderLineComponent> {
    let component = |it: &VariantComponent| {
        let variant = &shelf.part(it.variant_id)?.variant;
        let product = products.iter().find(|it| it.id == variant.product_id)?;
        Some(OrderLineComponent {
            variant_id: variant.id,
            product_id: product.id,
            sku: variant.sku.clone(),
            name: name_of(product, &cart.language),
            options: variant.options.clone(),
            quantity: it.quantity.saturating_mul(quantity),
            total: TaxedMoney::zero(cart.currency),
        })
    };
    bundle.components.iter().filter_map(component).collect()
}

/// Checks that `cart` lacks nothing, uses its codes and sets its share of budgets aside, and plans from where it is served.
/// Everybody locks in the same order: stock, codes, budgets.
async fn check(
    uow: &dyn UnitOfWork,
    settings: &Settings,
    has_tax_provider: bool,
    cart: Cart,
    customer_id: Option<CustomerId>,
    now: Timestamp,
) -> Result<Checked, CheckoutError> {
    let carts = has_tax_provider.then(|| uow.cart_queries());
    let queries = TermsQueries { customers: uow.customer_queries(), carts };
    let terms = Terms::load(queries, std::slice::from_ref(&cart), settings).await?;
    let buyers = Buyers::load(BuyerSources::within(uow), terms, settings, std::slice::from_ref(&cart), now).await?;
    let shelf = lock_shelf(uow, settings, &cart, &buyers, now).await?;
    if let Some(customer) = customer_id.filter(|_| !shelf.limited_products().is_empty()) {
        // Of two orders of one customer at once, the later counts the earlier.
        uow.customers().find(customer).await?;
    }
    let shelf = shelf.with_bought(uow.order_queries(), customer_id).await?;
    let chosen = chosen_delivery(&cart, &shelf, settings);
    let usable = buyers.of(&cart, settings, now).codes.into_iter().filter(|it| it.state == CodeState::Usable);
    let codes: Vec<DiscountCode> = usable.map(|it| it.code).collect();
    use_codes(uow, cart.id, &codes, customer_id, now).await?;
    let view = CartView::with_budgets(uow, settings, (cart, shelf), buyers, now).await?;
    let budgeted = budgeted(&view, settings);
    let incomplete = what_lacks(&view, chosen.as_ref());
    let CartView { cart, priced, shelf, .. } = view;
    let (Some(delivery), true) = (chosen, incomplete.is_empty()) else {
        return Err(CheckoutError::Incomplete(incomplete));
    };
    let mut wanted = demands(&cart, &shelf);
    let given = gifts_of(&priced).filter_map(|it| Some((&shelf.offer(it.variant_id)?.variant, it.quantity)));
    wanted.extend(given.flat_map(|(variant, quantity)| variant.demands(quantity)));
    let allocations = source(&wanted, &sites(&delivery, &settings.locations), &shelf.levels)
        .map_err(|shortages| CheckoutError::Incomplete(lines_short(&cart, &shelf, &shortages)))?;
    Ok(Checked { cart, shelf, priced, delivery, allocations, budgeted })
}

/// The shelf of a cart that is ordered. The stock of its lines, and of the gifts that it is offered, is locked; there is
/// none of other gifts, so that orders do not wait for each other's.
async fn lock_shelf(
    uow: &dyn UnitOfWork,
    settings: &Settings,
    cart: &Cart,
    buyers: &Buyers,
    now: Timestamp,
) -> Result<Shelf, CheckoutError> {
    let (mut variants, gifts) = (cart.variant_ids(), settings.promotions.gifts(now));
    let all: Vec<VariantId> = variants.iter().chain(&gifts).copied().collect();
    let offers = offers_of(uow.catalog(), &all).await?;
    let all = with_parts(&all, &offers);
    let prices = uow.price_queries().prices_of(&all, &[cart.currency], now).await?;
    let places = places_of(&offers, settings.collections_for_promotions(uow.collection_queries())).await?;
    let (from, pricing) = (cart.viewpoint(now), cart.pricing(settings, &buyers.terms.of(cart), now));
    let seen = |levels| {
        Shelf::seen(offers.clone(), levels, places.clone(), &from).with_prices(prices.clone()).priced(pricing.clone())
    };
    if !gifts.is_empty() {
        let levels = uow.inventory().levels_of(&all, Some(now)).await?;
        let view = CartView::of(cart.clone(), seen(levels), settings, buyers.of(cart, settings, now), now)?;
        variants.extend(view.priced.quote.gifts.iter().map(|it| it.variant_id));
    }
    let stocked = with_parts(&variants, &offers);
    Ok(seen(uow.stock().lock_levels(&stocked, now).await?))
}

/// The gifts that come with the order.
fn gifts_of(priced: &PricedCart) -> impl Iterator<Item = &Gift> {
    priced.quote.gifts.iter().filter(|it| it.state == GiftState::Added)
}

/// All that a cart lacks to become an order.
fn what_lacks(view: &CartView, chosen: Option<&DeliveryOption>) -> Vec<Incomplete> {
    let cart = &view.cart;
    let mut lacks = Vec::new();
    if cart.lines.is_empty() {
        lacks.push(Incomplete::NoLines);
    }
    lacks.extend(view.problems().into_iter().map(|it| match it {
        CartProblem::Line { line_id, error } => Incomplete::Line { line_id, problem: error },
        CartProblem::Code { code, reason } => Incomplete::Code { code, reason },
        CartProblem::HoldExpired { .. } => Incomplete::HoldExpired,
    }));
    // It is the order's already, which is not there yet.
    if cart.hold.at_order.is_some_and(|it| it <= view.at) && cart.hold.can_begin() && !cart.lines.is_empty() {
        lacks.push(Incomplete::HoldExpired);
    }
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

/// The lines of which there is not enough where they would be served from. Of several lines that take of the same stock the last
/// one lacks.
fn lines_short(cart: &Cart, shelf: &Shelf, shortages: &[Shortage]) -> Vec<Incomplete> {
    let mut short: BTreeMap<usize, u32> = BTreeMap::new();
    for it in shortages {
        let each = |line: &CartLine| {
            let part = shelf.offer(line.variant_id)?.variant.parts().find(|part| part.variant_id == it.variant_id)?;
            Some(part.quantity.max(1))
        };
        let lines = cart.lines.iter().enumerate().rev();
        let Some((place, line, each)) = lines.filter_map(|(place, line)| Some((place, line, each(line)?))).next()
        else {
            continue;
        };
        let missing = it.requested.saturating_sub(it.available).div_ceil(each);
        let available = line.quantity.get().saturating_sub(missing);
        short.entry(place).and_modify(|least| *least = available.min(*least)).or_insert(available);
    }
    let lacks = |(place, available): (usize, u32)| {
        let line = cart.lines.get(place)?;
        let problem = LineError::InsufficientStock { available, requested: line.quantity.get() };
        Some(Incomplete::Line { line_id: line.id, problem })
    };
    short.into_iter().filter_map(lacks).collect()
}

fn name_of(product: &Product, language: &Language) -> String {
    let text = product.texts.best(std::slice::from_ref(language));
    text.map_or_else(|| product.slug.to_string(), |it| it.name.clone())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::{
        access::SecretHash,
        cart::{Contact, DeliveryChoice, Quantity, shelf_with},
        channel::{Address, AddressFields, DeliveryMethod},
        codes::{ChannelCode, MarketCode},
        ids::{CartLineId, Id},
        inventory::CartHold,
        language::Translated,
        money::Currency,
        pricing::Buyer,
        settings::{BuiltIn, StoredSettings},
    };

    fn id<I: Id>(n: u128) -> I {
        I::from_uuid(Uuid::from_u128(n))
    }

    fn address() -> Address {
        let fields = AddressFields {
            name: "Ada".to_owned(),
            line1: "1 rue Mercière".to_owned(),
            city: "Lyon".to_owned(),
            country: "FR".to_owned(),
            ..AddressFields::default()
        };
        Address::parse(fields).unwrap()
    }

    /// A cart of two lines that lacks nothing, delivered by `standard`.
    fn cart() -> Cart {
        let line = |n| CartLine::new(id(n), id(n), Quantity::parse(2).unwrap());
        Cart {
            id: id(1),
            version: 1,
            state: CartState::Active,
            secret_hash: SecretHash(String::new()),
            customer_id: None,
            shares: Vec::new(),
            share_numbers: 0,
            is_forgotten: false,
            device_id: None,
            changed_by: None,
            hold: CartHold::default(),
            channel: ChannelCode::web(),
            market: MarketCode::anywhere(),
            currency: Currency::EUR,
            language: Language::english(),
            lines: vec![line(1), line(2)],
            saved: Vec::new(),
            note: None,
            contact: Some(Contact { email: "ada@example.org".parse().unwrap() }),
            shipping_address: Some(address()),
            billing_address: None,
            vat_number: None,
            delivery: Some("standard".parse().unwrap()),
            codes: Vec::new(),
            gift_choices: Vec::new(),
            manual_discounts: Vec::new(),
            payment_means: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    fn option(kind: DeliveryKind) -> DeliveryOption {
        let choice: DeliveryChoice = "standard".parse().unwrap();
        let method = DeliveryMethod {
            code: choice.method.clone(),
            kind,
            name: Translated::default(),
            countries: Vec::new(),
            prices: Vec::new(),
        };
        DeliveryOption { choice, method, location: None, price: Money::zero(Currency::EUR) }
    }

    /// The cart as it is priced, with a problem of its second line.
    fn priced(cart: &Cart, problem: Option<LineError>) -> CartView {
        let settings = Settings::new(StoredSettings::default(), &BuiltIn::new(Currency::EUR, None).unwrap());
        let view = CartView::of(cart.clone(), Shelf::default(), &settings, Buyer::default(), DateTime::UNIX_EPOCH);
        let mut view = view.unwrap();
        for (place, line) in view.priced.lines.iter_mut().enumerate() {
            line.problem = problem.filter(|_| place == 1);
        }
        view
    }

    fn lacks(change: impl Fn(&mut Cart), chosen: Option<DeliveryKind>) -> Vec<Incomplete> {
        let mut cart = cart();
        change(&mut cart);
        what_lacks(&priced(&cart, None), chosen.map(option).as_ref())
    }

    #[test]
    fn what_lacks_is_told_at_once() {
        let ship = Some(DeliveryKind::Ship);
        assert_eq!(lacks(|_| (), ship), []);
        assert_eq!(lacks(|it| it.contact = None, ship), [Incomplete::NoContact]);
        assert_eq!(lacks(|it| it.shipping_address = None, ship), [Incomplete::NoShippingAddress]);
        assert_eq!(lacks(|it| it.delivery = None, None), [Incomplete::NoDelivery]);
        assert_eq!(lacks(|_| (), None), [Incomplete::DeliveryUnavailable]);
        let bare = |it: &mut Cart| {
            it.lines.clear();
            (it.contact, it.shipping_address, it.delivery) = (None, None, None);
        };
        let all = [Incomplete::NoLines, Incomplete::NoContact, Incomplete::NoShippingAddress, Incomplete::NoDelivery];
        assert_eq!(lacks(bare, None), all);
    }

    #[test]
    fn a_pickup_needs_no_shipping_address() {
        assert_eq!(lacks(|it| it.shipping_address = None, Some(DeliveryKind::Pickup)), []);
    }

    #[test]
    fn an_empty_cart_is_not_told_that_its_delivery_is_unavailable() {
        assert_eq!(lacks(|it| it.lines.clear(), None), [Incomplete::NoLines]);
    }

    #[test]
    fn problems_and_shortages_name_their_lines() {
        let cart = cart();
        let problem = LineError::NoPrice { currency: Currency::EUR };
        let ship = option(DeliveryKind::Ship);
        let second: CartLineId = id(2);
        let expected = [Incomplete::Line { line_id: second, problem }];
        assert_eq!(what_lacks(&priced(&cart, Some(problem)), Some(&ship)), expected);
        let shortage = |variant_id: VariantId| Shortage { variant_id, requested: 2, available: 1 };
        let problem = LineError::InsufficientStock { available: 1, requested: 2 };
        let shelf = shelf_with(&[(1, 1), (2, 1)]);
        let short = lines_short(&cart, &shelf, &[shortage(id(2)), shortage(id(9))]);
        assert_eq!(short, [Incomplete::Line { line_id: second, problem }], "no line has the other");
    }

    #[test]
    fn a_line_is_called_what_the_product_is_in_the_buyers_language() {
        let mut product = Product {
            id: id(1),
            slug: "tea".parse().unwrap(),
            status: crate::catalog::ProductStatus::Active,
            publication: crate::catalog::Publication::default(),
            brand: None,
            product_type: None,
            tax_category: None,
            tags: Vec::new(),
            texts: Translated::default(),
            attributes: Vec::new(),
            options: Vec::new(),
            media: Vec::new(),
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            version: 1,
        };
        let french: Language = "fr".parse().unwrap();
        assert_eq!(name_of(&product, &french), "tea", "without any text");
        let text = |name: &str| crate::catalog::ProductText { name: name.to_owned(), description_html: String::new() };
        product.texts.insert(Language::english(), text("Tea"));
        assert_eq!(name_of(&product, &french), "Tea");
        product.texts.insert(french.clone(), text("Thé"));
        assert_eq!(name_of(&product, &french), "Thé");
    }
}

//! Carts, their lines and what they cost.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use comptoir_domain::{
    cart::{self, CartView},
    channel::SalesContext,
    checkout,
    ids::CartLineId,
    pricing::{self, quote::QuotedLine, tax},
};

use super::super::{
    catalog::Variant,
    channel::{Address, Channel, DeliveryKind, Location, Market, cart_context, settings},
    context::ContextExt as _,
    error::{ErrorCode, Path, Refuse as _, UserError, line_error},
    id::to_id,
    money::Money,
    page::page_size,
    quote::{CodeTrace, Discount, NearestOffer, PromotionTrace, Rounding, TaxSummary, TaxedMoney},
    scalar::{CurrencyCode, DateTime, LanguageTag},
};

/// The most offers that are told at once: for each, the cart is reckoned several times.
const NEAREST_OFFERS_MAX: u32 = 10;

/// How far a cart got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum CartState {
    /// It can be changed.
    Active,
    /// It became an order. A payment that fails opens it again.
    Ordered,
}

/// What a cart costs: `total` is `subtotal` less `discount`, and `delivery`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CartCost {
    /// The goods, before discounts.
    subtotal: TaxedMoney,
    /// What discounts take off the goods.
    discount: TaxedMoney,
    /// The delivery, after discounts; null while none was chosen, or the chosen one is not available.
    delivery: Option<TaxedMoney>,
    /// What discounts take off the delivery.
    delivery_discount: TaxedMoney,
    /// All of it: what is to be paid, with tax.
    total: TaxedMoney,
    /// The total by rate of tax, the highest first; at most one entry for each rate.
    tax_summary: Vec<TaxSummary>,
    /// How it was rounded.
    rounding: Rounding,
}

/// What a line costs.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CartLineCost {
    /// What one costs before discounts, as prices are entered; null where it has no price any more.
    unit_price: Option<Money>,
    /// What one would cost without the reduction of its price.
    compare_at: Option<Money>,
    /// What all cost before discounts.
    subtotal: TaxedMoney,
    /// What discounts take off.
    discount: TaxedMoney,
    /// What all cost.
    total: TaxedMoney,
}

/// Why a line cannot be ordered as it is.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CartProblem {
    /// Why, to be read by programs.
    pub(super) code: ErrorCode,
    /// Why, to be read by developers.
    pub(super) message: String,
    /// Which line.
    pub(super) line_id: ID,
    /// How many there are, where there are not enough.
    pub(super) available: Option<u32>,
}

impl CartProblem {
    /// The problem of a line, if it has one.
    pub(super) fn of(line: &pricing::PricedLine) -> Option<Self> {
        let problem = line.problem?;
        let error = line_error(problem, Path::default());
        let (code, message, _) = error.parts();
        Some(Self { code, message: message.to_owned(), line_id: to_id(line.line_id), available: problem.available() })
    }
}

/// A way a cart can reach its buyer.
pub(in crate::graphql) struct DeliveryOption {
    option: checkout::DeliveryOption,
    sales: Arc<SalesContext>,
}

/// A way a cart can reach its buyer.
#[Object]
impl DeliveryOption {
    /// What to choose it by, in `cartDeliverySelect`.
    async fn handle(&self) -> String {
        self.option.choice.to_string()
    }

    /// How the goods travel.
    async fn kind(&self) -> DeliveryKind {
        self.option.method.kind.into()
    }

    /// What to call it.
    async fn name(&self) -> &str {
        self.option.method.name.best(&self.sales.languages).map_or("", String::as_str)
    }

    /// The store of a pickup.
    async fn location(&self) -> Option<Location> {
        self.option.location.clone().map(Location)
    }

    /// What it costs.
    async fn price(&self) -> Money {
        self.option.price.into()
    }
}

/// One line of a cart: a variant and how many.
pub(in crate::graphql) struct CartLine {
    view: Arc<CartView>,
    line_id: CartLineId,
}

impl CartLine {
    fn line(&self) -> Option<&pricing::PricedLine> {
        self.view.priced.lines.iter().find(|it| it.line_id == self.line_id)
    }
}

/// One line of a cart: a variant and how many.
#[Object]
impl CartLine {
    /// Its id.
    async fn id(&self) -> ID {
        to_id(self.line_id)
    }

    /// How many.
    async fn quantity(&self) -> u32 {
        self.line().map_or(0, |it| it.quantity)
    }

    /// What; null where it is gone.
    async fn variant(&self, ctx: &Context<'_>) -> Option<Result<Variant>> {
        let id = self.line()?.variant_id;
        let offer = self.view.shelf.offers.iter().find(|it| it.variant.id == id)?;
        let variant = Arc::new(offer.variant.clone());
        Some(cart_context(ctx, &self.view.cart).await.map(|sales| Variant::new(variant, sales)))
    }

    /// What it costs.
    async fn cost(&self) -> CartLineCost {
        let quoted = self.line().and_then(|it| it.quoted.as_ref());
        let zero = tax::TaxedMoney::zero(self.view.cart.currency);
        let shown = |amount: fn(&QuotedLine) -> tax::TaxedMoney| {
            TaxedMoney::shown(quoted.map_or(zero, amount), self.view.priced.display)
        };
        CartLineCost {
            unit_price: quoted.map(|it| it.unit_price.into()),
            compare_at: quoted.and_then(|it| it.compare_at).map(Money::from),
            subtotal: shown(|it| it.original),
            discount: shown(|it| it.discount),
            total: shown(|it| it.total),
        }
    }

    /// Why it cannot be ordered as it is; null: it can.
    async fn problem(&self) -> Option<CartProblem> {
        self.line().and_then(CartProblem::of)
    }
}

/// What a shopper means to buy. Whoever has its secret holds it.
#[derive(Clone)]
pub(in crate::graphql) struct Cart(pub(in crate::graphql) Arc<CartView>);

/// What a shopper means to buy. Whoever has its secret holds it.
#[Object]
impl Cart {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        to_id(self.0.cart.id)
    }

    /// Grows with each change.
    async fn version(&self) -> u32 {
        self.0.cart.version
    }

    /// How far it got.
    async fn state(&self) -> CartState {
        match self.0.cart.state {
            cart::CartState::Active => CartState::Active,
            cart::CartState::Ordered(_) => CartState::Ordered,
        }
    }

    /// Where it is sold; that never changes.
    async fn channel(&self, ctx: &Context<'_>) -> Result<Channel> {
        Ok(Channel(cart_context(ctx, &self.0.cart).await?.channel.clone()))
    }

    /// To whom; that never changes.
    async fn market(&self, ctx: &Context<'_>) -> Result<Market> {
        Ok(Market(cart_context(ctx, &self.0.cart).await?.market.clone()))
    }

    /// The currency of its prices; it never changes.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.cart.currency.code().to_owned())
    }

    /// The language to write to the buyer in.
    async fn language(&self) -> LanguageTag {
        LanguageTag(self.0.cart.language.to_string())
    }

    /// What it holds, oldest first; at most 250.
    async fn lines(&self) -> Vec<CartLine> {
        self.0.cart.lines.iter().map(|it| CartLine { view: self.0.clone(), line_id: it.id }).collect()
    }

    /// How many pieces it holds in all.
    async fn total_quantity(&self) -> u32 {
        self.0.priced.lines.iter().map(|it| it.quantity).sum()
    }

    /// What it costs.
    async fn cost(&self) -> CartCost {
        let pricing::PricedCart { quote, display, .. } = &self.0.priced;
        let shown = |amount| TaxedMoney::shown(amount, *display);
        CartCost {
            subtotal: shown(quote.subtotal),
            discount: shown(quote.discount),
            delivery: (!quote.deliveries.is_empty()).then(|| shown(quote.delivery)),
            delivery_discount: shown(quote.delivery_discount),
            total: TaxedMoney::paid(quote.total),
            tax_summary: quote.tax_summary.iter().map(TaxSummary::of).collect(),
            rounding: quote.rounding.into(),
        }
    }

    /// What was taken off, in the order of calculation; at most one entry for each promotion.
    async fn discounts(&self, ctx: &Context<'_>) -> Result<Vec<Discount>> {
        let settings = settings(ctx).await?;
        Ok(self.0.priced.quote.discounts.iter().map(|it| Discount::of(it, &settings)).collect())
    }

    /// What became of each code that was entered, and why; at most 20.
    async fn codes(&self) -> Vec<CodeTrace> {
        self.0.priced.quote.trace.codes.iter().map(CodeTrace::from).collect()
    }

    /// What became of the promotions that were considered, and why: those that could apply, and at most a hundred others.
    async fn promotions(&self, ctx: &Context<'_>) -> Result<Vec<PromotionTrace>> {
        let settings = settings(ctx).await?;
        Ok(self.0.priced.quote.trace.promotions.iter().map(|it| PromotionTrace::of(it, &settings)).collect())
    }

    /// The promotions that adding to the cart would make apply, the nearest first.
    async fn nearest_offers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 10.", default = 3)] first: u32,
    ) -> Result<Vec<NearestOffer>> {
        let (request, settings) = (ctx.request()?, settings(ctx).await?);
        if !(1..=NEAREST_OFFERS_MAX).contains(&first) {
            let message = format!("1 to {NEAREST_OFFERS_MAX} offers");
            return Err(UserError::input(ErrorCode::LimitExceeded, message, Path::argument("first")).into_error());
        }
        let offers = request.app.carts.nearest_offers(&request.actor, &self.0, first as usize).await;
        let offers = offers.map_err(|it| it.refuse(Path::default()).into_error())?;
        Ok(offers.iter().map(|it| NearestOffer::of(it, &settings)).collect())
    }

    /// Where the confirmation goes.
    async fn email(&self) -> Option<&str> {
        self.0.cart.contact.as_ref().map(|it| it.email.as_str())
    }

    /// Where it goes.
    async fn shipping_address(&self) -> Option<Address> {
        self.0.cart.shipping_address.as_ref().map(Address::from)
    }

    /// Whom to bill; null: the receiver.
    async fn billing_address(&self) -> Option<Address> {
        self.0.cart.billing_address.as_ref().map(Address::from)
    }

    /// The ways it can reach its buyer: methods that ship to its address, and stores that have all of it.
    async fn delivery_options(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100, 20 by default.")] first: Option<i64>,
    ) -> Result<Vec<DeliveryOption>> {
        let size = page_size(first, "first")?.get() as usize;
        let request = ctx.request()?;
        let sales = cart_context(ctx, &self.0.cart).await?;
        let options = request.app.carts.delivery_options(&request.actor, &self.0).await;
        let options = options.map_err(|it| it.refuse(Path::default()).into_error())?;
        Ok(options.into_iter().take(size).map(|option| DeliveryOption { option, sales: sales.clone() }).collect())
    }

    /// The handle of the delivery option that was chosen.
    async fn selected_delivery(&self) -> Option<String> {
        self.0.cart.delivery.as_ref().map(ToString::to_string)
    }

    /// Why it cannot be ordered as it is, line by line.
    async fn problems(&self) -> Vec<CartProblem> {
        self.0.priced.lines.iter().filter_map(CartProblem::of).collect()
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.cart.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.cart.updated_at)
    }
}

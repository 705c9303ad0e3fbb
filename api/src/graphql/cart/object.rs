//! Carts, their lines and what they cost.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use comptoir_domain::{
    cart::{self, CartView},
    channel::SalesContext,
    checkout,
    codes::PaymentMeans,
    pricing,
};

use super::{
    super::{
        channel::{Address, Channel, DeliveryKind, Location, Market, cart_context, settings},
        context::ContextExt as _,
        eager::Eager,
        error::{ErrorCode, Path, Refuse as _, UserError},
        id::to_id,
        money::Money,
        page::page_size,
        quote::{
            CodeTrace, Discount, ManualDiscount, NearestOffer, PointsMultiplier, PromotionTrace, Rounding, TaxSummary,
            TaxedMoney,
        },
        scalar::{CurrencyCode, DateTime, LanguageTag},
    },
    gift::CartGift,
    holder::{CartAuthor, CartHold},
    line_object::{CartLine, SavedCartLine},
    problem::{CartNotice, CartProblem},
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
    /// What it held went into another cart: see `mergedInto`.
    Merged,
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
    /// Whether the taxes are not those of the cart as it is: the tax provider has not answered since it changed. False where
    /// there is no provider.
    stale: bool,
}

impl CartCost {
    pub(super) fn of(pricing::PricedCart { quote, display, are_taxes_stale, .. }: &pricing::PricedCart) -> Self {
        let shown = |amount| TaxedMoney::shown(amount, *display);
        Self {
            subtotal: shown(quote.subtotal),
            discount: shown(quote.discount),
            delivery: (!quote.deliveries.is_empty()).then(|| shown(quote.delivery)),
            delivery_discount: shown(quote.delivery_discount),
            total: TaxedMoney::paid(quote.total),
            tax_summary: quote.tax_summary.iter().map(TaxSummary::of).collect(),
            rounding: quote.rounding.into(),
            stale: *are_taxes_stale,
        }
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
            cart::CartState::Merged(_) => CartState::Merged,
        }
    }

    /// The cart that this one's lines went into; null: it is not merged.
    async fn merged_into(&self) -> Option<ID> {
        match self.0.cart.state {
            cart::CartState::Merged(into) => Some(to_id(into)),
            cart::CartState::Active | cart::CartState::Ordered(_) => None,
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
    async fn lines(&self) -> Vec<Eager<CartLine>> {
        self.0.cart.lines.iter().map(|it| Eager(CartLine { view: self.0.clone(), line_id: it.id })).collect()
    }

    /// What is saved for later, oldest first; at most 100.
    async fn saved_lines(&self) -> Vec<SavedCartLine> {
        self.0.cart.saved.iter().map(|it| SavedCartLine { view: self.0.clone(), line: it.clone() }).collect()
    }

    /// What the shopper writes to the shop.
    async fn note(&self) -> Option<&str> {
        self.0.cart.note.as_ref().map(cart::Note::as_str)
    }

    /// What promotions give, and what was said to it; a promotion whose gift ran out is told of in `promotions`.
    async fn gifts(&self) -> Vec<CartGift> {
        let gifts = self.0.priced.quote.gifts.iter();
        gifts.map(|it| CartGift { view: self.0.clone(), gift: it.clone() }).collect()
    }

    /// What multiplies the points that its lines earn.
    async fn points_multipliers(&self) -> Vec<PointsMultiplier> {
        self.0.priced.quote.points.iter().map(PointsMultiplier::from).collect()
    }

    /// How many pieces it holds in all.
    async fn total_quantity(&self) -> u32 {
        self.0.priced.lines.iter().map(|it| it.quantity).sum()
    }

    /// What it costs.
    async fn cost(&self) -> Eager<CartCost> {
        Eager(CartCost::of(&self.0.priced))
    }

    /// What was taken off, in the order of calculation; at most one entry for each promotion.
    async fn discounts(&self, ctx: &Context<'_>) -> Result<Vec<Discount>> {
        let settings = settings(ctx).await?;
        Ok(self.0.priced.quote.discounts.iter().map(|it| Discount::of(it, &settings)).collect())
    }

    /// What staff gives by hand, off a line or all of them; at most 50.
    async fn manual_discounts(&self) -> Vec<ManualDiscount> {
        self.0.cart.manual_discounts.iter().map(ManualDiscount::from).collect()
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

    /// The number under which the buyer is registered for value added tax; `taxSummary` says whether they owe the tax.
    async fn vat_number(&self) -> Option<String> {
        self.0.cart.vat_number.as_ref().map(ToString::to_string)
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

    /// The payment provider that was selected; null: none was yet.
    async fn selected_payment(&self) -> Option<&str> {
        self.0.cart.payment_means.as_ref().map(PaymentMeans::as_str)
    }

    /// Why it cannot be ordered as it is: lines in their order, then codes. `orderPlace` refuses it until there are none.
    async fn problems(&self) -> Vec<CartProblem> {
        self.0.problems().into_iter().map(CartProblem::from).collect()
    }

    /// What happened to it since the shopper last changed its lines; it can be ordered all the same.
    async fn notices(&self) -> Vec<CartNotice> {
        self.0.notices().into_iter().map(CartNotice::from).collect()
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.cart.created_at)
    }

    /// Stock that is set aside for it, where its channel does so; null: none is.
    async fn hold(&self) -> Option<CartHold> {
        CartHold::of(&self.0)
    }

    /// Who changed it last; null where nobody noted that.
    async fn last_changed_by(&self, ctx: &Context<'_>) -> Result<Option<CartAuthor>> {
        CartAuthor::of(ctx, &self.0, self.0.cart.changed_by)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.cart.updated_at)
    }
}

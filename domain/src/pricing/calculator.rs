//! What a cart costs: a pure function of the cart, the shelf, the settings and what is known of the buyer.

use std::sync::Arc;

use super::{
    SelectedPrice, Taxes, quantities_by_variant,
    quote::{Component, DeliveryTax, DeliveryToQuote, LineToQuote, Quote, QuoteRequest, QuotedLine, quote},
    tax::{ProvidedTaxes, TaxExemption},
};
use crate::{
    cart::{Cart, CartLine, LineError, Shelf},
    catalog::{Variant, VariantComponent},
    channel::{ChannelKind, Market, PriceDisplay},
    checkout::DeliveryOption,
    clock::Timestamp,
    codes::TaxCategory,
    ids::{CartLineId, VariantId},
    inventory::StockLevel,
    money::{Currency, Money, MoneyError},
    promotion::{
        Budget, Delivery, DeviceKind, DiscountRequest, EnteredCode, Facts, GiftItem, Item, NearestOffer, discount,
        nearest_offers,
    },
    settings::Settings,
};

/// A cart to be priced, and what it is priced by.
#[derive(Debug, Clone, Copy)]
pub struct CartToPrice<'a> {
    /// The cart.
    pub cart: &'a Cart,
    /// What there is, at what price.
    pub shelf: &'a Shelf,
    /// What the merchant has set up.
    pub settings: &'a Settings,
    /// The delivery that was chosen, while it is available.
    pub delivery: Option<&'a DeliveryOption>,
    /// What is known of the buyer and of what was entered.
    pub buyer: &'a Buyer,
    /// When.
    pub now: Timestamp,
}

/// What is known of who buys, beside the cart.
#[derive(Debug, Clone, Default)]
pub struct Buyer {
    /// The codes on the cart, with what is known of them.
    pub codes: Vec<EnteredCode>,
    /// What frees them from tax.
    pub tax_exemptions: Vec<TaxExemption>,
    /// What a provider says of the taxes; none: there is none, and the table of rates decides.
    pub provided_taxes: Option<ProvidedTaxes>,
    /// Whether they have not ordered before; none where nobody knows, or no promotion asks.
    pub is_first_order: Option<bool>,
    /// What is left for them of the budgets of promotions.
    pub budgets: Vec<Budget>,
}

/// A line with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedLine {
    /// Which line.
    pub line_id: CartLineId,
    /// What.
    pub variant_id: VariantId,
    /// How many.
    pub quantity: u32,
    /// What it costs; none where it has no price.
    pub quoted: Option<QuotedLine>,
    /// Why it cannot be ordered as it is.
    pub problem: Option<LineError>,
}

/// What a cart costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedCart {
    /// Its lines, in its order.
    pub lines: Vec<PricedLine>,
    /// What those that have a price cost, with delivery, discounts and taxes.
    pub quote: Quote,
    /// Whether amounts are shown with tax.
    pub display: PriceDisplay,
    /// Whether a provider is asked for the taxes, and has not answered for the cart as it is.
    pub are_taxes_stale: bool,
}

/// Prices a cart.
///
/// # Errors
/// [`MoneyError::Overflow`] where the sum is more than any money there is.
pub fn price_cart(request: &CartToPrice) -> Result<PricedCart, MoneyError> {
    let CartToPrice { cart, shelf, settings, .. } = *request;
    let market = market_of(request);
    let (lines, deliveries) = to_quote(request, &market);
    let quote = quote(
        &QuoteRequest {
            facts: &facts(request),
            lines: &lines,
            deliveries: &deliveries,
            manual: &cart.manual_discounts,
            rounding: market.rounding,
        },
        &settings.promotions,
    )?;
    let bought = quantities(cart);
    let priced = |(place, line): (usize, &CartLine)| {
        // Of lines that take of the same stock, the earlier ones come first.
        let beside = bought.get(..place).unwrap_or_default();
        let quoted = quote.lines.iter().find(|it| it.line_id == line.id).cloned();
        let problem = shelf.check(line.variant_id, cart.currency, line.quantity, beside).err();
        PricedLine {
            line_id: line.id,
            variant_id: line.variant_id,
            quantity: line.quantity.get(),
            problem: problem.or_else(|| ended_price(line, quoted.as_ref()?, request)),
            quoted,
        }
    };
    let lines = cart.lines.iter().enumerate().map(priced).collect();
    let are_taxes_stale = request.buyer.provided_taxes.as_ref().is_some_and(|it| it.is_stale(cart));
    Ok(PricedCart { lines, display: market.price_display, are_taxes_stale, quote })
}

/// The promotions that adding to the cart would make apply, at most `max`, the nearest first.
///
/// # Errors
/// [`MoneyError::Overflow`] where the sum is more than any money there is.
pub fn offers_near(request: &CartToPrice, max: usize) -> Result<Vec<NearestOffer>, MoneyError> {
    let (market, set) = (market_of(request), &request.settings.promotions);
    let (lines, deliveries) = to_quote(request, &market);
    let manual = &request.cart.manual_discounts;
    let request = DiscountRequest {
        facts: &facts(request),
        items: lines.iter().map(|it| &it.item).collect(),
        deliveries: deliveries.iter().map(|it| &it.delivery).collect(),
        manual,
        level: market.rounding.level,
        rounding: market.rounding.mode,
    };
    let discounts = discount(&request, set)?;
    Ok(nearest_offers(&request, set, &discounts, max))
}

/// Whether the shopper saw the price of a list that is over, and would pay more now.
fn ended_price(line: &CartLine, quoted: &QuotedLine, request: &CartToPrice) -> Option<LineError> {
    let (list_id, was, now) = (line.seen_list_id?, line.seen_price?, quoted.unit_price);
    let is_over = request.settings.price_lists.get(list_id).is_none_or(|it| !it.is_in_force(request.now));
    (is_over && was.minor() < now.minor()).then_some(LineError::PriceListEnded { was, now })
}

/// How many of what each line has.
fn quantities(cart: &Cart) -> Vec<(VariantId, u32)> {
    cart.lines.iter().map(|it| (it.variant_id, it.quantity.get())).collect()
}

pub(super) fn market_of(request: &CartToPrice) -> Arc<Market> {
    let CartToPrice { cart, settings, .. } = *request;
    settings.market(cart.market.as_str()).unwrap_or_else(|| settings.default_market())
}

fn to_quote(request: &CartToPrice, market: &Market) -> (Vec<LineToQuote>, Vec<DeliveryToQuote>) {
    let taxes = Taxes::of_cart(request, market);
    let cart = request.cart;
    let quantities = quantities_by_variant(cart.lines.iter().map(|it| (it.variant_id, it.quantity.get())));
    let line = |it: &CartLine| {
        let price = request.shelf.price(it.variant_id, quantities.get(&it.variant_id).copied().unwrap_or_default())?;
        line_to_quote(it, price, request.shelf, &taxes)
    };
    let lines = cart.lines.iter().filter_map(line).collect();
    (lines, request.delivery.map(|it| delivery_to_quote(it, &taxes)).into_iter().collect())
}

fn line_to_quote(line: &CartLine, price: SelectedPrice, shelf: &Shelf, taxes: &Taxes) -> Option<LineToQuote> {
    let offer = shelf.offer(line.variant_id)?;
    Some(LineToQuote {
        item: Item {
            line_id: line.id,
            product_id: offer.variant.product_id,
            variant_id: line.variant_id,
            collection_ids: shelf.collections_of(offer.variant.product_id),
            brand: offer.brand.clone(),
            attributes: offer.attributes.clone(),
            is_reduced: price.is_reduced(),
            unit_price: price.amount,
            quantity: line.quantity.get(),
        },
        compare_at: price.compare_at,
        source: Some(price.source),
        tax: taxes.treatment_of(line.variant_id, &shelf.tax_category(line.variant_id)),
        components: components(&offer.variant, price.amount.currency(), shelf, taxes),
    })
}

/// What a bundle is made of, each at what so many of it cost by themselves. Where one has no price, none has: the bundle's price is
/// shared by their number then.
fn components(bundle: &Variant, currency: Currency, shelf: &Shelf, taxes: &Taxes) -> Vec<Component> {
    let price = |it: &VariantComponent| shelf.price(it.variant_id, it.quantity).map(|it| it.amount);
    let prices: Option<Vec<Money>> = bundle.components.iter().map(price).collect();
    let prices = prices.unwrap_or_else(|| vec![Money::zero(currency); bundle.components.len()]);
    let component = |(it, unit_price): (&VariantComponent, Money)| Component {
        variant_id: it.variant_id,
        quantity: it.quantity,
        unit_price,
        tax: taxes.treatment_of(it.variant_id, &shelf.tax_category(it.variant_id)),
    };
    bundle.components.iter().zip(prices).map(component).collect()
}

/// A delivery is taxed as the goods it carries: it is ancillary to them.
fn delivery_to_quote(option: &DeliveryOption, taxes: &Taxes) -> DeliveryToQuote {
    let delivery = Delivery { method: option.method.code.clone(), kind: option.method.kind, price: option.price };
    DeliveryToQuote { delivery, tax: DeliveryTax::OfGoods(taxes.treatment(&TaxCategory::standard())) }
}

fn facts(request: &CartToPrice) -> Facts {
    let CartToPrice { cart, shelf, settings, delivery, buyer, now } = *request;
    let channel = settings.channel(cart.channel.as_str());
    let store = delivery.and_then(|it| it.location.as_ref()).map(|it| it.id);
    Facts {
        channel: Some(cart.channel.clone()),
        market: Some(cart.market.clone()),
        location_id: channel.as_ref().and_then(|it| it.location_id).or(store),
        device: channel.and_then(|it| device(it.kind)),
        is_first_order: buyer.is_first_order,
        payment_means: cart.payment_means.clone(),
        codes: buyer.codes.clone(),
        customer_group_ids: shelf.pricing.as_ref().map(|it| it.context.customer_group_ids.clone()).unwrap_or_default(),
        budgets: buyer.budgets.clone(),
        gifts: gifts(request),
        gift_choices: cart.gift_choices.clone(),
        ..Facts::new(now, cart.currency)
    }
}

/// What can be given away: what is left of it where the cart is served from, beside what the cart holds.
fn gifts(request: &CartToPrice) -> Vec<GiftItem> {
    let CartToPrice { cart, shelf, settings, delivery, now, .. } = *request;
    let store = delivery.and_then(|it| it.location.as_ref()).map(|it| it.id);
    let held = quantities(cart);
    let gift = |variant_id: VariantId| {
        let offer = shelf.offer(variant_id)?;
        let is_near = |it: &&StockLevel| store.is_none_or(|store| it.location_id == store);
        let levels: Vec<StockLevel> = shelf.levels.iter().filter(is_near).copied().collect();
        let left = shelf.available_beside(&offer.variant, &levels, &held);
        let left = left.map(|it| u32::try_from(it).unwrap_or_default());
        let unit_price = shelf.price(variant_id, 1)?.amount;
        Some(GiftItem { variant_id, unit_price, available: left.unwrap_or(u32::MAX) })
    };
    settings.promotions.gifts(now).into_iter().filter_map(gift).collect()
}

/// What a channel of this kind is used on; nobody knows of others.
fn device(kind: ChannelKind) -> Option<DeviceKind> {
    match kind {
        ChannelKind::Web => Some(DeviceKind::Web),
        ChannelKind::App => Some(DeviceKind::App),
        ChannelKind::Kiosk => Some(DeviceKind::Kiosk),
        ChannelKind::PointOfSale => Some(DeviceKind::PointOfSale),
        ChannelKind::LiveShow | ChannelKind::Marketplace => None,
    }
}

impl PricedCart {
    /// What is to be paid.
    #[must_use]
    pub fn total(&self) -> Money {
        self.quote.total.gross()
    }
}

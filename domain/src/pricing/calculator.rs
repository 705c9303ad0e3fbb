//! What a cart costs: a pure function of the cart, the shelf, the settings and what is known of the buyer.

use std::sync::Arc;

use super::{
    quote::{DeliveryTax, DeliveryToQuote, LineToQuote, Quote, QuoteRequest, QuotedLine, quote},
    tax::{TaxContext, TaxReason, TaxTreatment, TaxZone},
};
use crate::{
    cart::{Cart, CartLine, LineError, Shelf},
    channel::{Address, ChannelKind, DeliveryKind, Market, PriceDisplay},
    checkout::DeliveryOption,
    clock::Timestamp,
    codes::TaxCategory,
    ids::{CartLineId, VariantId},
    inventory::StockLevel,
    money::{Money, MoneyError, Percentage},
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
    let priced = |(place, line): (usize, &CartLine)| {
        // Of a variant in several lines, the earlier ones come first.
        let earlier = cart.lines.iter().take(place).filter(|it| it.variant_id == line.variant_id);
        let beside = earlier.map(|it| it.quantity.get()).sum();
        PricedLine {
            line_id: line.id,
            variant_id: line.variant_id,
            quantity: line.quantity.get(),
            quoted: quote.lines.iter().find(|it| it.line_id == line.id).cloned(),
            problem: shelf.check(line.variant_id, cart.currency, line.quantity, beside).err(),
        }
    };
    Ok(PricedCart { lines: cart.lines.iter().enumerate().map(priced).collect(), display: market.price_display, quote })
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

fn market_of(request: &CartToPrice) -> Arc<Market> {
    let CartToPrice { cart, settings, .. } = *request;
    settings.market(cart.market.as_str()).unwrap_or_else(|| settings.default_market())
}

fn to_quote(request: &CartToPrice, market: &Market) -> (Vec<LineToQuote>, Vec<DeliveryToQuote>) {
    let taxes = Taxes::new(request, market);
    let lines = request.cart.lines.iter().filter_map(|it| line_to_quote(it, request.shelf, &taxes)).collect();
    (lines, request.delivery.map(|it| delivery_to_quote(it, &taxes)).into_iter().collect())
}

fn line_to_quote(line: &CartLine, shelf: &Shelf, taxes: &Taxes) -> Option<LineToQuote> {
    let offer = shelf.offer(line.variant_id)?;
    let price = offer.price.as_ref()?;
    Some(LineToQuote {
        item: Item {
            line_id: line.id,
            product_id: offer.variant.product_id,
            variant_id: line.variant_id,
            collection_ids: shelf.collections_of(offer.variant.product_id),
            brand: offer.brand.clone(),
            attributes: offer.attributes.clone(),
            is_reduced: price.compare_at.is_some(),
            unit_price: price.amount,
            quantity: line.quantity.get(),
        },
        compare_at: price.compare_at,
        source: None,
        tax: taxes.of(offer.tax_category.as_ref().unwrap_or(&TaxCategory::standard())),
        components: Vec::new(),
    })
}

/// A delivery is taxed as the goods it carries: it is ancillary to them.
fn delivery_to_quote(option: &DeliveryOption, taxes: &Taxes) -> DeliveryToQuote {
    let delivery = Delivery { method: option.method.code.clone(), kind: option.method.kind, price: option.price };
    DeliveryToQuote { delivery, tax: DeliveryTax::OfGoods(taxes.of(&TaxCategory::standard())) }
}

fn facts(request: &CartToPrice) -> Facts {
    let CartToPrice { cart, settings, delivery, buyer, now, .. } = *request;
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
    let gift = |variant_id: VariantId| {
        let offer = shelf.offer(variant_id)?;
        let is_near = |it: &&StockLevel| store.is_none_or(|store| it.location_id == store);
        let levels: Vec<StockLevel> = shelf.levels.iter().filter(is_near).copied().collect();
        let held = cart.lines.iter().filter(|it| it.variant_id == variant_id).map(|it| it.quantity.get());
        let held: i64 = held.map(i64::from).sum();
        let left = offer.variant.available(&levels).map(|it| u32::try_from(it - held).unwrap_or_default());
        let unit_price = offer.price.as_ref()?.amount;
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

/// What tax is due on a cart.
struct Taxes<'a> {
    settings: &'a Settings,
    /// None: nobody knows where the goods go, so no tax is due yet.
    context: Option<TaxContext>,
}

impl<'a> Taxes<'a> {
    /// Goods go to the address of the cart, or are fetched in a store; before that is known, they stay in the market's first
    /// country, or in the seller's.
    fn new(request: &CartToPrice<'a>, market: &Market) -> Self {
        let CartToPrice { cart, settings, delivery, now, .. } = *request;
        let zone = |it: &Address| TaxZone { country: it.country, region: it.region.clone() };
        let store = delivery.filter(|it| it.method.kind == DeliveryKind::Pickup).and_then(|it| it.location.as_ref());
        let fetched = store.and_then(|it| it.draft.address.as_ref());
        let till = settings.channel(cart.channel.as_str()).and_then(|it| settings.location(it.location_id?));
        let till = till.and_then(|it| it.draft.address.as_ref().map(zone));
        let known = fetched.or(cart.shipping_address.as_ref()).map(zone).or(till);
        let assumed = market.countries.first().copied().or(settings.seller).map(TaxZone::country);
        let context = known.or(assumed).map(|destination| TaxContext {
            entry: market.price_entry.clone(),
            destination,
            day: now.date_naive(),
            seller: settings.seller,
            confirmed_vat_number: None,
            exemptions: Vec::new(),
        });
        Self { settings, context }
    }

    fn of(&self, category: &TaxCategory) -> TaxTreatment {
        match &self.context {
            Some(context) => self.settings.taxes.treatment(category, context),
            None => TaxTreatment {
                category: category.clone(),
                rate: Percentage::ZERO,
                included: Some(Percentage::ZERO),
                reason: TaxReason::OutOfScope,
            },
        }
    }
}

impl PricedCart {
    /// What is to be paid.
    #[must_use]
    pub fn total(&self) -> Money {
        self.quote.total.gross()
    }
}

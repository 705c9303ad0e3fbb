//! What tax is due on what a cart holds, or on what is shown before there is one.

use super::{
    CartToPrice,
    calculator::market_of,
    quantities_by_variant,
    tax::{CartTaxes, PriceEntry, TaxContext, TaxQuestion, TaxQuestionLine, TaxReason, TaxTreatment, TaxZone},
};
use crate::{
    channel::{Address, DeliveryKind, Market},
    clock::Timestamp,
    codes::{ChannelCode, TaxCategory},
    ids::VariantId,
    money::{Money, Percentage},
    settings::Settings,
};

/// What tax is due, by category.
pub struct Taxes<'a> {
    settings: &'a Settings,
    /// None: nobody knows where the goods go, so no tax is due yet.
    context: Option<TaxContext>,
    /// What a provider says, which comes before the table.
    provided: Option<&'a CartTaxes>,
}

impl<'a> Taxes<'a> {
    /// On what is shown in a channel and a market, before anybody says where it goes: what a cart there is charged while it
    /// has no address.
    #[must_use]
    pub fn of_market(settings: &'a Settings, channel: &ChannelCode, market: &Market, now: Timestamp) -> Self {
        Self::to(settings, None, channel, market, now)
    }

    /// On a cart. Goods go to its address, or are fetched in a store.
    pub(super) fn of_cart(request: &CartToPrice<'a>, market: &Market) -> Self {
        let CartToPrice { cart, settings, delivery, buyer, now, .. } = *request;
        let store = delivery.filter(|it| it.method.kind == DeliveryKind::Pickup).and_then(|it| it.location.as_ref());
        let fetched = store.and_then(|it| it.draft.address.as_ref());
        let known = fetched.or(cart.shipping_address.as_ref()).map(zone);
        let mut taxes = Self::to(settings, known, &cart.channel, market, now);
        if let Some(context) = &mut taxes.context {
            context.vat_number.clone_from(&cart.vat_number);
            context.exemptions.clone_from(&buyer.tax_exemptions);
        }
        taxes.provided = buyer.provided_taxes.as_ref().and_then(|it| it.answer.as_ref());
        taxes
    }

    /// On goods that go to a zone; before that is known, they are taken away from the till, or stay in the market's first
    /// country, or in the seller's.
    fn to(
        settings: &'a Settings,
        known: Option<TaxZone>,
        channel: &ChannelCode,
        market: &Market,
        now: Timestamp,
    ) -> Self {
        let till = settings.channel(channel.as_str()).and_then(|it| settings.location(it.location_id?));
        let till = till.and_then(|it| it.draft.address.as_ref().map(zone));
        let assumed = market.countries.first().copied().or(settings.seller).map(TaxZone::country);
        let context = known.or(till).or(assumed).map(|destination| TaxContext {
            entry: market.price_entry.clone(),
            destination,
            day: now.date_naive(),
            seller: settings.seller,
            vat_number: None,
            exemptions: Vec::new(),
        });
        Self { settings, context, provided: None }
    }

    /// How a variant of this category is taxed: at the rate that a provider says, else at the table's.
    pub(super) fn treatment_of(&self, variant: VariantId, category: &TaxCategory) -> TaxTreatment {
        let by_table = self.treatment(category);
        let Some(rate) = self.provided.and_then(|it| it.rate(variant)).filter(|it| *it != by_table.rate) else {
            return by_table;
        };
        let is_at_destination = self.context.as_ref().is_some_and(|it| it.entry == PriceEntry::GrossAtDestination);
        let included = if is_at_destination { Some(rate) } else { by_table.included };
        TaxTreatment { rate, included, reason: TaxReason::Rate, ..by_table }
    }

    /// How something of this category is taxed.
    #[must_use]
    pub fn treatment(&self, category: &TaxCategory) -> TaxTreatment {
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

/// What a provider is asked about a cart; nothing where it is empty, or nobody knows where it goes.
#[must_use]
pub fn tax_question(request: &CartToPrice) -> Option<TaxQuestion> {
    let CartToPrice { cart, shelf, .. } = *request;
    let context = Taxes::of_cart(request, &market_of(request)).context?;
    let quantities = quantities_by_variant(cart.lines.iter().map(|it| (it.variant_id, it.quantity.get())));
    let priced = |(variant, quantity): (&VariantId, &u32)| {
        shelf.offer(*variant).filter(|_| shelf.price(*variant, *quantity).is_some()).map(|it| (&it.variant, *quantity))
    };
    // A bundle is taxed as its components are.
    let parts = quantities.iter().filter_map(priced).flat_map(|(variant, quantity)| variant.demands(quantity));
    let parts = quantities_by_variant(parts.map(|it| (it.variant_id, it.quantity)));
    let mut lines = Vec::with_capacity(parts.len());
    for (variant_id, quantity) in parts {
        // A component may have no price of its own.
        let unit_price = shelf.price(variant_id, quantity).map_or(Money::zero(cart.currency), |it| it.amount);
        lines.push(TaxQuestionLine { variant_id, category: shelf.tax_category(variant_id), quantity, unit_price });
    }
    lines.sort_by_key(|it| it.variant_id);
    (!lines.is_empty()).then(|| TaxQuestion::new((cart.id, cart.version), &context, lines))
}

fn zone(address: &Address) -> TaxZone {
    TaxZone { country: address.country, region: address.region.clone() }
}

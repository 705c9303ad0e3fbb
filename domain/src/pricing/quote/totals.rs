//! Tax parts and sums of them.

use super::{
    DeliveryTax, LineToQuote, QuotedComponent, QuotedDelivery, QuotedLine, RoundingRules, TaxPart, TaxSummary, bundle,
};
use crate::{
    money::{Currency, Money, MoneyError, RoundingLevel, split},
    pricing::tax::{TaxTreatment, TaxedMoney},
    promotion::PricedUnits,
};

/// What a line comes to with tax: the parts by treatment, and the components of a bundle.
pub(super) struct Taxed {
    pub(super) parts: Vec<TaxPart>,
    pub(super) components: Vec<QuotedComponent>,
}

/// What a line comes to with tax before discounts.
pub(super) fn tax_original(
    line: &LineToQuote,
    rounding: RoundingRules,
    currency: Currency,
) -> Result<TaxedMoney, MoneyError> {
    let (count, amount) = (line.item.quantity, line.item.unit_price);
    if line.components.is_empty() {
        let portion = match rounding.level {
            RoundingLevel::Line => (1, amount.checked_mul(count)?.minor()),
            RoundingLevel::Unit => (count, amount.minor()),
        };
        return Ok(tax_portions(&line.tax, &[portion], rounding, currency)?.1);
    }
    sum(&tax_line(line, &[PricedUnits { count, amount }], rounding, currency)?.parts, currency)
}

/// Taxes a line whose units cost `units`, once for the line or once for each unit.
pub(super) fn tax_line(
    line: &LineToQuote,
    units: &[PricedUnits],
    rounding: RoundingRules,
    currency: Currency,
) -> Result<Taxed, MoneyError> {
    let whole = units.iter().map(|it| it.amount.minor() * i64::from(it.count)).sum();
    let portions: Vec<(u32, i64)> = match rounding.level {
        RoundingLevel::Line => vec![(1, whole)],
        RoundingLevel::Unit => units.iter().map(|it| (it.count, it.amount.minor())).collect(),
    };
    let mut taxed = Taxed { parts: Vec::new(), components: Vec::new() };
    if line.components.is_empty() {
        let (entered, amount) = tax_portions(&line.tax, &portions, rounding, currency)?;
        taxed.parts.push(TaxPart { treatment: line.tax.clone(), entered, amount });
        return Ok(taxed);
    }
    for (index, component) in line.components.iter().enumerate() {
        let share = |amount| bundle::share(amount, &line.components).get(index).copied().unwrap_or_default();
        let portions: Vec<(u32, i64)> = portions.iter().map(|(count, amount)| (*count, share(*amount))).collect();
        let (entered, amount) = tax_portions(&component.tax, &portions, rounding, currency)?;
        add_part(&mut taxed.parts, &component.tax, entered, amount)?;
        let quantity = component.quantity.saturating_mul(line.item.quantity);
        taxed.components.push(QuotedComponent { variant_id: component.variant_id, quantity, total: amount });
    }
    Ok(taxed)
}

/// Taxes so many times an amount each, and sums it: as prices are entered, and with tax.
fn tax_portions(
    treatment: &TaxTreatment,
    portions: &[(u32, i64)],
    rounding: RoundingRules,
    currency: Currency,
) -> Result<(Money, TaxedMoney), MoneyError> {
    let mut entered = Money::zero(currency);
    let mut sum = TaxedMoney::zero(currency);
    for (count, amount) in portions {
        let each = treatment.apply(Money::new(*amount, currency), rounding.mode)?;
        let all = TaxedMoney::new(each.net().checked_mul(*count)?, each.tax().checked_mul(*count)?)?;
        entered = entered.checked_add(Money::new(*amount, currency).checked_mul(*count)?)?;
        sum = sum.checked_add(all)?;
    }
    Ok((entered, sum))
}

/// Taxes a delivery: by its own treatment, or as `goods` are, by what they cost.
pub(super) fn tax_delivery(
    amount: Money,
    tax: &DeliveryTax,
    goods: &[TaxPart],
    rounding: RoundingRules,
) -> Result<Vec<TaxPart>, MoneyError> {
    let part = |treatment: &TaxTreatment, minor: i64| {
        let entered = Money::new(minor, amount.currency());
        Ok(TaxPart { treatment: treatment.clone(), entered, amount: treatment.apply(entered, rounding.mode)? })
    };
    let fallback = match tax {
        DeliveryTax::Own(treatment) => return Ok(vec![part(treatment, amount.minor())?]),
        DeliveryTax::OfGoods(fallback) => fallback,
    };
    let weights: Vec<i64> = goods.iter().map(|it| it.entered.minor()).collect();
    if weights.iter().all(|it| *it == 0) {
        return Ok(vec![part(fallback, amount.minor())?]);
    }
    let shares = goods.iter().zip(split(amount.minor(), &weights)).filter(|(_, share)| 0 < *share);
    let parts: Vec<TaxPart> = shares.map(|(it, share)| part(&it.treatment, share)).collect::<Result<_, _>>()?;
    if parts.is_empty() { Ok(vec![part(fallback, amount.minor())?]) } else { Ok(parts) }
}

/// The goods by treatment, in an order that does not depend on that of the lines.
pub(super) fn goods_by_treatment(lines: &[QuotedLine]) -> Result<Vec<TaxPart>, MoneyError> {
    let mut goods: Vec<TaxPart> = Vec::new();
    for it in lines.iter().flat_map(|it| &it.taxes) {
        add_part(&mut goods, &it.treatment, it.entered, it.amount)?;
    }
    goods.sort_by(|a, b| {
        let key = |it: &TaxPart| (std::cmp::Reverse(it.treatment.rate), std::cmp::Reverse(it.treatment.included));
        key(a).cmp(&key(b)).then_with(|| a.treatment.category.cmp(&b.treatment.category))
    });
    Ok(goods)
}

fn add_part(
    parts: &mut Vec<TaxPart>,
    treatment: &TaxTreatment,
    entered: Money,
    amount: TaxedMoney,
) -> Result<(), MoneyError> {
    match parts.iter_mut().find(|it| it.treatment == *treatment) {
        Some(it) => {
            it.entered = it.entered.checked_add(entered)?;
            it.amount = it.amount.checked_add(amount)?;
        }
        None => parts.push(TaxPart { treatment: treatment.clone(), entered, amount }),
    }
    Ok(())
}

/// The total by rate and reason, the highest rate first.
pub(super) fn summarize(lines: &[QuotedLine], deliveries: &[QuotedDelivery]) -> Result<Vec<TaxSummary>, MoneyError> {
    let mut summary: Vec<TaxSummary> = Vec::new();
    let parts = lines.iter().flat_map(|it| &it.taxes).chain(deliveries.iter().flat_map(|it| &it.taxes));
    for TaxPart { treatment, amount, .. } in parts {
        match summary.iter_mut().find(|it| it.rate == treatment.rate && it.reason == treatment.reason) {
            Some(it) => it.amount = it.amount.checked_add(*amount)?,
            None => {
                summary.push(TaxSummary { rate: treatment.rate, reason: treatment.reason.clone(), amount: *amount })
            }
        }
    }
    summary.sort_by(|a, b| b.rate.cmp(&a.rate).then_with(|| a.reason.cmp(&b.reason)));
    Ok(summary)
}

/// The sum of the parts.
pub(super) fn sum(parts: &[TaxPart], currency: Currency) -> Result<TaxedMoney, MoneyError> {
    TaxedMoney::sum(parts.iter().map(|it| it.amount), currency)
}

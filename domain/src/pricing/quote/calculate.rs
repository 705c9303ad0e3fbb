//! The calculation: promotions on entered prices, then taxes on what is left, then sums of what is shown.

use super::{
    DeliveryTax, DeliveryToQuote, LineToQuote, Quote, QuoteRequest, QuotedDelivery, QuotedLine, TaxPart,
    totals::{goods_by_treatment, sum, summarize, tax_delivery, tax_line, tax_original},
};
use crate::{
    money::{Currency, Money, MoneyError},
    pricing::tax::TaxedMoney,
    promotion::{DiscountRequest, DiscountedDelivery, DiscountedLine, PromotionSet, discount},
};

/// Quotes a cart: the order of calculation is described in [`pricing`](crate::pricing).
///
/// # Errors
/// [`MoneyError`] where an amount is not in the cart's currency, or too large to be reckoned with.
pub fn quote(request: &QuoteRequest, promotions: &PromotionSet) -> Result<Quote, MoneyError> {
    let currency = request.facts.currency;
    let discount_request = DiscountRequest {
        facts: request.facts,
        items: request.lines.iter().map(|it| &it.item).collect(),
        deliveries: request.deliveries.iter().map(|it| &it.delivery).collect(),
        manual: request.manual,
        level: request.rounding.level,
        rounding: request.rounding.mode,
    };
    let discounts = discount(&discount_request, promotions)?;
    let lines = request.lines.iter().zip(discounts.lines).map(|(line, it)| quote_line(request, line, it, currency));
    let lines: Vec<QuotedLine> = lines.collect::<Result<_, _>>()?;
    let is_of_goods = request.deliveries.iter().any(|it| matches!(it.tax, DeliveryTax::OfGoods(_)));
    let goods_parts = if is_of_goods { goods_by_treatment(&lines)? } else { Vec::new() };
    let deliveries = request.deliveries.iter().zip(&discounts.deliveries);
    let deliveries: Vec<QuotedDelivery> =
        deliveries.map(|(it, costs)| quote_delivery(request, it, costs, &goods_parts)).collect::<Result<_, _>>()?;
    let total = |of: &mut dyn Iterator<Item = TaxedMoney>| TaxedMoney::sum(of, currency);
    let (goods, delivery) =
        (total(&mut lines.iter().map(|it| it.total))?, total(&mut deliveries.iter().map(|it| it.total))?);
    Ok(Quote {
        currency,
        rounding: request.rounding,
        subtotal: total(&mut lines.iter().map(|it| it.original))?,
        discount: total(&mut lines.iter().map(|it| it.discount))?,
        goods,
        delivery_discount: total(&mut deliveries.iter().map(|it| it.discount))?,
        delivery,
        total: goods.checked_add(delivery)?,
        tax_summary: summarize(&lines, &deliveries)?,
        lines,
        deliveries,
        discounts: discounts.discounts,
        gifts: discounts.gifts,
        points: discounts.points,
        trace: discounts.trace,
    })
}

fn quote_line(
    request: &QuoteRequest,
    line: &LineToQuote,
    costs: DiscountedLine,
    currency: Currency,
) -> Result<QuotedLine, MoneyError> {
    let item = &line.item;
    let original = tax_original(line, request.rounding, currency)?;
    let taxed = tax_line(line, &costs.units, request.rounding, currency)?;
    let total = sum(&taxed.parts, currency)?;
    Ok(QuotedLine {
        line_id: item.line_id,
        variant_id: item.variant_id,
        quantity: item.quantity,
        unit_price: item.unit_price,
        compare_at: line.compare_at,
        source: line.source.clone(),
        original,
        discount: original.checked_sub(total)?,
        total,
        taxes: taxed.parts,
        units: costs.units,
        components: taxed.components,
    })
}

fn quote_delivery(
    request: &QuoteRequest,
    delivery: &DeliveryToQuote,
    costs: &DiscountedDelivery,
    goods: &[TaxPart],
) -> Result<QuotedDelivery, MoneyError> {
    let tax = |amount: Money| tax_delivery(amount, &delivery.tax, goods, request.rounding);
    let original = sum(&tax(costs.original)?, costs.original.currency())?;
    let taxes = tax(costs.total)?;
    let total = sum(&taxes, costs.total.currency())?;
    Ok(QuotedDelivery { original, discount: original.checked_sub(total)?, total, taxes })
}

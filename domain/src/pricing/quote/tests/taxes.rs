//! Figures with taxes: Vendure's, commercetools' and Medusa's cases, and our own.

use super::*;

fn order() -> Target {
    Target::Order(ItemFilter::all())
}

/// P-01, Vendure's orderPercentageDiscount: 50.00 without tax, 20 %, 20 % off.
#[test]
fn a_percentage_off_the_order_lowers_its_tax() {
    let cart = Cart::new(vec![line(item(1, 5_000, 1), net("20"))], vec![promotion(1, off_order("20"))]);
    let res = cart.quote();
    assert_eq!((parts(res.subtotal), parts(res.total)), ((5_000, 1_000, 6_000), (4_000, 800, 4_800)));
    assert_eq!(parts(res.discount), (1_000, 200, 1_200));
}

/// P-05, Vendure: "does not result in negative total"; 10.00 off 1.00, delivery 5.00.
#[test]
fn goods_are_never_below_nothing_and_deliveries_are_not_touched() {
    let promotions = vec![promotion(1, amount_off(order(), 1_000, Spread::AcrossByValue))];
    let mut cart = Cart::new(vec![line(item(1, 100, 1), net("20"))], promotions);
    cart.deliveries = vec![by(500, DeliveryTax::Own(gross("0", "0")))];
    let res = cart.quote();
    assert_eq!((res.goods.gross().minor(), res.total.gross().minor()), (0, 500));
    assert_eq!(parts(res.discount), (100, 20, 120));
}

/// P-09, Vendure's freeShipping: 50.00 and 3.45 without tax, 20 %.
#[test]
fn a_free_delivery_comes_and_goes_with_its_promotion() {
    let mut cart = Cart::new(vec![line(item(1, 5_000, 1), net("20"))], vec![]);
    cart.deliveries = vec![by(345, DeliveryTax::Own(net("20")))];
    let before = cart.quote();
    assert_eq!((parts(before.total), parts(before.delivery)), ((5_345, 1_069, 6_414), (345, 69, 414)));
    cart.promotions = vec![promotion(1, free_delivery())];
    let res = cart.quote();
    assert_eq!((parts(res.total), parts(res.delivery_discount)), ((5_000, 1_000, 6_000), (345, 69, 414)));
    cart.promotions.clear();
    assert_eq!(cart.quote(), before);
}

/// P-11, Vendure's "multiple promotions": 50 % off two at 10.00, then 15 % off the order with one at 50.00.
#[test]
fn promotions_follow_each_other_before_tax() {
    let lines = vec![line(item(1, 1_000, 2), net("20")), line(item(2, 5_000, 1), net("20"))];
    let cart = Cart::new(lines, vec![promotion(1, off_lines(&[1], "50")), promotion(2, off_order("15"))]);
    assert_eq!(parts(cart.quote().total), (5_100, 1_020, 6_120));
    let cart = Cart { promotions: vec![promotion(1, off_lines(&[1], "50"))], ..cart };
    assert_eq!(parts(cart.quote().total), (6_000, 1_200, 7_200));
}

/// P-22, Vendure's mixed rates; sharing by units there gives 64.46.
#[test]
fn an_order_discount_is_shared_before_mixed_rates_are_taken() {
    let lines =
        vec![line(item(1, 1_000, 2), net("20")), line(item(2, 3_499, 1), net("10")), line(item(3, 255, 4), net("10"))];
    let five = amount_off(order(), 500, Spread::AcrossByValue);
    let cart = Cart::new(lines, vec![promotion(1, off_lines(&[1], "15")), promotion(2, five)]);
    let res = cart.quote();
    assert_eq!((res.total.net().minor(), res.total.gross().minor()), (5_719, 6_448));
    let summary: Vec<_> = res.tax_summary.iter().map(|it| (it.rate, parts(it.amount))).collect();
    assert_eq!(summary, [(percent("20"), (1_563, 313, 1_876)), (percent("10"), (4_156, 416, 4_572))]);
}

/// T-01, commercetools' `TaxCalculationMode`: 1.08 × 3 at 19 %.
#[test]
fn tax_is_rounded_once_a_line_or_for_each_unit() {
    let mut cart = Cart::new(vec![line(item(1, 108, 3), net("19"))], vec![]);
    assert_eq!(cart.quote().total.gross().minor(), 386);
    cart.rounding.level = RoundingLevel::Unit;
    let res = cart.quote();
    assert_eq!((res.total.gross().minor(), res.rounding.level), (387, RoundingLevel::Unit));
}

#[test]
fn halves_are_rounded_as_the_rules_say() {
    let cart = Cart::new(vec![line(item(1, 250, 1), net("1")), line(item(2, 350, 1), net("1"))], vec![]);
    for (mode, tax) in [(Rounding::HalfUp, 3 + 4), (Rounding::HalfEven, 2 + 4), (Rounding::HalfDown, 2 + 3)] {
        let cart = Cart { rounding: RoundingRules { mode, ..RoundingRules::default() }, ..cart.clone() };
        assert_eq!(cart.quote().total.tax().minor(), tax, "{mode:?}");
    }
}

/// T-04 and T-05, Vendure's order-taxes: 2 × 1.00 with 20 %, and #1216: to a zone without tax and back. 166 and 199 are
/// wrong there.
#[test]
fn a_change_of_zone_and_back_changes_nothing() {
    let cart = |tax| Cart::new(vec![line(item(1, 100, 2), tax)], vec![]).quote();
    assert_eq!(parts(cart(gross("20", "20")).total), (167, 33, 200));
    assert_eq!(parts(cart(gross("0", "20")).total), (167, 0, 167));
    assert_eq!(parts(cart(gross("20", "20")).total), (167, 33, 200));
    let mut one = Cart::new(vec![line(item(1, 100, 2), gross("20", "20"))], vec![]);
    one.rounding.level = RoundingLevel::Unit;
    // One is 0.83 without tax.
    assert_eq!(parts(one.quote().total), (166, 34, 200));
}

/// T-07, Medusa #14818: 24.99 at 10.75 %, delivery 6.44 untaxed; 34.116425 is wrong there.
#[test]
fn what_is_shown_is_what_is_charged() {
    let mut cart = Cart::new(vec![line(item(1, 2_499, 1), net("10.75"))], vec![]);
    cart.deliveries = vec![by(644, DeliveryTax::Own(net("0")))];
    let res = cart.quote();
    assert_eq!((res.total.tax().minor(), res.total.gross().minor()), (269, 3_412));
}

/// T-10, Medusa: 2 × 50 at 10 %, 20 off; delivery 25 at 10 %, 2 off.
#[test]
fn discounts_are_told_with_their_tax() {
    let off = |n, target, minor| promotion(n, amount_off(target, minor, Spread::AcrossByValue));
    let promotions = vec![off(1, order(), 2_000), off(2, Target::Delivery(vec![]), 200)];
    let mut cart = Cart::new(vec![line(item(1, 5_000, 2), net("10"))], promotions);
    cart.deliveries = vec![by(2_500, DeliveryTax::Own(net("10")))];
    let res = cart.quote();
    assert_eq!((res.goods.gross().minor(), res.delivery.gross().minor()), (8_800, 2_530));
    assert_eq!((res.total.gross().minor(), res.total.tax().minor()), (11_330, 1_030));
    let discounts = res.discount.checked_add(res.delivery_discount).unwrap();
    assert_eq!(discounts.gross().minor(), 2_420);
}

/// T-16, Vendure: "totals over 21 million".
#[test]
fn totals_go_beyond_32_bits() {
    let res = Cart::new(vec![line(item(1, 999_999_900, 2), net("20"))], vec![]).quote();
    assert_eq!((res.total.net().minor(), res.total.gross().minor()), (1_999_999_800, 2_399_999_760));
}

#[test]
fn yen_have_no_decimals_and_dinars_have_three() {
    let res = |currency, minor| {
        let priced = Item { unit_price: Money::new(minor, currency), ..item(1, 0, 3) };
        let mut cart = Cart::new(vec![line(priced, net("10"))], vec![promotion(1, off_order("33"))]);
        cart.facts.currency = currency;
        parts(cart.quote().total)
    };
    // 3 × 105 yen less 33 % (103.95) are 211; 3 × 1.005 dinars less 33 % (0.99495) are 2.020.
    assert_eq!(res(Currency::JPY, 105), (211, 21, 232));
    assert_eq!(res(Currency::KWD, 1_005), (2_020, 202, 2_222));
}

fn bundle(price: i64, quantity: u32, components: &[(u128, u32, i64, &str)]) -> LineToQuote {
    let components = components.iter().map(|&(n, quantity, price, rate)| Component {
        variant_id: id(n),
        quantity,
        unit_price: eur(price),
        tax: gross(rate, rate),
    });
    LineToQuote { components: components.collect(), ..line(item(1, price, quantity), gross("20", "20")) }
}

#[test]
fn a_bundle_is_taxed_as_its_components_are() {
    // A book of 15.00 at 5.5 % and a lamp of 45.00 at 20 %, together 50.00: 12.50 and 37.50.
    let line = bundle(5_000, 1, &[(11, 1, 1_500, "5.5"), (12, 1, 4_500, "20")]);
    let mut cart = Cart::new(vec![line], vec![]);
    let res = cart.quote();
    let components: Vec<_> = res.lines[0].components.iter().map(|it| (it.quantity, parts(it.total))).collect();
    assert_eq!(components, [(1, (1_185, 65, 1_250)), (1, (3_125, 625, 3_750))]);
    assert_eq!(parts(res.total), (4_310, 690, 5_000));
    let rates: Vec<_> = res.tax_summary.iter().map(|it| it.rate).collect();
    assert_eq!(rates, [percent("20"), percent("5.5")]);
    // A discount is borne by the components as the price is.
    cart.promotions = vec![promotion(1, off_order("10"))];
    let res = cart.quote();
    let gross: Vec<_> = res.lines[0].components.iter().map(|it| it.total.gross().minor()).collect();
    assert_eq!((gross, res.total.gross().minor()), (vec![1_125, 3_375], 4_500));
}

#[test]
fn a_bundles_price_is_shared_by_largest_remainder() {
    // 10.00 over three components that cost the same by themselves, on two bundles.
    let three = [(11, 1, 500, "20"), (12, 1, 500, "20"), (13, 1, 500, "20")];
    let gross = |level| {
        let mut cart = Cart::new(vec![bundle(1_000, 2, &three)], vec![]);
        cart.rounding.level = level;
        let res = cart.quote();
        let components = &res.lines[0].components;
        assert_eq!(components.iter().map(|it| it.quantity).collect::<Vec<_>>(), [2, 2, 2]);
        components.iter().map(|it| it.total.gross().minor()).collect::<Vec<_>>()
    };
    assert_eq!(gross(RoundingLevel::Line), [667, 667, 666]);
    assert_eq!(gross(RoundingLevel::Unit), [668, 666, 666]);
    // Components that cost nothing by themselves share by their number.
    let free = bundle(900, 1, &[(11, 2, 0, "20"), (12, 1, 0, "20")]);
    let res = Cart::new(vec![free], vec![]).quote();
    assert_eq!(res.lines[0].components[0].total.gross().minor(), 600);
}

#[test]
fn a_delivery_may_be_taxed_as_the_goods_are() {
    let of_goods = || by(1_000, DeliveryTax::OfGoods(gross("20", "20")));
    let lines = vec![line(item(1, 3_000, 1), gross("5.5", "5.5")), line(item(2, 1_000, 1), gross("20", "20"))];
    let mut cart = Cart::new(lines, vec![]);
    cart.deliveries = vec![of_goods()];
    let res = cart.quote();
    let shares: Vec<_> =
        res.deliveries[0].taxes.iter().map(|it| (it.treatment.rate, it.amount.gross().minor())).collect();
    assert_eq!(shares, [(percent("20"), 250), (percent("5.5"), 750)]);
    assert_eq!(res.delivery.gross().minor(), 1_000);
    // Where the goods cost nothing, as given.
    cart.promotions = vec![promotion(1, off_order("100"))];
    let res = cart.quote();
    assert_eq!(parts(res.total), (833, 167, 1_000));
}

#[test]
fn a_buyer_who_owes_the_tax_pays_without_it() {
    let number = "BE0123456789".parse().unwrap();
    let tax = TaxTreatment { reason: TaxReason::ReverseCharge(number), ..gross("0", "20") };
    let res = Cart::new(vec![line(item(1, 12_000, 1), tax.clone())], vec![promotion(1, off_order("10"))]).quote();
    assert_eq!(parts(res.total), (9_000, 0, 9_000));
    assert_eq!((res.tax_summary.len(), &res.tax_summary[0].reason), (1, &tax.reason));
}

/// What refunds will read: what each promotion took off each line, and what units really cost.
#[test]
fn a_quote_tells_what_each_promotion_took_off_each_line() {
    let slot = |quantity| Slot { items: products(&[1]), quantity };
    let deal = ActionKind::BuyGet { buy: slot(2), get: slot(1), benefit: Benefit::FREE, deal: Deal::CHEAPEST };
    let lines = vec![line(item(1, 1_000, 3), gross("20", "20")), line(item(2, 500, 2), gross("20", "20"))];
    let res = Cart::new(lines, vec![promotion(1, deal), promotion(2, off_order("10"))]).quote();
    let told: Vec<_> = res
        .discounts
        .iter()
        .flat_map(|it| {
            it.allocations.iter().map(|allocation| (it.source, allocation.target, allocation.amount.minor()))
        })
        .collect();
    let (deal, ten) = (DiscountSource::Promotion(id(1)), DiscountSource::Promotion(id(2)));
    let line = |n| AllocationTarget::Line(id(n));
    assert_eq!(told, [(deal, line(1), 1_000), (ten, line(1), 200), (ten, line(2), 100)]);
    let units = |count, minor| PricedUnits { count, amount: eur(minor) };
    assert_eq!(res.lines[0].units, [units(2, 900), units(1, 0)]);
    assert_eq!(res.lines[1].units, [units(2, 450)]);
}

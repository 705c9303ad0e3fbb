//! Percentages and amounts: off lines, units, an order, deliveries.

use super::*;

fn lines(numbers: &[u128]) -> Target {
    Target::Lines(products(numbers))
}

fn order() -> Target {
    Target::Order(ItemFilter::all())
}

/// P-37, Saleor's CORE_0114: a sale of 13 % on two of three products, then a voucher of 13 % on the whole order.
#[test]
fn an_order_discount_is_rounded_once_and_shared_by_what_lines_cost() {
    let items = vec![item(1, 1600, 2), item(2, 999, 3), item(3, 2050, 1)];
    let sale = Shop::new(items.clone(), vec![promotion(1, off_lines(&[1, 2], "13"))]).discount();
    let units: Vec<_> = sale.lines.iter().flat_map(|it| &it.units).map(|it| (it.count, it.amount.minor())).collect();
    assert_eq!((units, sale.goods()), (vec![(2, 1392), (3, 869), (1, 2050)], 7441));
    let res = Shop::new(items, vec![promotion(1, off_lines(&[1, 2], "13")), promotion(2, off_order("13"))]).discount();
    assert_eq!(res.allocations(1), [416, 390, 0]);
    assert_eq!(res.amount(2), 967);
    assert_eq!(res.allocations(2), [362, 339, 266]);
    assert_eq!(res.totals(), [2422, 2268, 1784]);
    assert_eq!(res.goods(), 6474);
}

/// P-22, Vendure's mixed rates: 2 × 10.00 less 15 %, 34.99, 4 × 2.55; 5.00 off the order.
#[test]
fn an_amount_off_the_order_is_shared_by_what_lines_cost_by_now() {
    let items = vec![item(1, 1000, 2), item(2, 3499, 1), item(3, 255, 4)];
    let five = amount_off(order(), 500, Spread::AcrossByValue);
    let res = Shop::new(items, vec![promotion(1, off_lines(&[1], "15")), promotion(2, five)]).discount();
    assert_eq!(res.allocations(2), [137, 281, 82]);
    assert_eq!(res.goods(), 5719);
}

/// Voucherify's four ways to apply an amount: mugs 10 × 2, posters 15 × 3, shirts 20 × 3; a bottle 25 × 2 is
/// not meant.
#[test]
fn an_amount_is_taken_off_each_unit_each_line_or_once() {
    let items = vec![item(1, 1000, 2), item(2, 1500, 3), item(3, 2000, 3), item(4, 2500, 2)];
    for (spread, allocations, total) in [
        (Spread::PerLine, [1000, 1000, 1000, 0], 14_500),
        (Spread::PerUnit, [2000, 3000, 3000, 0], 9_500),
        (Spread::AcrossByValue, [160, 360, 480, 0], 16_500),
        (Spread::AcrossByUnits, [250, 375, 375, 0], 16_500),
    ] {
        for target in [lines(&[1, 2, 3]), Target::Order(products(&[1, 2, 3]))] {
            let res = Shop::new(items.clone(), vec![promotion(1, amount_off(target, 1000, spread))]).discount();
            assert_eq!((res.allocations(1), res.goods()), (allocations.to_vec(), total), "{spread:?}");
        }
    }
}

#[test]
fn what_a_line_cannot_take_the_others_share_where_the_amount_is_taken_once() {
    let items = || vec![item(1, 100, 1), item(2, 5000, 1)];
    for (spread, allocations) in [
        (Spread::AcrossByUnits, [100, 900]),
        (Spread::AcrossByValue, [20, 980]),
        (Spread::PerLine, [100, 1000]),
        (Spread::PerUnit, [100, 1000]),
    ] {
        for target in [lines(&[1, 2]), order()] {
            let res = Shop::new(items(), vec![promotion(1, amount_off(target, 1000, spread))]).discount();
            assert_eq!(res.allocations(1), allocations, "{spread:?}");
        }
    }
    // No line goes below nothing, and the promotion's amount is what it really took.
    let res = Shop::new(items(), vec![promotion(1, amount_off(order(), 9999, Spread::AcrossByValue))]).discount();
    assert_eq!((res.totals(), res.amount(1)), (vec![0, 0], 5100));
}

/// A-09, Medusa's shipping across, which emits 166.666… there.
#[test]
fn deliveries_share_an_amount_by_what_they_cost() {
    let across = |minor| promotion(1, amount_off(Target::Delivery(vec![]), minor, Spread::AcrossByValue));
    let mut shop = Shop::new(vec![item(1, 1000, 1)], vec![across(20_000)]);
    shop.deliveries = vec![delivery(50_000), delivery(10_000)];
    let totals = |shop: &Shop| shop.discount().deliveries.iter().map(|it| it.total.minor()).collect::<Vec<_>>();
    assert_eq!(totals(&shop), [50_000 - 16_667, 10_000 - 3_333]);
    shop.promotions = vec![promotion(1, free_delivery())];
    assert_eq!(totals(&shop), [0, 0]);
    shop.promotions = vec![promotion(1, ActionKind::DeliveryPrice { methods: vec![], price: euros(20_000) })];
    assert_eq!(totals(&shop), [20_000, 10_000]);
    let express = vec!["express".parse().unwrap()];
    shop.promotions = vec![promotion(1, ActionKind::DeliveryPrice { methods: express, price: euros(0) })];
    assert_eq!(totals(&shop), [50_000, 10_000]);
    assert!(matches!(shop.discount().outcome(1), Outcome::Rejected { reason: Rejection::NothingToDiscount }));
}

/// Medusa takes 2.00 off the last unit, because it subtracts the whole earlier discount from it.
#[test]
fn a_cap_on_units_takes_the_dearest_by_now() {
    let of_line = |it| Cap { units_per_line: Some(it), ..Cap::default() };
    let promotions = vec![
        capped(promotion(1, off_lines(&[1, 2], "30")), of_line(2)),
        capped(promotion(2, off_lines(&[1, 2], "10")), of_line(1)),
    ];
    let res = Shop::new(vec![item(1, 5000, 3), item(2, 15_000, 1)], promotions).discount();
    assert_eq!(res.allocations(1), [3000, 4500]);
    assert_eq!(res.allocations(2), [500, 1050]);
    // A cap over all lines takes the dearest of them.
    let cap = Cap { units: Some(2), ..Cap::default() };
    let promotions = vec![capped(promotion(1, off_lines(&[1, 2], "10")), cap)];
    let res = Shop::new(vec![item(1, 5000, 3), item(2, 15_000, 1)], promotions).discount();
    assert_eq!(res.allocations(1), [500, 1500]);
}

#[test]
fn a_cap_on_the_amount_shrinks_each_share() {
    let cap = Cap { amount: Some(euros(1000)), ..Cap::default() };
    for kind in [off_order("50"), off_lines(&[1, 2], "50")] {
        let items = vec![item(1, 1000, 2), item(2, 6000, 1)];
        let res = Shop::new(items, vec![capped(promotion(1, kind), cap.clone())]).discount();
        assert_eq!((res.amount(1), res.allocations(1)), (1000, vec![250, 750]));
    }
}

#[test]
fn a_new_price_never_raises_one() {
    let price = |it| ActionKind::UnitPrice { items: ItemFilter::all(), price: euros(it) };
    let items = || vec![item(1, 1000, 2), item(2, 300, 1)];
    let res = Shop::new(items(), vec![promotion(1, price(500))]).discount();
    assert_eq!(res.totals(), [1000, 300]);
    let res = Shop::new(items(), vec![promotion(1, price(1000))]).discount();
    assert!(matches!(res.outcome(1), Outcome::Rejected { reason: Rejection::NothingToDiscount }));
}

#[test]
fn percentages_off_lines_are_rounded_once_a_line_or_for_each_unit() {
    // 10 % of 3 × 1.05 are 31.5 cents; of one, 10.5.
    let mut shop = Shop::new(vec![item(1, 105, 3)], vec![promotion(1, off_lines(&[1], "10"))]);
    assert_eq!(shop.discount().amount(1), 32);
    shop.level = RoundingLevel::Unit;
    assert_eq!(shop.discount().amount(1), 33);
    let units = shop.discount().lines[0].units.clone();
    assert_eq!(units, [PricedUnits { count: 3, amount: eur(94) }]);
}

#[test]
fn what_units_cost_sums_to_the_line() {
    let promotions = vec![promotion(1, amount_off(order(), 100, Spread::AcrossByValue))];
    let res = Shop::new(vec![item(1, 333, 3)], promotions).discount();
    let units = |count, minor| PricedUnits { count, amount: eur(minor) };
    assert_eq!(res.lines[0].units, [units(2, 300), units(1, 299)]);
    assert_eq!(res.lines[0].total, eur(899));
}

#[test]
fn everything_can_be_free_and_what_is_free_stays_so() {
    let items = vec![item(1, 1000, 2), item(2, 0, 3)];
    let promotions = vec![promotion(1, off_order("100")), promotion(2, off_order("50"))];
    let res = Shop::new(items, promotions).discount();
    assert_eq!((res.totals(), res.amount(1), res.amount(2)), (vec![0, 0], 2000, 0));
    assert!(matches!(res.outcome(2), Outcome::Rejected { reason: Rejection::NothingToDiscount }));
    assert_eq!(res.allocations(1), [2000, 0]);
}

#[test]
fn currencies_have_their_own_amounts_and_decimals() {
    let amounts = Amounts::parse(vec![Money::new(500, Currency::JPY), Money::new(1500, Currency::KWD)]).unwrap();
    let kind = ActionKind::FixedAmount { target: order(), amount: amounts, spread: Spread::AcrossByValue };
    for (currency, total) in [(Currency::JPY, 2500), (Currency::KWD, 1500)] {
        let priced = Item { unit_price: Money::new(1000, currency), ..item(1, 0, 3) };
        let mut shop = Shop::new(vec![priced], vec![promotion(1, kind.clone())]);
        shop.facts.currency = currency;
        assert_eq!(shop.discount().goods(), total);
    }
    let res = Shop::new(vec![item(1, 1000, 3)], vec![promotion(1, kind)]).discount();
    assert!(matches!(res.outcome(1), Outcome::Rejected { reason: Rejection::NoAmountInCurrency }));
}

/// B-15, Spree's flat tiers: 10 % of anything, 15 % from 100 on, 20 % from 200 on.
#[test]
fn a_tier_holds_for_the_whole_amount() {
    let tier = |from, text| SpendTier { from: euros(from), benefit: TierBenefit::Percentage(percent(text)) };
    let tiers = vec![tier(0, "10"), tier(10_000, "15"), tier(20_000, "20")];
    let kind = |target| ActionKind::TieredSpend { target, tiers: tiers.clone() };
    for (price, off) in [(5_000, 500), (15_000, 2_250), (20_000, 4_000), (9_999, 1_000), (10_000, 1_500)] {
        for target in [order(), lines(&[1])] {
            let res = Shop::new(vec![item(1, price, 1)], vec![promotion(1, kind(target))]).discount();
            assert_eq!(res.amount(1), off, "{price}");
        }
    }
    let res = Shop::new(vec![item(1, 15_000, 1)], vec![promotion(1, kind(order()))]).discount();
    let Outcome::Applied { next: Some(next), .. } = res.outcome(1) else { panic!("{:?}", res.outcome(1)) };
    assert_eq!((next.path.as_str(), &next.missing), ("actions[0].tiers[2]", &Some(FactValue::Amount(eur(5_000)))));
}

#[test]
fn a_tier_by_units_counts_the_units_meant() {
    let tier = |from, minor| QuantityTier { from, benefit: TierBenefit::Amount(euros(minor)) };
    let kind = ActionKind::TieredQuantity { target: lines(&[1, 2]), tiers: vec![tier(3, 100), tier(6, 300)] };
    let res = |first, second| {
        let items = vec![item(1, 500, first), item(2, 500, second), item(3, 500, 9)];
        Shop::new(items, vec![promotion(1, kind.clone())]).discount()
    };
    assert_eq!([res(2, 1).amount(1), res(3, 2).amount(1), res(3, 3).amount(1)], [100, 100, 300]);
    let short = res(1, 1);
    let [gap] = short.gaps(1) else { panic!() };
    assert_eq!((gap.path.as_str(), gap.fact), ("actions[0].tiers[0]", Fact::Quantity));
    assert_eq!((&gap.actual, &gap.missing), (&FactValue::Count(2), &Some(FactValue::Count(1))));
}

#[test]
fn amounts_out_of_reach_are_refused() {
    let set = PromotionSet::default();
    for (price, quantity) in [(i64::MAX, 1), (i64::MAX / 2, 3), (-1, 1), (1_000_000_000_000_001, 1)] {
        let shop = Shop::new(vec![item(1, price, quantity)], vec![]);
        assert!(discount(&shop.request(), &set).is_err(), "{price}");
    }
    let mut shop = Shop::new(vec![item(1, 1, 1)], vec![]);
    shop.facts.currency = Currency::USD;
    assert!(discount(&shop.request(), &set).is_err());
    shop = Shop::new(vec![item(1, 1_000_000_000_000, 999)], vec![promotion(1, off_order("33.3333"))]);
    assert_eq!(shop.discount().amount(1), 332_999_667_000_000);
}

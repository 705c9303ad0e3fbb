//! Deals: buy some and get some, every nth, sets.

use super::*;

fn slot(numbers: &[u128], quantity: u32) -> Slot {
    Slot { items: products(numbers), quantity }
}

fn buy_get(buy: Slot, get: Slot, deal: Deal) -> ActionKind {
    ActionKind::BuyGet { buy, get, benefit: Benefit::FREE, deal }
}

/// So many of all items, so many of all items free.
fn buy_get_any(buy: u32, get: u32, deal: Deal) -> ActionKind {
    let slot = |quantity| Slot { items: ItemFilter::all(), quantity };
    buy_get(slot(buy), slot(get), deal)
}

fn totals(items: Vec<Item>, kind: ActionKind) -> Vec<i64> {
    Shop::new(items, vec![promotion(1, kind)]).discount().totals()
}

/// B-01 and B-03, DynamicWeb's "3 for 2": 100, 75, 50.
#[test]
fn three_for_two_gives_the_cheapest_or_the_dearest() {
    let items = || vec![item(1, 10_000, 1), item(2, 7_500, 1), item(3, 5_000, 1)];
    assert_eq!(totals(items(), buy_get_any(2, 1, Deal::CHEAPEST)), [10_000, 7_500, 0]);
    assert_eq!(totals(items(), buy_get_any(2, 1, Deal::DEAREST)), [0, 7_500, 5_000]);
    let nth = ActionKind::NthItem { items: ItemFilter::all(), nth: 3, benefit: Benefit::FREE, deal: Deal::CHEAPEST };
    assert_eq!(totals(items(), nth), [10_000, 7_500, 0]);
}

/// B-05, Medusa PR#13305: two T-shirts and a sweater free, at most three times.
#[test]
fn a_deal_happens_as_often_as_there_are_units_and_as_it_may() {
    let deal = Deal { max_occurrences: Some(3), ..Deal::CHEAPEST };
    let free = |shirts, sweaters, deal| {
        let items = vec![item(1, 1_000, shirts), item(2, 3_000, sweaters)];
        let promotions = vec![promotion(1, buy_get(slot(&[1], 2), slot(&[2], 1), deal))];
        Shop::new(items, promotions).discount().amount(1) / 3_000
    };
    assert_eq!([free(6, 3, deal), free(8, 4, deal), free(8, 4, Deal::CHEAPEST)], [3, 3, 4]);
    assert_eq!([free(2, 5, deal), free(3, 5, deal), free(5, 1, deal)], [1, 1, 1]);
}

/// B-08 and B-10, Medusa's "buy x get x": 4 × 250, and 500, 500, 1000, 1000 on lines of their own.
#[test]
fn a_unit_that_is_bought_is_never_made_cheaper() {
    assert_eq!(totals(vec![item(1, 25_000, 4)], buy_get_any(2, 2, Deal::CHEAPEST)), [50_000]);
    assert_eq!(totals(vec![item(1, 25_000, 3)], buy_get_any(2, 2, Deal::CHEAPEST)), [75_000]);
    let items = vec![item(1, 500, 1), item(2, 500, 1), item(3, 1_000, 1), item(4, 1_000, 1)];
    assert_eq!(totals(items, buy_get_any(2, 2, Deal::CHEAPEST)), [0, 0, 1_000, 1_000]);
}

#[test]
fn enough_is_left_to_buy_where_what_is_bought_may_be_got_too() {
    // One of product 1 has to be bought; products 1 and 2 may be got. The cheaper one is the only one to buy.
    let kind = buy_get(slot(&[1], 1), slot(&[1, 2], 1), Deal::CHEAPEST);
    assert_eq!(totals(vec![item(1, 100, 1), item(2, 900, 1)], kind.clone()), [100, 0]);
    assert_eq!(totals(vec![item(1, 100, 2), item(2, 900, 1)], kind.clone()), [100, 900]);
    assert_eq!(totals(vec![item(1, 100, 2), item(2, 900, 2)], kind), [200, 0]);
}

#[test]
fn no_more_is_got_of_what_has_to_be_bought_than_can_be_spared() {
    // Three of product 1 on lines of their own, of which two have to be bought; so one is got, and the dear product 2.
    let one = |n, price| Item { product_id: id(1), ..item(n, price, 1) };
    let kind = buy_get(slot(&[1], 2), slot(&[1, 2], 2), Deal::CHEAPEST);
    let items = vec![one(11, 100), one(12, 100), one(13, 100), item(2, 900, 1)];
    assert_eq!(totals(items, kind).iter().sum::<i64>(), 200);
}

#[test]
fn a_deal_says_what_it_lacks() {
    let kind = buy_get(slot(&[1], 2), slot(&[2], 1), Deal::CHEAPEST);
    let shop = |first, second| {
        let items = [item(1, 100, first), item(2, 100, second)].into_iter().filter(|it| 0 < it.quantity);
        Shop::new(items.collect(), vec![promotion(1, kind.clone())])
    };
    for (first, second, path, actual, missing) in
        [(1, 1, "actions[0].buy", 1, 1), (2, 0, "actions[0].get", 0, 1), (0, 3, "actions[0].buy", 0, 2)]
    {
        let res = shop(first, second).discount();
        let [gap] = res.gaps(1) else { panic!() };
        assert_eq!((gap.path.as_str(), gap.fact, gap.test), (path, Fact::Quantity, Test::AtLeast));
        assert_eq!((&gap.actual, &gap.missing), (&FactValue::Count(actual), &Some(FactValue::Count(missing))));
    }
    // Units to be bought are not there to be got.
    let res = Shop::new(vec![item(1, 100, 2)], vec![promotion(1, buy_get_any(2, 1, Deal::CHEAPEST))]).discount();
    let [gap] = res.gaps(1) else { panic!() };
    assert_eq!((gap.path.as_str(), &gap.actual), ("actions[0].get", &FactValue::Count(0)));
}

#[test]
fn every_second_one_is_half_price() {
    let benefit = Benefit::Percentage(percent("50"));
    let kind = ActionKind::NthItem { items: products(&[1, 2]), nth: 2, benefit, deal: Deal::CHEAPEST };
    assert_eq!(totals(vec![item(1, 1_000, 3), item(2, 600, 2), item(3, 50, 9)], kind), [3_000, 600, 450]);
    let kind = ActionKind::NthItem {
        items: ItemFilter::all(),
        nth: 2,
        benefit: Benefit::AmountOff(euros(700)),
        deal: Deal::CHEAPEST,
    };
    assert_eq!(totals(vec![item(1, 1_000, 2), item(2, 600, 2)], kind), [2_000, 0]);
}

#[test]
fn a_unit_takes_part_in_one_deal_unless_it_may_be_shared() {
    let first = promotion(1, buy_get(slot(&[1], 2), slot(&[1], 1), Deal::CHEAPEST));
    let half = Benefit::Percentage(percent("50"));
    let second = |may_share_units| {
        let deal = Deal { may_share_units, ..Deal::CHEAPEST };
        promotion(2, ActionKind::BuyGet { buy: slot(&[1], 1), get: slot(&[1], 1), benefit: half.clone(), deal })
    };
    let amounts = |quantity, may_share_units| {
        let promotions = vec![first.clone(), second(may_share_units)];
        let res = Shop::new(vec![item(1, 1_000, quantity)], promotions).discount();
        (res.amount(1), res.amount(2))
    };
    // 3 units: the first deal takes them all. 5: two are left for the second.
    assert_eq!([amounts(3, false), amounts(4, false), amounts(5, false)], [(1_000, 0), (1_000, 0), (1_000, 500)]);
    assert_eq!(amounts(3, true), (1_000, 500));
    // What units cost by now decides: the one that is free takes no part.
    assert_eq!(amounts(2, true), (0, 500));
}

#[test]
fn a_unit_that_was_made_cheaper_by_a_deal_is_not_taken_by_the_next() {
    let half = |n, items: ItemFilter| {
        let benefit = Benefit::Percentage(percent("50"));
        promotion(n, ActionKind::NthItem { items, nth: 2, benefit, deal: Deal::CHEAPEST })
    };
    let promotions = vec![half(1, products(&[1])), half(2, ItemFilter::all())];
    // Of three, the first deal takes two; the third and product 2 make the second deal.
    let res = Shop::new(vec![item(1, 1_000, 3), item(2, 800, 1)], promotions).discount();
    assert_eq!((res.allocations(1), res.allocations(2)), (vec![500, 0], vec![0, 400]));
}

#[test]
fn what_costs_nothing_takes_no_part() {
    let items = vec![item(1, 1_000, 2), item(2, 0, 5)];
    assert_eq!(totals(items.clone(), buy_get_any(2, 1, Deal::CHEAPEST)), [2_000, 0]);
    let res = Shop::new(items, vec![promotion(1, buy_get_any(2, 1, Deal::CHEAPEST))]).discount();
    assert!(!res.gaps(1).is_empty());
}

/// B-14, Sylius#8399: a drink, a sandwich and crisps for 4.50; two of each.
#[test]
fn a_set_has_a_price_as_often_as_it_can_be_made() {
    let slots = vec![slot(&[1], 1), slot(&[2], 1), slot(&[3], 1)];
    let kind = ActionKind::BundlePrice { slots, price: euros(450), deal: Deal::DEAREST };
    let items = |n| vec![item(1, 150, n), item(2, 300, n), item(3, 120, n)];
    assert_eq!(totals(items(2), kind.clone()).iter().sum::<i64>(), 900);
    let mut more = items(2);
    more[0].quantity = 3;
    assert_eq!(totals(more, kind.clone()).iter().sum::<i64>(), 1_050);
    let mut fewer = items(2);
    fewer.pop();
    let res = Shop::new(fewer, vec![promotion(1, kind)]).discount();
    let [gap] = res.gaps(1) else { panic!() };
    assert_eq!((gap.path.as_str(), &gap.missing), ("actions[0].slots[2]", &Some(FactValue::Count(1))));
}

#[test]
fn units_that_fit_several_slots_go_where_they_are_needed() {
    // Any two drinks, one of them hot: product 2 fits both slots.
    let slots = vec![slot(&[2], 1), slot(&[1, 2], 1)];
    let kind = ActionKind::BundlePrice { slots, price: euros(300), deal: Deal::DEAREST };
    assert_eq!(totals(vec![item(1, 200, 1), item(2, 250, 1)], kind.clone()).iter().sum::<i64>(), 300);
    assert_eq!(totals(vec![item(2, 250, 2)], kind.clone()), [300]);
    // Two cold ones make no set.
    assert_eq!(totals(vec![item(1, 200, 2)], kind.clone()), [400]);
    // The dearest units come first, as long as they make a set.
    let items = vec![item(1, 900, 3), item(2, 250, 1)];
    assert_eq!(totals(items, kind).iter().sum::<i64>(), 300 + 1_800);
}

#[test]
fn a_set_that_would_cost_more_is_not_made() {
    let kind = |max_occurrences| ActionKind::BundlePrice {
        slots: vec![Slot { items: ItemFilter::all(), quantity: 2 }],
        price: euros(1_000),
        deal: Deal { max_occurrences, ..Deal::DEAREST },
    };
    // 900 + 800 are reduced, 300 + 200 are not.
    let items = || vec![item(1, 900, 1), item(2, 800, 1), item(3, 300, 1), item(4, 200, 1)];
    assert_eq!(totals(items(), kind(None)).iter().sum::<i64>(), 1_500);
    let mut cheap = items();
    cheap.drain(..2);
    let res = Shop::new(cheap, vec![promotion(1, kind(None))]).discount();
    assert!(matches!(res.outcome(1), Outcome::Rejected { reason: Rejection::NothingToDiscount }));
    let items = vec![item(1, 900, 9)];
    assert_eq!(totals(items, kind(Some(2))), [8_100 - 1_600]);
}

#[test]
fn a_cap_on_units_lets_a_deal_happen_as_often_as_fits() {
    let cap = Cap { units: Some(3), ..Cap::default() };
    let promotions = vec![capped(promotion(1, buy_get_any(2, 2, Deal::CHEAPEST)), cap)];
    let res = Shop::new(vec![item(1, 100, 12)], promotions).discount();
    assert_eq!(res.amount(1), 200);
}

#[test]
fn large_quantities_are_a_matter_of_runs() {
    let items: Vec<Item> = (1..=250).map(|it| item(it, 100 + it as i64, 999)).collect();
    let res = Shop::new(items, vec![promotion(1, buy_get_any(2, 1, Deal::CHEAPEST))]).discount();
    // 249,750 units make 83,250 deals, and the cheapest units are those of the first lines.
    let free: u32 = res.discounts[0].allocations.iter().map(|it| it.units).sum();
    assert_eq!(free, 83_250);
    assert_eq!((res.totals()[0], res.totals()[249]), (0, 350 * 999));
}

//! Any cart and any promotions, for properties.

use proptest::{collection::vec, option, prelude::*, sample::select};
use rust_decimal::Decimal;

use super::*;

/// Some of five products, on lines of their own; the same product has the same price and the same nature.
pub(crate) fn items() -> impl Strategy<Value = Vec<Item>> {
    let prices = [0, 99, 333, 1_000, 1_000];
    let line = (1u128..=5, 1u32..=4);
    vec(line, 1..6).prop_map(move |lines| {
        (1..)
            .zip(lines)
            .map(|(n, (product, quantity))| Item {
                line_id: id(n),
                collection_ids: if product % 2 == 0 { vec![id(1)] } else { vec![] },
                brand: (product == 3).then(|| "Duval".to_owned()),
                is_reduced: product == 4,
                ..item(product, prices[product as usize - 1], quantity)
            })
            .collect()
    })
}

pub(crate) fn filter() -> impl Strategy<Value = ItemFilter> {
    let named = |numbers: &[u128]| products(numbers);
    prop_oneof![
        3 => Just(ItemFilter::all()),
        1 => Just(named(&[1, 2])),
        1 => Just(named(&[2, 3, 4])),
        1 => Just(ItemFilter { collection_ids: vec![id(1)], ..ItemFilter::default() }),
        1 => Just(ItemFilter { brands: vec!["Duval".to_owned()], ..ItemFilter::default() }),
        1 => Just(ItemFilter { is_reduced: Some(false), ..ItemFilter::default() }),
        1 => Just(ItemFilter { except: Some(Box::new(named(&[4]))), ..ItemFilter::default() }),
    ]
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![filter().prop_map(Target::Lines), filter().prop_map(Target::Order), Just(Target::Delivery(vec![])),]
}

fn benefit() -> impl Strategy<Value = Benefit> {
    prop_oneof![
        Just(Benefit::FREE),
        Just(Benefit::Percentage(percent("33.3"))),
        Just(Benefit::AmountOff(euros(150))),
        Just(Benefit::Price(euros(250))),
    ]
}

fn deal() -> impl Strategy<Value = Deal> {
    let choice = select(vec![UnitChoice::Cheapest, UnitChoice::Dearest]);
    (choice, option::of(1u32..3), any::<bool>()).prop_map(|(choice, max_occurrences, may_share_units)| Deal {
        choice,
        max_occurrences,
        may_share_units,
    })
}

fn slot() -> impl Strategy<Value = Slot> {
    (filter(), 1u32..3).prop_map(|(items, quantity)| Slot { items, quantity })
}

fn kind() -> impl Strategy<Value = ActionKind> {
    let percents = || select(vec!["5", "12.5", "50", "100"]).prop_map(percent);
    let spread = select(vec![Spread::PerUnit, Spread::PerLine, Spread::AcrossByValue, Spread::AcrossByUnits]);
    let tier = |from, text| SpendTier { from: euros(from), benefit: TierBenefit::Percentage(percent(text)) };
    let by_units = |from, minor| QuantityTier { from, benefit: TierBenefit::Amount(euros(minor)) };
    prop_oneof![
        (target(), percents()).prop_map(|(target, percent)| ActionKind::Percentage { target, percent }),
        (target(), select(vec![1, 100, 777, 99_999]), spread)
            .prop_map(|(target, minor, spread)| { ActionKind::FixedAmount { target, amount: euros(minor), spread } }),
        (filter(), 0i64..900).prop_map(|(items, minor)| ActionKind::UnitPrice { items, price: euros(minor) }),
        (0i64..600).prop_map(|minor| ActionKind::DeliveryPrice { methods: vec![], price: euros(minor) }),
        (vec(slot(), 1..4), 0i64..2_000, deal())
            .prop_map(|(slots, minor, deal)| { ActionKind::BundlePrice { slots, price: euros(minor), deal } }),
        (filter(), 2u32..4, benefit(), deal()).prop_map(|(items, nth, benefit, deal)| ActionKind::NthItem {
            items,
            nth,
            benefit,
            deal
        }),
        (slot(), slot(), benefit(), deal()).prop_map(|(buy, get, benefit, deal)| ActionKind::BuyGet {
            buy,
            get,
            benefit,
            deal
        }),
        target().prop_map(move |target| ActionKind::TieredSpend {
            target,
            tiers: vec![tier(500, "5"), tier(3_000, "10.5")]
        }),
        target().prop_map(move |target| ActionKind::TieredQuantity {
            target,
            tiers: vec![by_units(2, 55), by_units(5, 200)]
        }),
        Just(ActionKind::Gift { variant_id: id(50), quantity: 1, offer: GiftOffer::Added }),
        filter().prop_map(|items| ActionKind::PointsMultiplier { items, factor: Decimal::TWO }),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    let cap = (option::weighted(0.2, 1i64..900), option::weighted(0.2, 1u32..4), option::weighted(0.2, 1u32..3));
    (kind(), cap).prop_map(|(kind, (amount, units, units_per_line))| Action {
        kind,
        cap: Cap { amount: amount.map(euros), units, units_per_line },
    })
}

fn comparison() -> impl Strategy<Value = Comparison> {
    use Comparison::{AtLeast, AtMost, Equal, LessThan, MoreThan};
    select(vec![AtLeast, AtLeast, AtLeast, MoreThan, AtMost, LessThan, Equal])
}

pub(crate) fn condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        3 => (filter(), comparison(), 0i64..9_000).prop_map(|(items, comparison, minor)| Condition::Subtotal {
            items,
            comparison,
            amount: euros(minor)
        }),
        2 => (filter(), comparison(), 0u32..9)
            .prop_map(|(items, comparison, count)| Condition::Quantity { items, comparison, count }),
        1 => (filter(), comparison(), 0u32..5)
            .prop_map(|(items, comparison, count)| Condition::LineQuantity { items, comparison, count }),
        1 => (vec(1u128..7, 1..3), any::<bool>()).prop_map(|(numbers, is_all)| Condition::Products(Presence {
            values: numbers.into_iter().map(id).collect(),
            quantifier: if is_all { Quantifier::All } else { Quantifier::Any },
        })),
        1 => any::<bool>().prop_map(Condition::FirstOrder),
        1 => select(vec!["web", "kiosk"]).prop_map(|it| Condition::Channels(vec![it.parse().unwrap()])),
        1 => (1u128..3).prop_map(|n| Condition::CustomerGroups(vec![id(n)])),
        1 => Just(Condition::Code),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(Condition::All),
            vec(inner.clone(), 1..4).prop_map(Condition::Any),
            vec(inner, 1..3).prop_map(Condition::None),
        ]
    })
}

fn any_promotion() -> impl Strategy<Value = Promotion> {
    let combination = prop_oneof![
        8 => Just(Combination::Common),
        1 => Just(Combination::Exclusive),
        1 => Just(Combination::Always),
    ];
    let basis = select(vec![Basis::Running, Basis::Running, Basis::Original]);
    let place = (-1i32..2, option::weighted(0.5, 1u128..4));
    (vec(action(), 1..3), option::weighted(0.5, condition()), combination, basis, place).prop_map(
        |(actions, condition, combination, basis, (priority, group))| Promotion {
            priority,
            group_id: group.map(id),
            combination,
            basis,
            condition,
            actions,
            ..promotion(0, free_delivery())
        },
    )
}

/// Any cart in the euros' shop, with any promotions, groups, and what is known of it.
pub(crate) fn shop() -> impl Strategy<Value = Shop> {
    let modes = vec(select(vec![GroupMode::Stack, GroupMode::First, GroupMode::Best]), 3);
    let facts =
        (option::of(select(vec!["web", "kiosk"])), option::of(any::<bool>()), vec(1u128..3, 0..2), vec(1u128..6, 0..3));
    let level = select(vec![RoundingLevel::Line, RoundingLevel::Unit]);
    (items(), vec(any_promotion(), 0..6), modes, facts, level, vec(0i64..1_500, 0..3)).prop_map(
        |(items, promotions, modes, (channel, is_first_order, groups, codes), level, deliveries)| {
            let promotions = (1..).zip(promotions).map(|(n, it)| Promotion { id: id(n), ..it }).collect();
            let mut shop = Shop { level, ..Shop::new(items, promotions) };
            shop.deliveries = deliveries.into_iter().map(delivery).collect();
            shop.groups = (1..).zip(modes).map(|(n, mode)| group(n, mode)).collect();
            shop.groups[1].parent_id = Some(id(1));
            shop.facts = Facts {
                channel: channel.map(|it| it.parse().unwrap()),
                is_first_order,
                customer_group_ids: groups.into_iter().map(id).collect(),
                codes: codes.into_iter().map(usable).collect(),
                gifts: vec![GiftItem { variant_id: id(50), unit_price: eur(450), available: 3 }],
                ..shop.facts
            };
            shop
        },
    )
}

fn usable(n: u128) -> EnteredCode {
    EnteredCode { code: format!("code-{n}").parse().unwrap(), promotion_id: Some(id(n)), state: CodeState::Usable }
}

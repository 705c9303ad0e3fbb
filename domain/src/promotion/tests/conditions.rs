//! Every fact, present, absent and negated; and what a gap tells.

use chrono::Duration;

use super::*;
use crate::catalog::Attribute;

fn attribute(key: &str, value: &str) -> Attribute {
    Attribute { key: key.to_owned(), value: value.to_owned() }
}

fn any<T>(values: Vec<T>) -> Presence<T> {
    Presence { values, quantifier: Quantifier::Any }
}

fn all<T>(values: Vec<T>) -> Presence<T> {
    Presence { values, quantifier: Quantifier::All }
}

/// A cart of which everything is known.
fn known() -> Shop {
    let mut first = item(1, 1_000, 2);
    first.collection_ids = vec![id(11), id(12)];
    first.brand = Some("Duval".to_owned());
    first.attributes = vec![attribute("material", "Oak")];
    let mut shop = Shop::new(vec![first, item(2, 500, 3)], vec![]);
    shop.deliveries = vec![delivery(490)];
    shop.facts = Facts {
        channel: Some("kiosk".parse().unwrap()),
        market: Some("fr".parse().unwrap()),
        location_id: Some(id(1)),
        device: Some(DeviceKind::Kiosk),
        live_show_id: Some(id(1)),
        customer_group_ids: vec![id(1), id(2)],
        segment_ids: vec![id(1)],
        loyalty_tier_id: Some(id(1)),
        is_first_order: Some(true),
        payment_means: Some("card".parse().unwrap()),
        ..shop.facts
    };
    shop
}

/// The outcome of a promotion under this condition.
fn outcome(shop: &Shop, condition: &Condition) -> Outcome {
    let mut shop = shop.clone();
    shop.promotions = vec![when(condition.clone(), promotion(1, off_order("10")))];
    shop.discount().outcome(1).clone()
}

fn holds(shop: &Shop, condition: &Condition) -> bool {
    matches!(outcome(shop, condition), Outcome::Applied { .. })
}

fn gap(shop: &Shop, condition: &Condition) -> Gap {
    match outcome(shop, condition) {
        Outcome::Rejected { reason: Rejection::NotMet { gaps } } if gaps.len() == 1 => gaps[0].clone(),
        other => panic!("{other:?}"),
    }
}

fn quantity(items: ItemFilter, comparison: Comparison, count: u32) -> Condition {
    Condition::Quantity { items, comparison, count }
}

/// Conditions that hold for [`known`], and the like that do not.
fn pairs() -> Vec<(Condition, Condition)> {
    let window = |from: i64, until: i64| {
        Condition::TimeWindow(Window {
            from: Some(noon() + Duration::hours(from)),
            until: Some(noon() + Duration::hours(until)),
        })
    };
    let hours = |from: &str, until: &str| {
        let hours = Hours { from: from.parse().unwrap(), until: until.parse().unwrap() };
        Condition::Daypart(Daypart { time_zone: chrono_tz::Europe::Paris, weekdays: vec![], hours: Some(hours) })
    };
    let line = |count| Condition::LineQuantity { items: ItemFilter::all(), comparison: Comparison::AtLeast, count };
    vec![
        (spend(Comparison::AtLeast, 3_500), spend(Comparison::AtLeast, 3_501)),
        (spend(Comparison::MoreThan, 3_499), spend(Comparison::MoreThan, 3_500)),
        (spend(Comparison::AtMost, 3_500), spend(Comparison::AtMost, 3_499)),
        (spend(Comparison::LessThan, 3_501), spend(Comparison::LessThan, 3_500)),
        (spend(Comparison::Equal, 3_500), spend(Comparison::Equal, 3_501)),
        (quantity(products(&[2]), Comparison::AtLeast, 3), quantity(products(&[2]), Comparison::AtLeast, 4)),
        (line(3), line(4)),
        (Condition::Products(any(vec![id(2), id(9)])), Condition::Products(all(vec![id(2), id(9)]))),
        (Condition::Variants(all(vec![id(1), id(2)])), Condition::Variants(any(vec![id(9)]))),
        (Condition::Collections(all(vec![id(11), id(12)])), Condition::Collections(any(vec![id(13)]))),
        (
            Condition::Attributes(any(vec![attribute("material", "Oak")])),
            Condition::Attributes(any(vec![attribute("material", "Pine")])),
        ),
        (Condition::Brands(any(vec!["Duval".to_owned()])), Condition::Brands(any(vec!["duval".to_owned()]))),
        (Condition::CustomerGroups(vec![id(9), id(2)]), Condition::CustomerGroups(vec![id(9)])),
        (Condition::Segments(vec![id(1)]), Condition::Segments(vec![id(9)])),
        (Condition::LoyaltyTiers(vec![id(1)]), Condition::LoyaltyTiers(vec![id(9)])),
        (Condition::FirstOrder(true), Condition::FirstOrder(false)),
        (Condition::Channels(vec!["kiosk".parse().unwrap()]), Condition::Channels(vec!["web".parse().unwrap()])),
        (Condition::Markets(vec!["fr".parse().unwrap()]), Condition::Markets(vec!["de".parse().unwrap()])),
        (Condition::Locations(vec![id(1)]), Condition::Locations(vec![id(9)])),
        (Condition::Devices(vec![DeviceKind::Kiosk]), Condition::Devices(vec![DeviceKind::Web])),
        (Condition::LiveShows(vec![id(1)]), Condition::LiveShows(vec![id(9)])),
        (window(0, 1), window(-1, 0)),
        // Noon in UTC is two in the afternoon in Paris, in summer.
        (hours("14:00:00", "15:00:00"), hours("12:00:00", "14:00:00")),
        (
            Condition::FulfillmentKinds(vec![DeliveryKind::Ship]),
            Condition::FulfillmentKinds(vec![DeliveryKind::Pickup]),
        ),
        (
            Condition::PaymentMeans(vec!["card".parse().unwrap()]),
            Condition::PaymentMeans(vec!["cash".parse().unwrap()]),
        ),
    ]
}

#[test]
fn every_fact_can_be_asked_for_and_its_absence_too() {
    let shop = known();
    for (good, bad) in pairs() {
        assert!(holds(&shop, &good), "{good:?}");
        assert!(!holds(&shop, &bad), "{bad:?}");
        assert!(!holds(&shop, &Condition::None(vec![good.clone()])), "none of {good:?}");
        assert!(holds(&shop, &Condition::None(vec![bad.clone()])), "none of {bad:?}");
        let gap = gap(&shop, &bad);
        assert_eq!(gap.path, format!("condition.{}", bad.name()));
    }
}

#[test]
fn what_is_not_known_satisfies_nothing_but_none() {
    let mut shop = known();
    shop.facts = Facts::new(noon(), Currency::EUR);
    shop.deliveries.clear();
    for condition in pairs().into_iter().map(|it| it.0).skip(12) {
        if matches!(condition, Condition::TimeWindow(_) | Condition::Daypart(_)) {
            continue;
        }
        assert!(!holds(&shop, &condition), "{condition:?}");
        assert!(holds(&shop, &Condition::None(vec![condition])));
    }
    assert!(!holds(&shop, &Condition::FirstOrder(false)));
    assert_eq!(gap(&shop, &Condition::LoyaltyTiers(vec![id(1)])).actual, FactValue::Absent);
}

#[test]
fn a_gap_tells_what_is_needed_what_there_is_and_what_is_missing() {
    let shop = known();
    let it = gap(&shop, &spend(Comparison::AtLeast, 5_000));
    assert_eq!((it.fact, it.test), (Fact::Subtotal, Test::AtLeast));
    assert_eq!((it.required, it.actual), (FactValue::Amount(eur(5_000)), FactValue::Amount(eur(3_500))));
    assert_eq!(it.missing, Some(FactValue::Amount(eur(1_500))));

    let it = gap(&shop, &Condition::Products(all(vec![id(2), id(8), id(9)])));
    let texts = |ids: &[u128]| ids.iter().map(|it| id::<crate::ids::ProductId>(*it).to_string()).collect();
    assert_eq!((it.test, it.actual), (Test::AllOf, FactValue::Values(texts(&[2]))));
    assert_eq!(it.missing, Some(FactValue::Values(texts(&[8, 9]))));

    // Too much cannot be helped by adding.
    assert_eq!(gap(&shop, &spend(Comparison::AtMost, 3_000)).missing, None);
    assert_eq!(gap(&shop, &Condition::Channels(vec!["web".parse().unwrap()])).missing, None);
}

#[test]
fn paths_lead_through_the_tree_and_negated_tests_are_told_as_they_are_needed() {
    let shop = known();
    let tree = Condition::All(vec![
        Condition::FirstOrder(true),
        Condition::Any(vec![spend(Comparison::AtLeast, 9_000), spend(Comparison::AtLeast, 4_000)]),
        Condition::None(vec![Condition::Devices(vec![DeviceKind::Kiosk]), spend(Comparison::LessThan, 4_000)]),
    ]);
    let Outcome::Rejected { reason: Rejection::NotMet { gaps } } = outcome(&shop, &tree) else { panic!() };
    let told: Vec<_> = gaps.iter().map(|it| (it.path.as_str(), it.test, it.missing.is_some())).collect();
    // Of several ways, the nearest one; and of `none`, what has to be otherwise.
    assert_eq!(
        told,
        [
            ("condition.all[1].any[1].subtotal", Test::AtLeast, true),
            ("condition.all[2].none[0].devices", Test::NoneOf, false),
            ("condition.all[2].none[1].subtotal", Test::AtLeast, true),
        ]
    );
}

#[test]
fn what_adding_helps_with_is_nearer_than_what_it_does_not() {
    let tree = Condition::Any(vec![Condition::FirstOrder(false), spend(Comparison::AtLeast, 99_999)]);
    assert_eq!(gap(&known(), &tree).fact, Fact::Subtotal);
    let both =
        Condition::All(vec![spend(Comparison::AtLeast, 3_600), quantity(ItemFilter::all(), Comparison::AtLeast, 9)]);
    let tree = Condition::Any(vec![both, spend(Comparison::AtLeast, 99_999)]);
    assert_eq!(gap(&known(), &tree).path, "condition.any[1].subtotal");
}

#[test]
fn filters_narrow_by_every_field_and_leave_out_exceptions() {
    let shop = known();
    let count = |items: ItemFilter, count| quantity(items, Comparison::Equal, count);
    let duval = ItemFilter { brands: vec!["Duval".to_owned()], ..ItemFilter::default() };
    assert!(holds(&shop, &count(duval.clone(), 2)));
    assert!(holds(&shop, &count(ItemFilter { product_ids: vec![id(2)], ..duval.clone() }, 0)));
    assert!(holds(&shop, &count(ItemFilter { except: Some(Box::new(duval)), ..ItemFilter::default() }, 3)));
    let oak = ItemFilter { attributes: vec![attribute("material", "Oak")], ..ItemFilter::default() };
    assert!(holds(&shop, &count(ItemFilter { collection_ids: vec![id(99), id(12)], ..oak }, 2)));
    // Saleor #4383: only what is not reduced already.
    let mut reduced = shop.clone();
    reduced.items[0].is_reduced = true;
    let full_price = ItemFilter { is_reduced: Some(false), ..ItemFilter::default() };
    assert!(holds(&reduced, &count(full_price.clone(), 3)));
    reduced.promotions =
        vec![promotion(1, ActionKind::Percentage { target: Target::Lines(full_price), percent: percent("10") })];
    assert_eq!(reduced.discount().allocations(1), [0, 150]);
}

#[test]
fn a_promotion_that_is_paused_or_not_running_says_so() {
    let at = |hours| Some(noon() + Duration::hours(hours));
    let mut shop = known();
    let mut res = |it: Promotion| {
        shop.promotions = vec![it];
        shop.discount().outcome(1).clone()
    };
    let base = || promotion(1, off_order("10"));
    let paused = res(Promotion { is_paused: true, ..base() });
    assert_eq!(paused, Outcome::Rejected { reason: Rejection::Paused });
    let later = res(Promotion { window: Window { from: at(1), until: None }, ..base() });
    assert_eq!(later, Outcome::Rejected { reason: Rejection::NotStarted { from: at(1).unwrap() } });
    let over = res(Promotion { window: Window { from: None, until: at(0) }, ..base() });
    assert_eq!(over, Outcome::Rejected { reason: Rejection::Ended { until: noon() } });
    let now = res(Promotion { window: Window { from: at(0), until: at(1) }, ..base() });
    assert!(matches!(now, Outcome::Applied { .. }));
}

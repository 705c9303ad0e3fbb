//! What is refused when a promotion is made, and where.

use chrono::Duration;

use super::*;

fn slot(n: u128, quantity: u32) -> Slot {
    Slot { items: products(&[n]), quantity }
}

fn buy_get(buy: u32, get: u32) -> ActionKind {
    ActionKind::BuyGet { buy: slot(1, buy), get: slot(1, get), benefit: Benefit::FREE, deal: Deal::CHEAPEST }
}

/// What is wrong with a promotion.
fn issues(promotion: &Promotion) -> Vec<(String, Problem)> {
    let issues = promotion.check(&[group(8, GroupMode::Best), group(9, GroupMode::Stack)]).unwrap_err();
    issues.into_iter().map(|it| (it.path, it.problem)).collect()
}

fn issue(promotion: &Promotion) -> (String, Problem) {
    let issues = issues(promotion);
    assert_eq!(issues.len(), 1, "{issues:?}");
    issues[0].clone()
}

fn of_action(kind: ActionKind) -> (String, Problem) {
    issue(&promotion(1, kind))
}

fn of_condition(condition: Condition) -> (String, Problem) {
    issue(&when(condition, promotion(1, off_order("10"))))
}

fn at(path: &str, problem: Problem) -> (String, Problem) {
    (path.to_owned(), problem)
}

fn against(path: &str, with: &str) -> (String, Problem) {
    at(path, Problem::Contradiction { with: with.to_owned() })
}

#[test]
fn good_promotions_pass() {
    let tree = Condition::All(vec![
        spend(Comparison::AtLeast, 100),
        spend(Comparison::AtMost, 100),
        Condition::Any(vec![Condition::FirstOrder(true), Condition::FirstOrder(false)]),
        Condition::None(vec![Condition::Devices(vec![DeviceKind::Kiosk])]),
    ]);
    for kind in [off_order("100"), buy_get(2, 1), free_delivery()] {
        assert_eq!(when(tree.clone(), promotion(1, kind)).check(&[]), Ok(()));
    }
}

#[test]
fn a_cap_below_what_a_deal_does_at_once_is_refused() {
    let cap = |units| Cap { units: Some(units), ..Cap::default() };
    let four_two = capped(promotion(1, buy_get(4, 2)), cap(1));
    assert_eq!(issue(&four_two), at("actions[0].cap.units", Problem::CapBelowDeal { cap: 1, needed: 2 }));
    assert_eq!(capped(promotion(1, buy_get(4, 2)), cap(2)).check(&[]), Ok(()));
    let min = Problem::TooSmall { min: 1 };
    assert_eq!(issue(&capped(promotion(1, buy_get(4, 2)), cap(0))), at("actions[0].cap.units", min));
    let of_order = capped(promotion(1, off_order("10")), cap(1));
    assert_eq!(issue(&of_order), at("actions[0].cap.units", Problem::CapWithoutUnits));
}

#[test]
fn tiers_that_overlap_are_refused() {
    let spend_tier = |from| SpendTier { from: euros(from), benefit: TierBenefit::Percentage(percent("5")) };
    let target = || Target::Order(ItemFilter::all());
    let spends = |bounds: &[i64]| ActionKind::TieredSpend {
        target: target(),
        tiers: bounds.iter().map(|it| spend_tier(*it)).collect(),
    };
    let with = || Problem::TiersOverlap { with: "actions[0].tiers[1]".to_owned() };
    assert_eq!(of_action(spends(&[0, 100, 100])), at("actions[0].tiers[2].from", with()));
    assert_eq!(of_action(spends(&[0, 200, 100])), at("actions[0].tiers[2].from", with()));
    assert_eq!(of_action(spends(&[])), at("actions[0].tiers", Problem::Empty));
    let tier = |from| QuantityTier { from, benefit: TierBenefit::Percentage(percent("5")) };
    let kind = ActionKind::TieredQuantity { target: target(), tiers: vec![tier(1), tier(3), tier(3)] };
    assert_eq!(of_action(kind), at("actions[0].tiers[2].from", with()));
}

#[test]
fn actions_that_do_nothing_or_too_much_are_refused() {
    let lines = || Target::Lines(ItemFilter::all());
    let percentage = |text| ActionKind::Percentage { target: lines(), percent: percent(text) };
    assert_eq!(of_action(percentage("0")), at("actions[0].percent", Problem::Percentage));
    assert_eq!(of_action(percentage("100.0001")), at("actions[0].percent", Problem::Percentage));
    let zero = amount_off(lines(), 0, Spread::PerLine);
    assert_eq!(of_action(zero), at("actions[0].amounts", Problem::NoEffect));
    let negative = amount_off(lines(), -1, Spread::PerLine);
    assert_eq!(of_action(negative), at("actions[0].amounts", Problem::NegativeAmount));
    let nth = |nth| ActionKind::NthItem { items: ItemFilter::all(), nth, benefit: Benefit::FREE, deal: Deal::CHEAPEST };
    assert_eq!(of_action(nth(1)), at("actions[0].nth", Problem::TooSmall { min: 2 }));
    assert_eq!(of_action(buy_get(0, 1)), at("actions[0].buy.quantity", Problem::TooSmall { min: 1 }));
    let never = Deal { max_occurrences: Some(0), ..Deal::DEAREST };
    let bundle = |slots, deal| ActionKind::BundlePrice { slots, price: euros(1), deal };
    let min = Problem::TooSmall { min: 1 };
    assert_eq!(of_action(bundle(vec![slot(1, 1)], never)), at("actions[0].deal.maxOccurrences", min));
    assert_eq!(of_action(bundle(vec![], Deal::DEAREST)), at("actions[0].slots", Problem::Empty));
    let many = vec![slot(1, 1); 7];
    assert_eq!(of_action(bundle(many, Deal::DEAREST)), at("actions[0].slots", Problem::TooMany { max: 6 }));
    let points = |factor: i64| ActionKind::PointsMultiplier { items: ItemFilter::all(), factor: factor.into() };
    assert_eq!(of_action(points(1)), at("actions[0].factor", Problem::NoEffect));
    assert_eq!(of_action(points(-2)), at("actions[0].factor", Problem::Factor { max: 1_000 }));
    let gift = ActionKind::Gift { variant_id: id(1), quantity: 0, offer: GiftOffer::Added };
    assert_eq!(of_action(gift), at("actions[0].quantity", Problem::TooSmall { min: 1 }));
    let nothing = Promotion { actions: vec![], ..promotion(1, off_order("10")) };
    assert_eq!(issue(&nothing), at("actions", Problem::Empty));
    let nameless = Promotion { name: " ".to_owned(), ..promotion(1, off_order("10")) };
    assert_eq!(issue(&nameless), at("name", Problem::Text { max: 255 }));
    let items = ItemFilter { brands: vec!["Aarti".to_owned(), "a\0".to_owned()], ..ItemFilter::default() };
    let kind = ActionKind::UnitPrice { items, price: euros(1) };
    assert_eq!(of_action(kind), at("actions[0].items.brands[1]", Problem::Text { max: 255 }));
}

#[test]
fn amounts_are_in_the_same_currencies_throughout() {
    let dollars = Amounts::one(Money::new(500, Currency::USD));
    let kind = ActionKind::FixedAmount {
        target: Target::Order(ItemFilter::all()),
        amount: dollars,
        spread: Spread::AcrossByValue,
    };
    let mismatch = when(spend(Comparison::AtLeast, 1_000), promotion(1, kind));
    let missing = |currency, with: &str| Problem::CurrencyMissing { currency, with: with.to_owned() };
    assert_eq!(
        issues(&mismatch),
        [
            at("condition.subtotal.amounts", missing("USD", "actions[0].amounts")),
            at("actions[0].amounts", missing("EUR", "condition.subtotal.amounts")),
        ]
    );
}

#[test]
fn trees_that_are_too_large_and_sets_that_are_empty_are_refused() {
    let deep = (0..6).fold(Condition::Code, |inner, _| Condition::All(vec![inner]));
    let path = format!("condition{}", ".all[0]".repeat(6));
    assert_eq!(of_condition(deep), at(&path, Problem::TooDeep { max: 6 }));
    let wide = Condition::Any(vec![Condition::Code; 100]);
    assert_eq!(of_condition(wide), at("condition", Problem::TooMany { max: 100 }));
    assert_eq!(of_condition(Condition::Any(vec![])), at("condition.any", Problem::Empty));
    assert_eq!(of_condition(Condition::Channels(vec![])), at("condition.channels", Problem::Empty));
    let many = (0..1_001).map(id).collect();
    assert_eq!(of_condition(Condition::Segments(many)), at("condition.segments", Problem::TooMany { max: 1_000 }));
    let twice = Presence { values: vec!["a".to_owned(), "b".to_owned(), "a".to_owned()], quantifier: Quantifier::Any };
    assert_eq!(
        of_condition(Condition::Brands(twice)),
        at("condition.brands", Problem::Twice { value: "a".to_owned() })
    );
    let nobody = ItemFilter { except: Some(Box::default()), ..ItemFilter::default() };
    let kind = ActionKind::UnitPrice { items: nobody, price: euros(1) };
    assert_eq!(of_action(kind), at("actions[0].items.except", Problem::NeverHolds));
}

#[test]
fn times_that_never_come_are_refused() {
    let window = |from: i64, until: i64| Window {
        from: Some(noon() + Duration::hours(from)),
        until: Some(noon() + Duration::hours(until)),
    };
    let never = Promotion { window: window(1, 1), ..promotion(1, off_order("10")) };
    assert_eq!(issue(&never), at("window", Problem::NeverOpens));
    let closed = Condition::TimeWindow(window(5, 2));
    assert_eq!(of_condition(closed), at("condition.timeWindow", Problem::NeverOpens));
    let outside =
        Promotion { window: window(0, 2), ..when(Condition::TimeWindow(window(2, 4)), promotion(1, off_order("10"))) };
    assert_eq!(issue(&outside), against("condition.timeWindow", "window"));
    let apart = Condition::All(vec![Condition::TimeWindow(window(0, 2)), Condition::TimeWindow(window(3, 4))]);
    assert_eq!(of_condition(apart), against("condition.all[1].timeWindow", "condition.all[0].timeWindow"));
    let hours = Hours { from: "12:00:00".parse().unwrap(), until: "12:00:00".parse().unwrap() };
    let daypart = Daypart { time_zone: chrono_tz::UTC, weekdays: vec![], hours: Some(hours) };
    assert_eq!(of_condition(Condition::Daypart(daypart)), at("condition.daypart.hours", Problem::NeverOpens));
}

#[test]
fn conditions_that_cannot_hold_together_are_refused() {
    let all = |children: Vec<Condition>| of_condition(Condition::All(children));
    assert_eq!(
        all(vec![spend(Comparison::AtLeast, 100), Condition::Code, spend(Comparison::LessThan, 100)]),
        against("condition.all[2].subtotal", "condition.all[0].subtotal")
    );
    assert_eq!(of_condition(spend(Comparison::LessThan, 0)).1, Problem::NeverHolds);
    let web = || Condition::Channels(vec!["web".parse().unwrap()]);
    let kiosk = || Condition::Channels(vec!["kiosk".parse().unwrap()]);
    assert_eq!(all(vec![web(), kiosk()]), against("condition.all[1].channels", "condition.all[0].channels"));
    assert_eq!(
        all(vec![Condition::None(vec![web()]), web()]),
        against("condition.all[0].none[0].channels", "condition.all[1].channels")
    );
    assert_eq!(
        all(vec![Condition::FirstOrder(true), Condition::FirstOrder(false)]),
        against("condition.all[1].firstOrder", "condition.all[0].firstOrder")
    );
    let groups = || Condition::CustomerGroups(vec![id(1)]);
    assert_eq!(
        all(vec![groups(), Condition::None(vec![groups()])]),
        against("condition.all[1].none[0].customerGroups", "condition.all[0].customerGroups")
    );
    // Somebody may be in two groups, and each way of an `any` is looked at by itself.
    let two = Condition::All(vec![groups(), Condition::CustomerGroups(vec![id(2)])]);
    assert_eq!(when(two, promotion(1, off_order("10"))).check(&[]), Ok(()));
    let nested = Condition::Any(vec![Condition::Code, Condition::All(vec![web(), kiosk()])]);
    assert_eq!(of_condition(nested), against("condition.any[1].all[1].channels", "condition.any[1].all[0].channels"));
    let most = Condition::Quantity { items: products(&[1]), comparison: Comparison::AtMost, count: 2 };
    assert_eq!(issue(&when(most, promotion(1, buy_get(2, 1)))), against("actions[0]", "condition.quantity"));
}

#[test]
fn groups_are_known_and_a_tree() {
    let member = |n| in_group(promotion(1, off_order("10")), n);
    assert_eq!(issue(&member(1)), at("groupId", Problem::UnknownGroup));
    let always = |n| Promotion { combination: Combination::Always, ..member(n) };
    assert_eq!(issue(&always(8)), at("combination", Problem::AlwaysInChoice));
    assert_eq!(always(9).check(&[group(9, GroupMode::Stack)]), Ok(()));

    let below = |n, parent: u128| PromotionGroup { parent_id: Some(id(parent)), ..group(n, GroupMode::First) };
    let problems = |groups: &[PromotionGroup]| {
        check_groups(groups).map_err(|it| it.into_iter().map(|it| it.problem).collect::<Vec<_>>())
    };
    assert_eq!(problems(&[group(1, GroupMode::Best), below(2, 1)]), Ok(()));
    assert_eq!(problems(&[below(1, 2), below(2, 1)]), Err(vec![Problem::Circle, Problem::Circle]));
    assert_eq!(problems(&[below(1, 7)]), Err(vec![Problem::UnknownGroup]));
    let chain: Vec<_> = (1..=6).map(|n| if n == 1 { group(1, GroupMode::Best) } else { below(n, n - 1) }).collect();
    assert_eq!(problems(&chain), Err(vec![Problem::TooDeep { max: 5 }]));
    // What was not checked is still reckoned: promotions of a circle count as in no group.
    let mut shop = Shop::new(vec![item(1, 1_000, 1)], vec![in_group(promotion(1, off_order("10")), 1)]);
    shop.groups = vec![below(1, 2), below(2, 1)];
    assert_eq!(shop.discount().goods(), 900);
}

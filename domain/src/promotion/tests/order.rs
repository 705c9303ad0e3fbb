//! The order of calculation: classes, priorities, bases, groups, exclusive promotions.

use super::*;

/// Two of everything on one line, at 52.50.
fn hundred_and_five() -> Vec<Item> {
    vec![item(1, 5_250, 2)]
}

fn with_priority(priority: i32, promotion: Promotion) -> Promotion {
    Promotion { priority, ..promotion }
}

/// P-26, Voucherify: 10 % and 20 % of 100.
#[test]
fn a_basis_says_which_amounts_a_promotion_sees() {
    let promotions = |basis| {
        [promotion(1, off_order("10")), promotion(2, off_order("20"))].map(|it| Promotion { basis, ..it }).to_vec()
    };
    for (basis, off) in [(Basis::Original, 3_000), (Basis::Running, 2_800)] {
        let res = Shop::new(vec![item(1, 10_000, 1)], promotions(basis)).discount();
        assert_eq!(res.amount(1) + res.amount(2), off, "{basis:?}");
    }
    // More than all of it is never taken.
    let all = [promotion(1, off_order("60")), promotion(2, off_order("60"))];
    let all = all.map(|it| Promotion { basis: Basis::Original, ..it }).to_vec();
    let res = Shop::new(vec![item(1, 10_000, 1)], all).discount();
    assert_eq!((res.goods(), res.amount(2)), (0, 4_000));
}

/// P-27, Voucherify: A 10 % always, B 20 % if the total is above 100; the cart is 105.
#[test]
fn priority_decides_what_a_condition_sees() {
    let a = promotion(1, off_order("10"));
    let b = when(spend(Comparison::MoreThan, 10_000), promotion(2, off_order("20")));
    let res = Shop::new(hundred_and_five(), vec![a.clone(), b.clone()]).discount();
    assert_eq!(res.goods(), 9_450);
    let [gap] = res.gaps(2) else { panic!() };
    assert_eq!((gap.path.as_str(), gap.fact, gap.test), ("condition.subtotal", Fact::Subtotal, Test::MoreThan));
    assert_eq!((&gap.required, &gap.actual), (&FactValue::Amount(eur(10_000)), &FactValue::Amount(eur(9_450))));
    assert_eq!(gap.missing, Some(FactValue::Amount(eur(551))));
    let res = Shop::new(hundred_and_five(), vec![a, with_priority(1, b)]).discount();
    assert_eq!((res.amount(2), res.goods()), (2_100, 7_560));
}

/// P-18, Vendure: A "any line with 3 or more: 50 %", then B "from 10.00 on: 10 %".
#[test]
fn one_promotion_may_invalidate_the_next() {
    let three = Condition::LineQuantity { items: ItemFilter::all(), comparison: Comparison::AtLeast, count: 3 };
    let a = when(three, promotion(1, off_order("50")));
    let b = when(spend(Comparison::AtLeast, 1_000), promotion(2, off_order("10")));
    let total = |quantity| Shop::new(vec![item(1, 500, quantity)], vec![a.clone(), b.clone()]).discount().goods();
    assert_eq!([total(2), total(3)], [900, 750]);
}

/// P-14, Vendure: 8 × 10.00 and 50.00; 10.00 off from 100.00 on.
#[test]
fn a_promotion_goes_when_its_condition_does() {
    let ten = amount_off(Target::Order(ItemFilter::all()), 1_000, Spread::AcrossByValue);
    let promotions = vec![when(spend(Comparison::AtLeast, 10_000), promotion(1, ten))];
    let mut shop = Shop::new(vec![item(1, 1_000, 8), item(2, 5_000, 1)], promotions);
    assert_eq!(shop.discount().goods(), 12_000);
    shop.items.pop();
    assert_eq!(shop.discount().goods(), 8_000);
    // At the threshold exactly, it is there.
    shop.items[0].quantity = 10;
    assert_eq!(shop.discount().goods(), 9_000);
}

/// P-31, Shopify's "discount combination examples": pants 100, shirts 50, boots 200, delivery 20.
#[test]
fn classes_follow_each_other() {
    let promotions = vec![
        when(spend(Comparison::AtLeast, 10_000), promotion(1, free_delivery())),
        promotion(2, amount_off(Target::Lines(products(&[1])), 2_000, Spread::PerLine)),
        promotion(3, amount_off(Target::Lines(products(&[2])), 1_000, Spread::PerLine)),
    ];
    let mut shop = Shop::new(vec![item(1, 10_000, 1), item(2, 5_000, 1), item(3, 20_000, 1)], promotions);
    shop.deliveries = vec![delivery(2_000)];
    let res = shop.discount();
    assert_eq!((res.goods(), res.deliveries[0].total.minor()), (32_000, 0));
    // A delivery is reckoned last, and sees what order discounts left.
    shop.promotions.push(promotion(4, off_order("70")));
    let res = shop.discount();
    assert_eq!((res.goods(), res.deliveries[0].total.minor()), (9_600, 2_000));
}

/// P-34, commercetools' "best deal": 259.99, a product discount of 30 % and a cart discount of 10 %.
#[test]
fn a_group_stacks_or_takes_the_best_across_classes() {
    let promotions = vec![in_group(promotion(1, off_lines(&[1], "30")), 9), in_group(promotion(2, off_order("10")), 9)];
    let mut shop = Shop::new(vec![item(1, 25_999, 1)], promotions);
    for (mode, total) in [(GroupMode::Stack, 16_379), (GroupMode::Best, 18_199), (GroupMode::First, 18_199)] {
        shop.groups = vec![group(9, mode)];
        assert_eq!(shop.discount().goods(), total, "{mode:?}");
    }
    shop.groups = vec![group(9, GroupMode::Best)];
    let best = Outcome::Superseded { by: id(1), reason: Precedence::BestOfGroup(id(9)) };
    assert_eq!(shop.discount().outcome(2), &best);
    assert_eq!(shop.discount().trace.search, Search { is_exhaustive: true, combinations: 2 });
    shop.groups = vec![group(9, GroupMode::First)];
    let first = Outcome::Superseded { by: id(1), reason: Precedence::FirstOfGroup(id(9)) };
    assert_eq!(shop.discount().outcome(2), &first);
    shop.promotions.remove(0);
    assert_eq!(shop.discount().goods(), 23_399);
}

#[test]
fn the_first_of_a_group_is_the_first_that_applies() {
    let beyond = when(spend(Comparison::AtLeast, 99_999), promotion(1, off_order("50")));
    let promotions = vec![beyond, promotion(2, off_order("10")), promotion(3, off_order("20"))];
    let mut shop = Shop::new(hundred_and_five(), promotions.into_iter().map(|it| in_group(it, 9)).collect());
    shop.groups = vec![group(9, GroupMode::First)];
    let res = shop.discount();
    assert_eq!((res.amount(1), res.amount(2), res.amount(3)), (0, 1_050, 0));
    assert!(!res.gaps(1).is_empty());
    shop.promotions[2].priority = 5;
    assert_eq!(shop.discount().amount(3), 2_100);
}

#[test]
fn groups_are_a_tree() {
    // The best of: 10 % and 5 % together, or 12 % alone.
    let stack = PromotionGroup { parent_id: Some(id(9)), ..group(8, GroupMode::Stack) };
    let mut shop = Shop::new(
        vec![item(1, 10_000, 1)],
        vec![
            in_group(promotion(1, off_order("12")), 9),
            in_group(promotion(2, off_order("10")), 8),
            in_group(promotion(3, off_order("5")), 8),
        ],
    );
    shop.groups = vec![group(9, GroupMode::Best), stack];
    let res = shop.discount();
    assert_eq!((res.amount(2), res.amount(3), res.goods()), (1_000, 450, 8_550));
    assert_eq!(res.outcome(1), &Outcome::Superseded { by: id(2), reason: Precedence::BestOfGroup(id(9)) });
    shop.promotions[0] = in_group(promotion(1, off_order("15")), 9);
    assert_eq!(shop.discount().goods(), 8_500);
}

#[test]
fn equal_members_of_a_best_group_are_decided_by_priority_then_age() {
    let mut shop = Shop::new(
        vec![item(1, 10_000, 1)],
        vec![in_group(promotion(2, off_order("10")), 9), in_group(promotion(1, off_order("10")), 9)],
    );
    shop.groups = vec![group(9, GroupMode::Best)];
    assert_eq!(shop.discount().amount(1), 1_000);
    shop.promotions[0].priority = 1;
    assert_eq!(shop.discount().amount(2), 1_000);
}

#[test]
fn a_branch_that_does_nothing_is_not_preferred_to_one_that_does() {
    let absent = in_group(promotion(1, off_lines(&[7], "50")), 9);
    let points = ActionKind::PointsMultiplier { items: ItemFilter::all(), factor: 2.into() };
    let mut shop = Shop::new(vec![item(1, 10_000, 1)], vec![absent, in_group(promotion(2, points), 9)]);
    shop.groups = vec![group(9, GroupMode::Best)];
    let res = shop.discount();
    assert_eq!((res.points.len(), res.outcome(2)), (1, &Outcome::Applied { amount: eur(0), next: None }));
    // Money comes before points.
    shop.promotions.push(in_group(promotion(3, off_order("1")), 9));
    let res = shop.discount();
    assert_eq!((res.points.len(), res.amount(3)), (0, 100));
    assert_eq!(res.outcome(2), &Outcome::Superseded { by: id(3), reason: Precedence::BestOfGroup(id(9)) });
}

#[test]
fn the_best_of_several_groups_is_found_together_while_they_are_few() {
    // By itself, group 8 would take A (30 %); with B the free delivery of 20 is kept, which needs 80.
    let member = |n, text, of| in_group(promotion(n, off_order(text)), of);
    let free = in_group(when(spend(Comparison::AtLeast, 8_000), promotion(3, free_delivery())), 9);
    let little = ActionKind::DeliveryPrice { methods: vec![], price: euros(1_900) };
    let promotions = vec![member(1, "30", 8), member(2, "15", 8), free, in_group(promotion(4, little), 9)];
    let mut shop = Shop::new(vec![item(1, 10_000, 1)], promotions);
    shop.deliveries = vec![delivery(2_000)];
    shop.groups = vec![group(8, GroupMode::Best), group(9, GroupMode::Best)];
    let res = shop.discount();
    assert_eq!((res.amount(2), res.amount(3)), (1_500, 2_000));
    assert_eq!(res.trace.search, Search { is_exhaustive: true, combinations: 4 });
    // 8 groups of 2 have more combinations than are tried.
    let many = (1..=16).map(|n| member(n, if n % 2 == 0 { "2" } else { "1" }, 100 + n.div_ceil(2)));
    shop.promotions = many.collect();
    shop.groups = (101..=108).map(|it| group(it, GroupMode::Best)).collect();
    let res = shop.discount();
    assert_eq!(res.trace.search, Search { is_exhaustive: false, combinations: 16 });
    assert!((1..=16).all(|n| (0 < res.amount(n)) == (n % 2 == 0)));
}

/// P-28, Voucherify: "never stackable" 50 % and common 10 %; then one that always combines.
#[test]
fn an_exclusive_promotion_goes_with_those_alone_that_always_combine() {
    let exclusive = Promotion { combination: Combination::Exclusive, ..promotion(1, off_order("50")) };
    let always = Promotion { combination: Combination::Always, ..promotion(3, free_delivery()) };
    let common = promotion(2, off_order("10"));
    let mut shop = Shop::new(vec![item(1, 10_000, 1)], vec![with_priority(9, common), exclusive, always]);
    shop.deliveries = vec![delivery(500)];
    let res = shop.discount();
    assert_eq!((res.amount(1), res.amount(2), res.amount(3)), (5_000, 0, 500));
    assert_eq!(res.outcome(2), &Outcome::Superseded { by: id(1), reason: Precedence::Exclusive });
    // Where it does not apply, the others do.
    shop.promotions[1].condition = Some(spend(Comparison::AtLeast, 10_001));
    let res = shop.discount();
    assert_eq!((res.amount(1), res.amount(2), res.amount(3)), (0, 1_000, 500));
    assert_eq!(res.gaps(1)[0].missing, Some(FactValue::Amount(eur(1))));
}

#[test]
fn of_exclusive_promotions_the_first_that_applies_holds() {
    let exclusive = |n, text| Promotion { combination: Combination::Exclusive, ..promotion(n, off_order(text)) };
    let never = when(Condition::FirstOrder(true), exclusive(1, "90"));
    let mut shop = Shop::new(vec![item(1, 10_000, 1)], vec![never, exclusive(2, "10"), exclusive(3, "20")]);
    let res = shop.discount();
    assert_eq!(res.goods(), 9_000);
    assert_eq!(res.outcome(3), &Outcome::Superseded { by: id(2), reason: Precedence::Exclusive });
    assert_eq!(res.gaps(1)[0].actual, FactValue::Absent);
    shop.promotions[2].priority = 1;
    assert_eq!(shop.discount().goods(), 8_000);
}

#[test]
fn a_promotion_may_do_several_things_decided_once() {
    let both = Promotion {
        actions: vec![Action::of(off_order("10")), Action::of(free_delivery())],
        condition: Some(spend(Comparison::AtLeast, 10_000)),
        ..promotion(1, free_delivery())
    };
    let mut shop = Shop::new(vec![item(1, 10_000, 1)], vec![both]);
    shop.deliveries = vec![delivery(500)];
    let res = shop.discount();
    // After its own 10 %, only 90 are left, which changes nothing.
    assert_eq!((res.amount(1), res.goods(), res.deliveries[0].total.minor()), (1_500, 9_000, 0));
    assert!(matches!(res.outcome(1), Outcome::Applied { amount, .. } if amount.minor() == 1_500));
}

#[test]
fn discounts_by_hand_follow_the_promotions_of_their_class() {
    let by_hand = |n, target, value| ManualDiscount {
        id: id(n),
        target,
        value,
        reason: "scratched".to_owned(),
        staff_id: id(1),
        most: None,
    };
    let mut shop = Shop::new(vec![item(1, 1_000, 2), item(2, 500, 1)], vec![promotion(1, off_lines(&[1], "10"))]);
    shop.deliveries = vec![delivery(490)];
    shop.manual = vec![
        by_hand(1, ManualTarget::Delivery, ManualValue::Price(eur(100))),
        by_hand(2, ManualTarget::Order, ManualValue::Percentage(percent("50"))),
        by_hand(3, ManualTarget::Line(id(1)), ManualValue::Price(eur(800))),
        by_hand(4, ManualTarget::Line(id(2)), ManualValue::Amount(eur(9_999))),
    ];
    let res = shop.discount();
    assert_eq!((res.totals(), res.deliveries[0].total.minor()), (vec![800, 0], 100));
    let amounts: Vec<_> = res.discounts.iter().map(|it| (it.source, it.amount.minor())).collect();
    let manual = |n| DiscountSource::Manual(id(n));
    assert_eq!(
        amounts,
        [
            (DiscountSource::Promotion(id(1)), 200),
            (manual(3), 200),
            (manual(4), 500),
            (manual(2), 800),
            (manual(1), 390),
        ]
    );
}

#[test]
fn all_thresholds_that_are_reached_are_found_and_a_few_beyond() {
    let threshold = |n: u128| {
        let one = amount_off(Target::Order(ItemFilter::all()), 1, Spread::AcrossByValue);
        let at_least = spend(Comparison::AtLeast, 100 * n as i64);
        Promotion { basis: Basis::Original, ..when(at_least, promotion(n, one)) }
    };
    let shop = Shop::new(vec![item(1, 2_500, 1)], (1..=300).map(threshold).collect());
    let res = shop.discount();
    assert_eq!((res.goods(), res.discounts.len()), (2_475, 25));
    assert!((26..=35).all(|n| !res.gaps(n).is_empty()));
    // Of the others, the first hundred are told of too.
    assert_eq!(res.trace.promotions.len(), 35 + 100);
    let told: std::collections::BTreeSet<_> = res.trace.promotions.iter().map(|it| it.promotion_id).collect();
    assert_eq!(told, (1..=135).map(id).collect());
}

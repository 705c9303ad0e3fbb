//! What holds for whatever cart and whatever promotions.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{any, *};
use crate::promotion::{basket::Basket, choose::decide, gap::gaps, reckon::Job, view::View};

/// What lines and deliveries cost, by line and place, and what each discount takes.
type Result = (BTreeMap<CartLineId, (i64, Vec<(u32, i64)>)>, Vec<i64>, BTreeMap<String, i64>);

fn result(discounts: &Discounts) -> Result {
    let units = |it: &DiscountedLine| it.units.iter().map(|it| (it.count, it.amount.minor())).collect();
    (
        discounts.lines.iter().map(|it| (it.line_id, (it.total.minor(), units(it)))).collect(),
        discounts.deliveries.iter().map(|it| it.total.minor()).collect(),
        discounts.discounts.iter().map(|it| (format!("{:?}", it.source), it.amount.minor())).collect(),
    )
}

fn saved(shop: &Shop) -> i64 {
    shop.discount().discounts.iter().map(|it| it.amount.minor()).sum()
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nothing_is_below_zero(shop in any::shop()) {
        let res = shop.discount();
        for (line, item) in res.lines.iter().zip(&shop.items) {
            let allocated: i64 = res.discounts.iter().flat_map(|it| &it.allocations)
                .filter(|it| it.target == AllocationTarget::Line(line.line_id)).map(|it| it.amount.minor()).sum();
            prop_assert_eq!(line.original.minor(), item.unit_price.minor() * i64::from(item.quantity));
            prop_assert_eq!(line.total.minor(), line.original.minor() - allocated);
            prop_assert_eq!(line.units.iter().map(|it| i64::from(it.count) * it.amount.minor()).sum::<i64>(), line.total.minor());
            prop_assert_eq!(line.units.iter().map(|it| it.count).sum::<u32>(), item.quantity);
            prop_assert!(line.units.iter().all(|it| 0 <= it.amount.minor() && it.amount.minor() <= item.unit_price.minor()));
        }
        for (place, delivery) in res.deliveries.iter().enumerate() {
            let allocated: i64 = res.discounts.iter().flat_map(|it| &it.allocations)
                .filter(|it| it.target == AllocationTarget::Delivery(place)).map(|it| it.amount.minor()).sum();
            prop_assert_eq!(delivery.total.minor(), delivery.original.minor() - allocated);
            prop_assert!(0 <= delivery.total.minor());
        }
        for discount in &res.discounts {
            prop_assert_eq!(discount.amount.minor(), discount.allocations.iter().map(|it| it.amount.minor()).sum::<i64>());
            prop_assert!(discount.allocations.iter().all(|it| 0 < it.amount.minor() || matches!(it.target, AllocationTarget::Gift(_))));
        }
    }

    #[test]
    fn the_trace_agrees_with_what_was_taken(shop in any::shop()) {
        let res = shop.discount();
        for trace in &res.trace.promotions {
            let source = DiscountSource::Promotion(trace.promotion_id);
            let taken: i64 = res.discounts.iter().filter(|it| it.source == source).map(|it| it.amount.minor()).sum();
            match &trace.outcome {
                Outcome::Applied { amount, .. } => prop_assert_eq!(amount.minor(), taken),
                Outcome::Rejected { reason: Rejection::NotMet { gaps } } => {
                    prop_assert!(!gaps.is_empty());
                    prop_assert_eq!(taken, 0);
                }
                Outcome::Superseded { by, .. } => {
                    prop_assert!(*by != trace.promotion_id);
                    prop_assert_eq!(taken, 0);
                }
                Outcome::Rejected { .. } => prop_assert_eq!(taken, 0),
            }
        }
        let unique: std::collections::BTreeSet<_> = res.trace.promotions.iter().map(|it| it.promotion_id).collect();
        prop_assert_eq!(unique.len(), res.trace.promotions.len());
        prop_assert_eq!(res.trace.codes.len(), shop.facts.codes.len());
    }

    #[test]
    fn the_order_of_lines_promotions_and_groups_never_matters(shop in any::shop(), turn in 0usize..6) {
        let before = result(&shop.discount());
        let mut turned = shop.clone();
        turned.items.rotate_left(turn % shop.items.len());
        turned.items.reverse();
        turned.promotions.reverse();
        turned.groups.reverse();
        prop_assert_eq!(result(&turned.discount()), before);
    }

    #[test]
    fn lines_put_in_at_other_times_cost_the_same_together(shop in any::shop()) {
        let total = |it: &Shop| {
            let res = it.discount();
            (res.goods(), res.deliveries.iter().map(|it| it.total.minor()).sum::<i64>())
        };
        let mut other = shop.clone();
        let count = other.items.len() as u128;
        for (n, it) in (0..).zip(&mut other.items) {
            it.line_id = id(count - n);
        }
        prop_assert_eq!(total(&other), total(&shop));
    }

    #[test]
    fn a_code_that_cannot_be_used_changes_nothing(shop in any::shop(), place in 0usize..4) {
        let before = result(&shop.discount());
        let mut with_code = shop.clone();
        let code = EnteredCode { code: "late".parse().unwrap(), promotion_id: Some(id(1)), state: CodeState::ReservationExpired };
        with_code.facts.codes.insert(place.min(shop.facts.codes.len()), code);
        prop_assert_eq!(result(&with_code.discount()), before);
    }

    #[test]
    fn the_index_leaves_out_nothing_that_could_apply(shop in any::shop()) {
        let set = PromotionSet::new(shop.promotions.clone(), shop.groups.clone());
        let request = shop.request();
        let start = Basket::new(&request.items, &request.deliveries);
        let all: Vec<usize> = (0..set.len()).collect();
        let (everything, _) = decide(Job { request: &request, set: &set, candidates: &all, start: &start });
        let found = discount(&request, &set).unwrap();
        let applied = |id: &PromotionId| found.trace.promotions.iter()
            .any(|it| it.promotion_id == *id && matches!(it.outcome, Outcome::Applied { .. }));
        for (member, verdict) in set.members.iter().zip(&everything.verdicts) {
            prop_assert_eq!(verdict.is_applied(), applied(&member.promotion.id), "{:?}", member.promotion);
        }
        prop_assert_eq!(everything.saved, saved(&shop));
    }

    #[test]
    fn a_condition_lacks_something_exactly_where_it_does_not_hold(shop in any::shop(), condition in any::condition()) {
        let basket = Basket::new(&shop.items.iter().collect::<Vec<_>>(), &[]);
        let view = View {
            facts: &shop.facts,
            basket: &basket,
            basis: Basis::Running,
            promotion_id: Some(id(1)),
            level: RoundingLevel::Line,
            rounding: Rounding::HalfUp,
            gifts: &[],
        };
        prop_assert_eq!(view.holds(&condition), gaps(&view, &condition).is_empty());
        let none = Condition::None(vec![condition.clone()]);
        prop_assert_eq!(view.holds(&condition), !gaps(&view, &none).is_empty());
    }

    #[test]
    fn exclusive_promotions_stand_alone_but_for_those_that_always_combine(shop in any::shop()) {
        let res = shop.discount();
        let applied = |it: &&Promotion| res.trace.promotions.iter()
            .any(|trace| trace.promotion_id == it.id && matches!(trace.outcome, Outcome::Applied { .. }));
        let applied: Vec<Combination> = shop.promotions.iter().filter(applied).map(|it| it.combination).collect();
        let exclusive = applied.iter().filter(|it| **it == Combination::Exclusive).count();
        prop_assert!(exclusive <= 1);
        prop_assert!(exclusive == 0 || !applied.contains(&Combination::Common));
    }

    #[test]
    fn the_best_of_a_group_is_no_worse_than_any_of_its_members(shop in any::shop()) {
        let mut shop = shop;
        shop.groups = vec![group(1, GroupMode::Best)];
        for it in &mut shop.promotions {
            (it.group_id, it.combination) = (Some(id(1)), Combination::Common);
        }
        let best = saved(&shop);
        for it in shop.promotions.clone() {
            let alone = Shop { promotions: vec![it], ..shop.clone() };
            prop_assert!(saved(&alone) <= best);
        }
    }

    #[test]
    fn what_is_missing_once_added_makes_it_apply(
        shop in any::shop(), at_least in 0i64..20_000, is_original: bool, is_more: bool,
    ) {
        let comparison = if is_more { Comparison::MoreThan } else { Comparison::AtLeast };
        let basis = if is_original { Basis::Original } else { Basis::Running };
        let wanted = Promotion { basis, ..when(spend(comparison, at_least), promotion(99, off_order("100"))) };
        let mut shop = shop;
        // Alone, or after promotions on lines, which further goods of another kind have no part in.
        shop.promotions.retain(|it| it.combination == Combination::Common && it.group_id.is_none() && it.condition.is_none()
            && it.actions.iter().all(|it| it.class() == ActionClass::Product && !it.is_deal() && matches!(
                &it.kind, ActionKind::Percentage { target: Target::Lines(items), .. } if !items.product_ids.is_empty())));
        shop.promotions.push(wanted);
        let res = shop.discount();
        if let Outcome::Rejected { reason: Rejection::NotMet { gaps } } = res.outcome(99) {
            let Some(FactValue::Amount(missing)) = gaps[0].missing else { panic!() };
            let with = |minor: i64| {
                let mut shop = shop.clone();
                shop.items.push(Item { line_id: id(90), ..item(90, minor, 1) });
                matches!(shop.discount().outcome(99), Outcome::Applied { .. })
            };
            prop_assert!(with(missing.minor()));
            prop_assert!(!with(missing.minor() - 1));
        }
    }

    #[test]
    fn the_nearest_offer_once_taken_applies_whatever_comes_before(shop in any::shop(), at_least in 0i64..20_000) {
        let mut shop = shop;
        shop.promotions.retain(|it| it.combination == Combination::Common && it.group_id.is_none() && it.condition.is_none()
            && it.actions.iter().all(|it| matches!(&it.kind, ActionKind::Percentage { percent, .. } if *percent < Percentage::HUNDRED)
                && it.cap == Cap::default()));
        shop.promotions.push(Promotion { priority: -9, ..when(spend(Comparison::AtLeast, at_least), promotion(99, off_order("100"))) });
        let set = PromotionSet::new(shop.promotions.clone(), vec![]);
        let offers = nearest_offers(&shop.request(), &set, &shop.discount(), 9);
        let offer = offers.iter().find(|it| it.promotion_id == id(99));
        if let Some(FactValue::Amount(missing)) = offer.and_then(|it| it.needs[0].missing.clone()) {
            shop.items.push(Item { line_id: id(90), ..item(90, missing.minor(), 1) });
            let res = shop.discount();
            prop_assert!(matches!(res.outcome(99), Outcome::Applied { .. }), "{:?}", res.outcome(99));
        }
    }
}

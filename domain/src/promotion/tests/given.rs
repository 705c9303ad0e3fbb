//! What is given from outside: codes, budgets, gifts; and points.

use rust_decimal::Decimal;

use super::*;

fn code(text: &str, promotion: Option<u128>, state: CodeState) -> EnteredCode {
    EnteredCode { code: text.parse().unwrap(), promotion_id: promotion.map(id), state }
}

fn by_code(n: u128, text: &str) -> Promotion {
    when(Condition::Code, promotion(n, off_order(text)))
}

fn shop(promotions: Vec<Promotion>) -> Shop {
    Shop::new(vec![item(1, 10_000, 1)], promotions)
}

#[test]
fn a_code_makes_its_promotion_apply_and_its_removal_leaves_no_trace() {
    let mut shop = shop(vec![by_code(1, "10"), by_code(2, "20")]);
    let before = shop.discount();
    assert_eq!((before.goods(), before.trace.promotions.len()), (10_000, 0));
    shop.facts.codes = vec![code("summer", Some(1), CodeState::Usable)];
    let res = shop.discount();
    assert_eq!(res.goods(), 9_000);
    let [trace] = res.trace.codes.as_slice() else { panic!() };
    assert_eq!((trace.code.as_str(), &trace.outcome), ("SUMMER", res.outcome(1)));
    shop.facts.codes.clear();
    assert_eq!(shop.discount(), before);
}

#[test]
fn every_code_that_was_entered_is_answered() {
    let limit = CodeState::UsesExhausted { limit: 5 };
    let late = when(spend(Comparison::AtLeast, 20_000), promotion(5, off_order("5")));
    let needs_both = Condition::All(vec![Condition::Code, spend(Comparison::AtLeast, 20_000)]);
    let mut shop = shop(vec![by_code(1, "10"), by_code(2, "20"), when(needs_both, promotion(3, off_order("5"))), late]);
    shop.facts.codes = vec![
        code("a", Some(1), CodeState::Usable),
        code("b", Some(1), CodeState::Usable),
        code("c", Some(2), limit.clone()),
        code("d", None, CodeState::Unknown),
        code("e", Some(3), CodeState::Usable),
        code("f", Some(4), CodeState::Usable),
        code("g", Some(5), CodeState::Usable),
        code("h", None, CodeState::Usable),
    ];
    let res = shop.discount();
    let outcomes: Vec<_> = res.trace.codes.iter().map(|it| &it.outcome).collect();
    let rejected = |reason| Outcome::Rejected { reason };
    assert_eq!(res.goods(), 9_000);
    assert!(matches!(outcomes[0], Outcome::Applied { .. }));
    assert_eq!(outcomes[1], &Outcome::Superseded { by: id(1), reason: Precedence::SamePromotion });
    assert_eq!(outcomes[2], &rejected(Rejection::Code(limit)));
    assert_eq!(outcomes[3], &rejected(Rejection::Code(CodeState::Unknown)));
    assert_eq!((outcomes[4], res.gaps(3)[0].path.as_str()), (res.outcome(3), "condition.all[1].subtotal"));
    assert_eq!(outcomes[5], &rejected(Rejection::PromotionInactive));
    assert_eq!(outcomes[6], res.outcome(5));
    assert_eq!(outcomes[7], &rejected(Rejection::Code(CodeState::Unknown)));
    // The promotion itself tells that its code is not usable.
    assert_eq!((res.gaps(2)[0].fact, &res.gaps(2)[0].actual), (Fact::Code, &FactValue::Flag(false)));
}

#[test]
fn a_code_may_be_one_of_several_ways() {
    let ways = Condition::Any(vec![Condition::Code, Condition::CustomerGroups(vec![id(7)])]);
    let mut shop = shop(vec![when(ways, promotion(1, off_order("10")))]);
    assert_eq!(shop.discount().goods(), 10_000);
    shop.facts.customer_group_ids = vec![id(7)];
    assert_eq!(shop.discount().goods(), 9_000);
    shop.facts.customer_group_ids.clear();
    shop.facts.codes = vec![code("vip", Some(1), CodeState::Usable)];
    assert_eq!(shop.discount().goods(), 9_000);
}

#[test]
fn a_budget_that_would_be_exceeded_gives_nothing() {
    let mut shop = shop(vec![promotion(1, off_order("10")), promotion(2, off_order("10"))]);
    let budget = |amount_left: Option<i64>, uses_left| Budget {
        promotion_id: id(1),
        amount_left: amount_left.map(eur),
        uses_left,
    };
    shop.facts.budgets = vec![budget(Some(1_000), Some(1))];
    assert_eq!(shop.discount().amount(1), 1_000);
    shop.facts.budgets = vec![budget(Some(999), None)];
    let res = shop.discount();
    assert_eq!((res.amount(1), res.amount(2)), (0, 1_000));
    let reason = Rejection::BudgetExhausted { needed: eur(1_000), left: eur(999) };
    assert_eq!(res.outcome(1), &Outcome::Rejected { reason });
    shop.facts.budgets = vec![budget(None, Some(0))];
    assert_eq!(shop.discount().outcome(1), &Outcome::Rejected { reason: Rejection::UsesExhausted });
}

fn gift(offer: GiftOffer) -> Promotion {
    let kind = ActionKind::Gift { variant_id: id(50), quantity: 2, offer };
    when(spend(Comparison::AtLeast, 5_000), promotion(1, kind))
}

#[test]
fn a_gift_is_added_or_offered_and_can_be_refused() {
    let stock = |available| vec![GiftItem { variant_id: id(50), unit_price: eur(300), available }];
    let choice = |is_accepted| vec![GiftChoice { promotion_id: id(1), variant_id: id(50), is_accepted }];
    let rejected = |reason| Some(Outcome::Rejected { reason });
    let (offered, refused) =
        (Rejection::GiftOffered { variant_id: id(50) }, Rejection::GiftRefused { variant_id: id(50) });
    for (offer, choices, state, outcome) in [
        (GiftOffer::Added, vec![], GiftState::Added, None),
        (GiftOffer::Added, choice(false), GiftState::Refused, rejected(refused.clone())),
        (GiftOffer::Offered, vec![], GiftState::Offered, rejected(offered)),
        (GiftOffer::Offered, choice(true), GiftState::Added, None),
        (GiftOffer::Offered, choice(false), GiftState::Refused, rejected(refused)),
    ] {
        let mut shop = shop(vec![gift(offer)]);
        shop.facts.gifts = stock(2);
        shop.facts.gift_choices = choices;
        let res = shop.discount();
        let [it] = res.gifts.as_slice() else { panic!("{offer:?}") };
        assert_eq!((it.state, it.quantity, it.value), (state, 2, eur(600)));
        assert_eq!(res.goods(), 10_000);
        assert_eq!(res.amount(1), if state == GiftState::Added { 600 } else { 0 });
        let applied = Outcome::Applied { amount: eur(600), next: None };
        assert_eq!(res.outcome(1), &outcome.unwrap_or(applied));
    }
    let mut shop = shop(vec![gift(GiftOffer::Added)]);
    shop.facts.gifts = stock(1);
    let res = shop.discount();
    let reason = Rejection::GiftUnavailable { variant_id: id(50) };
    assert_eq!((res.outcome(1), res.gifts.len()), (&Outcome::Rejected { reason }, 0));
}

#[test]
fn two_promotions_do_not_give_the_same_thing_away() {
    let mut shop = shop(vec![gift(GiftOffer::Added), Promotion { id: id(2), ..gift(GiftOffer::Added) }]);
    shop.facts.gifts = vec![GiftItem { variant_id: id(50), unit_price: eur(300), available: 3 }];
    let res = shop.discount();
    let reason = Rejection::GiftUnavailable { variant_id: id(50) };
    assert_eq!((res.amount(1), res.outcome(2)), (600, &Outcome::Rejected { reason }));
    // One that is not wanted is there for the other.
    shop.facts.gift_choices = vec![GiftChoice { promotion_id: id(1), variant_id: id(50), is_accepted: false }];
    assert_eq!((shop.discount().amount(1), shop.discount().amount(2)), (0, 600));
}

#[test]
fn the_best_of_a_group_counts_a_gift_with_its_value() {
    let mut shop = shop(vec![in_group(gift(GiftOffer::Added), 9), in_group(promotion(2, off_order("5")), 9)]);
    shop.groups = vec![group(9, GroupMode::Best)];
    shop.facts.gifts = vec![GiftItem { variant_id: id(50), unit_price: eur(300), available: 9 }];
    assert_eq!((shop.discount().amount(1), shop.discount().amount(2)), (600, 0));
    shop.promotions[1] = in_group(promotion(2, off_order("7")), 9);
    let res = shop.discount();
    assert_eq!((res.amount(1), res.amount(2), res.gifts.len()), (0, 700, 0));
}

#[test]
fn points_are_multiplied_for_the_items_meant() {
    let kind = |items| ActionKind::PointsMultiplier { items, factor: Decimal::new(25, 1) };
    let mut shop = Shop::new(vec![item(2, 100, 1), item(1, 100, 1)], vec![promotion(1, kind(ItemFilter::all()))]);
    let res = shop.discount();
    let [boost] = res.points.as_slice() else { panic!() };
    assert_eq!((boost.factor, boost.line_ids.as_slice()), (Decimal::new(25, 1), &[id(2), id(1)][..]));
    assert_eq!((res.goods(), res.outcome(1)), (200, &Outcome::Applied { amount: eur(0), next: None }));
    shop.promotions = vec![promotion(1, kind(products(&[9])))];
    assert!(shop.discount().points.is_empty());
}

//! Which row holds, and why.

use super::*;

/// Medusa's `calculate-price.spec`: its region is a market here, its company a customer group.
fn medusa() -> Vec<PriceRow> {
    vec![
        row(1, 1000),
        for_group(row(2, 400), 1),
        in_market(row(3, 300), "pl"),
        for_group(in_market(row(4, 999), "pl"), 1),
        from_quantity(in_market(row(5, 250), "pl"), 4),
    ]
}

fn in_poland() -> PriceContext {
    PriceContext { market: Some("pl".parse().unwrap()), ..context() }
}

fn of_group(n: u128) -> PriceContext {
    PriceContext { customer_group_ids: vec![group(n)], ..context() }
}

#[test]
fn the_most_specific_row_holds_and_others_are_fallen_back_on() {
    let nowhere = PriceContext { market: Some("fr".parse().unwrap()), ..of_group(9) };
    let company_in_poland = PriceContext { customer_group_ids: vec![group(1)], ..in_poland() };
    let stranger_in_poland = PriceContext { customer_group_ids: vec![group(9)], ..in_poland() };
    for (name, context, quantity, amount) in [
        ("M-PR1", in_poland(), 1, 300),
        ("M-PR2", in_poland(), 5, 250),
        ("M-PR3", stranger_in_poland, 1, 300),
        ("M-PR4", nowhere, 1, 1000),
        ("both qualifiers", company_in_poland.clone(), 1, 999),
        ("both qualifiers before a break", company_in_poland, 5, 999),
        ("the group alone", of_group(1), 1, 400),
        ("just below the break", in_poland(), 3, 300),
        ("at the break", in_poland(), 4, 250),
    ] {
        let price = select(&medusa(), &[], &context, quantity).unwrap();
        assert_eq!(price.amount, Money::new(amount, Currency::PLN), "{name}");
    }
    let euros = PriceContext { currency: Currency::EUR, ..in_poland() };
    assert_eq!(select(&medusa(), &[], &euros, 1), None);
}

/// Medusa's case of a sale list with an original price (M-PR6).
#[test]
fn a_sale_shows_what_it_replaced() {
    let rows = [medusa(), vec![in_list(row(6, 232), 1)]].concat();
    let lists = [list(1, PriceListType::Sale, 0)];
    let price = select(&rows, &lists, &of_group(1), 1).unwrap();
    assert_eq!(price.amount.minor(), 232);
    assert_eq!(price.compare_at, Some(Money::new(400, Currency::PLN)));
    assert_eq!(price.source.list_id, Some(list_id(1)));
    assert_eq!(price.source.replaced, Some(row(2, 400).id));
    assert_eq!(price.source.decided_by, PriceDecision::ListPriority);
}

#[test]
fn a_sale_never_raises_a_price() {
    let rows = [row(1, 500), in_list(row(2, 500), 1)];
    let price = select(&rows, &[list(1, PriceListType::Sale, 9)], &context(), 1).unwrap();
    assert_eq!((price.amount.minor(), price.compare_at, price.source.list_id), (500, None, None));
    let alone = select(&rows[1..], &[list(1, PriceListType::Sale, 9)], &context(), 1).unwrap();
    assert_eq!((alone.amount.minor(), alone.compare_at), (500, None));
}

#[test]
fn an_override_may_raise_a_price_and_hides_what_it_replaced() {
    let rows = [row(1, 500), in_list(row(2, 700), 1), in_list(row(3, 600), 2)];
    let lists = [list(1, PriceListType::Override, 1), list(2, PriceListType::Sale, 2)];
    let price = select(&rows[..2], &lists, &context(), 1).unwrap();
    assert_eq!((price.amount.minor(), price.compare_at), (700, None));
    // The sale comes first, and what it replaces is the override.
    let price = select(&rows, &lists, &context(), 1).unwrap();
    assert_eq!((price.amount.minor(), price.compare_at.unwrap().minor()), (600, 700));
}

#[test]
fn a_list_with_the_higher_priority_comes_first_whatever_its_rows_ask_for() {
    let rows = [for_group(in_list(row(1, 80), 1), 1), in_list(row(2, 90), 2), row(3, 10)];
    let lists = [list(1, PriceListType::Override, 1), list(2, PriceListType::Override, 2)];
    let price = select(&rows, &lists, &of_group(1), 1).unwrap();
    assert_eq!((price.amount.minor(), price.source.decided_by), (90, PriceDecision::ListPriority));
    // At the same priority, the more specific row does.
    let lists = [list(1, PriceListType::Override, 1), list(2, PriceListType::Override, 1)];
    let price = select(&rows, &lists, &of_group(1), 1).unwrap();
    assert_eq!((price.amount.minor(), price.source.decided_by), (80, PriceDecision::Specificity));
}

#[test]
fn a_list_by_the_lowest_looks_at_the_amount_alone() {
    let rows = [for_group(in_list(row(1, 80), 1), 1), in_list(row(2, 70), 1), from_quantity(in_list(row(3, 75), 1), 2)];
    let by = |selection| PriceList { selection, ..list(1, PriceListType::Override, 0) };
    let price = |selection| select(&rows, &[by(selection)], &of_group(1), 3).unwrap();
    assert_eq!(price(PriceSelection::Specificity).amount.minor(), 80);
    let lowest = price(PriceSelection::Lowest);
    assert_eq!((lowest.amount.minor(), lowest.source.decided_by), (70, PriceDecision::Lowest));
}

#[test]
fn rows_as_specific_as_each_other_are_decided_by_the_lower_amount() {
    let rows = [in_market(row(1, 300), "pl"), for_group(row(2, 200), 1)];
    let context = PriceContext { customer_group_ids: vec![group(1)], ..in_poland() };
    let price = select(&rows, &[], &context, 1).unwrap();
    assert_eq!((price.amount.minor(), price.source.decided_by), (200, PriceDecision::Lowest));
    let price = select(&[row(2, 200), row(1, 200)], &[], &context, 1).unwrap();
    assert_eq!((price.source.price_id, price.source.decided_by), (row(1, 0).id, PriceDecision::Identity));
    let price = select(&[row(1, 200)], &[], &context, 1).unwrap();
    assert_eq!(price.source.decided_by, PriceDecision::OnlyMatch);
}

#[test]
fn a_tier_and_a_channel_narrow_a_price_too() {
    let tier = LoyaltyTierId::from_uuid(uuid::Uuid::from_u128(1));
    let scope = PriceScope { loyalty_tier_id: Some(tier), channel: Some("kiosk".parse().unwrap()), ..row(1, 0).scope };
    let rows = [PriceRow { scope, ..row(1, 50) }, row(2, 100)];
    let gold = PriceContext { loyalty_tier_id: Some(tier), channel: Some("kiosk".parse().unwrap()), ..context() };
    let price = select(&rows, &[], &gold, 1).unwrap();
    assert_eq!(price.amount.minor(), 50);
    assert_eq!(price.source.qualifiers, [PriceQualifier::Channel, PriceQualifier::LoyaltyTier]);
    assert_eq!(select(&rows, &[], &PriceContext { channel: None, ..gold }, 1).unwrap().amount.minor(), 100);
}

#[test]
fn scheduled_prices_follow_each_other() {
    let dearer = PriceRow { window: Window { from: Some(day(10)), until: None }, ..row(2, 120) };
    let action = PriceRow { window: between(20, 30), ..row(3, 90) };
    let rows = [row(1, 100), dearer, action];
    let price = |n| select(&rows, &[], &PriceContext { at: day(n), ..context() }, 1).unwrap();
    assert_eq!([0, 9, 10, 19, 20, 29, 30].map(|it| price(it).amount.minor()), [100, 100, 120, 120, 90, 90, 120]);
    assert_eq!(price(10).source.decided_by, PriceDecision::Scheduled);
}

#[test]
fn a_list_that_is_paused_or_not_in_force_gives_no_price() {
    let rows = [row(1, 100), in_list(row(2, 50), 1)];
    let running = list(1, PriceListType::Sale, 0);
    let paused = PriceList { is_paused: true, ..running.clone() };
    let over = PriceList { window: between(-9, 0), ..running.clone() };
    for (lists, amount) in [(vec![running], 50), (vec![paused], 100), (vec![over], 100), (vec![], 100)] {
        assert_eq!(select(&rows, &lists, &context(), 1).unwrap().amount.minor(), amount);
    }
}

#[test]
fn a_price_that_cannot_be_says_why() {
    let draft = |amount| PriceDraft::base(variant(), Money::new(amount, Currency::PLN), None);
    assert_eq!((draft(0).check(), draft(PRICE_MAX).check()), (Ok(()), Ok(())));
    assert_eq!(draft(-1).check(), Err(PriceRowError::Amount));
    assert_eq!(draft(PRICE_MAX + 1).check(), Err(PriceRowError::Amount));
    for minimum_quantity in [0, MINIMUM_QUANTITY_MAX + 1] {
        let scope = PriceScope { minimum_quantity, ..PriceScope::default() };
        assert_eq!(PriceDraft { scope, ..draft(1) }.check(), Err(PriceRowError::MinimumQuantity));
    }
    assert_eq!(PriceDraft { window: between(5, 5), ..draft(1) }.check(), Err(PriceRowError::Window));
    let former = |amount, currency| PriceDraft { compare_at: Some(Money::new(amount, currency)), ..draft(5) }.check();
    assert!(matches!(former(5, Currency::PLN), Err(PriceRowError::CompareAt(_))));
    assert!(matches!(former(9, Currency::EUR), Err(PriceRowError::CompareAt(_))));
    assert_eq!(former(6, Currency::PLN), Ok(()));
}

#[test]
fn a_price_takes_the_place_of_the_one_with_its_list_scope_and_beginning() {
    let draft = PriceDraft::base(variant(), Money::new(7, Currency::PLN), None);
    let ending = PriceRow { window: Window { from: None, until: Some(day(3)) }, ..row(1, 5) };
    assert!(draft.replaces(&row(1, 5)) && draft.replaces(&ending));
    let others = [
        in_list(row(1, 5), 1),
        in_market(row(1, 5), "pl"),
        for_group(row(1, 5), 1),
        from_quantity(row(1, 5), 2),
        PriceRow { window: between(1, 2), ..row(1, 5) },
        PriceRow { amount: Money::new(5, Currency::EUR), ..row(1, 5) },
        PriceRow { variant_id: VariantId::from_uuid(uuid::Uuid::from_u128(2)), ..row(1, 5) },
    ];
    assert!(others.iter().all(|it| !draft.replaces(it)));
}

#[test]
fn breaks_are_the_steps_at_which_the_price_changes() {
    let rows = [
        row(1, 100),
        from_quantity(row(2, 90), 5),
        from_quantity(row(3, 90), 7),
        from_quantity(row(4, 80), 10),
        from_quantity(for_group(row(5, 60), 1), 10),
    ];
    let breaks = |rows: &[PriceRow], context| -> Vec<(u32, i64)> {
        let breaks = pricing(&[], context).breaks(rows);
        breaks.iter().map(|it| (it.minimum_quantity, it.price.amount.minor())).collect()
    };
    assert_eq!(breaks(&rows, context()), [(5, 90), (10, 80)]);
    assert_eq!(breaks(&rows, of_group(1)), [(5, 90), (10, 60)]);
    assert_eq!(breaks(&rows[..1], context()), []);
    // Where one alone has no price, the first step is a price at last.
    assert_eq!(breaks(&rows[1..2], context()), [(5, 90)]);
}

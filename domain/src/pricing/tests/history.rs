//! What a variant cost over time, and what a reduction is measured by.

use super::*;

fn point(from: i64, amount: i64, is_reduced: bool) -> PricePoint {
    PricePoint { from: day(from), amount: Some(Money::new(amount, Currency::PLN)), is_reduced }
}

fn reference(points: &[PricePoint], at: i64) -> Option<(i64, Timestamp)> {
    reference_price(points, day(at)).map(|it| (it.amount.minor(), it.reduced_since))
}

/// M-PR10: 100 for 40 days, 80 on days 41 to 45, back to 100, a sale at 90 from day 60 on: 90 is no reduction.
#[test]
fn the_lowest_price_of_the_30_days_before_counts() {
    let base = |n, amount, from, until| PriceRow { window: between(from, until), ..row(n, amount) };
    let sale = PriceRow { window: Window { from: Some(day(60)), until: None }, ..in_list(row(4, 90), 1) };
    let rows = vec![base(1, 100, 1, 41), base(2, 80, 41, 46), base(3, 100, 46, 999), sale];
    let lists = always(&[list(1, PriceListType::Sale, 0)]);
    let history = PriceHistory { rows: always(&rows), lists: lists.into() };
    let context = PriceContext { at: day(65), ..context() };
    let reference = history.reference(&context).unwrap();
    let history = history.points(&context, day(1));
    assert_eq!(history, [point(1, 100, false), point(41, 80, false), point(46, 100, false), point(60, 90, true)]);
    assert_eq!((reference.amount.minor(), reference.reduced_since), (80, day(60)));
    assert!(reference.amount.minor() < 90);
}

#[test]
fn the_days_are_counted_back_from_the_beginning_of_the_reduction_not_from_today() {
    let points = [point(0, 70, false), point(10, 100, false), point(50, 90, true)];
    assert_eq!(reference(&points, 50), Some((100, day(50))));
    assert_eq!(reference(&points, 120), Some((100, day(50))));
}

#[test]
fn a_price_that_ended_exactly_30_days_before_does_not_count_and_a_moment_later_it_does() {
    let points = |end| [point(0, 70, false), point(end, 100, false), point(50, 90, true)];
    assert_eq!(reference(&points(20), 50), Some((100, day(50))));
    assert_eq!(reference(&points(21), 50), Some((70, day(50))));
}

#[test]
fn a_reduction_that_deepens_began_with_its_first_step() {
    let points = [point(0, 100, false), point(40, 90, true), point(45, 80, true), point(50, 85, true)];
    assert_eq!(reference(&points, 55), Some((100, day(40))));
    // After a break it is another one, and the first one's prices count.
    let points = [point(0, 100, false), point(40, 80, true), point(45, 100, false), point(50, 90, true)];
    assert_eq!(reference(&points, 55), Some((80, day(50))));
}

#[test]
fn there_is_no_reference_without_a_reduction_or_without_a_past() {
    assert_eq!(reference(&[point(0, 100, false)], 5), None);
    assert_eq!(reference(&[point(0, 100, true)], 5), None);
    assert_eq!(reference(&[point(9, 100, true)], 5), None);
    let pause = PricePoint { amount: None, ..point(5, 0, false) };
    assert_eq!(reference(&[pause, point(10, 90, true)], 12), None);
    assert_eq!(reference(&[point(0, 100, false), pause, point(10, 90, true)], 12), Some((100, day(10))));
}

#[test]
fn the_history_is_what_everybody_saw() {
    let rows = vec![
        row(1, 100),
        for_group(row(2, 50), 1),
        from_quantity(row(3, 60), 2),
        PriceRow { compare_at: Some(Money::new(100, Currency::PLN)), window: between(10, 20), ..row(4, 95) },
        in_market(PriceRow { window: between(15, 18), ..row(5, 120) }, "pl"),
    ];
    let history = PriceHistory { rows: always(&rows), ..PriceHistory::default() };
    let here = PriceContext { at: day(30), customer_group_ids: vec![group(1)], ..context() };
    assert_eq!(history.points(&here, day(5)), [point(5, 100, false), point(10, 95, true), point(20, 100, false)]);
    let in_poland = PriceContext { market: Some("pl".parse().unwrap()), ..here };
    assert_eq!(
        history.points(&in_poland, day(12)),
        [point(12, 95, true), point(15, 120, false), point(18, 95, true), point(20, 100, false)]
    );
}

#[test]
fn what_was_changed_and_removed_counts_for_as_long_as_it_was_so() {
    let recorded = |from, until: Option<i64>| Window { from: Some(day(from)), until: until.map(day) };
    let version = |row: PriceRow, from, until| Version { value: row, recorded: recorded(from, until) };
    let action = PriceRow { window: between(20, 25), ..row(2, 60) };
    let rows = vec![
        version(row(1, 100), 0, Some(10)),
        version(row(1, 120), 10, Some(22)),
        // A base price that is recorded while a scheduled one is in force does not end it.
        version(row(1, 130), 22, None),
        version(action, 5, None),
        version(in_list(row(3, 50), 1), 28, Some(40)),
    ];
    let sale = list(1, PriceListType::Sale, 0);
    let paused = PriceList { is_paused: true, ..sale.clone() };
    let list_of = |list, from, until| Version { value: list, recorded: recorded(from, until) };
    // Paused when its price was set, then not, then paused again, and gone in the end.
    let lists = vec![list_of(paused.clone(), 26, Some(30)), list_of(sale, 30, Some(33)), list_of(paused, 33, Some(35))];
    let history = PriceHistory { rows, lists: lists.into() };
    let context = PriceContext { at: day(50), ..context() };
    let points = [
        PricePoint { amount: None, ..point(-5, 0, false) },
        point(0, 100, false),
        point(10, 120, false),
        point(20, 60, false),
        point(25, 130, false),
        point(30, 50, true),
        point(33, 130, false),
    ];
    assert_eq!(history.points(&context, day(-5)), points);
    assert_eq!(history.reference(&context), None, "it is not reduced any more");
    let reference = history.reference(&PriceContext { at: day(31), ..context }).unwrap();
    assert_eq!((reference.amount.minor(), reference.reduced_since), (60, day(30)));
}

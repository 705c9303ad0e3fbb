//! Lines come, change and go.

use proptest::prelude::*;

use super::{cart, check, held, ids, new_line, variant};
use crate::cart::{
    Cart, CartRefusal, Clamped, LineAttributes, LineChange, LineError, LineRef, NewLine, Note,
    OnInsufficientStock::{self, Clamp, Reject},
    QuantityChange, Shelf,
    shelf::tests::shelf_with,
};

fn add(cart: &mut Cart, v: u128, quantity: i64, shelf: &Shelf) -> Result<Vec<Clamped>, CartRefusal> {
    cart.add_lines(&[NewLine::of(variant(v), quantity)], &check(shelf, Reject, &ids()))
}

fn update(
    cart: &mut Cart,
    change: LineChange,
    shelf: &Shelf,
    on_shortage: OnInsufficientStock,
) -> Result<Vec<Clamped>, CartRefusal> {
    cart.update_lines(&[change], &check(shelf, on_shortage, &ids()))
}

fn short(index: usize, available: u32, requested: u32) -> CartRefusal {
    CartRefusal::Line { index, error: LineError::InsufficientStock { available, requested } }
}

#[test]
fn a_quantity_out_of_range_is_refused_with_the_range() {
    let shelf = shelf_with(&[(1, 5_000)]);
    let refusal = CartRefusal::Line { index: 0, error: LineError::QuantityOutOfRange { min: 1, max: 999 } };
    for quantity in [i64::MIN, -1, 0, 1_000, i64::MAX] {
        assert_eq!(add(&mut cart(), 1, quantity, &shelf), Err(refusal.clone()), "{quantity}");
    }
    let mut cart = cart();
    add(&mut cart, 1, 999, &shelf).unwrap();
    assert_eq!(add(&mut cart, 1, 1, &shelf), Err(refusal));
}

#[test]
fn what_is_short_is_refused_with_what_there_is() {
    let shelf = shelf_with(&[(1, 3)]);
    let mut cart = cart();
    add(&mut cart, 1, 2, &shelf).unwrap();
    assert_eq!(add(&mut cart, 1, 2, &shelf), Err(short(0, 3, 4)));
    // Lines of one variant share what there is of it.
    let engraved = [new_line(1, 2, "Ada")];
    let (counter, reject) = (ids(), Reject);
    assert_eq!(cart.add_lines(&engraved, &check(&shelf, reject, &counter)), Err(short(0, 1, 2)));
}

#[test]
fn a_line_can_always_shrink_and_zero_removes_it() {
    let mut cart = cart();
    add(&mut cart, 1, 3, &shelf_with(&[(1, 3)])).unwrap();
    let sold_out = shelf_with(&[(1, 0)]);
    let line = cart.lines[0].id;
    let to = |quantity| LineChange::quantity(line, QuantityChange::To(quantity));
    update(&mut cart, to(2), &sold_out, Reject).unwrap();
    assert_eq!(cart.lines[0].quantity.get(), 2);
    assert!(update(&mut cart.clone(), to(3), &sold_out, Reject).is_err());
    update(&mut cart, to(0), &sold_out, Reject).unwrap();
    assert!(cart.lines.is_empty());
    assert_eq!(cart.remove_lines(&[line]), Err(CartRefusal::UnknownLine { index: 0 }));
}

#[test]
fn a_clamped_line_gets_what_there_is_and_says_so() {
    let shelf = shelf_with(&[(1, 3), (2, 0)]);
    let (mut cart, counter) = (cart(), ids());
    let wanted = [NewLine::of(variant(1), 5), NewLine::of(variant(2), 4), new_line(1, 1, "Ada")];
    let clamped = cart.add_lines(&wanted, &check(&shelf, Clamp, &counter)).unwrap();
    assert_eq!(held(&cart), [(variant(1), String::new(), 3)]);
    let line_id = cart.lines[0].id;
    let expected = |line_id, v, requested, available| Clamped { line_id, variant_id: variant(v), requested, available };
    assert_eq!(clamped, [expected(Some(line_id), 1, 5, 3), expected(None, 2, 4, 0), expected(None, 1, 1, 0)]);
    assert_eq!(cart.lines[0].wanted, Some(5), "it is kept until the shopper says anew how many");
    let by = |delta| LineChange::quantity(line_id, QuantityChange::By(delta));
    update(&mut cart, by(-1), &shelf, Reject).unwrap();
    assert_eq!((cart.lines[0].quantity.get(), cart.lines[0].wanted), (2, None));
    let clamped = update(&mut cart, by(7), &shelf, Clamp).unwrap();
    assert_eq!(clamped, [expected(Some(line_id), 1, 9, 3)]);
}

#[test]
fn deltas_of_a_line_pass_zero_in_any_order() {
    let shelf = shelf_with(&[(1, 9), (2, 9)]);
    let by_item = |delta| LineChange {
        line: LineRef::Item { variant_id: variant(1), attributes: LineAttributes::default() },
        quantity: Some(QuantityChange::By(delta)),
        attributes: None,
        note: None,
    };
    for deltas in [[3, -2], [-2, 3]] {
        let mut cart = cart();
        add(&mut cart, 1, 2, &shelf).unwrap();
        let line = cart.lines[0].id;
        let changes = deltas.map(|it| LineChange::quantity(line, QuantityChange::By(it)));
        cart.update_lines(&changes, &check(&shelf, Reject, &ids())).unwrap();
        assert_eq!((held(&cart), cart.lines[0].id), (vec![(variant(1), String::new(), 3)], line), "at once");
        for delta in deltas {
            update(&mut cart, by_item(delta), &shelf, Reject).unwrap();
        }
        assert_eq!(held(&cart), [(variant(1), String::new(), 4)], "one after the other");
    }
    let mut cart = cart();
    assert_eq!(
        update(&mut cart, by_item(-1), &shelf, Reject),
        refused(LineError::NotFound),
        "there is none to take away"
    );
    update(&mut cart, by_item(2), &shelf, Reject).unwrap();
    let range = LineError::SumOutOfRange { min: 0, max: 999 };
    let refused = Err(CartRefusal::Delta { index: 0, error: range });
    assert_eq!(update(&mut cart, by_item(-3), &shelf, Reject), refused);
    assert_eq!(update(&mut cart, by_item(i64::MAX), &shelf, Reject), refused);
    assert_eq!(held(&cart), [(variant(1), String::new(), 2)]);
}

#[test]
fn a_line_that_is_short_is_clamped_however_few_are_asked_for() {
    let short = shelf_with(&[(1, 5)]);
    let line_of_ten = || {
        let mut cart = cart();
        add(&mut cart, 1, 10, &shelf_with(&[(1, 10)])).unwrap();
        cart
    };
    for (change, wanted) in [
        (QuantityChange::To(10), 10),
        (QuantityChange::To(9), 9),
        (QuantityChange::By(-1), 9),
        (QuantityChange::By(1), 11),
    ] {
        let mut cart = line_of_ten();
        let line = cart.lines[0].id;
        let clamped = update(&mut cart, LineChange::quantity(line, change), &short, Clamp).unwrap();
        let expected = Clamped { line_id: Some(line), variant_id: variant(1), requested: wanted, available: 5 };
        assert_eq!((clamped, held(&cart)), (vec![expected], vec![(variant(1), String::new(), 5)]), "{change:?}");
    }
    let mut cart = line_of_ten();
    let line = cart.lines[0].id;
    let fewer = |quantity| LineChange::quantity(line, QuantityChange::To(quantity));
    assert_eq!(update(&mut cart, fewer(9), &short, Reject), Ok(vec![]), "who takes less away is not hindered");
    assert_eq!(update(&mut cart, fewer(4), &short, Clamp), Ok(vec![]));
    let clamped = update(&mut cart, fewer(3), &shelf_with(&[(1, 0)]), Clamp).unwrap();
    assert_eq!((clamped[0].line_id, cart.lines.len()), (None, 0), "there is none");
}

fn refused(error: LineError) -> Result<Vec<Clamped>, CartRefusal> {
    Err(CartRefusal::Line { index: 0, error })
}

#[test]
fn attributes_make_another_line_and_a_change_of_them_joins_lines() {
    let (shelf, counter) = (shelf_with(&[(1, 9)]), ids());
    let mut cart = cart();
    let wanted = [new_line(1, 1, "foo"), new_line(1, 3, "bar"), new_line(1, 1, "foo")];
    cart.add_lines(&wanted, &check(&shelf, Reject, &counter)).unwrap();
    assert_eq!(held(&cart), [(variant(1), "foo".to_owned(), 2), (variant(1), "bar".to_owned(), 3)]);
    let change = |from: &str, to: &str, quantity| LineChange {
        line: LineRef::Item { variant_id: variant(1), attributes: new_line(1, 1, from).attributes },
        quantity,
        attributes: Some(new_line(1, 1, to).attributes),
        note: Some(Note::parse("Ring twice").unwrap()),
    };
    update(&mut cart, change("foo", "", None), &shelf, Reject).unwrap();
    assert_eq!(held(&cart), [(variant(1), String::new(), 2), (variant(1), "bar".to_owned(), 3)]);
    update(&mut cart, change("", "bar", Some(QuantityChange::By(2))), &shelf, Reject).unwrap();
    assert_eq!(held(&cart), [(variant(1), "bar".to_owned(), 7)]);
    assert_eq!(cart.lines[0].note.as_ref().unwrap().as_str(), "Ring twice");
}

#[test]
fn the_whole_list_is_set_and_lines_that_stay_stay_the_same() {
    let (shelf, counter) = (shelf_with(&[(1, 9), (2, 9), (3, 9)]), ids());
    let mut cart = cart();
    cart.add_lines(&[NewLine::of(variant(1), 4), NewLine::of(variant(2), 1)], &check(&shelf, Reject, &counter))
        .unwrap();
    let kept = cart.lines[1].id;
    let list = [NewLine::of(variant(3), 1), NewLine::of(variant(2), 2), NewLine::of(variant(3), 2)];
    cart.set_lines(&list, &check(&shelf, Reject, &counter)).unwrap();
    assert_eq!(held(&cart), [(variant(3), String::new(), 3), (variant(2), String::new(), 2)]);
    assert_eq!(cart.lines[1].id, kept);
    let res =
        cart.set_lines(&[NewLine::of(variant(2), 2), NewLine::of(variant(1), 10)], &check(&shelf, Reject, &counter));
    assert_eq!(res, Err(short(1, 9, 10)));
    cart.set_lines(&[], &check(&shelf, Reject, &counter)).unwrap();
    assert!(cart.lines.is_empty());
}

#[test]
fn a_cart_holds_so_many_lines_and_pieces() {
    let stock: Vec<(u128, i64)> = (1..=251).map(|n| (n, 1_000)).collect();
    let (shelf, counter) = (shelf_with(&stock), ids());
    let all: Vec<NewLine> = (1..=250).map(|n| NewLine::of(variant(n), 1)).collect();
    let mut cart = cart();
    cart.add_lines(&all, &check(&shelf, Reject, &counter)).unwrap();
    let another = cart.clone().add_lines(&[NewLine::of(variant(251), 1)], &check(&shelf, Reject, &counter));
    assert_eq!(another, Err(CartRefusal::TooManyLines { max: 250 }));
    let ten: Vec<NewLine> = (1..=10).map(|n| NewLine::of(variant(n), 998)).collect();
    let res = cart.add_lines(&ten, &check(&shelf, Reject, &counter));
    assert_eq!(res, Err(CartRefusal::TooManyPieces { max: 9_999 }));
}

proptest! {
    #[test]
    fn adding_n_times_one_is_adding_n(n in 1i64..60, v in 1u128..4) {
        let shelf = shelf_with(&[(1, 100), (2, 100), (3, 100)]);
        let (mut one_by_one, mut at_once) = (cart(), cart());
        for _ in 0..n {
            add(&mut one_by_one, v, 1, &shelf).unwrap();
        }
        add(&mut at_once, v, n, &shelf).unwrap();
        prop_assert_eq!(one_by_one.lines, at_once.lines);
    }

    /// Deltas that keep a line above zero come to the same in any order.
    #[test]
    fn deltas_commute(deltas in proptest::collection::vec(-3i64..9, 1..20), seed in any::<u64>()) {
        let shelf = shelf_with(&[(1, 999)]);
        let run = |deltas: &[i64]| {
            let mut cart = cart();
            add(&mut cart, 1, 100, &shelf).unwrap();
            let line = cart.lines[0].id;
            for delta in deltas {
                let by = LineChange::quantity(line, QuantityChange::By(*delta));
                update(&mut cart, by, &shelf, Reject).unwrap();
            }
            cart.lines
        };
        let mut other = deltas.clone();
        other.rotate_left(usize::try_from(seed).unwrap_or_default() % deltas.len());
        other.reverse();
        prop_assert_eq!(run(&deltas), run(&other));
    }
}

//! What is saved for later.

use uuid::Uuid;

use super::{cart, check, held, ids, new_line, variant};
use crate::{
    cart::{
        CartRefusal, LineError, NewLine,
        OnInsufficientStock::{Clamp, Reject},
        Shelf,
        shelf::tests::shelf_with,
    },
    ids::Id,
    money::{Currency, Money},
    pricing::{PriceDraft, PriceScope},
};

#[test]
fn a_saved_line_is_out_of_the_cart_and_comes_back_as_it_was() {
    let (shelf, counter) = (shelf_with(&[(1, 9), (2, 9)]), ids());
    let mut cart = cart();
    cart.add_lines(&[new_line(1, 2, "Ada"), NewLine::of(variant(2), 1)], &check(&shelf, Reject, &counter)).unwrap();
    let id = cart.lines[0].id;
    cart.save_for_later(&[id], &shelf).unwrap();
    assert_eq!(held(&cart), [(variant(2), String::new(), 1)]);
    assert_eq!(
        (cart.saved[0].id, cart.saved[0].seen_price),
        (id, shelf.unit_price(variant(1), cart.saved[0].quantity))
    );
    assert_eq!((cart.variant_ids(), cart.shown_variant_ids()), (vec![variant(2)], vec![variant(2), variant(1)]));

    // The same again joins it there; back in the cart it joins what is there.
    cart.add_lines(&[new_line(1, 3, "Ada")], &check(&shelf, Reject, &counter)).unwrap();
    let again = cart.lines[1].id;
    cart.save_for_later(&[again], &shelf).unwrap();
    assert_eq!((cart.saved.len(), cart.saved[0].quantity.get()), (1, 5));
    cart.add_lines(&[new_line(1, 1, "Ada")], &check(&shelf, Reject, &counter)).unwrap();
    cart.move_to_cart(&[id], &check(&shelf, Reject, &counter)).unwrap();
    assert_eq!(held(&cart)[1], (variant(1), "Ada".to_owned(), 6));
    assert!(cart.saved.is_empty());
    assert_eq!(cart.save_for_later(&[id], &shelf), Err(CartRefusal::UnknownLine { index: 0 }));
}

#[test]
fn what_is_sold_out_stays_saved() {
    let (shelf, counter) = (shelf_with(&[(1, 3)]), ids());
    let mut cart = cart();
    cart.add_lines(&[NewLine::of(variant(1), 3)], &check(&shelf, Reject, &counter)).unwrap();
    let id = cart.lines[0].id;
    cart.save_for_later(&[id], &shelf).unwrap();
    let sold_out = shelf_with(&[(1, 0)]);
    let error = LineError::InsufficientStock { available: 0, requested: 3 };
    let res = cart.clone().move_to_cart(&[id], &check(&sold_out, Reject, &counter));
    assert_eq!(res, Err(CartRefusal::SavedLine { index: 0, error }));
    let clamped = cart.move_to_cart(&[id], &check(&sold_out, Clamp, &counter)).unwrap();
    assert_eq!((clamped[0].line_id, clamped[0].available), (Some(id), 0));
    assert_eq!((cart.saved.len(), cart.lines.len()), (1, 0));
    let clamped = cart.move_to_cart(&[id], &check(&shelf_with(&[(1, 2)]), Clamp, &counter)).unwrap();
    assert_eq!((clamped[0].requested, clamped[0].available), (3, 2));
    assert_eq!((cart.saved.len(), cart.lines[0].id, cart.lines[0].quantity.get()), (0, id, 2));
    cart.remove_lines(&[id]).unwrap();
    assert!(cart.lines.is_empty());
}

#[test]
fn a_price_drop_is_of_the_price_and_not_of_how_many_are_saved() {
    let (base, counter) = (shelf_with(&[(1, 99)]), ids());
    // 10.00 each, 8.00 from ten on; and all of that for half.
    let costs = |one: i64| {
        let price = |minor, minimum_quantity| {
            let draft = PriceDraft::base(variant(1), Money::new(minor, Currency::EUR), None);
            let scope = PriceScope { minimum_quantity, ..draft.scope.clone() };
            PriceDraft { scope, ..draft }.into_row(Id::from_uuid(Uuid::from_u128(minimum_quantity.into())))
        };
        base.clone().with_prices(vec![price(one, 1), price(one * 8 / 10, 10)])
    };
    let mut cart = cart();
    let mut save = |shelf: &Shelf, quantity| {
        cart.add_lines(&[NewLine::of(variant(1), quantity)], &check(shelf, Reject, &counter)).unwrap();
        let id = cart.lines[0].id;
        cart.save_for_later(&[id], shelf).unwrap();
        (cart.saved[0].quantity.get(), cart.saved[0].seen_price.map(Money::minor))
    };
    assert_eq!(save(&costs(1_000), 5), (5, Some(1_000)));
    assert_eq!(save(&costs(500), 2), (7, Some(1_000)), "the drop to 5.00 shows on");
    assert_eq!(save(&costs(1_200), 1), (8, Some(1_200)));
    assert_eq!(save(&costs(1_200), 9), (17, Some(960)), "so many cost 9.60 each, and nothing has dropped");
}

#[test]
fn no_piece_is_lost_by_saving() {
    let (shelf, counter) = (shelf_with(&[(1, 2_000)]), ids());
    let mut cart = cart();
    for (quantity, saved) in [(600, Ok(())), (399, Ok(())), (1, Err(()))] {
        cart.add_lines(&[NewLine::of(variant(1), quantity)], &check(&shelf, Reject, &counter)).unwrap();
        let id = cart.lines[0].id;
        let error = LineError::QuantityOutOfRange { min: 1, max: 999 };
        let expected = saved.map_err(|()| CartRefusal::SavedLine { index: 0, error });
        assert_eq!(cart.clone().save_for_later(&[id], &shelf), expected);
        let _ = cart.save_for_later(&[id], &shelf);
    }
    // Nor by moving it back to what is there.
    let saved = cart.saved[0].id;
    cart.lines = Vec::new();
    cart.add_lines(&[NewLine::of(variant(1), 1)], &check(&shelf, Reject, &counter)).unwrap();
    let error = LineError::QuantityOutOfRange { min: 1, max: 999 };
    for on_shortage in [Reject, Clamp] {
        let moved = cart.clone().move_to_cart(&[saved], &check(&shelf, on_shortage, &counter));
        assert_eq!(moved, Err(CartRefusal::SavedLine { index: 0, error }));
    }
}

#[test]
fn what_joins_a_line_tells_of_that_line() {
    let (shelf, counter) = (shelf_with(&[(1, 4)]), ids());
    let mut cart = cart();
    cart.add_lines(&[NewLine::of(variant(1), 3)], &check(&shelf, Reject, &counter)).unwrap();
    let saved = cart.lines[0].id;
    cart.save_for_later(&[saved], &shelf).unwrap();
    cart.add_lines(&[NewLine::of(variant(1), 2)], &check(&shelf, Reject, &counter)).unwrap();
    let there = cart.lines[0].id;
    let clamped = cart.move_to_cart(&[saved], &check(&shelf, Clamp, &counter)).unwrap();
    assert_eq!((clamped[0].line_id, clamped[0].requested, clamped[0].available), (Some(there), 5, 4));
}

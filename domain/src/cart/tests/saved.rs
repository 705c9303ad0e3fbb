//! What is saved for later.

use super::{cart, check, held, ids, new_line, variant};
use crate::cart::{
    CartRefusal, LineError, NewLine,
    OnInsufficientStock::{Clamp, Reject},
    shelf::tests::shelf_with,
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

//! What a cart says of itself when it is read.

use chrono::{DateTime, TimeDelta};
use uuid::Uuid;

use super::{cart, check, ids, variant};
use crate::{
    cart::{
        Cart, CartNotice, CartProblem, CartView, LineChange, LineError, NewLine,
        OnInsufficientStock::{Clamp, Reject},
        QuantityChange, Shelf,
        shelf::tests::shelf_with,
    },
    clock::Window,
    customer::CustomerTerms,
    ids::{Id, PriceListId},
    money::{Currency, Money},
    pricing::{Buyer, PriceDraft, PriceList, PriceListType, PriceSelection},
    promotion::{CodeState, EnteredCode, Rejection},
    settings::{BuiltIn, Settings, StoredSettings},
};

fn view(cart: &Cart, shelf: &Shelf, buyer: Buyer) -> CartView {
    let settings = Settings::new(StoredSettings::default(), &BuiltIn::new(Currency::EUR, None).unwrap());
    CartView::of(cart.clone(), shelf.clone(), &settings, buyer, DateTime::UNIX_EPOCH).unwrap()
}

/// The shelf with another price of the first variant.
fn priced_at(mut shelf: Shelf, minor: i64) -> Shelf {
    shelf.prices[0].amount = eur(minor);
    shelf
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

#[test]
fn a_price_that_changed_since_it_was_seen_is_told_until_the_shopper_acts() {
    let (shelf, counter) = (shelf_with(&[(1, 9), (2, 9)]), ids());
    let mut cart = cart();
    cart.add_lines(&[NewLine::of(variant(1), 2), NewLine::of(variant(2), 1)], &check(&shelf, Reject, &counter))
        .unwrap();
    let mut cart = view(&cart, &shelf, Buyer::default()).seen().cart;
    assert_eq!(view(&cart, &shelf, Buyer::default()).notices(), []);
    let dearer = priced_at(shelf, 1_250);
    let line_id = cart.lines[0].id;
    let told = CartNotice::PriceChanged { line_id, was: eur(1_000), now: eur(1_250) };
    assert_eq!(view(&cart, &dearer, Buyer::default()).notices(), [told]);
    cart.add_lines(&[NewLine::of(variant(1), 1)], &check(&dearer, Reject, &counter)).unwrap();
    let view = view(&cart, &dearer, Buyer::default()).seen();
    assert_eq!((view.notices(), view.cart.lines[0].seen_price), (vec![], Some(eur(1_250))));
}

#[test]
fn a_saved_line_tells_of_a_price_that_dropped_and_of_no_other() {
    let (shelf, counter) = (shelf_with(&[(1, 9)]), ids());
    let mut cart = cart();
    cart.add_lines(&[NewLine::of(variant(1), 1)], &check(&shelf, Reject, &counter)).unwrap();
    let line_id = cart.lines[0].id;
    cart.save_for_later(&[line_id], &shelf).unwrap();
    let notices = |minor| view(&cart, &priced_at(shelf.clone(), minor), Buyer::default()).notices();
    assert_eq!(notices(800), [CartNotice::PriceDropped { line_id, was: eur(1_000), now: eur(800) }]);
    assert_eq!((notices(1_000), notices(1_200)), (vec![], vec![]));
    assert_eq!(view(&cart, &shelf, Buyer::default()).priced.total(), eur(0), "it costs nothing");
    assert_eq!(view(&cart, &shelf_with(&[(1, 0)]), Buyer::default()).problems(), [], "and is in nobody's way");
}

#[test]
fn problems_name_their_line_or_code() {
    let (shelf, counter) = (shelf_with(&[(1, 5), (2, 9)]), ids());
    let mut cart = cart();
    let lines = [NewLine::of(variant(1), 3), super::new_line(1, 2, "Ada"), NewLine::of(variant(2), 1)];
    cart.add_lines(&lines, &check(&shelf, Reject, &counter)).unwrap();
    let code = "SUMMER".parse().unwrap();
    let entered = EnteredCode { code, promotion_id: None, state: CodeState::ReservationExpired };
    cart.codes.push(entered.code.clone());
    let now = Shelf { offers: shelf_with(&[(1, 4)]).offers, ..shelf_with(&[(1, 4)]) };
    let error = LineError::InsufficientStock { available: 1, requested: 2 };
    assert_eq!(
        view(&cart, &now, Buyer { codes: vec![entered.clone()], ..Buyer::default() }).problems(),
        [
            CartProblem::Line { line_id: cart.lines[1].id, error },
            CartProblem::Line { line_id: cart.lines[2].id, error: LineError::NotForSale },
            CartProblem::Code { code: entered.code, reason: Rejection::Code(CodeState::ReservationExpired) },
        ]
    );
}

#[test]
fn a_clamped_quantity_is_told_on_each_read() {
    let (shelf, counter) = (shelf_with(&[(1, 2)]), ids());
    let mut cart = cart();
    let clamped = cart.add_lines(&[NewLine::of(variant(1), 5)], &check(&shelf, Clamp, &counter)).unwrap();
    let view = view(&cart, &shelf, Buyer::default()).seen();
    assert_eq!(view.notices(), [CartNotice::QuantityClamped(clamped[0])]);
}

#[test]
fn who_saw_the_price_of_a_list_that_is_over_says_again_how_many() {
    let list_id = PriceListId::from_uuid(Uuid::from_u128(7));
    let end = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
    let list = PriceList {
        id: list_id,
        name: "Summer".to_owned(),
        list_type: PriceListType::Override,
        priority: 0,
        selection: PriceSelection::default(),
        window: Window { from: None, until: Some(end) },
        is_paused: false,
    };
    let stored = StoredSettings { price_lists: vec![list], ..StoredSettings::default() };
    let settings = Settings::new(stored, &BuiltIn::new(Currency::EUR, None).unwrap());
    let counter = ids();
    let costing = |minor: i64, in_list: i64| {
        let base = PriceDraft::base(variant(1), eur(minor), None);
        let listed = PriceDraft { list_id: Some(list_id), amount: eur(in_list), ..base.clone() };
        let row = |draft: PriceDraft, n| draft.into_row(Id::from_uuid(Uuid::from_u128(n)));
        shelf_with(&[(1, 9)]).with_prices(vec![row(base, 1), row(listed, 2)])
    };
    let at = |cart: &Cart, shelf: &Shelf, now| {
        let shelf = shelf.clone().priced(cart.pricing(&settings, &CustomerTerms::default(), now));
        CartView::of(cart.clone(), shelf, &settings, Buyer::default(), now).unwrap()
    };
    let begin = DateTime::UNIX_EPOCH;
    for (base, in_list, is_dearer) in [(1_000, 400, true), (300, 400, false)] {
        let shelf = costing(base, in_list);
        let mut cart = cart();
        cart.add_lines(&[NewLine::of(variant(1), 2)], &check(&shelf, Reject, &counter)).unwrap();
        let mut cart = at(&cart, &shelf, begin).seen().cart;
        let line = cart.lines[0].clone();
        assert_eq!((line.seen_price, line.seen_list_id), (Some(eur(in_list)), Some(list_id)));
        assert_eq!(at(&cart, &shelf, end - TimeDelta::seconds(1)).problems(), []);
        let over = at(&cart, &shelf, end);
        let error = LineError::PriceListEnded { was: eur(in_list), now: eur(base) };
        let problem = CartProblem::Line { line_id: line.id, error };
        assert_eq!(over.problems(), if is_dearer { vec![problem] } else { vec![] });
        let told = CartNotice::PriceChanged { line_id: line.id, was: eur(in_list), now: eur(base) };
        assert_eq!(over.notices(), [told]);
        // Just as many, for what they cost now.
        let change = LineChange::quantity(line.id, QuantityChange::To(2));
        cart.update_lines(&[change], &check(&shelf, Reject, &counter)).unwrap();
        let taken = at(&cart, &shelf, end).seen();
        assert_eq!((taken.problems(), taken.notices(), taken.cart.lines[0].seen_list_id), (vec![], vec![], None));
    }
}

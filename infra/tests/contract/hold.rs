//! The contract of holds: what is set aside for one cart, no other can have, until its time is over.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use chrono::TimeDelta;
use comptoir_domain::{
    access::{Actor, SecretHash},
    cart::{
        CartAuthor, CartEdit, CartError, CartMerge, CartNotice, CartProblem, CartRefusal, DeliveryChoice, LineError,
        MergeMoment, NewLine, OnInsufficientStock,
    },
    channel::Channel,
    checkout::{CheckoutError, Incomplete},
    clock::{Clock as _, Timestamp},
    ids::{CartId, VariantId},
    inventory::{Allocation, CartHold, HoldError, HoldPolicy, HoldQueries as _, InventoryQueries as _, StockHold},
    storage::Storage as _,
};

use crate::support::{Shop, TestDatabase, id, on_each_database, start, text};

on_each_database!(
    what_a_cart_holds_counts_until_it_expires,
    holds_are_counted_by_holder_and_forgotten,
    what_is_in_a_cart_is_held_for_a_time,
    of_many_carts_at_once_no_more_hold_than_there_is,
    carts_and_orders_at_once_never_promise_a_unit_twice,
    an_order_makes_the_hold_of_its_cart,
    a_hold_that_expired_leaves_the_cart_to_luck,
    at_checkout_stock_is_held_where_it_is_picked_up,
    nobody_holds_more_than_a_few_carts,
    all_of_one_network_hold_so_many_pieces,
    checkout_that_begins_again_holds_again,
    what_a_merged_cart_held_moves_along,
);

fn hold(variant: VariantId, location: u128, quantity: u32) -> Allocation {
    Allocation { variant_id: variant, location_id: id(location), quantity, may_exceed: false }
}

async fn what_a_cart_holds_counts_until_it_expires(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let variant = shop.sell("mug", 10, 3).await;
    let (warehouse, end) = (shop.warehouse.id, start() + TimeDelta::minutes(15));
    let uow = shop.db.storage.begin().await.unwrap();
    for (cart, quantity) in [(1, 4), (2, 2)] {
        let holds = [Allocation { location_id: warehouse, ..hold(variant, 0, quantity) }];
        uow.holds().put(id(cart), None, &holds, end).await.unwrap();
    }
    uow.commit().await.unwrap();

    let reserved = async |now: Option<Timestamp>| {
        let levels = shop.db.storage.queries().levels_of(&[variant], now).await.unwrap();
        let level = levels.iter().find(|it| it.location_id == warehouse).unwrap();
        (level.reserved, level.available())
    };
    let before = end - TimeDelta::microseconds(1);
    assert_eq!([reserved(Some(start())).await, reserved(Some(before)).await], [(6, 4); 2]);
    assert_eq!([reserved(Some(end)).await, reserved(None).await], [(0, 10); 2], "nobody swept, and it counts no more");
    let uow = shop.db.storage.begin().await.unwrap();
    for (now, expected) in [(before, 6), (end, 0)] {
        let locked = uow.stock().lock_levels(&[variant], now).await.unwrap();
        assert_eq!(locked.iter().map(|it| it.reserved).sum::<i64>(), expected);
    }
    uow.holds().release(id(1)).await.unwrap();
    uow.commit().await.unwrap();
    let queries = shop.db.storage.queries();
    let own = StockHold { cart_id: id(2), variant_id: variant, location_id: warehouse, quantity: 2 };
    assert_eq!(queries.holds_of(&[id(1), id(2), id(3)], before).await.unwrap(), [own]);
    assert_eq!(queries.holds_of(&[id(2)], end).await.unwrap(), []);
    assert_eq!(reserved(Some(start())).await, (2, 8));
}

async fn holds_are_counted_by_holder_and_forgotten(db: TestDatabase) {
    let end = start() + TimeDelta::minutes(15);
    let uow = db.storage.begin().await.unwrap();
    for (cart, holder, until) in
        [(1, Some("ada"), end), (2, Some("ada"), start()), (3, None, end), (4, Some("ada"), end)]
    {
        let holds = [hold(id(1), 1, 1), hold(id(2), 1, 1)];
        uow.holds().put(id(cart), holder, &holds, until).await.unwrap();
    }
    uow.holds().put(id(5), Some("ada"), &[], end).await.unwrap();
    assert_eq!(uow.holds().carts_held("ada", start()).await.unwrap(), 2);
    assert_eq!(uow.holds().carts_held("eve", start()).await.unwrap(), 0);
    assert_eq!(uow.holds().units_held("ada", start()).await.unwrap(), 4);
    assert_eq!(uow.holds().units_held("eve", start()).await.unwrap(), 0);
    assert_eq!(uow.holds().forget_expired(start()).await.unwrap(), 2);
    assert_eq!(uow.holds().forget_expired(end).await.unwrap(), 6);
    uow.commit().await.unwrap();
}

/// A shop whose channel holds stock for a quarter of an hour.
async fn shop_that_holds(db: TestDatabase, policy: HoldPolicy) -> Arc<Shop> {
    let shop = Shop::open(db).await;
    let web =
        Channel { hold_policy: policy, ..Channel::clone(&shop.app.settings.latest().await.unwrap().default_channel()) };
    shop.app.channels.save_channel(&Actor::system(), web).await.unwrap();
    shop
}

async fn available(shop: &Shop, variant: VariantId) -> i64 {
    let now = shop.clock.now();
    let levels = shop.db.storage.queries().levels_of(&[variant], Some(now)).await.unwrap();
    comptoir_domain::inventory::available(&levels)
}

/// How many of `variant` another cart can have.
async fn left_for_others(shop: &Shop, variant: VariantId) -> u32 {
    let (cart, holder) = shop.cart(&[]).await;
    match shop.add(cart, &holder, variant, 900).await {
        Err(CartError::Refused(CartRefusal::Line {
            error: LineError::InsufficientStock { available, .. }, ..
        })) => available,
        other => panic!("{:?}", other.map(|_| ())),
    }
}

async fn hold_of(shop: &Shop, cart: CartId, holder: &Actor) -> CartHold {
    shop.app.carts.view(holder, cart).await.unwrap().cart.hold
}

async fn what_is_in_a_cart_is_held_for_a_time(db: TestDatabase) {
    let shop = shop_that_holds(db, HoldPolicy::OnCart).await;
    let (mug, bowl) = (shop.sell("mug", 5, 1).await, shop.sell("bowl", 30, 0).await);
    let (cart, holder) = shop.cart(&[(mug, 4)]).await;
    let end = start() + TimeDelta::minutes(15);
    assert_eq!(hold_of(&shop, cart, &holder).await, CartHold { until: Some(end), taken: 1, ..CartHold::default() });
    assert_eq!((available(&shop, mug).await, left_for_others(&shop, mug).await), (2, 2));
    // Its own it can have, and more of what is left.
    shop.clock.advance(TimeDelta::minutes(5));
    assert!(shop.add(cart, &holder, mug, 2).await.is_ok());
    let short = shop.add(cart, &holder, mug, 1).await;
    assert!(matches!(
        short,
        Err(CartError::Refused(CartRefusal::Line {
            error: LineError::InsufficientStock { available: 6, requested: 7 },
            ..
        }))
    ));
    shop.add(cart, &holder, bowl, 25).await.unwrap();
    assert_eq!(left_for_others(&shop, mug).await, 0);
    assert_eq!(left_for_others(&shop, bowl).await, 30 - CartHold::UNITS_MAX, "no cart holds the whole shop");
    // Neither changes nor reads prolong it.
    assert_eq!(hold_of(&shop, cart, &holder).await.until, Some(end));
    let line = shop.app.carts.view(&holder, cart).await.unwrap().cart.lines.first().unwrap().id;
    shop.app.carts.edit(&holder, cart, None, CartEdit::RemoveLines(vec![line])).await.unwrap();
    assert_eq!((available(&shop, mug).await, hold_of(&shop, cart, &holder).await.until), (6, Some(end)));
    // It expires by itself; the next change begins another time.
    shop.clock.advance(TimeDelta::minutes(10));
    assert_eq!(available(&shop, bowl).await, 30);
    assert!(hold_of(&shop, cart, &holder).await.is_expired(end));
    assert_eq!(available(&shop, bowl).await, 30, "to look at it takes nothing");
    // Nor does saying the same again, or less.
    let version = shop.app.carts.view(&holder, cart).await.unwrap().cart.version;
    let same = |quantity| CartEdit::SetLines {
        lines: vec![NewLine::of(bowl, quantity)],
        on_shortage: OnInsufficientStock::Reject,
    };
    let said = shop.app.carts.edit(&holder, cart, None, same(25)).await.unwrap();
    assert_eq!((said.view.cart.version, available(&shop, bowl).await), (version, 30));
    let less = shop.app.carts.edit(&holder, cart, None, same(24)).await.unwrap();
    assert_eq!((less.view.cart.version, available(&shop, bowl).await), (version + 1, 30));
    assert_eq!(less.view.problems(), [CartProblem::HoldExpired { at: end }]);
    shop.add(cart, &holder, bowl, 1).await.unwrap();
    shop.add(cart, &holder, bowl, 1).await.unwrap();
    let unheld = 26 - CartHold::UNITS_MAX;
    let again = CartHold { until: Some(end + TimeDelta::minutes(15)), taken: 2, unheld, ..CartHold::default() };
    assert_eq!(hold_of(&shop, cart, &holder).await, again);
    // Asked for, it begins anew, a few times.
    shop.clock.advance(TimeDelta::minutes(10));
    for taken in 3..=CartHold::TAKEN_MAX {
        shop.app.carts.edit(&holder, cart, None, CartEdit::RenewHold).await.unwrap();
        let renewed = CartHold { until: Some(end + TimeDelta::minutes(25)), taken, unheld, ..CartHold::default() };
        assert_eq!(hold_of(&shop, cart, &holder).await, renewed);
    }
    let refused = shop.app.carts.edit(&holder, cart, None, CartEdit::RenewHold).await;
    assert!(matches!(refused, Err(CartError::Hold(_))), "{:?}", refused.map(|_| ()));
    // Then it is no problem any more: who orders first, has it.
    shop.clock.advance(TimeDelta::minutes(15));
    let view = shop.app.carts.view(&holder, cart).await.unwrap();
    let at = end + TimeDelta::minutes(25);
    assert_eq!((view.problems(), view.notices()), (vec![], vec![CartNotice::HoldExpired { at }]));
}

async fn of_many_carts_at_once_no_more_hold_than_there_is(db: TestDatabase) {
    let shop = shop_that_holds(db, HoldPolicy::OnCart).await;
    let variant = shop.sell("mug", 3, 4).await;
    let mut carts = Vec::new();
    for _ in 0..16 {
        carts.push(shop.cart(&[]).await);
    }
    let tasks: Vec<_> = carts
        .into_iter()
        .map(|(cart, holder)| {
            let shop = shop.clone();
            tokio::spawn(async move { shop.add(cart, &holder, variant, 1).await })
        })
        .collect();
    let mut held = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => held += 1,
            Err(CartError::Refused(CartRefusal::Line {
                error: LineError::InsufficientStock { available: 0, requested: 1 },
                ..
            })) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((held, available(&shop, variant).await), (7, 0));
    let held = shop.db.number("SELECT CAST(SUM(quantity) AS BIGINT) FROM stock_hold").await;
    assert_eq!(held, 7);
}

async fn carts_and_orders_at_once_never_promise_a_unit_twice(db: TestDatabase) {
    let shop = shop_that_holds(db, HoldPolicy::OnCart).await;
    let variant = shop.sell("mug", 6, 0).await;
    // These were filled before stock was held for anybody.
    let mut buyers = Vec::new();
    let web = shop.app.settings.latest().await.unwrap().default_channel();
    let never = Channel { hold_policy: HoldPolicy::None, ..Channel::clone(&web) };
    shop.app.channels.save_channel(&Actor::system(), never).await.unwrap();
    for _ in 0..6 {
        buyers.push(shop.full_cart(&[(variant, 1)]).await);
    }
    shop.app.channels.save_channel(&Actor::system(), Channel::clone(&web)).await.unwrap();
    let orders: Vec<_> = buyers
        .into_iter()
        .map(|(cart, holder)| {
            let shop = shop.clone();
            tokio::spawn(async move { shop.app.checkout.place(&holder, shop.placement(cart, "approve")).await.is_ok() })
        })
        .collect();
    let holders: Vec<_> = (0..6)
        .map(|_| {
            let shop = shop.clone();
            tokio::spawn(async move {
                let (cart, holder) = shop.cart(&[]).await;
                shop.add(cart, &holder, variant, 1).await.is_ok()
            })
        })
        .collect();
    let mut promised = 0;
    for task in orders.into_iter().chain(holders) {
        promised += i64::from(task.await.unwrap());
    }
    assert_eq!((promised, available(&shop, variant).await), (6, 0));
    let held = shop.db.number("SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM stock_hold").await;
    assert_eq!(shop.stock(variant).await.1 + held, 6, "allocated and held");
}

async fn an_order_makes_the_hold_of_its_cart(db: TestDatabase) {
    let shop = shop_that_holds(db, HoldPolicy::OnCart).await;
    let variant = shop.sell("mug", 2, 0).await;
    let (cart, holder) = shop.full_cart(&[(variant, 2)]).await;
    assert_eq!(available(&shop, variant).await, 0);
    let placed = shop.app.checkout.place(&holder, shop.placement(cart, "approve")).await.unwrap();
    assert_eq!((shop.stock(variant).await, available(&shop, variant).await), ((2, 2), 0));
    assert_eq!(shop.db.number("SELECT COUNT(*) FROM stock_hold").await, 0);
    assert_eq!(placed.order.lines.len(), 1);
    let by = async |cart, holder: &Actor| shop.app.carts.view(holder, cart).await.unwrap().cart.changed_by;
    assert_eq!(by(cart, &holder).await, Some(CartAuthor::Holder));
    // Who was declined holds what they held, for the rest of the time, and can order it.
    let other = shop.sell("bowl", 1, 0).await;
    let (cart, holder) = shop.full_cart(&[(other, 1)]).await;
    let declined = shop.app.checkout.place(&holder, shop.placement(cart, "decline")).await;
    assert!(matches!(declined, Err(CheckoutError::PaymentDeclined { .. })));
    let end = shop.clock.now() + TimeDelta::minutes(15);
    assert_eq!((available(&shop, other).await, hold_of(&shop, cart, &holder).await.until), (0, Some(end)));
    let rest = CartHold { until: Some(end), taken: 1, ..CartHold::default() };
    assert_eq!(hold_of(&shop, cart, &holder).await, rest);
    assert_eq!(by(cart, &holder).await, Some(CartAuthor::System), "the shop has opened it again");
    assert!(shop.app.checkout.place(&holder, shop.placement(cart, "approve")).await.is_ok());
}

async fn a_hold_that_expired_leaves_the_cart_to_luck(db: TestDatabase) {
    let shop = shop_that_holds(db, HoldPolicy::OnCart).await;
    let variant = shop.sell("mug", 2, 0).await;
    let (slow, slow_holder) = shop.full_cart(&[(variant, 2)]).await;
    shop.clock.advance(TimeDelta::minutes(15));
    let (fast, fast_holder) = shop.full_cart(&[(variant, 1)]).await;
    let refused = shop.app.checkout.place(&slow_holder, shop.placement(slow, "approve")).await;
    let Err(CheckoutError::Incomplete(lacks)) = refused else { panic!("{:?}", refused.map(|_| ())) };
    assert!(
        lacks.iter().any(|it| matches!(
            it,
            Incomplete::Line { problem: LineError::InsufficientStock { available: 1, requested: 2 }, .. }
        )),
        "{lacks:?}"
    );
    // Refused, it holds what it held before: nothing. The other one's is safe.
    assert_eq!(available(&shop, variant).await, 1);
    assert!(shop.app.checkout.place(&fast_holder, shop.placement(fast, "approve")).await.is_ok());
}

async fn at_checkout_stock_is_held_where_it_is_picked_up(db: TestDatabase) {
    let shop = shop_that_holds(db, HoldPolicy::OnCheckout).await;
    let variant = shop.sell("mug", 5, 2).await;
    let (cart, holder) = shop.cart(&[(variant, 2)]).await;
    assert_eq!((available(&shop, variant).await, hold_of(&shop, cart, &holder).await), (7, CartHold::default()));
    let choice = DeliveryChoice { method: text("pickup"), location_id: Some(shop.store.id) };
    shop.app.carts.edit(&holder, cart, None, CartEdit::SelectDelivery(choice)).await.unwrap();
    let now = Some(start());
    let levels = shop.db.storage.queries().levels_of(&[variant], now).await.unwrap();
    let reserved = |location| levels.iter().find(|it| it.location_id == location).unwrap().reserved;
    assert_eq!((reserved(shop.store.id), reserved(shop.warehouse.id)), (2, 0));
    assert!(hold_of(&shop, cart, &holder).await.is_live(start()));
    let view = shop.app.carts.view(&holder, cart).await.unwrap();
    let options = shop.app.carts.delivery_options(&holder, &view).await.unwrap();
    assert!(options.iter().any(|it| it.choice.location_id == Some(shop.store.id)), "its own hold is not in its way");
    assert_eq!(left_for_others(&shop, variant).await, 5);
}

async fn nobody_holds_more_than_a_few_carts(db: TestDatabase) {
    let shop = shop_that_holds(db, HoldPolicy::OnCart).await;
    let variant = shop.sell("mug", 100, 0).await;
    let principal = comptoir_domain::access::Principal::Customer { id: id(7), sign_in: id(1), device: None };
    let customer = Actor { principal, cart_secret: None, network: None };
    for n in 0..=CartHold::CARTS_MAX {
        let cart = shop.cart_of(&customer, &[(variant, 1)]).await;
        let is_held = shop.app.carts.view(&customer, cart).await.unwrap().cart.hold.until.is_some();
        assert_eq!(is_held, n < CartHold::CARTS_MAX, "cart {n}");
    }
    assert_eq!(available(&shop, variant).await, 100 - i64::from(CartHold::CARTS_MAX));
}

async fn all_of_one_network_hold_so_many_pieces(db: TestDatabase) {
    let shop = shop_that_holds(db, HoldPolicy::OnCart).await;
    let variant = shop.sell("mug", 2_000, 0).await;
    let from = |network: &str| Actor { network: Some(SecretHash(network.to_owned())), ..Actor::anonymous(None) };
    let (one, max) = (from("one"), CartHold::UNITS_OF_NETWORK_MAX);
    // However many carts they have.
    for _ in 0..max / 16 {
        shop.cart_of(&one, &[(variant, 16)]).await;
    }
    let left = 2_000 - i64::from(max);
    assert_eq!(available(&shop, variant).await, left);
    // The next ones have what is there, and are told that it is not set aside.
    let (cart, holder) = shop.cart_from(&one, &[(variant, 7)]).await;
    let view = shop.app.carts.view(&holder, cart).await.unwrap();
    assert_eq!((view.cart.hold.until, view.notices()), (None, vec![CartNotice::HoldIncomplete { unheld: 7 }]));
    assert_eq!((view.problems(), available(&shop, variant).await), (vec![], left));
    let refused = shop.app.carts.edit(&holder, cart, None, CartEdit::RenewHold).await;
    assert!(matches!(refused, Err(CartError::Hold(HoldError::TooManyUnits { max: it })) if it == max));
    let (cart, holder) = shop.cart_from(&from("another"), &[(variant, 7)]).await;
    assert!(hold_of(&shop, cart, &holder).await.until.is_some());
    assert_eq!(available(&shop, variant).await, left - 7);
    // Who moves to a full network keeps what is held; where that is over, nobody is kept from ordering.
    let moved = Actor { network: one.network.clone(), ..holder };
    shop.add(cart, &moved, variant, 1).await.unwrap();
    assert_eq!(available(&shop, variant).await, left - 8);
    shop.clock.advance(TimeDelta::minutes(15));
    for _ in 0..max / CartHold::UNITS_MAX {
        shop.cart_of(&one, &[(variant, 20)]).await;
    }
    let view = shop.app.carts.view(&moved, cart).await.unwrap();
    assert!(matches!(view.problems().as_slice(), [CartProblem::HoldExpired { .. }]));
    let renewed = shop.app.carts.edit(&moved, cart, None, CartEdit::RenewHold).await.unwrap().view;
    assert_eq!((renewed.problems(), renewed.notices()), (vec![], vec![CartNotice::HoldIncomplete { unheld: 8 }]));
}

async fn checkout_that_begins_again_holds_again(db: TestDatabase) {
    let shop = shop_that_holds(db, HoldPolicy::OnCheckout).await;
    let (mug, bowl) = (shop.sell("mug", 5, 2).await, shop.sell("bowl", 5, 2).await);
    let (cart, holder) = shop.cart(&[(mug, 2)]).await;
    let edit = async |edit: CartEdit| shop.app.carts.edit(&holder, cart, None, edit).await.unwrap().view;
    let choice = || DeliveryChoice { method: text("pickup"), location_id: Some(shop.store.id) };
    edit(CartEdit::SelectDelivery(choice())).await;
    assert_eq!(available(&shop, mug).await, 5);
    let nothing = CartEdit::SetLines { lines: vec![], on_shortage: OnInsufficientStock::Reject };
    assert_eq!(edit(nothing).await.cart.hold.until, None);
    let view = edit(CartEdit::add(vec![NewLine::of(bowl, 2)])).await;
    assert_eq!((view.cart.hold.until, view.notices(), available(&shop, bowl).await), (None, vec![], 7));
    edit(CartEdit::SelectDelivery(choice())).await;
    assert_eq!(available(&shop, bowl).await, 5, "in the same way as before");
    // Over, it begins with more; and nobody is told of what is not in the cart.
    shop.clock.advance(TimeDelta::minutes(15));
    assert_eq!(available(&shop, bowl).await, 7);
    edit(CartEdit::add(vec![NewLine::of(bowl, 1)])).await;
    assert_eq!(available(&shop, bowl).await, 4);
    edit(CartEdit::add(vec![NewLine::of(bowl, 4)])).await;
    shop.clock.advance(TimeDelta::minutes(15));
    let nothing = CartEdit::SetLines { lines: vec![], on_shortage: OnInsufficientStock::Reject };
    let emptied = edit(nothing).await;
    assert_eq!((emptied.problems(), emptied.notices()), (vec![], vec![]));
}

async fn what_a_merged_cart_held_moves_along(db: TestDatabase) {
    let shop = shop_that_holds(db, HoldPolicy::OnCart).await;
    let (mug, bowl) = (shop.sell("mug", 2, 0).await, shop.sell("bowl", 1, 0).await);
    let ada = shop.customer("ada@example.org").await;
    let into_hers = |source_id| CartMerge {
        source_id,
        source_secret: None,
        target_id: None,
        strategy: None,
        moment: MergeMoment::Browsing,
        expected_version: None,
    };
    let as_guest = |holder: &Actor| Actor { cart_secret: holder.cart_secret.clone(), ..ada.clone() };
    let hers = shop.cart_of(&ada, &[(bowl, 1)]).await;
    shop.clock.advance(TimeDelta::minutes(5));
    let (guest, holder) = shop.cart(&[(mug, 2)]).await;
    let merged = shop.app.carts.merge(&as_guest(&holder), into_hers(guest)).await.unwrap();
    let end = start() + TimeDelta::minutes(20);
    assert_eq!(
        (merged.view.cart.id, merged.view.cart.hold),
        (hers, CartHold { until: Some(end), taken: 1, ..CartHold::default() })
    );
    assert_eq!((available(&shop, mug).await, available(&shop, bowl).await), (0, 0), "nobody comes between");
    let all = shop.db.storage.queries().holds_of(&[guest, hers], start()).await.unwrap();
    assert!(all.len() == 2 && all.iter().all(|it| it.cart_id == hers), "{all:?}");
    assert_eq!(hold_of(&shop, guest, &holder).await, CartHold::default());

    // In a channel that sets nothing aside any more, a cart has no time for what it does not hold.
    shop.clock.advance(TimeDelta::minutes(20));
    let (guest, holder) = shop.cart(&[(mug, 1)]).await;
    let web = shop.app.settings.latest().await.unwrap().default_channel();
    let never = Channel { hold_policy: HoldPolicy::None, ..Channel::clone(&web) };
    shop.app.channels.save_channel(&Actor::system(), never).await.unwrap();
    let merged = shop.app.carts.merge(&as_guest(&holder), into_hers(guest)).await.unwrap();
    assert_eq!((merged.view.cart.hold.until, available(&shop, mug).await), (None, 2));
    assert_eq!((merged.view.problems(), hold_of(&shop, hers, &ada).await.until), (vec![], None));
}

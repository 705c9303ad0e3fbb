//! What is known of carts beside themselves: whose they are, that nobody goes on with them, and what devices sent for them.

#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::TimeDelta;
use comptoir_domain::{
    access::{Actor, SecretHash},
    cart::{
        Cart, CartEdit, CartQueries as _, CartRefusal, CartState, Clamped, LineError, Note, RecordedCommand,
        SyncedCommand,
    },
    catalog::VariantDraft,
    checkout::{CheckoutError, Incomplete},
    ids::{CartId, CustomerId},
    order::{OrderCommand, OrderQueries as _},
    storage::{Storage as _, StorageError},
};
use uuid::Uuid;

use crate::support::{Shop, TestDatabase, cart, id, on_each_database, start};

on_each_database!(
    the_active_cart_is_the_one_that_changed_last,
    a_cart_is_abandoned_once_until_somebody_goes_on,
    what_nobody_ordered_is_forgotten_after_a_while,
    recorded_commands_come_back_as_they_were,
    a_customer_buys_so_many_and_no_more,
    a_purged_cart_knows_nobody,
);

async fn store(db: &TestDatabase, carts: &[Cart]) {
    let uow = db.storage.begin().await.unwrap();
    for it in carts {
        uow.carts().insert(it).await.unwrap();
    }
    uow.commit().await.unwrap();
}

/// The n-th cart, of a customer, which changed so many minutes after the start.
fn owned(n: u128, owner: u128, channel: &str, minutes: i64) -> Cart {
    Cart {
        customer_id: Some(id(owner)),
        channel: channel.parse().unwrap(),
        updated_at: start() + TimeDelta::minutes(minutes),
        ..cart(n, false)
    }
}

async fn the_active_cart_is_the_one_that_changed_last(db: TestDatabase) {
    let ordered = Cart { state: CartState::Ordered(id(1)), ..owned(4, 1, "web", 9) };
    let merged = Cart { state: CartState::Merged(id(1)), ..owned(5, 1, "web", 9) };
    let carts = [
        owned(1, 1, "web", 1),
        owned(2, 1, "web", 3),
        owned(3, 1, "app", 5),
        ordered,
        merged,
        owned(6, 2, "web", 2),
        owned(7, 2, "web", 2),
        cart(8, false),
    ];
    store(&db, &carts).await;
    let found = async |of: &[u128], channel: &str| -> Vec<CartId> {
        let of: Vec<CustomerId> = of.iter().map(|n| id(*n)).collect();
        let found = db.storage.queries().active_carts(&of, &channel.parse().unwrap()).await.unwrap();
        found.into_iter().map(|it| it.id).collect()
    };
    assert_eq!(found(&[1], "web").await, [id(2)]);
    assert_eq!(found(&[1], "app").await, [id(3)]);
    assert_eq!(found(&[1, 2, 3], "web").await, [id(2), id(7)], "of two at once, the one that was made last");
    assert_eq!((found(&[3], "web").await, found(&[], "web").await), (vec![], vec![]));
}

async fn a_cart_is_abandoned_once_until_somebody_goes_on(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 9, 0).await;
    let (full, holder) = shop.cart(&[(tea, 1)]).await;
    let (_empty, _) = shop.cart(&[]).await;
    let (ordered, buyer) = shop.full_cart(&[(tea, 1)]).await;
    shop.app.checkout.place(&buyer, shop.placement(ordered, "approve")).await.unwrap();
    let tell = async || shop.app.carts.tell_abandoned(&Actor::system()).await.unwrap();
    assert_eq!(tell().await, 0);
    shop.clock.advance(TimeDelta::minutes(61));
    assert_eq!(tell().await, 1, "the one with something in it");
    let events = "SELECT COUNT(*) FROM outbox WHERE CAST(event AS TEXT) LIKE '%cart_abandoned%'";
    assert_eq!((tell().await, shop.db.number(events).await), (0, 1), "once for each time");
    let view = shop.app.carts.view(&holder, full).await.unwrap();
    assert_eq!(view.cart.version, 1, "the cart is as it was");
    shop.app.carts.edit(&holder, full, None, CartEdit::SetNote(Note::parse("Soon").unwrap())).await.unwrap();
    shop.clock.advance(TimeDelta::minutes(59));
    assert_eq!(tell().await, 0);
    shop.clock.advance(TimeDelta::minutes(2));
    assert_eq!((tell().await, shop.db.number(events).await), (1, 2), "again after somebody went on");
    shop.app.carts.purge(&holder, full).await.unwrap();
    shop.clock.advance(TimeDelta::minutes(61));
    assert_eq!(tell().await, 0, "nobody is there to be reminded");
}

async fn what_nobody_ordered_is_forgotten_after_a_while(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 9, 0).await;
    let (old, holder) = shop.cart(&[(tea, 1)]).await;
    let (ordered, buyer) = shop.full_cart(&[(tea, 1)]).await;
    shop.app.checkout.place(&buyer, shop.placement(ordered, "approve")).await.unwrap();
    let command = comptoir_domain::cart::OfflineCommand {
        id: Uuid::from_u128(1),
        at: start(),
        input: "Ring".to_owned(),
        edit: Ok(CartEdit::SetNote(Note::parse("Ring").unwrap())),
    };
    shop.app.carts.sync(&holder, old, vec![command]).await.unwrap();
    shop.clock.advance(TimeDelta::days(89));
    let (young, _) = shop.cart(&[(tea, 1)]).await;
    let forget = async || shop.app.carts.forget_expired(&Actor::system()).await.unwrap();
    assert_eq!(forget().await, 0);
    shop.clock.advance(TimeDelta::days(2));
    assert_eq!((forget().await, forget().await), (1, 0));
    let left = shop.db.storage.queries().carts_by_id(&[old, ordered, young]).await.unwrap();
    let mut left: Vec<CartId> = left.into_iter().map(|it| it.id).collect();
    left.sort_unstable();
    assert_eq!(left, [ordered, young]);
    assert_eq!(shop.db.number("SELECT COUNT(*) FROM cart_command").await, 0);
    assert_eq!(shop.db.number("SELECT COUNT(*) FROM outbox WHERE CAST(event AS TEXT) LIKE '%cart_expired%'").await, 1);
}

async fn recorded_commands_come_back_as_they_were(db: TestDatabase) {
    store(&db, &[cart(1, true), cart(2, false)]).await;
    let record = |n: u128, refusal: Option<CartRefusal>| RecordedCommand {
        fingerprint: format!("print {n}"),
        answer: SyncedCommand {
            command_id: Uuid::from_u128(n),
            version: u32::MAX,
            refusal,
            clamped: vec![Clamped { line_id: Some(id(n)), variant_id: id(1), requested: 9, available: 3 }],
        },
    };
    let short = LineError::InsufficientStock { available: 3, requested: 9 };
    let records = [record(1, None), record(2, Some(CartRefusal::Line { index: 7, error: short }))];
    let uow = db.storage.begin().await.unwrap();
    uow.carts().record_commands(id(1), &records, start()).await.unwrap();
    uow.commit().await.unwrap();
    let uow = db.storage.begin().await.unwrap();
    let keys = [1, 2, 3].map(Uuid::from_u128);
    let mut found = uow.carts().recorded_commands(id(1), &keys).await.unwrap();
    found.sort_by_key(|it| it.answer.command_id);
    assert_eq!(found, records);
    assert_eq!(uow.carts().recorded_commands(id(2), &keys).await.unwrap(), [], "a key counts for one cart");
    let again = uow.carts().record_commands(id(1), &records, start()).await;
    assert!(matches!(again, Err(StorageError::Conflict)), "{again:?}");
    drop(uow);
    let uow = db.storage.begin().await.unwrap();
    uow.carts().forget_commands(id(1)).await.unwrap();
    assert_eq!(uow.carts().recorded_commands(id(1), &keys).await.unwrap(), []);
}

async fn a_customer_buys_so_many_and_no_more(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let actor = shop.customer("ada@example.org").await;
    let owner = actor.customer().unwrap();
    let tea = shop.sell("tea", 50, 0).await;
    let mut limited = shop.draft("tea", 50, 0);
    limited.variants =
        limited.variants.into_iter().map(|it| VariantDraft { max_per_customer: Some(3), ..it }).collect();
    shop.app.catalog.save_product(&Actor::system(), &limited).await.unwrap();
    let (first, second) = (shop.full_cart_of(&actor, &[(tea, 2)]).await, shop.full_cart_of(&actor, &[(tea, 2)]).await);
    let placed = shop.app.checkout.place(&actor, shop.placement(first, "due")).await.unwrap();
    let bought = shop.db.storage.queries();
    let product = placed.order.lines.first().unwrap().product_id;
    let counted = bought.bought_by(&[owner, id(99)], &[product]).await.unwrap();
    assert_eq!(
        counted.iter().map(|it| (it.customer_id, it.variant_id, it.quantity)).collect::<Vec<_>>(),
        [(owner, tea, 2)]
    );
    let limit = LineError::CustomerLimit { maximum: 3, bought: 2, requested: 2 };
    let view = shop.app.carts.view(&actor, second).await.unwrap();
    assert_eq!(view.priced.lines.first().unwrap().problem, Some(limit));
    let refused = shop.app.checkout.place(&actor, shop.placement(second, "approve")).await;
    let is_limit = |it: &Incomplete| matches!(it, Incomplete::Line { problem, .. } if *problem == limit);
    assert!(matches!(&refused, Err(CheckoutError::Incomplete(lacks)) if lacks.iter().all(is_limit)), "{refused:?}");
    // A cancelled order does not count.
    let cancel = OrderCommand::Cancel;
    shop.app.orders.run(&Actor::system(), placed.order.id, None, shop.key(), cancel).await.unwrap();
    shop.app.checkout.place(&actor, shop.placement(second, "approve")).await.unwrap();
}

async fn a_purged_cart_knows_nobody(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let filled = Cart { state: CartState::Active, ..cart(1, true) };
    let uow = shop.db.storage.begin().await.unwrap();
    uow.carts().insert(&filled).await.unwrap();
    uow.commit().await.unwrap();
    let holder = Actor::anonymous(Some(SecretHash(crate::support::TEXT.to_owned())));
    shop.app.carts.purge(&holder, filled.id).await.unwrap();
    let left = shop.db.number("SELECT COUNT(*) FROM cart WHERE CAST(snapshot AS TEXT) LIKE '%xample%' OR CAST(snapshot AS TEXT) LIKE '%Lyon%' OR CAST(snapshot AS TEXT) LIKE '%brûlée%' OR customer_id IS NOT NULL").await;
    assert_eq!(left, 0);
    assert!(shop.app.carts.view(&holder, filled.id).await.is_err(), "the secret opens nothing any more");
    let kept = shop.app.carts.view(&Actor::system(), filled.id).await.unwrap().cart;
    assert_eq!((kept.lines.len(), kept.version), (2, 2));
}

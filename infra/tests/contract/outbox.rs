//! The contract of the outbox: what was committed is numbered without gaps, in the order of each aggregate's commits.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use comptoir_domain::{
    event::{DomainEvent, EventKind, OutboxQueries as _, Topic},
    ids::CartId,
    storage::Storage as _,
};
use comptoir_infra::relay::Relay;

use crate::support::{Bus, TestDatabase, cart, id, on_each_database, on_postgres, start};

on_each_database!(
    events_come_back_as_they_were,
    events_are_read_from_a_position,
    positions_have_no_gaps_and_follow_each_aggregate,
);

fn event(cart: CartId, sequence: u32) -> DomainEvent {
    DomainEvent { topic: Topic::Cart(cart), kind: EventKind::CartUpdated, sequence, occurred_at: start() }
}

fn relay(db: &TestDatabase) -> Relay {
    Relay::new(db.storage.clone(), Arc::new(Bus::default()))
}

async fn append(db: &TestDatabase, events: &[DomainEvent]) {
    let uow = db.storage.begin().await.unwrap();
    uow.outbox().append(events).await.unwrap();
    uow.commit().await.unwrap();
}

async fn events_come_back_as_they_were(db: TestDatabase) {
    let kinds = [
        (Topic::Cart(id(1)), EventKind::CartOrdered),
        (Topic::Order(id(2)), EventKind::OrderPaymentUpdated),
        (Topic::Product(id(3)), EventKind::ProductStockChanged),
    ];
    let events = kinds.map(|(topic, kind)| DomainEvent { topic, kind, sequence: u32::MAX, occurred_at: start() });
    append(&db, &events).await;
    append(&db, &[]).await;
    relay(&db).step().await.unwrap();
    let recorded = db.storage.queries().events_after(0, 10).await.unwrap();
    assert_eq!(recorded.iter().map(|it| it.event.clone()).collect::<Vec<_>>(), events);
    assert_eq!(recorded.iter().map(|it| it.position).collect::<Vec<_>>(), [1, 2, 3]);
}

async fn events_are_read_from_a_position(db: TestDatabase) {
    let queries = db.storage.queries();
    assert_eq!((queries.last_position().await.unwrap(), queries.events_after(0, 9).await.unwrap()), (0, vec![]));
    append(&db, &[event(id(1), 1), event(id(1), 2), event(id(1), 3)]).await;
    assert_eq!(queries.last_position().await.unwrap(), 0, "not numbered yet");
    relay(&db).step().await.unwrap();
    append(&db, &[event(id(1), 4)]).await;
    relay(&db).step().await.unwrap();
    assert_eq!(queries.last_position().await.unwrap(), 4);
    for (after, limit, expected) in [(0, 2, vec![1, 2]), (2, 9, vec![3, 4]), (4, 9, vec![]), (-1, 1, vec![1])] {
        let found = queries.events_after(after, limit).await.unwrap();
        assert_eq!(found.iter().map(|it| it.position).collect::<Vec<_>>(), expected);
    }
}

/// Changes the cart once, and drops every third change; whether it was committed.
async fn change(db: &TestDatabase, n: u128, is_dropped: bool) -> bool {
    let uow = db.storage.begin().await.unwrap();
    let mut cart = uow.carts().find(id(n)).await.unwrap().unwrap();
    cart.version += 1;
    uow.carts().save(&cart).await.unwrap();
    uow.outbox().append(&[event(cart.id, cart.version)]).await.unwrap();
    if is_dropped {
        return false;
    }
    uow.commit().await.unwrap();
    true
}

async fn positions_have_no_gaps_and_follow_each_aggregate(db: TestDatabase) {
    const CARTS: u128 = 3;
    let uow = db.storage.begin().await.unwrap();
    for n in 0..CARTS {
        uow.carts().insert(&cart(n, false)).await.unwrap();
    }
    uow.commit().await.unwrap();
    let is_done = Arc::new(AtomicBool::new(false));
    let numbering = {
        let (relay, is_done) = (relay(&db), is_done.clone());
        tokio::spawn(async move {
            while !is_done.load(Ordering::Relaxed) {
                relay.step().await.unwrap();
                tokio::task::yield_now().await;
            }
            while 0 < relay.step().await.unwrap() {}
        })
    };
    let writers: Vec<_> = (0..9)
        .map(|writer| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut committed = 0;
                for n in 0..20 {
                    committed += i64::from(change(&db, writer % CARTS, n % 3 == 2).await);
                }
                committed
            })
        })
        .collect();
    let mut committed = 0;
    for writer in writers {
        committed += writer.await.unwrap();
    }
    is_done.store(true, Ordering::Relaxed);
    numbering.await.unwrap();

    let events = db.storage.queries().events_after(0, 1_000).await.unwrap();
    let positions: Vec<i64> = events.iter().map(|it| it.position).collect();
    assert_eq!(positions, (1..=committed).collect::<Vec<_>>());
    let mut sequences: BTreeMap<CartId, Vec<u32>> = BTreeMap::new();
    for it in events {
        let Topic::Cart(cart) = it.event.topic else { panic!("{it:?}") };
        sequences.entry(cart).or_default().push(it.event.sequence);
    }
    assert_eq!(sequences.len() as u128, CARTS);
    for seen in sequences.into_values() {
        assert_eq!(seen, (2..).take(seen.len()).collect::<Vec<u32>>());
    }
}

/// SQLite has one writer only, so there nobody can be overtaken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_committed_late_gets_a_late_position() {
    on_postgres(None, overtake).await;
}

async fn overtake(db: TestDatabase) {
    let slow = db.storage.begin().await.unwrap();
    slow.outbox().append(&[event(id(1), 1)]).await.unwrap();
    append(&db, &[event(id(2), 1)]).await;
    relay(&db).step().await.unwrap();
    slow.commit().await.unwrap();
    relay(&db).step().await.unwrap();
    let events = db.storage.queries().events_after(0, 9).await.unwrap();
    let order: Vec<_> = events.iter().map(|it| (it.position, it.event.topic)).collect();
    assert_eq!(order, [(1, Topic::Cart(id(2))), (2, Topic::Cart(id(1)))], "who read to 1 does not miss it");
}

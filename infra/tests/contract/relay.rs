//! The contract of the relay: every event reaches the bus, in order, at least once.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use comptoir_domain::{
    event::{DomainEvent, EventKind, OutboxQueries as _, RecordedEvent, Topic},
    storage::Storage as _,
};
use comptoir_infra::{db::DbStorage, relay::Relay};
use tokio_util::sync::CancellationToken;

use crate::support::{Bus, TestDatabase, id, on_each_database, start};

on_each_database!(
    events_are_published_once_and_in_order,
    a_bus_that_fails_gets_the_same_events_again,
    a_new_relay_goes_on_where_the_last_one_stopped,
    a_running_relay_is_woken_by_commits_and_survives_a_failing_bus,
    two_relays_do_not_disturb_each_other,
);

async fn append(storage: &DbStorage, count: u32) {
    append_to(storage, 1, count).await;
}

/// Appends events of the n-th cart.
async fn append_to(storage: &DbStorage, n: u128, count: u32) {
    let event = |sequence| DomainEvent {
        topic: Topic::Cart(id(n)),
        kind: EventKind::CartUpdated,
        sequence,
        occurred_at: start(),
    };
    let uow = storage.begin().await.unwrap();
    uow.outbox().append(&(0..count).map(event).collect::<Vec<_>>()).await.unwrap();
    uow.commit().await.unwrap();
}

fn relay(db: &TestDatabase) -> (Relay, Arc<Bus>) {
    let bus = Arc::new(Bus::default());
    (Relay::new(db.storage.clone(), bus.clone()), bus)
}

/// Waits until `bus` has seen so many events, for 20 seconds at most.
async fn until_published(bus: &Bus, count: usize) {
    let seen = async {
        while bus.positions().len() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), seen).await.unwrap();
}

async fn events_are_published_once_and_in_order(db: TestDatabase) {
    let (relay, bus) = relay(&db);
    assert_eq!(relay.step().await.unwrap(), 0);
    append(&db.storage, 2_300).await;
    append(&db.storage, 1).await;
    let published = relay.published();
    let woken = published.notified();
    let mut steps = Vec::new();
    while steps.last() != Some(&0) {
        steps.push(relay.step().await.unwrap());
    }
    assert_eq!(steps, [1_000, 1_000, 301, 0]);
    assert_eq!(bus.positions(), (1..=2_301).collect::<Vec<_>>());
    tokio::time::timeout(Duration::from_secs(1), woken).await.unwrap();
}

async fn a_bus_that_fails_gets_the_same_events_again(db: TestDatabase) {
    let (relay, bus) = relay(&db);
    append(&db.storage, 3).await;
    bus.failures.store(2, Ordering::Relaxed);
    assert!(relay.step().await.is_err());
    append(&db.storage, 1).await;
    assert!(relay.step().await.is_err());
    assert!(bus.positions().is_empty());
    assert_eq!(relay.step().await.unwrap(), 4);
    assert_eq!((bus.positions(), relay.step().await.unwrap()), (vec![1, 2, 3, 4], 0));
}

async fn a_new_relay_goes_on_where_the_last_one_stopped(db: TestDatabase) {
    let (first, first_bus) = relay(&db);
    append(&db.storage, 2).await;
    first.step().await.unwrap();
    drop(first);
    append(&db.storage, 2).await;
    let again = DbStorage::connect(&db.url).await.unwrap();
    let bus = Arc::new(Bus::default());
    assert_eq!(Relay::new(again, bus.clone()).step().await.unwrap(), 2);
    assert_eq!((first_bus.positions(), bus.positions()), (vec![1, 2], vec![3, 4]));
}

async fn a_running_relay_is_woken_by_commits_and_survives_a_failing_bus(db: TestDatabase) {
    let (relay, bus) = relay(&db);
    append(&db.storage, 1).await;
    bus.failures.store(1, Ordering::Relaxed);
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(relay.run(shutdown.clone()));
    until_published(&bus, 1).await;
    for expected in 2..=20 {
        append(&db.storage, 1).await;
        until_published(&bus, expected).await;
    }
    assert_eq!(bus.positions(), (1..=20).collect::<Vec<_>>());
    shutdown.cancel();
    tokio::time::timeout(Duration::from_secs(60), running).await.unwrap().unwrap();
}

async fn two_relays_do_not_disturb_each_other(db: TestDatabase) {
    let shutdown = CancellationToken::new();
    let mut buses = Vec::new();
    let mut replicas = Vec::new();
    for _ in 0..2 {
        let bus = Arc::new(Bus::default());
        let relay = Relay::new(DbStorage::connect(&db.url).await.unwrap(), bus.clone());
        let shutdown = shutdown.clone();
        replicas.push(tokio::spawn(async move {
            while !shutdown.is_cancelled() {
                relay.step().await.unwrap();
                tokio::task::yield_now().await;
            }
            while 0 < relay.step().await.unwrap() {}
        }));
        buses.push(bus);
    }
    let writers = (0..6).map(|writer| {
        let storage = db.storage.clone();
        tokio::spawn(async move {
            for _ in 0..50 {
                append_to(&storage, writer, 1).await;
            }
        })
    });
    for it in writers.collect::<Vec<_>>() {
        it.await.unwrap();
    }
    shutdown.cancel();
    for it in replicas {
        tokio::time::timeout(Duration::from_secs(60), it).await.unwrap().unwrap();
    }
    let all: BTreeSet<i64> = buses.iter().flat_map(|it| it.positions()).collect();
    assert_eq!(all, (1..=300).collect());
    let stored = db.storage.queries().events_after(0, 1_000).await.unwrap();
    let is_stored = |it: &RecordedEvent| stored.contains(it);
    assert!(buses.iter().all(|it| it.published.lock().unwrap().iter().all(is_stored)), "an event changed its position");
    for bus in buses {
        let positions = bus.positions();
        assert!(positions.is_sorted_by(|left, right| left < right), "each in order: {positions:?}");
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM outbox WHERE is_published").await, 300);
}

//! The contract of hand-offs.

#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::TimeDelta;
use comptoir_domain::{
    access::SecretHash,
    cart::{CartHandoff, HandoffMode},
    clock::Timestamp,
    storage::{Storage as _, StorageError},
};

use crate::support::{TestDatabase, id, on_each_database, start};

on_each_database!(
    a_code_is_taken_once_and_in_time,
    of_many_who_enter_one_code_one_takes_the_cart,
    a_new_code_of_a_cart_voids_the_earlier_one,
    codes_of_carts_are_voided,
    what_nobody_took_is_forgotten,
    codes_that_a_device_shows_are_voided,
);

fn handoff(n: u128, mode: HandoffMode) -> CartHandoff {
    CartHandoff { cart_id: id(n), mode, expires_at: start() + CartHandoff::LIFETIME, device_id: Some(id(n)) }
}

fn hash(text: &str) -> SecretHash {
    SecretHash(text.to_owned())
}

async fn put(db: &TestDatabase, handoff: &CartHandoff, code: &str) {
    let uow = db.storage.begin().await.unwrap();
    uow.handoffs().put(handoff, &hash(code)).await.unwrap();
    uow.commit().await.unwrap();
}

async fn take(db: &TestDatabase, code: &str, at: Timestamp) -> Option<CartHandoff> {
    let uow = db.storage.begin().await.unwrap();
    let taken = uow.handoffs().take(&hash(code), at).await.unwrap();
    uow.commit().await.unwrap();
    taken
}

async fn a_code_is_taken_once_and_in_time(db: TestDatabase) {
    let (transfer, share) = (handoff(1, HandoffMode::Transfer), handoff(2, HandoffMode::Share));
    put(&db, &transfer, "first").await;
    put(&db, &share, "second").await;
    let end = start() + CartHandoff::LIFETIME;
    assert_eq!(take(&db, "first", end).await, None, "its time is over");
    assert_eq!(take(&db, "third", start()).await, None);
    assert_eq!(take(&db, "first", end - TimeDelta::microseconds(1)).await, Some(transfer));
    assert_eq!(take(&db, "first", start()).await, None, "it was taken");
    // Who takes it and fails at something else, has not taken it.
    let uow = db.storage.begin().await.unwrap();
    assert_eq!(uow.handoffs().take(&hash("second"), start()).await.unwrap(), Some(share));
    drop(uow);
    assert_eq!(take(&db, "second", start()).await, Some(share));
}

async fn codes_that_a_device_shows_are_voided(db: TestDatabase) {
    for n in 1..=3 {
        let device_id = (n != 3).then(|| id(n));
        put(&db, &CartHandoff { device_id, ..handoff(n, HandoffMode::Share) }, &n.to_string()).await;
    }
    let uow = db.storage.begin().await.unwrap();
    uow.handoffs().void_on(id(1)).await.unwrap();
    let mut found = Vec::new();
    for code in ["1", "2", "3", "4"] {
        found.push(uow.handoffs().cart_of(&hash(code)).await.unwrap());
    }
    assert_eq!(found, [None, Some(id(2)), Some(id(3)), None]);
}

async fn of_many_who_enter_one_code_one_takes_the_cart(db: TestDatabase) {
    put(&db, &handoff(1, HandoffMode::Transfer), "code").await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { take(&db, "code", start()).await.is_some() })
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        taken += i32::from(task.await.unwrap());
    }
    assert_eq!(taken, 1);
}

async fn a_new_code_of_a_cart_voids_the_earlier_one(db: TestDatabase) {
    put(&db, &handoff(1, HandoffMode::Transfer), "first").await;
    put(&db, &handoff(1, HandoffMode::Share), "second").await;
    let uow = db.storage.begin().await.unwrap();
    let other = handoff(2, HandoffMode::Share);
    assert!(matches!(uow.handoffs().put(&other, &hash("second")).await, Err(StorageError::Conflict)));
    drop(uow);
    assert_eq!(take(&db, "first", start()).await, None);
    assert_eq!(take(&db, "second", start()).await, Some(handoff(1, HandoffMode::Share)));
}

async fn codes_of_carts_are_voided(db: TestDatabase) {
    for (n, code) in [(1, "first"), (2, "second"), (3, "third")] {
        put(&db, &handoff(n, HandoffMode::Share), code).await;
    }
    let uow = db.storage.begin().await.unwrap();
    uow.handoffs().void(&[id(1), id(3), id(4)]).await.unwrap();
    uow.handoffs().void(&[]).await.unwrap();
    uow.commit().await.unwrap();
    for (code, is_good) in [("first", false), ("second", true), ("third", false)] {
        assert_eq!(take(&db, code, start()).await.is_some(), is_good, "{code}");
    }
}

async fn what_nobody_took_is_forgotten(db: TestDatabase) {
    put(&db, &handoff(1, HandoffMode::Transfer), "code").await;
    let end = start() + CartHandoff::LIFETIME;
    for (moment, forgotten) in [(end - TimeDelta::microseconds(1), 0), (end, 1), (end, 0)] {
        let uow = db.storage.begin().await.unwrap();
        assert_eq!(uow.handoffs().forget_expired(moment).await.unwrap(), forgotten);
        uow.commit().await.unwrap();
    }
}

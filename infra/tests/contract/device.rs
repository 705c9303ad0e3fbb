//! The contract of devices, and of the carts they hold.

#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::TimeDelta;
use comptoir_domain::{
    access::{Device, DeviceCursor, DeviceQueries as _, SecretHash},
    cart::Cart,
    ids::CartId,
    page::{Direction, PageRequest, PageSize},
    storage::{Storage as _, StorageError},
};

use crate::support::{TestDatabase, cart, id, on_each_database, start, text};

on_each_database!(
    a_device_comes_back_as_it_was,
    a_code_is_used_once_and_in_time,
    of_many_who_enter_one_code_one_is_enrolled,
    a_revoked_device_has_neither_code_nor_token,
    devices_come_in_pages,
    codes_nobody_entered_are_forgotten,
    a_devices_carts_are_found_until_it_lets_go,
    a_cart_is_found_by_the_devices_that_have_a_secret_of_it,
    a_session_ends_once_for_all_who_began_before,
);

fn device(n: u128) -> Device {
    Device {
        id: id(n),
        name: format!("Device {n}"),
        channel: text("store-12"),
        created_at: start(),
        code_expires_at: start() + Device::CODE_LIFETIME,
        enrolled_at: None,
        last_seen_at: None,
        revoked_at: None,
        session_ended_at: None,
    }
}

fn hash(text: &str) -> SecretHash {
    SecretHash(text.to_owned())
}

async fn insert(db: &TestDatabase, device: &Device, code: &str) {
    let uow = db.storage.begin().await.unwrap();
    uow.devices().insert(device, &hash(code)).await.unwrap();
    uow.commit().await.unwrap();
}

async fn enrol(db: &TestDatabase, code: &str, token: &str, after: TimeDelta) -> Option<Device> {
    let uow = db.storage.begin().await.unwrap();
    let enrolled = uow.devices().enrol(&hash(code), &hash(token), start() + after).await.unwrap();
    uow.commit().await.unwrap();
    enrolled
}

async fn a_device_comes_back_as_it_was(db: TestDatabase) {
    let queries = db.storage.queries();
    insert(&db, &device(1), "code").await;
    assert_eq!(queries.device(id(1)).await.unwrap(), Some(device(1)));
    assert_eq!(queries.device(id(2)).await.unwrap(), None);
    assert_eq!(queries.device_by_token(&hash("code")).await.unwrap(), None);
    let uow = db.storage.begin().await.unwrap();
    assert!(matches!(uow.devices().insert(&device(2), &hash("code")).await, Err(StorageError::Conflict)));
    drop(uow);

    let enrolled = enrol(&db, "code", "token", TimeDelta::seconds(1)).await.unwrap();
    let at = start() + TimeDelta::seconds(1);
    assert_eq!(enrolled, Device { enrolled_at: Some(at), last_seen_at: Some(at), ..device(1) });
    assert_eq!(queries.device_by_token(&hash("token")).await.unwrap(), Some(enrolled.clone()));
    let later = start() + TimeDelta::hours(1);
    let uow = db.storage.begin().await.unwrap();
    uow.devices().seen(id(1), later).await.unwrap();
    uow.commit().await.unwrap();
    assert_eq!(queries.device(id(1)).await.unwrap(), Some(Device { last_seen_at: Some(later), ..enrolled }));
}

async fn a_code_is_used_once_and_in_time(db: TestDatabase) {
    for (n, code) in [(1, "first"), (2, "second")] {
        insert(&db, &device(n), code).await;
    }
    let almost = Device::CODE_LIFETIME - TimeDelta::microseconds(1);
    assert_eq!(enrol(&db, "first", "a", Device::CODE_LIFETIME).await, None, "its time is over");
    assert_eq!(enrol(&db, "first", "a", almost).await.map(|it| it.id), Some(id(1)));
    assert_eq!(enrol(&db, "first", "b", almost).await, None, "it was used");
    assert_eq!(enrol(&db, "third", "b", almost).await, None, "nobody waits for it");
    assert_eq!(enrol(&db, "second", "b", almost).await.map(|it| it.id), Some(id(2)));
}

async fn of_many_who_enter_one_code_one_is_enrolled(db: TestDatabase) {
    insert(&db, &device(1), "code").await;
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move { enrol(&db, "code", &format!("token {n}"), TimeDelta::zero()).await.is_some() })
        })
        .collect();
    let mut enrolled = 0;
    for task in tasks {
        enrolled += i32::from(task.await.unwrap());
    }
    assert_eq!(enrolled, 1);
}

async fn a_revoked_device_has_neither_code_nor_token(db: TestDatabase) {
    insert(&db, &device(1), "first").await;
    insert(&db, &device(2), "second").await;
    let enrolled = enrol(&db, "first", "token", TimeDelta::zero()).await.unwrap();
    let at = start() + TimeDelta::minutes(1);
    let uow = db.storage.begin().await.unwrap();
    let revoked = Device { revoked_at: Some(at), ..enrolled };
    assert_eq!(uow.devices().revoke(id(1), at).await.unwrap(), Some((revoked.clone(), true)));
    let again = uow.devices().revoke(id(1), at + TimeDelta::minutes(1)).await.unwrap();
    assert_eq!(again, Some((revoked, false)), "it keeps the moment");
    assert!(uow.devices().revoke(id(2), at).await.unwrap().is_some());
    assert_eq!(uow.devices().revoke(id(9), at).await.unwrap(), None);
    uow.commit().await.unwrap();
    assert_eq!(db.storage.queries().device_by_token(&hash("token")).await.unwrap(), None);
    assert_eq!(enrol(&db, "second", "other", TimeDelta::zero()).await, None);
}

async fn devices_come_in_pages(db: TestDatabase) {
    for n in 1..=4 {
        let created_at = start() + TimeDelta::minutes(n as i64 / 2);
        insert(&db, &Device { created_at, ..device(n) }, &format!("code {n}")).await;
    }
    let queries = db.storage.queries();
    let ids = async |request: &PageRequest<DeviceCursor>| {
        let page = queries.devices(request).await.unwrap();
        (page.items.iter().map(|it| it.id).collect::<Vec<_>>(), page.has_previous, page.has_next)
    };
    let size = PageSize::parse(3).unwrap();
    assert_eq!(ids(&PageRequest::first(size)).await, (vec![id(4), id(3), id(2)], false, true));
    let at = DeviceCursor { created_at: start() + TimeDelta::minutes(1), id: id(2) };
    let mut request = PageRequest { size, direction: Direction::Forward, cursor: Some(at) };
    assert_eq!(ids(&request).await, (vec![id(1)], true, false));
    request.direction = Direction::Backward;
    assert_eq!(ids(&request).await, (vec![id(4), id(3)], false, true));
}

async fn codes_nobody_entered_are_forgotten(db: TestDatabase) {
    for (n, code) in [(1, "first"), (2, "second")] {
        insert(&db, &device(n), code).await;
    }
    let _ = enrol(&db, "first", "token", TimeDelta::zero()).await;
    let end = start() + Device::CODE_LIFETIME;
    for (moment, forgotten) in [(end, 0), (end + TimeDelta::microseconds(1), 1)] {
        let uow = db.storage.begin().await.unwrap();
        assert_eq!(uow.devices().forget_expired(moment).await.unwrap(), forgotten);
        uow.commit().await.unwrap();
    }
    let queries = db.storage.queries();
    assert!(queries.device(id(1)).await.unwrap().is_some() && queries.device(id(2)).await.unwrap().is_none());
}

async fn a_devices_carts_are_found_until_it_lets_go(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    let mut carts = Vec::new();
    for (n, device) in [(1, Some(7)), (2, Some(8)), (3, Some(7)), (4, None), (5, Some(7))] {
        let mut it = cart(n, false);
        it.device_id = device.map(id);
        uow.carts().insert(&it).await.unwrap();
        carts.push(it);
    }
    let held = uow.carts().carts_of_device(id(7), 2).await.unwrap();
    assert_eq!(held.iter().map(|it| it.id).collect::<Vec<_>>(), [id(1), id(3)]);
    let mut let_go = held.into_iter().next().unwrap();
    let_go.version += 1;
    let_go.device_id = None;
    uow.carts().save(&let_go).await.unwrap();
    let held = uow.carts().carts_of_device(id(7), 9).await.unwrap();
    assert_eq!(held.iter().map(|it| it.id).collect::<Vec<_>>(), [id(3), id(5)]);
    uow.commit().await.unwrap();
}

async fn a_session_ends_once_for_all_who_began_before(db: TestDatabase) {
    insert(&db, &device(1), "first").await;
    let (one, at) = (id(1), start() + TimeDelta::hours(1));
    let uow = db.storage.begin().await.unwrap();
    let before = uow.devices().lock(one).await.unwrap().unwrap();
    assert_eq!((before.session_ended_at, uow.devices().lock(id(2)).await.unwrap()), (None, None));
    uow.devices().end_session(one, at).await.unwrap();
    uow.commit().await.unwrap();
    // Who signs in waits for who ends the session, and the other way round.
    let uow = db.storage.begin().await.unwrap();
    uow.devices().end_session(one, at + TimeDelta::hours(1)).await.unwrap();
    let other = tokio::spawn({
        let db = db.clone();
        async move {
            let uow = db.storage.begin().await.unwrap();
            uow.devices().lock(one).await.unwrap().unwrap().session_ended_at
        }
    });
    uow.commit().await.unwrap();
    assert_eq!(other.await.unwrap(), Some(at + TimeDelta::hours(1)));
}

async fn a_cart_is_found_by_the_devices_that_have_a_secret_of_it(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    for (n, device) in [(1, None), (2, Some(7)), (3, None), (4, Some(8))] {
        uow.carts().insert(&Cart { device_id: device.map(id), ..cart(n, false) }).await.unwrap();
    }
    for (cart, device) in [(3, 7), (3, 7), (3, 8), (2, 7), (1, 8)] {
        uow.carts().note_device(id(cart), id(device)).await.unwrap();
    }
    let of = async |n| {
        let found = uow.carts().carts_of_device(id(n), 9).await.unwrap();
        found.iter().map(|it| it.id).collect::<Vec<CartId>>()
    };
    assert_eq!((of(7).await, of(8).await), (vec![id(2), id(3)], vec![id(1), id(3), id(4)]));
    uow.carts().forget_device(&[id(1), id(2), id(3)], id(7)).await.unwrap();
    assert_eq!((of(7).await, of(8).await), (vec![id(2)], vec![id(1), id(3), id(4)]));
    uow.commit().await.unwrap();
    let uow = db.storage.begin().await.unwrap();
    let gone = uow.carts().delete_unchanged_since(start() + TimeDelta::days(1), 9).await.unwrap();
    assert_eq!(
        (gone.len(), uow.carts().carts_of_device(id(8), 9).await.unwrap()),
        (4, vec![]),
        "and nothing is left of it"
    );
}

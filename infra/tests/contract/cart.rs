//! The contract of carts.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeSet, slice};

use comptoir_domain::{
    cart::CartQueries as _,
    storage::{Storage as _, StorageError},
};

use crate::support::{TestDatabase, cart, on_each_database};

on_each_database!(carts_come_back_as_they_were, a_cart_nobody_stored_is_missing, a_stale_cart_conflicts);

async fn carts_come_back_as_they_were(db: TestDatabase) {
    let queries = db.storage.queries();
    for (n, filled) in [(1, true), (2, false)] {
        let stored = cart(n, filled);
        let uow = db.storage.begin().await.unwrap();
        uow.carts().insert(&stored).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(queries.carts_by_id(&[stored.id]).await.unwrap(), slice::from_ref(&stored));

        let mut changed = cart(n, !filled);
        changed.version = 2;
        let uow = db.storage.begin().await.unwrap();
        assert_eq!(uow.carts().find(stored.id).await.unwrap(), Some(stored));
        uow.carts().save(&changed).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(queries.carts_by_id(&[changed.id]).await.unwrap(), [changed]);
    }
    let [one, two, nobody] = [1, 2, 9].map(|n| cart(n, false).id);
    let found: BTreeSet<_> = queries.carts_by_id(&[two, nobody, one]).await.unwrap().iter().map(|it| it.id).collect();
    assert_eq!(found, BTreeSet::from([one, two]));
    assert_eq!(queries.carts_by_id(&[]).await.unwrap(), []);
}

async fn a_cart_nobody_stored_is_missing(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    assert_eq!(uow.carts().find(cart(1, true).id).await.unwrap(), None);
    drop(uow);
    assert_eq!(db.storage.queries().carts_by_id(&[cart(1, true).id]).await.unwrap(), []);
}

async fn a_stale_cart_conflicts(db: TestDatabase) {
    let mut cart = cart(1, false);
    let uow = db.storage.begin().await.unwrap();
    uow.carts().insert(&cart).await.unwrap();
    cart.version = 2;
    uow.carts().save(&cart).await.unwrap();
    uow.commit().await.unwrap();
    for stale in [0, 1, 2, 4] {
        let mut changed = cart.clone();
        changed.version = stale;
        changed.contact = None;
        let uow = db.storage.begin().await.unwrap();
        assert!(matches!(uow.carts().save(&changed).await, Err(StorageError::Conflict)), "version {stale}");
    }
    assert_eq!(db.storage.queries().carts_by_id(&[cart.id]).await.unwrap(), [cart]);
}

//! The contract of transactions: all or nothing, and nothing after an error.

#![expect(clippy::unwrap_used, reason = "tests")]

use comptoir_domain::{
    cart::{Cart, CartQueries as _},
    event::{DomainEvent, EventKind, OutboxQueries as _, Topic},
    storage::{Storage as _, StorageError},
};
use comptoir_infra::{db::DbStorage, relay::Relay};

use crate::support::{Bus, TestDatabase, cart, on_each_database, product, start, variant};

on_each_database!(
    what_was_committed_is_there,
    a_dropped_transaction_leaves_nothing,
    what_is_not_committed_is_not_read,
    a_commit_after_a_swallowed_error_fails_and_stores_nothing,
    a_commit_after_a_swallowed_conflict_fails_and_stores_nothing,
    a_commit_after_a_row_that_cannot_be_read_fails,
    an_abandoned_transaction_does_not_block_the_next,
    connecting_twice_finds_the_schema_and_the_data,
);

fn event(cart: &Cart) -> DomainEvent {
    DomainEvent { topic: Topic::Cart(cart.id), kind: EventKind::CartCreated, sequence: 1, occurred_at: start() }
}

async fn what_was_committed_is_there(db: TestDatabase) {
    let cart = cart(1, true);
    let uow = db.storage.begin().await.unwrap();
    uow.carts().insert(&cart).await.unwrap();
    assert_eq!(uow.carts().find(cart.id).await.unwrap(), Some(cart.clone()), "within the transaction");
    uow.commit().await.unwrap();
    assert_eq!(db.storage.queries().carts_by_id(&[cart.id]).await.unwrap(), [cart]);
}

async fn a_dropped_transaction_leaves_nothing(db: TestDatabase) {
    let cart = cart(1, true);
    let uow = db.storage.begin().await.unwrap();
    uow.carts().insert(&cart).await.unwrap();
    uow.outbox().append(&[event(&cart)]).await.unwrap();
    drop(uow);
    assert_eq!(db.storage.queries().carts_by_id(&[cart.id]).await.unwrap(), []);
    let relay = Relay::new(db.storage.clone(), std::sync::Arc::new(Bus::default()));
    assert_eq!(relay.step().await.unwrap(), 0);
    assert_eq!(db.storage.queries().last_position().await.unwrap(), 0);
    assert_eq!(db.number("SELECT COUNT(*) FROM outbox").await, 0);
}

async fn what_is_not_committed_is_not_read(db: TestDatabase) {
    let cart = cart(1, true);
    let uow = db.storage.begin().await.unwrap();
    uow.carts().insert(&cart).await.unwrap();
    assert_eq!(db.storage.queries().carts_by_id(&[cart.id]).await.unwrap(), []);
    uow.commit().await.unwrap();
}

async fn a_commit_after_a_swallowed_error_fails_and_stores_nothing(db: TestDatabase) {
    let (first, twin, other) = (cart(1, true), cart(1, false), cart(2, true));
    let uow = db.storage.begin().await.unwrap();
    uow.carts().insert(&first).await.unwrap();
    assert!(matches!(uow.carts().insert(&twin).await, Err(StorageError::Conflict)), "its id is taken");
    let _swallowed = uow.carts().insert(&other).await;
    assert!(uow.commit().await.is_err());
    assert_eq!(db.number("SELECT COUNT(*) FROM cart").await, 0);
}

async fn a_commit_after_a_swallowed_conflict_fails_and_stores_nothing(db: TestDatabase) {
    let mut stale = cart(1, true);
    stale.version = 7;
    let uow = db.storage.begin().await.unwrap();
    uow.carts().insert(&cart(1, true)).await.unwrap();
    assert!(matches!(uow.carts().save(&stale).await, Err(StorageError::Conflict)));
    assert!(uow.commit().await.is_err());
    assert_eq!(db.number("SELECT COUNT(*) FROM cart").await, 0);
}

async fn a_commit_after_a_row_that_cannot_be_read_fails(db: TestDatabase) {
    let product = product(1, true);
    let uow = db.storage.begin().await.unwrap();
    uow.products().save(&product, &[variant(1, true)]).await.unwrap();
    uow.commit().await.unwrap();
    db.execute("UPDATE product SET status = 'MISLAID'").await;

    let uow = db.storage.begin().await.unwrap();
    uow.carts().insert(&cart(1, true)).await.unwrap();
    let read = uow.catalog().products_by_id(&[product.id]).await;
    assert!(matches!(read, Err(StorageError::Corrupt(_))), "{read:?}");
    assert!(uow.commit().await.is_err());
    assert_eq!(db.number("SELECT COUNT(*) FROM cart").await, 0);
}

async fn an_abandoned_transaction_does_not_block_the_next(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    uow.carts().insert(&cart(1, true)).await.unwrap();
    uow.commit().await.unwrap();
    for _ in 0..30 {
        let storage = db.storage.clone();
        let abandoned = tokio::spawn(async move {
            let uow = storage.begin().await.unwrap();
            uow.carts().find(cart(1, true).id).await.unwrap();
            std::future::pending::<()>().await;
        });
        tokio::task::yield_now().await;
        abandoned.abort();
        assert!(abandoned.await.unwrap_err().is_cancelled());
    }
    let mut cart = cart(1, true);
    cart.version = 2;
    let uow = db.storage.begin().await.unwrap();
    uow.carts().save(&cart).await.unwrap();
    uow.commit().await.unwrap();
}

async fn connecting_twice_finds_the_schema_and_the_data(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    uow.carts().insert(&cart(1, true)).await.unwrap();
    uow.commit().await.unwrap();
    let again = DbStorage::connect(&db.url).await.unwrap();
    assert!(again.is_migrated().await.unwrap());
    again.migrate().await.unwrap();
    assert_eq!(again.queries().carts_by_id(&[cart(1, true).id]).await.unwrap(), [cart(1, true)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_begin_on_one_new_file() {
    let folder = tempfile::tempdir().unwrap();
    let url = DbStorage::sqlite_url(&folder.path().join("comptoir.db"));
    let begin = || async {
        let storage = DbStorage::connect(&url).await.unwrap();
        storage.migrate().await.unwrap();
        assert!(storage.is_migrated().await.unwrap());
    };
    tokio::join!(begin(), begin(), begin());
}

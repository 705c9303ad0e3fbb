//! The contract of stock: levels, and the movements that made them.

#![expect(clippy::unwrap_used, reason = "tests")]

use comptoir_domain::{
    catalog::Product,
    channel::LocationKind,
    ids::{Id as _, LocationId, VariantId},
    inventory::{Allocation, Count, InventoryQueries as _, MovementCause, StockLevel},
    storage::{Storage as _, StorageError},
};

use crate::support::{TestDatabase, id, location, on_each_database, product, start, variant};

on_each_database!(
    a_count_sets_what_is_on_hand_and_records_the_difference,
    what_is_allocated_is_released_or_shipped,
    no_more_is_allocated_than_is_available,
    what_may_exceed_exceeds_even_where_nothing_was_counted,
    safety_stock_is_not_allocated,
    levels_are_locked_in_the_order_of_their_ids,
    places_without_a_level_are_locked_too,
    parallel_first_counts_record_what_they_changed,
    parallel_allocations_never_exceed_what_is_there,
);

/// Three variants, and three places; nothing was counted.
async fn prepare(db: &TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    for n in 1..=3 {
        uow.products().save(&Product { version: 1, ..product(n, true) }, &[variant(n, true)]).await.unwrap();
        uow.channels().save_location(&location(n, LocationKind::Warehouse, false)).await.unwrap();
    }
    uow.commit().await.unwrap();
}

fn count(variant: u128, location: u128, on_hand: i64) -> Count {
    Count { variant_id: id(variant), location_id: id(location), on_hand }
}

fn take(variant: u128, location: u128, quantity: u32) -> Allocation {
    Allocation { variant_id: id(variant), location_id: id(location), quantity, may_exceed: false }
}

fn level(variant: u128, location: u128, on_hand: i64, allocated: i64) -> StockLevel {
    StockLevel { variant_id: id(variant), location_id: id(location), on_hand, allocated, reserved: 0, safety_stock: 0 }
}

async fn set(db: &TestDatabase, counts: &[Count]) -> bool {
    let uow = db.storage.begin().await.unwrap();
    let is_different = uow.stock().count(counts, MovementCause::Counted, start()).await.unwrap();
    uow.commit().await.unwrap();
    is_different
}

async fn allocate(db: &TestDatabase, allocations: &[Allocation], order: u128) -> Result<(), StorageError> {
    let uow = db.storage.begin().await?;
    uow.stock().allocate(allocations, id(order), start()).await?;
    uow.commit().await
}

async fn levels(db: &TestDatabase) -> Vec<StockLevel> {
    let mut levels = db.storage.queries().levels_of(&[id(1), id(2), id(3), id(1)], Some(start())).await.unwrap();
    levels.sort_by_key(|it| (it.variant_id, it.location_id));
    levels
}

/// The sums of the movements of one place: on hand and allocated.
async fn moved(db: &TestDatabase, variant: u128, location: u128) -> (i64, i64) {
    let sum = |column: &str| {
        let of = |id: uuid::Uuid| match db.url.starts_with("sqlite") {
            true => format!("X'{}'", id.simple()),
            false => format!("'{id}'"),
        };
        let (variant, location) = (id::<VariantId>(variant), id::<LocationId>(location));
        format!(
            "SELECT CAST(COALESCE(SUM({column}), 0) AS BIGINT) FROM stock_movement WHERE variant_id = {} AND location_id = {}",
            of(variant.uuid()),
            of(location.uuid())
        )
    };
    (db.number(&sum("on_hand_delta")).await, db.number(&sum("allocated_delta")).await)
}

async fn movement_count(db: &TestDatabase) -> i64 {
    db.number("SELECT COUNT(*) FROM stock_movement").await
}

async fn a_count_sets_what_is_on_hand_and_records_the_difference(db: TestDatabase) {
    prepare(&db).await;
    assert!(set(&db, &[count(2, 1, -4), count(1, 2, 7), count(1, 1, 1_000_000_000)]).await);
    assert!(set(&db, &[count(1, 2, 5), count(2, 1, -4)]).await);
    assert!(!set(&db, &[count(1, 2, 5), count(2, 1, -4)]).await, "it was all so already");
    assert!(!set(&db, &[]).await);
    assert_eq!(levels(&db).await, [level(1, 1, 1_000_000_000, 0), level(1, 2, 5, 0), level(2, 1, -4, 0)]);
    assert_eq!(moved(&db, 1, 1).await, (1_000_000_000, 0));
    assert_eq!(moved(&db, 1, 2).await, (5, 0));
    assert_eq!(moved(&db, 2, 1).await, (-4, 0));
    assert_eq!(movement_count(&db).await, 4, "none where nothing moved");
}

async fn what_is_allocated_is_released_or_shipped(db: TestDatabase) {
    prepare(&db).await;
    set(&db, &[count(1, 1, 10), count(2, 1, 5)]).await;
    allocate(&db, &[take(2, 1, 5), take(1, 1, 4)], 1).await.unwrap();
    allocate(&db, &[take(1, 1, 3)], 2).await.unwrap();
    assert_eq!(levels(&db).await, [level(1, 1, 10, 7), level(2, 1, 5, 5)]);
    assert_eq!(moved(&db, 1, 1).await, (10, 7));

    let uow = db.storage.begin().await.unwrap();
    uow.stock().release(&[take(2, 1, 5), take(1, 1, 4)], id(1), start()).await.unwrap();
    uow.stock().ship(&[take(1, 1, 3)], id(2), start()).await.unwrap();
    uow.commit().await.unwrap();
    assert_eq!(levels(&db).await, [level(1, 1, 7, 0), level(2, 1, 5, 0)]);
    assert_eq!((moved(&db, 1, 1).await, moved(&db, 2, 1).await), ((7, 0), (5, 0)));
    assert_eq!(db.number("SELECT COUNT(*) FROM stock_movement WHERE order_id IS NOT NULL").await, 6);
    for (cause, times) in [("counted", 2), ("ordered", 3), ("cancelled", 2), ("fulfilled", 1)] {
        let counted = db.number(&format!("SELECT COUNT(*) FROM stock_movement WHERE cause = '{cause}'")).await;
        assert_eq!(counted, times, "{cause}");
    }
}

async fn no_more_is_allocated_than_is_available(db: TestDatabase) {
    prepare(&db).await;
    set(&db, &[count(1, 1, 3), count(2, 1, 9)]).await;
    allocate(&db, &[take(1, 1, 2)], 1).await.unwrap();
    for refused in [
        vec![take(1, 1, 2)],
        vec![take(2, 1, 1), take(1, 1, 2)],
        vec![take(1, 1, 1), take(1, 1, 1)],
        vec![take(1, 2, 1)],
        vec![take(2, 1, u32::MAX)],
    ] {
        assert!(matches!(allocate(&db, &refused, 2).await, Err(StorageError::Conflict)), "{refused:?}");
    }
    assert_eq!(levels(&db).await, [level(1, 1, 3, 2), level(2, 1, 9, 0)], "nothing of what was refused");
    allocate(&db, &[take(1, 1, 1)], 3).await.unwrap();
    assert_eq!(levels(&db).await, [level(1, 1, 3, 3), level(2, 1, 9, 0)]);
}

async fn what_may_exceed_exceeds_even_where_nothing_was_counted(db: TestDatabase) {
    prepare(&db).await;
    set(&db, &[count(1, 1, 2)]).await;
    let exceeding = |it| Allocation { may_exceed: true, ..it };
    let allocations = [take(1, 1, 2), exceeding(take(1, 1, 3)), exceeding(take(3, 3, 4))];
    allocate(&db, &allocations, 1).await.unwrap();
    assert_eq!(levels(&db).await, [level(1, 1, 2, 5), level(3, 3, 0, 4)]);
    assert_eq!((moved(&db, 1, 1).await, moved(&db, 3, 3).await), ((2, 5), (0, 4)));
    let uow = db.storage.begin().await.unwrap();
    uow.stock().release(&allocations, id(1), start()).await.unwrap();
    uow.commit().await.unwrap();
    assert_eq!(levels(&db).await, [level(1, 1, 2, 0), level(3, 3, 0, 0)]);
}

async fn safety_stock_is_not_allocated(db: TestDatabase) {
    prepare(&db).await;
    set(&db, &[count(1, 1, 5)]).await;
    db.execute("UPDATE stock_level SET safety_stock = 2").await;
    assert!(matches!(allocate(&db, &[take(1, 1, 4)], 1).await, Err(StorageError::Conflict)));
    allocate(&db, &[take(1, 1, 3)], 1).await.unwrap();
    assert!(set(&db, &[count(1, 1, 6)]).await);
    assert_eq!(levels(&db).await, [StockLevel { safety_stock: 2, ..level(1, 1, 6, 3) }], "a count leaves it alone");
}

async fn levels_are_locked_in_the_order_of_their_ids(db: TestDatabase) {
    prepare(&db).await;
    set(&db, &[count(3, 1, 1), count(2, 3, 1), count(2, 1, 1), count(1, 2, 1)]).await;
    let uow = db.storage.begin().await.unwrap();
    let locked = uow.stock().lock_levels(&[id(3), id(1), id(2), id(3), id(9)], start()).await.unwrap();
    let places: Vec<_> = locked.iter().map(|it| (it.variant_id, it.location_id)).collect();
    assert_eq!(places, [(id(1), id(2)), (id(2), id(1)), (id(2), id(3)), (id(3), id(1))]);
    assert_eq!(uow.stock().lock_levels(&[], start()).await.unwrap(), []);
}

async fn places_without_a_level_are_locked_too(db: TestDatabase) {
    prepare(&db).await;
    set(&db, &[count(1, 1, 5)]).await;
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let storage = db.storage.clone();
            tokio::spawn(async move {
                let uow = storage.begin().await.unwrap();
                let places = [(id(1), id(2)), (id(1), id(1))];
                let found = uow.stock().lock_places(&places, start()).await.unwrap();
                let one_more = |it: &StockLevel| Count {
                    variant_id: it.variant_id,
                    location_id: it.location_id,
                    on_hand: it.on_hand + 1,
                };
                let counts: Vec<Count> = found.iter().map(one_more).collect();
                assert_eq!(counts.len(), 2);
                uow.stock().count(&counts, MovementCause::Adjusted, start()).await.unwrap();
                uow.commit().await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(levels(&db).await, [level(1, 1, 21, 0), level(1, 2, 16, 0)]);
    assert_eq!(moved(&db, 1, 2).await, (16, 0));
}

async fn parallel_first_counts_record_what_they_changed(db: TestDatabase) {
    prepare(&db).await;
    let tasks: Vec<_> = (1..=12)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move { set(&db, &[count(2, 2, n), count(1, 1, n)]).await })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap());
    }
    for it in levels(&db).await {
        assert!((1..=12).contains(&it.on_hand));
        let place = if it.variant_id == id(1) { 1 } else { 2 };
        assert_eq!(moved(&db, place, place).await, (it.on_hand, 0));
    }
    assert_eq!(levels(&db).await.len(), 2);
}

async fn parallel_allocations_never_exceed_what_is_there(db: TestDatabase) {
    prepare(&db).await;
    set(&db, &[count(1, 1, 10)]).await;
    let tasks: Vec<_> = (0..32)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move { allocate(&db, &[take(1, 1, 1)], n).await })
        })
        .collect();
    let mut allocated = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => allocated += 1,
            Err(error) => assert!(matches!(error, StorageError::Conflict), "{error:?}"),
        }
    }
    assert_eq!(allocated, 10);
    assert_eq!(levels(&db).await, [level(1, 1, 10, 10)]);
}

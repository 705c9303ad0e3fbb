//! The contract of orders, and of the commands that ran already.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use chrono::TimeDelta;
use comptoir_domain::{
    idempotency::{IdempotencyKey, IdempotentCommand},
    order::{Order, OrderLine, OrderNumber, OrderQueries as _, OrderStatus},
    search::{Companion, PurchaseCounts},
    storage::{Storage as _, StorageError},
};
use uuid::Uuid;

use crate::support::{TestDatabase, id, on_each_database, order, start, text};

on_each_database!(
    orders_come_back_as_they_were,
    a_stale_order_conflicts,
    numbers_grow_and_are_given_once,
    waiting_orders_come_oldest_first,
    first_orders_are_told_by_customer_and_by_address,
    what_is_bought_together_is_counted,
    a_key_is_claimed_once,
    a_key_is_free_again_where_its_command_came_to_nothing,
);

async fn insert(db: &TestDatabase, order: &Order) -> Result<(), StorageError> {
    let uow = db.storage.begin().await?;
    uow.orders().insert(order).await?;
    uow.commit().await
}

async fn orders_come_back_as_they_were(db: TestDatabase) {
    let queries = db.storage.queries();
    for (n, filled) in [(1, true), (2, false)] {
        let stored = order(n, filled);
        insert(&db, &stored).await.unwrap();
        let uow = db.storage.begin().await.unwrap();
        assert_eq!(uow.orders().find(stored.id).await.unwrap(), Some(stored.clone()));
        drop(uow);
        assert_eq!(queries.order_by_number(&stored.number).await.unwrap(), Some(stored.clone()));
        assert_eq!(queries.order_of_payment(stored.payment.id).await.unwrap(), Some(stored.id));

        let changed = Order { number: stored.number, version: 2, ..order(n, !filled) };
        let uow = db.storage.begin().await.unwrap();
        uow.orders().save(&changed).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(queries.orders_by_id(&[id(n), id(9), id(n)]).await.unwrap(), [changed]);
    }
    let uow = db.storage.begin().await.unwrap();
    assert_eq!(uow.orders().find(id(9)).await.unwrap(), None);
    assert_eq!(queries.order_by_number(&OrderNumber::from_serial(99)).await.unwrap(), None);
    assert_eq!(queries.order_of_payment(id(9)).await.unwrap(), None);
}

async fn a_stale_order_conflicts(db: TestDatabase) {
    insert(&db, &order(1, false)).await.unwrap();
    for version in [0, 1, 3] {
        let uow = db.storage.begin().await.unwrap();
        let stale = Order { version, ..order(1, true) };
        assert!(matches!(uow.orders().save(&stale).await, Err(StorageError::Conflict)), "version {version}");
    }
    let same_number = Order { number: order(1, false).number, ..order(2, false) };
    assert!(matches!(insert(&db, &same_number).await, Err(StorageError::Conflict)));
    assert_eq!(db.storage.queries().orders_by_id(&[id(1), id(2)]).await.unwrap(), [order(1, false)]);
}

async fn numbers_grow_and_are_given_once(db: TestDatabase) {
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let storage = db.storage.clone();
            tokio::spawn(async move {
                let uow = storage.begin().await.unwrap();
                let number = uow.orders().next_number().await.unwrap();
                if n % 4 != 0 {
                    uow.commit().await.unwrap();
                    return Some(number.to_string());
                }
                None
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.extend(task.await.unwrap());
    }
    let given = numbers.len();
    numbers.sort();
    numbers.dedup();
    assert_eq!((given, numbers.len()), (15, 15));
    let uow = db.storage.begin().await.unwrap();
    let next = uow.orders().next_number().await.unwrap().to_string();
    assert!(numbers.iter().all(|it| *it < next), "{numbers:?} come before {next}");
    assert!(numbers.iter().all(|it| it.starts_with("C1000") && it.len() == 7), "{numbers:?}");
}

async fn waiting_orders_come_oldest_first(db: TestDatabase) {
    for (n, minutes, filled) in [(1, 3, false), (2, 1, false), (3, 2, true), (4, 9, false), (5, 2, false)] {
        let placed_at = start() + TimeDelta::minutes(minutes);
        insert(&db, &Order { placed_at, ..order(n, filled) }).await.unwrap();
    }
    assert_eq!(order(3, true).status, OrderStatus::Cancelled);
    let queries = db.storage.queries();
    let found = queries.pending_since(start() + TimeDelta::minutes(9), 10).await.unwrap();
    let ids: Vec<_> = found.iter().map(|it| it.id).collect();
    assert_eq!(ids, [id(2), id(5), id(1)], "not the cancelled one, and not one of that very moment");
    assert_eq!(queries.pending_since(start() + TimeDelta::minutes(9), 2).await.unwrap().len(), 2);
}

fn command(key: u128, result: &str) -> IdempotentCommand {
    IdempotentCommand {
        key: IdempotencyKey(Uuid::from_u128(key)),
        fingerprint: format!("fingerprint of {result}"),
        result: result.to_owned(),
        created_at: start(),
    }
}

/// An order of these products, a moment after the one before.
fn order_of(n: u128, products: &[u128]) -> Order {
    let mut order = order(n, true);
    let line = order.lines[0].clone();
    let lines = products.iter().zip(1..).map(|(product, line_number)| OrderLine {
        id: id(n * 100 + line_number),
        product_id: id(*product),
        ..line.clone()
    });
    order.lines = lines.collect();
    order.status = OrderStatus::Open;
    order.placed_at = start() + TimeDelta::seconds(i64::try_from(n).unwrap());
    order
}

async fn first_orders_are_told_by_customer_and_by_address(db: TestDatabase) {
    let at = |hours| start() + TimeDelta::hours(hours);
    // Who, with what address, when; the last one is cancelled.
    let orders = [(Some(1), "Ada@example.org", 3), (Some(1), "ada@EXAMPLE.org", 2), (None, "ada@example.org", 1)];
    for (n, (customer, email, hours)) in (1..).zip(orders).chain([(4, (Some(2), "grace@example.org", 0))]) {
        let mut order = order(n, false);
        (order.customer_id, order.email, order.placed_at) = (customer.map(id), text(email), at(hours));
        order.status = if n == 4 { OrderStatus::Cancelled } else { OrderStatus::Open };
        insert(&db, &order).await.unwrap();
    }
    let queries = db.storage.queries();
    let found = async |customers: &[u128], emails: &[&str]| {
        let customers: Vec<_> = customers.iter().map(|it| id(*it)).collect();
        let emails: Vec<_> = emails.iter().map(|it| text(it)).collect();
        let mut found = queries.first_orders(&customers, &emails).await.unwrap();
        found.sort_by_key(|it| it.placed_at);
        found.into_iter().map(|it| (it.customer_id, it.email.to_string(), it.placed_at)).collect::<Vec<_>>()
    };
    let ada = || "ada@example.org".to_owned();
    assert_eq!(found(&[1], &[]).await, [(Some(id(1)), ada(), at(2))]);
    assert_eq!(found(&[], &["ADA@example.org"]).await, [(None, ada(), at(1)), (Some(id(1)), ada(), at(2))]);
    assert_eq!(found(&[2], &["grace@example.org", "other@example.org"]).await, []);
    assert_eq!(found(&[], &[]).await, []);
}

async fn what_is_bought_together_is_counted(db: TestDatabase) {
    let queries = db.storage.queries();
    // A variant bought twice is one product.
    let orders: [&[u128]; 8] = [&[1, 2, 2], &[1, 2, 3], &[1, 2, 3], &[1, 3], &[1], &[2], &[4], &[1, 4]];
    for (n, products) in (1..).zip(orders) {
        insert(&db, &order_of(n, products)).await.unwrap();
    }
    let mut cancelled = order_of(4, &[1, 3]);
    cancelled.version = 2;
    cancelled.status = OrderStatus::Cancelled;
    let uow = db.storage.begin().await.unwrap();
    uow.orders().save(&cancelled).await.unwrap();
    uow.commit().await.unwrap();

    let companion = |n, together, orders| Companion { product: id(n), together, orders };
    let counts = queries.purchase_counts(id(1), start()).await.unwrap();
    // Product 3 is twice beside 1 where the cancelled order does not count, and 4 once.
    let expected = PurchaseCounts { orders: 7, with_product: 5, sampled: 5, companions: vec![companion(2, 3, 4)] };
    assert_eq!(counts, expected);
    assert_eq!(queries.purchase_counts(id(9), start()).await.unwrap().companions, []);
    // Of the orders since the second one, only two have both.
    assert_eq!(queries.purchase_counts(id(1), start() + TimeDelta::seconds(2)).await.unwrap().companions, []);
}

async fn a_key_is_claimed_once(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    assert_eq!(uow.idempotency().claim(&command(1, "first")).await.unwrap(), None);
    assert_eq!(uow.idempotency().claim(&command(1, "second")).await.unwrap(), Some(command(1, "first")));
    uow.commit().await.unwrap();
    let uow = db.storage.begin().await.unwrap();
    assert_eq!(uow.idempotency().claim(&command(1, "third")).await.unwrap(), Some(command(1, "first")));
    assert_eq!(uow.idempotency().claim(&command(2, "")).await.unwrap(), None, "another key is free");
}

async fn a_key_is_free_again_where_its_command_came_to_nothing(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    assert_eq!(uow.idempotency().claim(&command(1, "first")).await.unwrap(), None);
    let storage = db.storage.clone();
    let second = tokio::spawn(async move {
        let uow = storage.begin().await.unwrap();
        let earlier = uow.idempotency().claim(&command(1, "second")).await.unwrap();
        uow.commit().await.unwrap();
        earlier
    });
    tokio::task::yield_now().await;
    drop(uow);
    assert_eq!(second.await.unwrap(), None);
}

//! Many at once: nothing is oversold, lost or done twice, and nobody waits in a circle.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeSet, sync::Arc};

use comptoir_domain::{
    access::Actor,
    cart::{CartEdit, LineError, NewLine},
    catalog::ErrorPolicy,
    checkout::{CheckoutError, Incomplete, PlacedOrder},
    ids::{OrderId, VariantId},
    inventory::{StockAdjustment, StockChange},
};
use tokio::{sync::Barrier, task::JoinHandle};

use crate::support::{Shop, TestDatabase, on_each_database};

on_each_database!(
    sixty_four_buyers_of_ten_units_make_ten_orders,
    crosswise_buyers_of_several_places_do_not_deadlock,
    a_key_sent_sixteen_times_at_once_makes_one_order,
    one_cart_takes_a_thousand_additions,
    adjustments_of_a_place_nobody_counted_add_up,
    an_adjustment_sent_eight_times_at_once_runs_once,
    an_import_and_buyers_do_not_deadlock,
);

/// Starts all of them at one moment.
fn at_once<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    tasks: impl IntoIterator<Item = F>,
) -> Vec<JoinHandle<T>> {
    let tasks: Vec<F> = tasks.into_iter().collect();
    let barrier = Arc::new(Barrier::new(tasks.len()));
    let start = |task: F| {
        let barrier = barrier.clone();
        tokio::spawn(async move {
            barrier.wait().await;
            task.await
        })
    };
    tasks.into_iter().map(start).collect()
}

async fn all<T>(tasks: Vec<JoinHandle<T>>) -> Vec<T> {
    let mut results = Vec::with_capacity(tasks.len());
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

/// Fills a cart for each of `wishes`, and orders them all at one moment.
async fn rush(shop: &Arc<Shop>, wishes: Vec<Vec<(VariantId, i64)>>) -> Vec<Result<PlacedOrder, CheckoutError>> {
    let mut buyers = Vec::new();
    for lines in wishes {
        let (cart, holder) = shop.full_cart(&lines).await;
        let (shop, placement) = (shop.clone(), shop.placement(cart, "approve"));
        buyers.push(async move { shop.app.checkout.place(&holder, placement).await });
    }
    all(at_once(buyers)).await
}

fn is_shortage(error: &CheckoutError) -> bool {
    let is_short =
        |it: &Incomplete| matches!(it, Incomplete::Line { problem: LineError::InsufficientStock { .. }, .. });
    matches!(error, CheckoutError::Incomplete(lacks) if lacks.iter().all(is_short))
}

async fn sixty_four_buyers_of_ten_units_make_ten_orders(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 10, 0).await;
    let results = rush(&shop, vec![vec![(tea, 1)]; 64]).await;
    let (placed, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!((placed.len(), refused.len()), (10, 54));
    for it in refused {
        let error = it.unwrap_err();
        assert!(is_shortage(&error), "{error:?}");
    }
    let numbers: BTreeSet<String> = placed.into_iter().map(|it| it.unwrap().order.number.to_string()).collect();
    assert_eq!(numbers.len(), 10);
    assert_eq!(shop.stock(tea).await, (10, 10));
    assert_eq!(shop.db.number("SELECT COUNT(*) FROM \"order\"").await, 10);
    assert_eq!(
        shop.db.number("SELECT COUNT(*) FROM idempotent_command").await,
        10,
        "what was refused can be tried again"
    );
    shop.check_movements().await;
}

async fn crosswise_buyers_of_several_places_do_not_deadlock(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let (tea, pot, cup) = (shop.sell("tea", 9, 9).await, shop.sell("pot", 5, 13).await, shop.sell("cup", 13, 5).await);
    let wishes = (0..36).map(|n| match n % 6 {
        0 => vec![(tea, 1), (pot, 1), (cup, 1)],
        1 => vec![(cup, 1), (pot, 1), (tea, 1)],
        2 => vec![(pot, 2), (tea, 1)],
        3 => vec![(tea, 1), (pot, 2)],
        4 => vec![(cup, 2), (tea, 1)],
        _ => vec![(tea, 1), (cup, 2)],
    });
    let mut sold = 0;
    for it in rush(&shop, wishes.collect()).await {
        match it {
            Ok(placed) => sold += placed.order.lines.iter().map(|it| i64::from(it.quantity)).sum::<i64>(),
            Err(error) => assert!(is_shortage(&error), "{error:?}"),
        }
    }
    let mut allocated = 0;
    for variant in [tea, pot, cup] {
        for it in shop.levels(variant).await {
            assert!(it.allocated <= it.on_hand, "{it:?}");
            allocated += it.allocated;
        }
    }
    assert_eq!(allocated, sold);
    let teas: i64 = shop.levels(tea).await.iter().map(|it| it.allocated).sum();
    assert_eq!(teas, 18, "everybody takes one tea and two of the other 36 things");
    shop.check_movements().await;
}

async fn a_key_sent_sixteen_times_at_once_makes_one_order(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 100, 0).await;
    let (cart, holder) = shop.full_cart(&[(tea, 2)]).await;
    let placement = shop.placement(cart, "approve");
    let senders = (0..16).map(|_| {
        let (shop, holder, placement) = (shop.clone(), holder.clone(), placement.clone());
        async move { shop.app.checkout.place(&holder, placement).await.unwrap() }
    });
    let placed = all(at_once(senders)).await;
    assert_eq!(placed.iter().filter(|it| it.is_replay).count(), 15);
    let orders: BTreeSet<OrderId> = placed.iter().map(|it| it.order.id).collect();
    assert_eq!(orders.len(), 1);
    assert_eq!(shop.stock(tea).await, (100, 2));
    assert_eq!(shop.db.number("SELECT COUNT(*) FROM \"order\"").await, 1);
    let asked: BTreeSet<_> = shop.provider.asked.lock().unwrap().iter().copied().collect();
    assert_eq!(asked.len(), 1, "always the same payment");
}

async fn one_cart_takes_a_thousand_additions(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let (tea, pot) = (shop.sell("tea", 5_000, 0).await, shop.sell("pot", 5_000, 0).await);
    let (cart, holder) = shop.cart(&[]).await;
    let shoppers = (0..50).map(|n| {
        let (shop, holder) = (shop.clone(), holder.clone());
        async move {
            let variant_id = if n % 2 == 0 { tea } else { pot };
            for _ in 0..20 {
                let add = CartEdit::add(vec![NewLine::of(variant_id, 1)]);
                shop.app.carts.edit(&holder, cart, None, add).await.unwrap();
            }
        }
    });
    all(at_once(shoppers)).await;
    let view = shop.app.carts.view(&holder, cart).await.unwrap();
    let quantities: Vec<u32> = view.cart.lines.iter().map(|it| it.quantity.get()).collect();
    assert_eq!((quantities, view.cart.version), (vec![500, 500], 1_001));
    assert_eq!(
        shop.db.number("SELECT COUNT(*) FROM outbox WHERE CAST(event AS TEXT) LIKE '%cart_updated%'").await,
        1_000
    );
}

async fn adjustments_of_a_place_nobody_counted_add_up(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 1, 1).await;
    shop.db.execute("DELETE FROM stock_movement").await;
    shop.db.execute("DELETE FROM stock_level").await;
    let adjusters = (0..16).map(|_| {
        let (shop, key) = (shop.clone(), shop.key());
        let change = StockChange::By(3);
        let adjustment = StockAdjustment { variant_id: tea, location_id: shop.warehouse.id, change };
        async move { shop.app.inventory.adjust(&Actor::system(), key, &[adjustment]).await.unwrap().1 }
    });
    assert!(all(at_once(adjusters)).await.iter().all(|is_replay| !is_replay));
    assert_eq!(shop.stock(tea).await, (48, 0));
    shop.check_movements().await;
}

async fn an_adjustment_sent_eight_times_at_once_runs_once(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 10, 0).await;
    let key = shop.key();
    let senders = (0..8).map(|_| {
        let shop = shop.clone();
        let change = StockChange::By(3);
        let adjustment = StockAdjustment { variant_id: tea, location_id: shop.warehouse.id, change };
        async move { shop.app.inventory.adjust(&Actor::system(), key, &[adjustment]).await.unwrap().1 }
    });
    assert_eq!(all(at_once(senders)).await.iter().filter(|is_replay| **is_replay).count(), 7);
    assert_eq!(shop.stock(tea).await, (13, 0));
}

async fn an_import_and_buyers_do_not_deadlock(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let (tea, pot) = (shop.sell("tea", 500, 0).await, shop.sell("pot", 500, 0).await);
    let importer = {
        let shop = shop.clone();
        tokio::spawn(async move {
            for n in 0..20 {
                // The other way round than buyers take them, who go by id.
                let drafts = [shop.draft("pot", 500 + n, 0), shop.draft("tea", 500 + n, 0)];
                let policy = ErrorPolicy::RejectAll;
                let saved = shop.app.catalog.save_products(&Actor::system(), &drafts, policy, &|_| ()).await;
                assert!(saved.unwrap().iter().all(Result::is_ok));
            }
        })
    };
    for _ in 0..4 {
        for it in rush(&shop, vec![vec![(tea, 1), (pot, 1)]; 8]).await {
            it.unwrap();
        }
    }
    importer.await.unwrap();
    assert_eq!((shop.stock(tea).await, shop.stock(pot).await), ((519, 32), (519, 32)));
    shop.check_movements().await;
}

//! Placing an order over real storage: once per key, with its stock, or not at all.

#![expect(clippy::unwrap_used, reason = "tests")]

use comptoir_domain::{
    access::{Actor, SecretHash},
    cart::{CartError, CartQueries as _, CartRefusal, CartState, LineError},
    checkout::{CheckoutError, Incomplete},
    event::{EventKind, OutboxQueries as _},
    idempotency::IdempotencyKey,
    inventory::{InventoryError, StockAdjustment, StockChange},
    money::{Currency, Money},
    order::{OrderCommand, OrderStatus, PaymentState},
};
use comptoir_infra::{db::DbOptions, relay::Relay};

use crate::support::{Bus, Shop, TestDatabase, id, on_each_database, on_postgres};

on_each_database!(
    an_order_takes_its_stock_and_tells_of_it,
    what_is_refused_changes_nothing,
    a_key_places_one_order,
    stock_is_adjusted_once_per_key,
    an_order_is_fulfilled_or_cancelled_with_its_stock,
);

async fn an_order_takes_its_stock_and_tells_of_it(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let (tea, pot) = (shop.sell("tea", 10, 0).await, shop.sell("pot", 1, 0).await);
    let before = shop.event_count().await;
    let placed = shop.buy(&[(tea, 3), (pot, 1)], "approve").await.unwrap();
    let order = &placed.order;
    assert_eq!((order.status, &order.payment.state), (OrderStatus::Open, &PaymentState::Captured));
    assert_eq!(order.total, Money::new(3 * 1000 + 1000 + 490, Currency::EUR));
    assert_eq!(order.number.as_str(), "C100001");
    assert_eq!((shop.stock(tea).await, shop.stock(pot).await), ((10, 3), (1, 1)));
    shop.check_movements().await;

    let relay = Relay::new(shop.db.storage.clone(), std::sync::Arc::new(Bus::default()));
    relay.step().await.unwrap();
    let events = shop.db.storage.queries().events_after(before, 100).await.unwrap();
    let kinds: Vec<EventKind> = events.iter().map(|it| it.event.kind).collect();
    let placing = [EventKind::CartOrdered, EventKind::OrderPlaced];
    let stock = [EventKind::ProductStockChanged; 2];
    let cart = [EventKind::CartCreated, EventKind::CartUpdated, EventKind::CartUpdated];
    assert_eq!(kinds, [&cart[..], &placing, &stock, &[EventKind::OrderPaymentUpdated]].concat());
}

async fn what_is_refused_changes_nothing(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 10, 0).await;
    let (cart, holder) = shop.full_cart(&[(tea, 3)]).await;
    let (bare, bare_holder) = shop.cart(&[(tea, 1)]).await;
    let placement = shop.placement(cart, "approve");
    let events = shop.event_count().await;
    let checkout = &shop.app.checkout;

    let mut dear = placement.clone();
    dear.expected_total = Some(Money::new(1, Currency::EUR));
    let refused = checkout.place(&holder, dear).await;
    assert!(matches!(refused, Err(CheckoutError::TotalChanged { actual, .. }) if actual.minor() == 3490));
    let stranger = Actor::anonymous(Some(SecretHash("other".to_owned())));
    let refused = checkout.place(&stranger, placement.clone()).await;
    assert!(matches!(refused, Err(CheckoutError::Cart(CartError::NotFound))));
    let mut stale = placement.clone();
    stale.expected_version = Some(1);
    let refused = checkout.place(&holder, stale).await;
    assert!(matches!(refused, Err(CheckoutError::Cart(CartError::VersionConflict { current_version: 3 }))));
    let refused = checkout.place(&bare_holder, shop.placement(bare, "approve")).await;
    let lacks = [Incomplete::NoShippingAddress, Incomplete::NoDelivery];
    assert!(matches!(refused, Err(CheckoutError::Incomplete(it)) if it == lacks));
    let refused = checkout.place(&holder, shop.placement(id(9), "approve")).await;
    assert!(matches!(refused, Err(CheckoutError::Cart(CartError::NotFound))));

    assert_eq!((shop.stock(tea).await, shop.event_count().await), ((10, 0), events));
    checkout.place(&holder, placement).await.unwrap();
}

async fn a_key_places_one_order(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 10, 0).await;
    let (cart, holder) = shop.full_cart(&[(tea, 3)]).await;
    let placement = shop.placement(cart, "approve");
    let first = shop.app.checkout.place(&holder, placement.clone()).await.unwrap();
    let again = shop.app.checkout.place(&holder, placement.clone()).await.unwrap();
    assert_eq!((first.is_replay, again.is_replay), (false, true));
    assert_eq!(first.order, again.order);

    let mut other = placement.clone();
    other.expected_total = Some(first.order.total);
    assert!(matches!(shop.app.checkout.place(&holder, other).await, Err(CheckoutError::KeyReused(_))));
    let mut another_key = placement;
    another_key.key = shop.key();
    let refused = shop.app.checkout.place(&holder, another_key).await;
    let order_id = first.order.id;
    assert!(matches!(refused, Err(CheckoutError::Cart(CartError::AlreadyOrdered { order_id: it })) if it == order_id));
    assert_eq!(shop.stock(tea).await, (10, 3));
}

async fn stock_is_adjusted_once_per_key(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 10, 0).await;
    let adjust = async |key: IdempotencyKey, change: StockChange| {
        let adjustment = StockAdjustment { variant_id: tea, location_id: shop.warehouse.id, change };
        let adjusted = shop.app.inventory.adjust(&Actor::system(), key, &[adjustment]).await;
        adjusted.map(|(_, is_replay)| is_replay)
    };
    let key = shop.key();
    assert!(!adjust(key, StockChange::By(5)).await.unwrap());
    assert!(adjust(key, StockChange::By(5)).await.unwrap(), "it ran before");
    assert!(matches!(adjust(key, StockChange::By(6)).await, Err(InventoryError::KeyReused(_))));
    assert_eq!(shop.stock(tea).await, (15, 0));
    let too_many = adjust(shop.key(), StockChange::By(i64::MAX)).await;
    assert!(matches!(too_many, Err(InventoryError::QuantityOutOfRange { index: 0, .. })));
    for change in [StockChange::To(-1), StockChange::By(-16)] {
        let below_zero = adjust(shop.key(), change).await;
        assert!(matches!(below_zero, Err(InventoryError::QuantityOutOfRange { index: 0, min: 0, .. })), "{change:?}");
    }
    assert!(!adjust(shop.key(), StockChange::To(0)).await.unwrap());
    assert_eq!(shop.stock(tea).await, (0, 0));
    shop.check_movements().await;
}

async fn an_order_is_fulfilled_or_cancelled_with_its_stock(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 10, 0).await;
    let staff = Actor::system();
    let (shipped, cancelled) =
        (shop.buy(&[(tea, 2)], "due").await.unwrap(), shop.buy(&[(tea, 3)], "due").await.unwrap());
    assert_eq!(shop.stock(tea).await, (10, 5));
    for _ in 0..2 {
        let key = IdempotencyKey(uuid::Uuid::from_u128(77));
        let (order, _) = shop.app.orders.run(&staff, shipped.order.id, None, key, OrderCommand::Fulfill).await.unwrap();
        assert_eq!(order.status, OrderStatus::Open);
    }
    assert_eq!(shop.stock(tea).await, (8, 3));
    for _ in 0..2 {
        let key = IdempotencyKey(uuid::Uuid::from_u128(78));
        let (order, _) =
            shop.app.orders.run(&staff, cancelled.order.id, None, key, OrderCommand::Cancel).await.unwrap();
        assert_eq!(order.status, OrderStatus::Cancelled);
    }
    assert_eq!(shop.stock(tea).await, (8, 0));
    let paid = shop.app.orders.run(&staff, shipped.order.id, None, shop.key(), OrderCommand::MarkPaid).await.unwrap();
    assert_eq!(paid.0.status, OrderStatus::Completed);
    shop.check_movements().await;
}

/// Whoever needed a second connection while it holds a transaction would wait for itself, and give up after a second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_use_case_needs_a_second_connection_in_its_transaction() {
    let options = DbOptions { postgres_connections: 1, acquire_timeout: std::time::Duration::from_secs(1) };
    on_postgres(Some(options), a_whole_journey).await;
}

async fn a_whole_journey(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 10, 2).await;
    let relay = Relay::new(shop.db.storage.clone(), std::sync::Arc::new(Bus::default()));
    let (cart, holder) = shop.full_cart(&[(tea, 1)]).await;
    let view = shop.app.carts.view(&holder, cart).await.unwrap();
    assert_eq!(shop.app.carts.delivery_options(&holder, &view).await.unwrap().len(), 2);
    let placement = shop.placement(cart, "due");
    let placed = shop.app.checkout.place(&holder, placement.clone()).await.unwrap();
    assert!(shop.app.checkout.place(&holder, placement).await.unwrap().is_replay);
    assert!(matches!(shop.buy(&[(tea, 1)], "decline").await, Err(CheckoutError::PaymentDeclined { .. })));
    shop.buy(&[(tea, 1)], "pending").await.unwrap();
    shop.clock.advance(chrono::TimeDelta::hours(1));
    assert_eq!(shop.app.checkout.resume_pending(&Actor::system()).await.unwrap(), 1);
    for command in [OrderCommand::Fulfill, OrderCommand::MarkPaid] {
        shop.app.orders.run(&Actor::system(), placed.order.id, None, shop.key(), command).await.unwrap();
    }
    let adjustment = StockAdjustment { variant_id: tea, location_id: shop.store.id, change: StockChange::By(1) };
    shop.app.inventory.adjust(&Actor::system(), shop.key(), &[adjustment]).await.unwrap();
    shop.app.catalog.save_product(&Actor::system(), &shop.draft("tea", 10, 2)).await.unwrap();
    while 0 < relay.step().await.unwrap() {}
    assert_eq!(shop.last_position().await, shop.event_count().await);
    let carts = shop.db.storage.queries().carts_by_id(&[cart]).await.unwrap();
    let state = carts.first().unwrap().state;
    assert_eq!(state, CartState::Ordered(placed.order.id));
    let short = LineError::InsufficientStock { available: 12, requested: 13 };
    let lines = vec![comptoir_domain::cart::NewLine::of(tea, 13)];
    let (other, holder) = shop.cart(&[]).await;
    let refused = shop.app.carts.edit(&holder, other, None, comptoir_domain::cart::CartEdit::add(lines)).await;
    assert!(
        matches!(refused, Err(CartError::Refused(CartRefusal::Line { index: 0, error })) if error == short),
        "{refused:?}"
    );
}

//! Payments over real storage: what was declined, came late, never came, or could not be asked.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use comptoir_domain::{
    access::Actor,
    cart::CartState,
    checkout::{CheckoutError, PlacedOrder, WebhookError},
    order::{CancelReason, Order, OrderQueries as _, OrderStatus, PaymentState},
};

use crate::support::{Provider, Shop, TestDatabase, id, on_each_database};

on_each_database!(
    a_declined_payment_gives_the_stock_back_and_reopens_the_cart,
    a_webhook_settles_a_pending_payment_once,
    a_webhook_that_is_not_believed_changes_nothing,
    an_order_that_waits_too_long_gives_its_stock_back,
    a_provider_that_failed_is_asked_again_for_the_same_payment,
);

async fn reload(shop: &Shop, order: &Order) -> Order {
    shop.db.storage.queries().orders_by_id(&[order.id]).await.unwrap().pop().unwrap()
}

async fn notify(shop: &Shop, placed: &PlacedOrder, token: &str) {
    let body = format!("{} {token}", placed.order.payment.id);
    let checkout = &shop.app.checkout;
    let received = checkout.receive_webhook(&Actor::system(), &Provider::code(), Some("signed"), body.as_bytes()).await;
    received.unwrap().unwrap();
}

async fn a_declined_payment_gives_the_stock_back_and_reopens_the_cart(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 10, 0).await;
    let (cart, holder) = shop.full_cart(&[(tea, 4)]).await;
    let placement = shop.placement(cart, "decline");
    for _ in 0..2 {
        let refused = shop.app.checkout.place(&holder, placement.clone()).await;
        assert!(matches!(refused, Err(CheckoutError::PaymentDeclined { reason }) if reason == "insufficient_funds"));
        assert_eq!(shop.stock(tea).await, (10, 0));
    }
    assert_eq!(shop.provider.asked.lock().unwrap().len(), 1, "a decline is final for its key");
    assert_eq!(shop.app.carts.view(&holder, cart).await.unwrap().cart.state, CartState::Active);
    shop.check_movements().await;

    let placed = shop.app.checkout.place(&holder, shop.placement(cart, "approve")).await.unwrap();
    assert_eq!(placed.order.status, OrderStatus::Open);
    assert_eq!(shop.stock(tea).await, (10, 4));
}

async fn a_webhook_settles_a_pending_payment_once(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 10, 0).await;
    let placed = shop.buy(&[(tea, 4)], "pending").await.unwrap();
    assert_eq!((placed.order.status, &placed.order.payment.state), (OrderStatus::Pending, &PaymentState::Pending));

    notify(&shop, &placed, "approve").await;
    let settled = reload(&shop, &placed.order).await;
    assert_eq!((settled.status, &settled.payment.state), (OrderStatus::Open, &PaymentState::Captured));
    let events = shop.event_count().await;
    for token in ["approve", "decline", "pending"] {
        notify(&shop, &placed, token).await;
        assert_eq!(reload(&shop, &placed.order).await, settled, "{token}");
    }
    assert_eq!((shop.event_count().await, shop.stock(tea).await), (events, (10, 4)));

    let placed = shop.buy(&[(tea, 2)], "pending").await.unwrap();
    notify(&shop, &placed, "decline").await;
    notify(&shop, &placed, "approve").await;
    let declined = reload(&shop, &placed.order).await;
    assert_eq!(
        (declined.status, declined.cancel_reason),
        (OrderStatus::Cancelled, Some(CancelReason::PaymentDeclined))
    );
    assert_eq!(shop.stock(tea).await, (10, 4));
    shop.check_movements().await;
}

async fn a_webhook_that_is_not_believed_changes_nothing(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 10, 0).await;
    let placed = shop.buy(&[(tea, 4)], "pending").await.unwrap();
    let body = format!("{} approve", placed.order.payment.id);
    let (checkout, system) = (&shop.app.checkout, Actor::system());
    let unsigned = checkout.receive_webhook(&system, &Provider::code(), None, body.as_bytes()).await.unwrap();
    assert_eq!(unsigned, Err(WebhookError::Signature));
    let malformed = checkout.receive_webhook(&system, &Provider::code(), Some("signed"), b"\xff").await.unwrap();
    assert_eq!(malformed, Err(WebhookError::Malformed));
    let unknown = format!("{} approve", id::<comptoir_domain::ids::PaymentId>(9));
    let ignored = checkout.receive_webhook(&system, &Provider::code(), Some("signed"), unknown.as_bytes()).await;
    assert_eq!(ignored.unwrap(), Ok(()));
    assert_eq!(reload(&shop, &placed.order).await, placed.order);
}

async fn an_order_that_waits_too_long_gives_its_stock_back(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 10, 0).await;
    let (cart, holder) = shop.full_cart(&[(tea, 4)]).await;
    let placed = shop.app.checkout.place(&holder, shop.placement(cart, "pending")).await.unwrap();
    let resume = async || shop.app.checkout.resume_pending(&Actor::system()).await.unwrap();
    assert_eq!(resume().await, 0, "too soon to look");
    shop.clock.advance(TimeDelta::minutes(30));
    assert_eq!(resume().await, 0, "thirty minutes, and not one moment more");
    assert_eq!(shop.stock(tea).await, (10, 4));

    shop.clock.advance(TimeDelta::microseconds(1));
    assert_eq!((resume().await, resume().await), (1, 0));
    let expired = reload(&shop, &placed.order).await;
    assert_eq!((expired.status, expired.cancel_reason), (OrderStatus::Cancelled, Some(CancelReason::PaymentExpired)));
    assert_eq!(expired.payment.state, PaymentState::Voided);
    assert_eq!(shop.stock(tea).await, (10, 0));
    assert_eq!(shop.app.carts.view(&holder, cart).await.unwrap().cart.state, CartState::Active);
    notify(&shop, &placed, "approve").await;
    let paid_late = reload(&shop, &placed.order).await;
    assert_eq!((paid_late.status, paid_late.payment.state), (OrderStatus::Cancelled, PaymentState::Captured));
    assert_eq!(shop.stock(tea).await, (10, 0));
    shop.check_movements().await;
}

async fn a_provider_that_failed_is_asked_again_for_the_same_payment(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 10, 0).await;
    shop.provider.failures.store(2, Ordering::Relaxed);
    let (cart, holder) = shop.full_cart(&[(tea, 1)]).await;
    let placement = shop.placement(cart, "approve");
    let placed = shop.app.checkout.place(&holder, placement.clone()).await.unwrap();
    assert_eq!(placed.order.status, OrderStatus::Pending);
    assert_eq!(placed.order.payment.state, PaymentState::Initiated { token: Some("approve".to_owned()) });
    let again = shop.app.checkout.place(&holder, placement).await.unwrap();
    assert_eq!((again.is_replay, again.order.status), (true, OrderStatus::Pending));

    shop.clock.advance(TimeDelta::seconds(31));
    assert_eq!(shop.app.checkout.resume_pending(&Actor::system()).await.unwrap(), 1);
    let settled = reload(&shop, &placed.order).await;
    assert_eq!((settled.status, settled.payment.state), (OrderStatus::Open, PaymentState::Captured));
    assert_eq!(*shop.provider.asked.lock().unwrap(), [placed.order.payment.id; 3]);
    assert_eq!(shop.stock(tea).await, (10, 1));
}

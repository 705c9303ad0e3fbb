//! The contract of the event bus.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{env, future::Future, time::Duration};

use comptoir_domain::{
    event::{DomainEvent, EventBus, EventKind, EventStream, RecordedEvent, Topic},
    ids::{CartId, Id, IdSource, OrderId, ProductId},
};
use comptoir_infra::{
    bus::{InProcessBus, NatsBus},
    system::UuidSource,
};
use futures_util::StreamExt;
use tokio::time::timeout;

/// Long enough for any machine; only a failing test waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server for the tests, or a word about those that are left out.
#[expect(clippy::disallowed_methods, reason = "whoever starts the servers says where they are")]
pub(crate) fn nats_url() -> Option<String> {
    let url = env::var("COMPTOIR_TEST_NATS_URL").ok();
    if url.is_none() {
        eprintln!("SKIPPED: NATS contract: COMPTOIR_TEST_NATS_URL is not set");
    }
    url
}

/// A cart nobody else has.
pub(crate) fn new_cart() -> Topic {
    Topic::Cart(CartId::new(&UuidSource))
}

pub(crate) fn event(topic: Topic, position: i64) -> RecordedEvent {
    let occurred_at = "2026-11-22T10:00:00.123456Z".parse().unwrap();
    let event = DomainEvent { topic, kind: EventKind::CartUpdated, sequence: 7, occurred_at };
    RecordedEvent { position, event }
}

/// `work`, which must end before patience does.
pub(crate) async fn soon<T>(work: impl Future<Output = T>) -> T {
    timeout(PATIENCE, work).await.unwrap()
}

/// The next item of `stream`.
pub(crate) async fn next(stream: &mut EventStream) -> Option<RecordedEvent> {
    soon(stream.next()).await.unwrap()
}

macro_rules! bus_contract {
    ($($name:ident),+ $(,)?) => {
        mod in_process {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&super::InProcessBus::default()).await;
            })+
        }

        mod over_nats {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(url) = super::nats_url() {
                    super::$name(&super::NatsBus::connect(&url).await.unwrap()).await;
                }
            })+
        }
    };
}

bus_contract!(
    events_arrive_whole_and_in_order,
    a_listener_hears_its_own_topic_alone,
    a_listener_hears_from_subscribing_on,
    many_listeners_all_hear,
    many_topics_each_have_their_listener,
    a_slow_listener_is_told_and_goes_on,
    those_who_leave_do_not_disturb_the_others,
    publishing_what_nobody_follows_is_fine,
);

async fn events_arrive_whole_and_in_order(bus: &dyn EventBus) {
    let topics = [new_cart(), Topic::Order(OrderId::new(&UuidSource)), Topic::Product(ProductId::new(&UuidSource))];
    for topic in topics {
        let mut stream = bus.subscribe(topic).await.unwrap();
        let events: Vec<_> = (1..=20).map(|it| event(topic, it)).collect();
        bus.publish(&events[..10]).await.unwrap();
        for single in &events[10..] {
            bus.publish(std::slice::from_ref(single)).await.unwrap();
        }
        for expected in events {
            assert_eq!(next(&mut stream).await, Some(expected));
        }
    }
}

async fn a_listener_hears_its_own_topic_alone(bus: &dyn EventBus) {
    let id = UuidSource.uuid();
    let (cart, order) = (Topic::Cart(CartId::from_uuid(id)), Topic::Order(OrderId::from_uuid(id)));
    let mut stream = bus.subscribe(cart).await.unwrap();
    bus.publish(&[event(order, 1), event(new_cart(), 2), event(cart, 3)]).await.unwrap();
    assert_eq!(next(&mut stream).await, Some(event(cart, 3)));
}

async fn a_listener_hears_from_subscribing_on(bus: &dyn EventBus) {
    for _ in 0..50 {
        let topic = new_cart();
        let mut early = bus.subscribe(topic).await.unwrap();
        bus.publish(&[event(topic, 1)]).await.unwrap();
        assert_eq!(next(&mut early).await, Some(event(topic, 1)));
        let mut late = bus.subscribe(topic).await.unwrap();
        bus.publish(&[event(topic, 2)]).await.unwrap();
        assert_eq!(next(&mut early).await, Some(event(topic, 2)));
        assert_eq!(next(&mut late).await, Some(event(topic, 2)));
    }
}

async fn many_listeners_all_hear(bus: &dyn EventBus) {
    let topic = new_cart();
    let mut streams = Vec::new();
    for _ in 0..20_000 {
        streams.push(bus.subscribe(topic).await.unwrap());
    }
    bus.publish(&[event(topic, 1), event(topic, 2)]).await.unwrap();
    for stream in &mut streams {
        assert_eq!(next(stream).await, Some(event(topic, 1)));
        assert_eq!(next(stream).await, Some(event(topic, 2)));
    }
}

async fn many_topics_each_have_their_listener(bus: &dyn EventBus) {
    let topics: Vec<_> = (0..2000).map(|_| new_cart()).collect();
    let mut streams = Vec::new();
    for topic in &topics {
        streams.push(bus.subscribe(*topic).await.unwrap());
    }
    let events: Vec<_> = (1..).zip(&topics).map(|(position, topic)| event(*topic, position)).collect();
    bus.publish(&events).await.unwrap();
    for (stream, expected) in streams.iter_mut().zip(events) {
        assert_eq!(next(stream).await, Some(expected));
    }
}

async fn a_slow_listener_is_told_and_goes_on(bus: &dyn EventBus) {
    let topic = new_cart();
    let mut slow = bus.subscribe(topic).await.unwrap();
    let mut quick = bus.subscribe(topic).await.unwrap();
    for position in 1..=500 {
        bus.publish(&[event(topic, position)]).await.unwrap();
        assert_eq!(next(&mut quick).await, Some(event(topic, position)));
    }
    assert_eq!(next(&mut slow).await, None);
    bus.publish(&[event(topic, 501)]).await.unwrap();
    let mut last = None;
    while last.as_ref().is_none_or(|it: &RecordedEvent| it.position < 501) {
        last = next(&mut slow).await;
        assert!(last.is_some(), "the gap is told once");
    }
    assert_eq!(last, Some(event(topic, 501)));
}

async fn those_who_leave_do_not_disturb_the_others(bus: &dyn EventBus) {
    let topic = new_cart();
    let mut stays = bus.subscribe(topic).await.unwrap();
    for position in 1..=50 {
        let leaves = bus.subscribe(topic).await.unwrap();
        bus.publish(&[event(topic, position)]).await.unwrap();
        drop(leaves);
        assert_eq!(next(&mut stays).await, Some(event(topic, position)));
    }
    drop(stays);
    bus.publish(&[event(topic, 51)]).await.unwrap();
    let mut again = bus.subscribe(topic).await.unwrap();
    bus.publish(&[event(topic, 52)]).await.unwrap();
    assert_eq!(next(&mut again).await, Some(event(topic, 52)));
}

async fn publishing_what_nobody_follows_is_fine(bus: &dyn EventBus) {
    bus.publish(&[]).await.unwrap();
    let events: Vec<_> = (1..=1000).map(|it| event(new_cart(), it)).collect();
    bus.publish(&events).await.unwrap();
}

//! The event bus between replicas, over NATS.

mod address;
mod link;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use comptoir_domain::{
    event::{BusError, EventBus, EventStream, RecordedEvent, Topic},
    storage::BoxError,
};
use futures_util::StreamExt;
use tokio::sync::{OnceCell, broadcast};
use tokio_util::task::AbortOnDropHandle;

use self::link::Link;
use super::fanout::{Fanout, Item};

/// How long [`NatsBus::connect`] may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// The task that takes one topic's events from NATS; there once the server knows that we listen.
type Source = OnceCell<AbortOnDropHandle<()>>;

/// Carries events to all replicas that are connected to the same NATS server: one subject per topic
/// (`comptoir.cart.cart_…`), each event as JSON. However many listen to a topic here, NATS sends each event once.
///
/// A lost connection comes back by itself; until then publishing fails. After it came back, all listeners are told
/// that they may have missed something.
pub struct NatsBus {
    link: Arc<Link>,
    fanout: Arc<Fanout<Source>>,
    _resync: AbortOnDropHandle<()>,
}

impl NatsBus {
    /// Connects to the server at `url`: `nats://host:4222`, or `tls://…`, with `user:password@` or `token@` before the
    /// host where the server asks for them.
    ///
    /// # Errors
    /// [`BusError`]: an address that is none, or a server that does not answer within ten seconds or refuses.
    /// No error shows the user, password or token.
    pub async fn connect(url: &str) -> Result<Self, BusError> {
        let link = Arc::new(Link::open(url, CONNECT_WITHIN).await.map_err(BusError)?);
        let fanout = Arc::new(Fanout::default());
        let resync = tokio::spawn(resync(Arc::clone(&link), Arc::clone(&fanout)));
        Ok(Self { link, fanout, _resync: AbortOnDropHandle::new(resync) })
    }

    /// Subscribes to `topic`, and hands what comes to `listeners`.
    async fn follow(
        &self,
        topic: Topic,
        listeners: broadcast::Sender<Item>,
    ) -> Result<AbortOnDropHandle<()>, BoxError> {
        let mut messages = self.link.subscribe(subject(topic)).await?;
        Ok(AbortOnDropHandle::new(tokio::spawn(async move {
            while let Some(message) = messages.next().await {
                // What cannot be read, from a newer replica, is something that was missed.
                let _ = listeners.send(serde_json::from_slice(&message.payload).ok());
            }
        })))
    }
}

#[async_trait]
impl EventBus for NatsBus {
    async fn publish(&self, events: &[RecordedEvent]) -> Result<(), BusError> {
        let messages = events.iter().map(|it| Ok((subject(it.event.topic), serde_json::to_vec(it)?)));
        let messages: Result<Vec<_>, serde_json::Error> = messages.collect();
        let messages = messages.map_err(|it| BusError(it.into()))?;
        self.link.publish(messages).await.map_err(BusError)
    }

    async fn subscribe(&self, topic: Topic) -> Result<EventStream, BusError> {
        let listener = self.fanout.listen(topic);
        let follow = || self.follow(topic, listener.sender());
        listener.source().get_or_try_init(follow).await.map_err(BusError)?;
        Ok(listener.into_stream())
    }
}

async fn resync(link: Arc<Link>, fanout: Arc<Fanout<Source>>) {
    loop {
        link.gap().await;
        fanout.resync();
    }
}

fn subject(topic: Topic) -> String {
    match topic {
        Topic::Cart(id) => format!("comptoir.cart.{id}"),
        Topic::Customer(id) => format!("comptoir.customer.{id}"),
        Topic::Device(id) => format!("comptoir.device.{id}"),
        Topic::Order(id) => format!("comptoir.order.{id}"),
        Topic::Product(id) => format!("comptoir.product.{id}"),
        Topic::Search => "comptoir.search".to_owned(),
        Topic::SignIn(id) => format!("comptoir.sign_in.{id}"),
    }
}

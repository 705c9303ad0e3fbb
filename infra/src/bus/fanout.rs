//! One broadcast channel per topic that somebody follows.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use comptoir_domain::event::{EventStream, RecordedEvent, Topic};
use futures_util::stream;
use tokio::sync::broadcast::{self, error::RecvError};

/// An event, or `None` where some were missed.
pub(super) type Item = Option<RecordedEvent>;

/// How many events a listener may be behind before it misses some. Each topic holds that many places, of about 80 bytes.
const CAPACITY: usize = 32;

type Feeds<S> = RwLock<HashMap<Topic, Arc<Feed<S>>>>;

/// The channel of one topic, and what fills it where that is not this process.
struct Feed<S> {
    sender: broadcast::Sender<Item>,
    source: S,
}

/// The channels of all topics that somebody follows: made for the first listener, dropped with the last.
pub(super) struct Fanout<S> {
    feeds: Arc<Feeds<S>>,
}

impl<S> Default for Fanout<S> {
    fn default() -> Self {
        Self { feeds: Arc::default() }
    }
}

impl<S: Default + Send + Sync + 'static> Fanout<S> {
    /// Listens to `topic` from now on.
    pub(super) fn listen(&self, topic: Topic) -> Listener<S> {
        let mut feeds = self.feeds.write().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Feed { sender: broadcast::Sender::new(CAPACITY), source: S::default() });
        let feed = Arc::clone(feeds.entry(topic).or_insert_with(new));
        let receiver = feed.sender.subscribe();
        Listener { receiver, place: Place { topic, feed, feeds: Arc::clone(&self.feeds) } }
    }

    /// Hands `event` to those who follow its topic.
    pub(super) fn send(&self, event: &RecordedEvent) {
        let feeds = self.feeds.read().unwrap_or_else(PoisonError::into_inner);
        let feed = feeds.get(&event.event.topic).cloned();
        // Waking thousands of listeners takes a while.
        drop(feeds);
        if let Some(feed) = feed {
            let _ = feed.sender.send(Some(event.clone()));
        }
    }

    /// Tells every listener that it may have missed something.
    pub(super) fn resync(&self) {
        let feeds = self.feeds.read().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<_> = feeds.values().cloned().collect();
        drop(feeds);
        for feed in all {
            let _ = feed.sender.send(None);
        }
    }
}

/// One who listens to a topic.
pub(super) struct Listener<S> {
    // Before `place`, which looks for receivers that are left when it is dropped.
    receiver: broadcast::Receiver<Item>,
    place: Place<S>,
}

impl<S: Send + Sync + 'static> Listener<S> {
    /// What fills the channel of this topic.
    pub(super) fn source(&self) -> &S {
        &self.place.feed.source
    }

    /// Where to put events for all who listen to this topic.
    pub(super) fn sender(&self) -> broadcast::Sender<Item> {
        self.place.feed.sender.clone()
    }

    /// The events, until it is dropped.
    pub(super) fn into_stream(self) -> EventStream {
        Box::pin(stream::unfold(self, |mut listener| async move { Some((listener.next().await?, listener)) }))
    }

    async fn next(&mut self) -> Option<Item> {
        match self.receiver.recv().await {
            Ok(item) => Some(item),
            Err(RecvError::Lagged(_)) => {
                // One look at the whole makes up for what is still in the channel too.
                self.receiver = self.receiver.resubscribe();
                Some(None)
            }
            Err(RecvError::Closed) => None,
        }
    }
}

/// Keeps the channel of a topic, and takes it away when nobody listens any more.
struct Place<S> {
    topic: Topic,
    feed: Arc<Feed<S>>,
    feeds: Arc<Feeds<S>>,
}

impl<S> Drop for Place<S> {
    fn drop(&mut self) {
        let mut feeds = self.feeds.write().unwrap_or_else(PoisonError::into_inner);
        // The channel in the map may be a later one, with listeners.
        if feeds.get(&self.topic).is_some_and(|it| it.sender.receiver_count() == 0) {
            feeds.remove(&self.topic);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use comptoir_domain::ids::{CartId, Id};
    use uuid::Uuid;

    use super::*;

    fn topic(number: u128) -> Topic {
        Topic::Cart(CartId::from_uuid(Uuid::from_u128(number)))
    }

    #[test]
    fn a_channel_is_there_while_somebody_listens() {
        let fanout = Fanout::<()>::default();
        let topics = || fanout.feeds.read().unwrap().len();
        let (first, second, other) =
            (fanout.listen(topic(1)), fanout.listen(topic(1)).into_stream(), fanout.listen(topic(2)));
        assert_eq!(topics(), 2);
        drop(first);
        assert_eq!(topics(), 2);
        drop(second);
        assert_eq!(topics(), 1);
        drop(other);
        assert_eq!(topics(), 0);
    }

    #[test]
    fn no_channel_is_left_whatever_the_order_of_those_who_come_and_go() {
        let fanout = Fanout::<()>::default();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for round in 0..5000 {
                        let (first, second) = (fanout.listen(topic(round % 3)), fanout.listen(topic(round % 2)));
                        assert!(fanout.feeds.read().unwrap().contains_key(&topic(round % 3)));
                        drop(first);
                        drop(second);
                    }
                });
            }
        });
        assert!(fanout.feeds.read().unwrap().is_empty());
    }
}

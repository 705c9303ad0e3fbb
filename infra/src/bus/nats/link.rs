//! A connection to a NATS server that comes back by itself.

use std::{
    future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_nats::{Client, Event, Subscriber, connection::State};
use comptoir_domain::storage::BoxError;
use futures_util::StreamExt;
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

use super::address;

/// How long the server may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// How often a silent server is asked whether it is there; the second silence ends the connection.
const PING_EVERY: Duration = Duration::from_secs(10);
/// How long to wait after a failure before the next try: longer from try to try, up to a second.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(100);
const TRY_AGAIN_AFTER_MAX: Duration = Duration::from_secs(1);

/// A connection, and what became of it.
pub(super) struct Link {
    client: Client,
    signals: Arc<Signals>,
}

#[derive(Default)]
struct Signals {
    was_connected: AtomicBool,
    /// The connection broke.
    lost: Notify,
    /// Messages may have been missed.
    gap: Notify,
}

impl Signals {
    fn hear(&self, event: &Event) {
        match event {
            Event::Disconnected => self.lost.notify_waiters(),
            Event::Connected if !self.was_connected.swap(true, Ordering::Relaxed) => {}
            Event::Connected | Event::SlowConsumer(_) => self.gap.notify_one(),
            _ => {}
        }
    }
}

impl Link {
    /// Connects to the server at `url`.
    pub(super) async fn open(url: &str, within: Duration) -> Result<Self, BoxError> {
        let (server, options) = address::split(url)?;
        let signals = Arc::new(Signals::default());
        let ears = Arc::clone(&signals);
        let options = options
            .name("comptoir")
            // Beside the topics, so that one permission covers all.
            .custom_inbox_prefix("comptoir.inbox")
            .connection_timeout(within)
            .ping_interval(PING_EVERY)
            .reconnect_delay_callback(|tries| match u32::try_from(tries) {
                Ok(0 | 1) => Duration::ZERO,
                Ok(tries) => TRY_AGAIN_AFTER.saturating_mul(tries).min(TRY_AGAIN_AFTER_MAX),
                Err(_) => TRY_AGAIN_AFTER_MAX,
            })
            .event_callback(move |event| {
                ears.hear(&event);
                future::ready(())
            });
        // Names are looked up outside of the client's own timeout.
        let client =
            timeout(within, options.connect(server)).await.map_err(|_| "the server did not answer in time")??;
        Ok(Self { client, signals })
    }

    /// Publishes `messages`, each a subject and a payload, in order, and waits until the server has them.
    pub(super) async fn publish(&self, messages: Vec<(String, Vec<u8>)>) -> Result<(), BoxError> {
        if messages.is_empty() {
            return Ok(());
        }
        let publish = async {
            let connection = self.connection();
            for (subject, payload) in messages {
                self.client.publish(subject, payload.into()).await?;
            }
            self.round_trip().await?;
            // On another connection, the answer says nothing of what was sent on the first.
            if self.connection() == connection { Ok(()) } else { Err("the connection broke".into()) }
        };
        self.while_connected(publish).await
    }

    /// Subscribes to `subject`, and waits until the server knows.
    pub(super) async fn subscribe(&self, subject: String) -> Result<Subscriber, BoxError> {
        let subscribe = async {
            let subscriber = self.client.subscribe(subject).await?;
            self.round_trip().await?;
            Ok(subscriber)
        };
        self.while_connected(subscribe).await
    }

    /// Waits until messages may have been missed, and then until the server knows all our subscriptions again.
    pub(super) async fn gap(&self) {
        self.signals.gap.notified().await;
        while !matches!(timeout(ANSWER_WITHIN, self.round_trip()).await, Ok(Ok(()))) {
            sleep(TRY_AGAIN_AFTER).await;
        }
    }

    /// What `work` gives; an error where there is no connection, it breaks, or the server does not answer.
    async fn while_connected<T>(&self, work: impl Future<Output = Result<T, BoxError>>) -> Result<T, BoxError> {
        let lost = self.signals.lost.notified();
        if self.client.connection_state() != State::Connected {
            return Err("not connected to the NATS server".into());
        }
        tokio::select! {
            done = timeout(ANSWER_WITHIN, work) => done?,
            () = lost => Err("the connection broke".into()),
        }
    }

    /// Which connection this is, counted from the first.
    fn connection(&self) -> u64 {
        self.client.statistics().connects.load(Ordering::Relaxed)
    }

    /// Sends a message to ourselves. The server works in order, so it has done all we sent before when it arrives.
    ///
    /// The client's own `flush` only writes to the socket.
    async fn round_trip(&self) -> Result<(), BoxError> {
        let inbox = self.client.new_inbox();
        let mut echo = self.client.subscribe(inbox.clone()).await?;
        self.client.publish(inbox, Vec::new().into()).await?;
        echo.next().await.map(drop).ok_or_else(|| "the connection was closed".into())
    }
}

#[cfg(test)]
mod tests {
    use std::{error::Error, time::Instant};

    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_server_that_says_nothing_is_given_up() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("nats://{}", silent.local_addr().unwrap());
        let start = Instant::now();
        assert!(Link::open(&url, Duration::from_millis(200)).await.is_err());
        assert!((Duration::from_millis(200)..Duration::from_secs(5)).contains(&start.elapsed()));
    }

    #[tokio::test]
    async fn an_error_tells_no_password() {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let error =
            Link::open(&format!("nats://shop:s3cret@{free}"), Duration::from_secs(5)).await.map(drop).unwrap_err();
        let mut text = format!("{error:?}");
        let mut cause: Option<&dyn Error> = Some(&*error);
        while let Some(error) = cause {
            text += &error.to_string();
            cause = error.source();
        }
        assert!(!text.contains("s3cret"), "{text}");
    }
}

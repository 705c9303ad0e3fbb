//! Results as server-sent events, in the distinct connections mode of the graphql-sse protocol.

use std::{future::pending, io, time::Duration};

use futures_util::{
    StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use poem::{Body, Response, http::header};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{
    gateway::Event,
    metrics::Open,
    negotiate::Media,
    wire::{Wire, json},
};

/// What ends a stream before its events do.
pub(super) struct End {
    /// The server stops.
    pub(super) shutdown: CancellationToken,
    /// How long the session is valid.
    pub(super) expires_in: Option<Duration>,
    /// The session ends before that.
    pub(super) ended: BoxFuture<'static, ()>,
}

/// Streams `events` as `next` events and one `complete` event after the last.
///
/// At an [`End`] the stream ends without `complete`, so that clients connect again.
pub(super) fn respond(events: BoxStream<'static, Event>, keep_alive: Duration, end: End, open: Open) -> Response {
    let End { shutdown, expires_in, ended } = end;
    let mut ticks = interval_at(Instant::now(), keep_alive);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let frames = stream::unfold(
        Some(Frames {
            events,
            expires_at: expires_in.and_then(|expires_in| Instant::now().checked_add(expires_in)),
            ended,
            ticks,
            shutdown,
            _open: open,
        }),
        |frames| async move {
            let mut frames = frames?;
            let (text, over) = frames.next().await?;
            Some((Ok::<_, io::Error>(text), (!over).then_some(frames)))
        },
    );
    Response::builder()
        .header(header::CONTENT_TYPE, Media::EventStream.content_type())
        .header(header::CACHE_CONTROL, "no-store")
        .header("x-accel-buffering", "no")
        .body(Body::from_bytes_stream(frames))
}

struct Frames {
    events: BoxStream<'static, Event>,
    expires_at: Option<Instant>,
    ended: BoxFuture<'static, ()>,
    ticks: Interval,
    shutdown: CancellationToken,
    _open: Open,
}

impl Frames {
    /// The text to send next, and whether it is the last; `None` to end without a word.
    async fn next(&mut self) -> Option<(String, bool)> {
        tokio::select! {
            biased;
            () = self.shutdown.cancelled() => None,
            () = expiry(self.expires_at) => None,
            () = &mut self.ended => None,
            event = self.events.next() => Some(match event {
                Some(event) => (format!("event: next\ndata: {}\n\n", json(&Wire(&event.into_response()))), false),
                // A browser drops events without a data line.
                None => ("event: complete\ndata:\n\n".to_owned(), true),
            }),
            _ = self.ticks.tick() => Some((":\n\n".to_owned(), false)),
        }
    }
}

async fn expiry(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => pending().await,
    }
}

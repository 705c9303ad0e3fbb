//! One socket from upgrade to close: the protocol's states, its timers, and the operations it runs.

use std::{collections::HashMap, io, net::IpAddr, panic::AssertUnwindSafe, time::Duration};

use async_graphql::{Executor, Request, Response, ServerError};
use futures_util::{
    FutureExt, Sink, SinkExt, Stream, StreamExt,
    future::{BoxFuture, pending},
};
use poem::web::websocket::Message;
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::{
    sync::mpsc,
    time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until, timeout},
};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

use super::{
    super::{
        connection::Connection,
        error::{internal, limit_exceeded, log_panic},
        gateway::{Caller, Event, Gateway, refused},
        metrics::{Lasting, Transport},
        session::{Credentials, SessionError, Sessions},
        wire::{Wire, json},
    },
    message::{Close, Incoming, Outgoing, read},
};

/// Serves `gateway` on `stream` until one side closes it or the server shuts down.
pub(super) async fn serve<E, S, T>(
    gateway: Gateway<E, S>,
    mut stream: T,
    speaks_protocol: bool,
    presented: Presented,
    connection: Connection,
) where
    E: Executor,
    S: Sessions,
    T: Stream<Item = io::Result<Message>> + Sink<Message, Error = io::Error> + Unpin + Send,
{
    let _open = gateway.metrics().open(Lasting::Socket);
    let end = if speaks_protocol {
        Socket::new(gateway, &mut stream, presented, connection.clone()).run().await
    } else {
        End::Close(Close::subprotocol())
    };
    let farewell = async {
        match end {
            End::Close(Close { code, reason }) => stream.send(Message::close_with(code, reason)).await?,
            End::Closed => {}
            End::Gone => return Ok(()),
        }
        // Reading on answers the peer's close frame and waits for its answer to ours.
        while stream.next().await.is_some_and(|message| message.is_ok()) {}
        Ok::<_, io::Error>(())
    };
    let _ = timeout(CLOSE_TIMEOUT, farewell).await;
}

/// What came with the upgrade: credentials, and the client's address.
type Presented = (Credentials, Option<IpAddr>);

/// Longest wait for the closing handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// How a socket ends.
enum End {
    /// The server closes it.
    Close(Close),
    /// The peer closes it.
    Closed,
    /// The peer is gone, or takes no more.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

/// A message of an operation, on its way to the writer.
struct Produced {
    id: String,
    /// Which of the operations that had this id, one after the other.
    serial: u64,
    text: String,
    last: bool,
}

/// A running operation, stopped when dropped.
struct Running {
    serial: u64,
    _task: AbortOnDropHandle<()>,
}

struct Socket<'a, E, S: Sessions, T> {
    gateway: Gateway<E, S>,
    stream: &'a mut T,
    presented: Presented,
    connection: Connection,
    /// `Some` once the connection is acknowledged.
    caller: Option<Caller<S::Session>>,
    operations: HashMap<String, Running>,
    serial: u64,
    produced: (mpsc::Sender<Produced>, mpsc::Receiver<Produced>),
    pings: Interval,
    /// Whether the peer sent anything since the last ping.
    heard: bool,
    /// When an unacknowledged connection times out, then when the session expires.
    deadline: Option<Instant>,
    /// Ends when the session does before that.
    ended: BoxFuture<'static, ()>,
}

impl<'a, E, S, T> Socket<'a, E, S, T>
where
    E: Executor,
    S: Sessions,
    T: Stream<Item = io::Result<Message>> + Sink<Message, Error = io::Error> + Unpin + Send,
{
    fn new(gateway: Gateway<E, S>, stream: &'a mut T, presented: Presented, connection: Connection) -> Self {
        let limits = gateway.limits();
        let mut pings = interval_at(Instant::now() + limits.ws_ping_interval, limits.ws_ping_interval);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let produced = mpsc::channel(limits.ws_backlog);
        let deadline = Some(Instant::now() + limits.ws_init_timeout);
        Self {
            gateway,
            stream,
            presented,
            connection,
            caller: None,
            operations: HashMap::new(),
            serial: 0,
            produced,
            pings,
            heard: true,
            deadline,
            ended: Box::pin(pending()),
        }
    }

    async fn run(mut self) -> End {
        loop {
            let deadline = self.deadline;
            let step = tokio::select! {
                () = self.connection.shutdown.cancelled() => Err(Close::going_away().into()),
                () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => Err(self.timed_out()),
                () = &mut self.ended => Err(Close::forbidden().into()),
                _ = self.pings.tick() => self.ping().await,
                message = self.stream.next() => self.receive(message).await,
                Some(produced) = self.produced.1.recv() => self.deliver(produced).await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    fn timed_out(&self) -> End {
        let close = if self.caller.is_some() { Close::forbidden() } else { Close::initialisation_timeout() };
        close.into()
    }

    async fn ping(&mut self) -> Result<(), End> {
        if !self.heard {
            return Err(Close::silent().into());
        }
        self.heard = false;
        self.send(Outgoing::Ping).await
    }

    async fn receive(&mut self, message: Option<io::Result<Message>>) -> Result<(), End> {
        self.heard = true;
        match message {
            Some(Ok(Message::Text(text))) => self.handle(read(&text)?).await,
            Some(Ok(Message::Binary(_))) => Err(Close::invalid("Messages are text").into()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            // The library names the cause only in words.
            Some(Err(error)) if error.to_string().contains("too long") => Err(Close::too_long().into()),
            Some(Ok(Message::Close(_))) => Err(End::Closed),
            Some(Err(_)) | None => Err(End::Gone),
        }
    }

    async fn handle(&mut self, message: Incoming) -> Result<(), End> {
        match message {
            Incoming::ConnectionInit { payload } => self.initialise(payload.unwrap_or_default()).await,
            Incoming::Ping { payload } => self.send(Outgoing::Pong { payload }).await,
            Incoming::Pong { .. } => Ok(()),
            Incoming::Subscribe { id, payload } => self.subscribe(id, payload.into()).await,
            Incoming::Complete { id } => {
                self.operations.remove(&id);
                Ok(())
            }
        }
    }

    async fn initialise(&mut self, payload: Map<String, Value>) -> Result<(), End> {
        if self.caller.is_some() {
            return Err(Close::too_many_initialisations().into());
        }
        let (credentials, address) = std::mem::take(&mut self.presented);
        let credentials = credentials.overridden_by(&payload);
        let caller =
            self.gateway.open(credentials, address, Transport::WebSocket).await.map_err(|error| match error {
                SessionError::Unauthenticated { .. } => Close::forbidden(),
                SessionError::Invalid { message } => Close::invalid(message),
                SessionError::Unavailable => Close::unavailable(),
            })?;
        let expires_in = self.gateway.sessions().expires_in(&caller.session);
        self.deadline = expires_in.and_then(|expires_in| Instant::now().checked_add(expires_in));
        self.ended = self.gateway.sessions().ended(&caller.session);
        self.caller = Some(caller);
        self.send(Outgoing::ConnectionAck).await
    }

    async fn subscribe(&mut self, id: String, request: Request) -> Result<(), End> {
        let Some(caller) = self.caller.clone() else {
            return Err(Close::unauthorized().into());
        };
        if self.operations.contains_key(&id) {
            return Err(Close::subscriber_exists(&id).into());
        }
        let operations_max = self.gateway.limits().ws_operations;
        if self.operations.len() >= operations_max {
            let error = limit_exceeded("operations", self.operations.len() + 1, operations_max);
            return self.write(error_message(&id, &refused(error))).await;
        }
        self.serial += 1;
        let producer = Producer { id: id.clone(), serial: self.serial, to: self.produced.0.clone() };
        let operation = operate(self.gateway.clone(), caller, request, producer);
        let task = AbortOnDropHandle::new(tokio::spawn(operation.in_current_span()));
        self.operations.insert(id, Running { serial: self.serial, _task: task });
        Ok(())
    }

    /// Sends a message of an operation, unless the client completed that operation meanwhile.
    async fn deliver(&mut self, produced: Produced) -> Result<(), End> {
        if self.operations.get(&produced.id).is_none_or(|running| running.serial != produced.serial) {
            return Ok(());
        }
        if produced.last {
            self.operations.remove(&produced.id);
        }
        self.write(produced.text).await
    }

    async fn send(&mut self, message: Outgoing<'_, ()>) -> Result<(), End> {
        self.write(json(&message)).await
    }

    async fn write(&mut self, text: String) -> Result<(), End> {
        match timeout(self.gateway.limits().write_timeout, self.stream.send(Message::Text(text))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}

/// Where an operation's messages go.
struct Producer {
    id: String,
    serial: u64,
    to: mpsc::Sender<Produced>,
}

impl Producer {
    /// Waits until the writer has room; without one, the operation is about to be stopped anyway.
    async fn produce(&self, text: String, last: bool) {
        let _ = self.to.send(Produced { id: self.id.clone(), serial: self.serial, text, last }).await;
    }
}

/// Runs one operation to its last message; a panic is one as well.
async fn operate<E: Executor, S: Sessions>(
    gateway: Gateway<E, S>,
    caller: Caller<S::Session>,
    request: Request,
    producer: Producer,
) {
    let run = async {
        let admitted = gateway.admit(&caller, request);
        let mut events = gateway.events(admitted);
        while let Some(event) = events.next().await {
            match event {
                Event::Result(response) => {
                    let text = json(&Outgoing::Next { id: &producer.id, payload: Wire(&response) });
                    producer.produce(text, false).await;
                }
                Event::Refused(response) => {
                    return producer.produce(error_message(&producer.id, &response), true).await;
                }
            }
        }
        let complete: Outgoing<'_, ()> = Outgoing::Complete { id: &producer.id };
        producer.produce(json(&complete), true).await;
    };
    if let Err(panic) = AssertUnwindSafe(run).catch_unwind().await {
        log_panic("an operation of a socket", &*panic);
        producer.produce(error_message(&producer.id, &refused(internal())), true).await;
    }
}

/// The `error` message of an operation that did not run: its payload is the list of errors alone.
fn error_message(id: &str, response: &Response) -> String {
    json(&Outgoing::Error { id, payload: Errors(&response.errors) })
}

#[derive(Serialize)]
struct Errors<'a>(&'a [ServerError]);

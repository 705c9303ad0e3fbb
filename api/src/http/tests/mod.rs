//! The gateway over real sockets, with a small schema behind it.

mod client;
mod cors;
mod event_stream;
mod metrics;
mod over_http;
mod persisted;
mod server;
mod throttle;
mod toy;
mod websocket;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Gateway, Limits, Metrics, TrustedDocuments, routes, serve};

type ToyGateway = Gateway<toy::ToySchema, toy::ToySessions>;

/// No test waits for longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server on a port of its own, stopped when dropped.
struct Server {
    address: SocketAddr,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
    running: Option<JoinHandle<std::io::Result<()>>>,
    _stop: DropGuard,
}

impl Server {
    async fn start() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Limits)) -> Self {
        Self::with_origins(change, &[]).await
    }

    async fn with_origins(change: impl FnOnce(&mut Limits), origins: &[&str]) -> Self {
        Self::of(change, origins, |gateway| gateway).await
    }

    async fn trusting(documents: TrustedDocuments) -> Self {
        Self::of(|_| {}, &[], |gateway| gateway.with_trusted_documents(documents)).await
    }

    async fn of(
        change: impl FnOnce(&mut Limits),
        origins: &[&str],
        finish: impl FnOnce(ToyGateway) -> ToyGateway,
    ) -> Self {
        let mut limits = Limits::default();
        change(&mut limits);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let gateway = Gateway::new(toy::schema(), Arc::new(toy::ToySessions), limits.clone()).with_tariff(toy::TARIFF);
        let gateway = finish(gateway);
        let metrics = gateway.metrics();
        let origins: Vec<_> = origins.iter().map(|origin| (*origin).to_owned()).collect();
        let app = routes(gateway, &origins).at("/panic", toy::panicking);
        let stop = shutdown.clone();
        let running = tokio::spawn(async move { serve(listener, app, &limits, stop, |_, _| ()).await });
        Self { address, metrics, shutdown: shutdown.clone(), running: Some(running), _stop: shutdown.drop_guard() }
    }

    /// Shuts down and waits until the server has ended.
    async fn stop(&mut self) {
        self.shutdown.cancel();
        let running = self.running.take().unwrap();
        tokio::time::timeout(PATIENCE, running).await.unwrap().unwrap().unwrap();
    }
}

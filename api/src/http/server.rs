//! The server loop: bounded connections, timed heads and writes, and a shutdown that lets requests and sockets end.

use std::{convert::Infallible, io, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::{
    Endpoint, EndpointExt, IntoEndpoint, Response,
    http::{StatusCode, uri::Scheme},
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    connection::Connection,
    error::log_panic,
    limits::Limits,
    request_id::{JoinTrace, RequestId},
    write_timeout::WriteTimeout,
};

/// Pause after a failed accept: out of file descriptors, trying again at once would only burn a core.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `endpoint` on `listener` over HTTP/1.1 until `shutdown` is cancelled, then drains.
///
/// Draining: no new connections, requests under way are answered, sockets are closed with 1001; what is not over after
/// `limits.drain_timeout` is cut. HTTP/2 is left to the proxy that ends TLS.
///
/// # Errors
///
/// If the listener has no local address.
pub async fn serve(
    listener: TcpListener,
    endpoint: impl IntoEndpoint<Endpoint: 'static>,
    limits: &Limits,
    shutdown: CancellationToken,
    join_trace: JoinTrace,
) -> io::Result<()> {
    let server = Arc::new(Server {
        endpoint: endpoint.with(RequestId { join_trace }).map_to_response().into_endpoint(),
        local: LocalAddr(listener.local_addr()?.into()),
        header_read_timeout: limits.header_read_timeout,
        write_timeout: limits.write_timeout,
        shutdown,
        cut: CancellationToken::new(),
        open: TaskTracker::new(),
    });
    tracing::info!(address = %server.local.0, "listening");
    let connections = Arc::new(Semaphore::new(limits.connections));
    while let Some((stream, permit)) = server.accept(&listener, &connections).await {
        tokio::spawn(Arc::clone(&server).connection(stream, permit));
    }
    drop(listener);
    server.open.close();
    tracing::info!(open = server.open.len(), "shutting down");
    if timeout(limits.drain_timeout, server.open.wait()).await.is_err() {
        tracing::warn!(open = server.open.len(), "cutting what did not end in time");
        server.cut.cancel();
    }
    Ok(())
}

struct Server<E> {
    endpoint: E,
    local: LocalAddr,
    header_read_timeout: Duration,
    write_timeout: Duration,
    shutdown: CancellationToken,
    /// Cancelled when draining took too long.
    cut: CancellationToken,
    /// Counts open connections and sockets.
    open: TaskTracker,
}

impl<E: Endpoint<Output = Response> + 'static> Server<E> {
    /// The next connection once there is room for one; `None` at shutdown.
    async fn accept(
        &self,
        listener: &TcpListener,
        connections: &Arc<Semaphore>,
    ) -> Option<(TcpStream, OwnedSemaphorePermit)> {
        let next = async {
            let permit = Arc::clone(connections).acquire_owned().await.ok()?;
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => return Some((stream, permit)),
                    Err(error) => {
                        tracing::warn!(%error, "accepting a connection failed");
                        sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        };
        tokio::select! {
            biased;
            () = self.shutdown.cancelled() => None,
            accepted = next => accepted,
        }
    }

    async fn connection(self: Arc<Self>, stream: TcpStream, permit: OwnedSemaphorePermit) {
        let Ok(remote) = stream.peer_addr() else { return };
        // Small responses must not wait for the acknowledgement of earlier ones.
        let _ = stream.set_nodelay(true);
        let remote = RemoteAddr(remote.into());
        let handle = Connection::new(self.shutdown.clone(), &self.open, permit);
        let service = service_fn(|request: hyper::Request<Incoming>| {
            let request = (request, self.local.clone(), remote.clone(), Scheme::HTTP);
            self.respond(request.into(), handle.clone())
                .map(|response| Ok::<_, Infallible>(hyper::Response::from(response)))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.header_read_timeout)
            .serve_connection(TokioIo::new(WriteTimeout::new(stream, self.write_timeout)), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.shutdown.cancelled() => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = connection => ended,
                    () = self.cut.cancelled() => Ok(()),
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke");
        }
    }

    /// A panic outside of resolvers is an error of this request alone.
    async fn respond(&self, mut request: poem::Request, handle: Connection) -> Response {
        request.extensions_mut().insert(handle);
        let response = AssertUnwindSafe(self.endpoint.get_response(request)).catch_unwind().await;
        response.unwrap_or_else(|panic| {
            log_panic("an endpoint", &*panic);
            StatusCode::INTERNAL_SERVER_ERROR.into()
        })
    }
}

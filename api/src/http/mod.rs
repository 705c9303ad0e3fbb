//! The HTTP layer: GraphQL over HTTP, server-sent events and WebSocket, guarded and bounded, for any schema.
//!
//! [`routes`] are the endpoints of a [`Gateway`], [`serve`] the loop that serves them.

mod address;
mod body;
mod connection;
mod documents;
mod endpoint;
mod error;
mod error_path;
mod gateway;
mod graphiql;
mod guard;
mod limits;
mod metrics;
mod negotiate;
mod rate;
mod request_id;
mod server;
mod session;
mod sse;
mod tariff;
mod throttle;
mod wire;
mod write_timeout;
mod ws;

#[cfg(test)]
mod tests;

use std::time::Duration;

use async_graphql::Executor;
use poem::{
    EndpointExt, Request, Response, Route,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Cors,
};

use self::body::BodyError;
pub use self::{
    documents::{TrustedDocuments, TrustedDocumentsError},
    error_path::ErrorPaths,
    gateway::Gateway,
    limits::Limits,
    metrics::{Metrics, counters, gauge},
    request_id::JoinTrace,
    server::serve,
    session::{Credentials, DEFAULT_BODY_BYTES, DEFAULT_COST, SessionError, Sessions},
    tariff::Tariff,
};

/// Reads a body within limits of size and time, for routes beside GraphQL.
///
/// # Errors
/// The status to answer with.
pub(crate) async fn read_body(request: &mut Request, bytes_max: usize, time: Duration) -> Result<Vec<u8>, StatusCode> {
    body::read(request, bytes_max, time).await.map_err(|error| match error {
        BodyError::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
        BodyError::BrokenOff => StatusCode::BAD_REQUEST,
    })
}

/// `/graphql` and `/graphiql`; more routes may be added beside them.
///
/// `origins` are the web origins that browsers may call `/graphql` from; with none, any may. Credentials are headers that
/// a client sets itself, never cookies, so a foreign page has none to misuse. An origin that cannot be a header is left out.
pub fn routes<E: Executor, S: Sessions>(gateway: Gateway<E, S>, origins: &[String]) -> Route {
    let mut cors = Cors::new().allow_methods([Method::GET, Method::POST]).max_age(7_200);
    cors = cors.expose_header(request_id::X_REQUEST_ID).expose_header(header::RETRY_AFTER);
    for origin in origins.iter().filter(|origin| HeaderValue::from_str(origin).is_ok()) {
        cors = cors.allow_origin(origin.as_str());
    }
    let graphql = endpoint::GraphqlEndpoint { gateway }.with(cors).after(vary);
    graphiql::routes(Route::new().at("/graphql", graphql))
}

/// Says what responses depend on: the library knows only of the origin, and not for origins that are listed.
async fn vary(answered: poem::Result<Response>) -> poem::Result<Response> {
    answered.map(|mut response| {
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Origin"));
        response
    })
}

//! Gives every request an id: in its tracing span, and back to the client in `x-request-id`.

use std::time::Instant;

use poem::{
    Endpoint, IntoResponse, Middleware, Request, Response,
    http::{HeaderMap, HeaderName, HeaderValue},
};
use tracing::{Instrument, Span, field::Empty};
use uuid::Uuid;

pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id taken over from a client.
const ID_BYTES_MAX: usize = 64;

/// Makes the span of a request a part of the trace that its headers name.
pub type JoinTrace = fn(&Span, &HeaderMap);

/// The middleware.
pub(super) struct RequestId {
    pub(super) join_trace: JoinTrace,
}

impl<E: Endpoint> Middleware<E> for RequestId {
    type Output = RequestIdEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        RequestIdEndpoint { inner: endpoint, join_trace: self.join_trace }
    }
}

/// The endpoint with its requests numbered.
pub(super) struct RequestIdEndpoint<E> {
    inner: E,
    join_trace: JoinTrace,
}

impl<E: Endpoint> Endpoint for RequestIdEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let given = request.header(X_REQUEST_ID).filter(|id| is_sane(id)).map(str::to_owned);
        let id = given.unwrap_or_else(made);
        let (method, path) = (request.method(), request.uri().path());
        // Of the highest level, so that every line that is logged at all tells of which request it is.
        let span = tracing::error_span!(
            "request",
            otel.kind = "server",
            otel.name = %format_args!("{method} {path}"),
            id,
            %method,
            path,
            http.response.status_code = Empty,
        );
        (self.join_trace)(&span, request.headers());
        async {
            let began = Instant::now();
            let mut response = match self.inner.call(request).await {
                Ok(response) => response.into_response(),
                Err(error) => error.into_response(),
            };
            if let Ok(id) = HeaderValue::from_str(&id) {
                response.headers_mut().insert(X_REQUEST_ID, id);
            }
            let status = response.status().as_u16();
            Span::current().record("http.response.status_code", status);
            tracing::debug!(status, elapsed = ?began.elapsed(), "answered");
            Ok(response)
        }
        .instrument(span.clone())
        .await
    }
}

#[expect(clippy::disallowed_methods, reason = "the id names a request in logs, nothing of the domain")]
fn made() -> String {
    Uuid::now_v7().to_string()
}

/// Whether an id may go into logs as it is.
fn is_sane(id: &str) -> bool {
    (1..=ID_BYTES_MAX).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::is_sane;

    #[test]
    fn only_short_plain_ids_are_taken_over() {
        assert!(is_sane("0192f-ab.c_D"));
        assert!(!is_sane("") && !is_sane("a b") && !is_sane("a\"b") && !is_sane(&"a".repeat(65)));
    }
}

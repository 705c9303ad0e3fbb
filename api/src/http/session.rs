//! What a client presents, and the port that turns it into a session.

use std::{fmt, net::IpAddr, time::Duration};

use async_graphql::Request;
use async_trait::async_trait;
use futures_util::future::{BoxFuture, pending};
use poem::http::HeaderMap;
use serde_json::{Map, Value};

/// Longest request body, in bytes, of a session that is not given another limit: 1 MiB.
pub const DEFAULT_BODY_BYTES: usize = 1024 * 1024;

/// Highest cost of an operation of a session that is not given another limit.
pub const DEFAULT_COST: usize = 100_000;

/// What a client presented, in headers or in the payload of `connection_init`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// `Authorization`, scheme included: `Bearer …`.
    pub authorization: Option<String>,
    /// `Comptoir-Cart-Secret`, or `cartSecret` in the payload.
    pub cart_secret: Option<String>,
    /// `Accept-Language`, or `acceptLanguage` in the payload.
    pub accept_language: Option<String>,
    /// `Comptoir-Channel`, or `channel` in the payload.
    pub channel: Option<String>,
    /// `Comptoir-Market`, or `market` in the payload.
    pub market: Option<String>,
    /// The network that the client is in, as requests are counted by it.
    pub network: Option<IpAddr>,
}

impl Credentials {
    /// Reads the headers of a request; a header that is not visible ASCII counts as absent.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let header = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
        Self {
            authorization: header("authorization"),
            cart_secret: header("comptoir-cart-secret"),
            accept_language: header("accept-language"),
            channel: header("comptoir-channel"),
            market: header("comptoir-market"),
            network: None,
        }
    }

    /// Reads the payload of `connection_init`; what it leaves out is taken from `self`, the headers of the upgrade.
    #[must_use]
    pub fn overridden_by(self, payload: &Map<String, Value>) -> Self {
        let entry = |name: &str| payload.get(name)?.as_str().map(str::to_owned);
        Self {
            authorization: entry("authorization").or_else(|| entry("Authorization")).or(self.authorization),
            cart_secret: entry("cartSecret").or(self.cart_secret),
            accept_language: entry("acceptLanguage").or(self.accept_language),
            channel: entry("channel").or(self.channel),
            market: entry("market").or(self.market),
            network: self.network,
        }
    }
}

/// Secrets stay out of logs.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("authorization", &self.authorization.is_some())
            .field("cart_secret", &self.cart_secret.is_some())
            .field("accept_language", &self.accept_language)
            .field("channel", &self.channel)
            .field("market", &self.market)
            .finish()
    }
}

/// Why no session was opened.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The credentials are wrong or expired: status 401, or close code 4403 on a socket.
    #[error("{message}")]
    Unauthenticated {
        /// What the client is told.
        message: String,
    },
    /// Something else that came with the credentials is wrong: status 400, or close code 4400 on a socket.
    #[error("{message}")]
    Invalid {
        /// What the client is told.
        message: String,
    },
    /// Sessions cannot be opened now: status 503, or close code 1013 on a socket.
    #[error("the service is unavailable")]
    Unavailable,
}

/// Who is calling: a session is opened once per HTTP request and once per socket.
#[async_trait]
pub trait Sessions: Send + Sync + 'static {
    /// The caller, and the context it calls in.
    type Session: Clone + Send + Sync + 'static;

    /// Opens the session of `credentials`.
    ///
    /// # Errors
    ///
    /// [`SessionError::Unauthenticated`] when a credential is presented and not accepted; absent credentials are an
    /// anonymous session. [`SessionError::Unavailable`] when that cannot be decided now.
    async fn open(&self, credentials: Credentials) -> Result<Self::Session, SessionError>;

    /// Puts what resolvers need, such as the actor and fresh data loaders, on one operation.
    fn prepare(&self, session: &Self::Session, request: Request) -> Request;

    /// Whether `__schema`, `__type` and `_service` may be asked for.
    fn may_introspect(&self, session: &Self::Session) -> bool;

    /// Whether documents may be run that are not on the list of trusted ones, where there is one.
    fn may_run_any(&self, _session: &Self::Session) -> bool {
        false
    }

    /// Longest request body, in bytes.
    fn body_limit(&self, _session: &Self::Session) -> usize {
        DEFAULT_BODY_BYTES
    }

    /// Whom the credentials prove the caller to be: operations are counted by this, and without it by address.
    fn identity(&self, _session: &Self::Session) -> Option<String> {
        None
    }

    /// Highest cost of one operation, as the gateway's [`Tariff`](super::Tariff) has it.
    fn cost_limit(&self, _session: &Self::Session) -> usize {
        DEFAULT_COST
    }

    /// Longest run of a query or mutation, where it is not that of the limits.
    fn request_timeout(&self, _session: &Self::Session) -> Option<Duration> {
        None
    }

    /// How long the session is still valid, `None` for ever; then its socket is closed with 4403, its event stream ends.
    fn expires_in(&self, _session: &Self::Session) -> Option<Duration> {
        None
    }

    /// Ends when the session does before it expires: its socket is closed with 4403 then, its event stream ends.
    fn ended(&self, _session: &Self::Session) -> BoxFuture<'static, ()> {
        Box::pin(pending())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payload_of_connection_init_overrides_the_headers_of_the_upgrade() {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "Bearer header".parse().unwrap());
        headers.insert("comptoir-cart-secret", "header-secret".parse().unwrap());
        headers.insert("accept-language", "fr".parse().unwrap());
        let payload = serde_json::json!({"Authorization": "Bearer payload", "cartSecret": 7});

        let merged = Credentials::from_headers(&headers).overridden_by(payload.as_object().unwrap());

        assert_eq!(merged.authorization.as_deref(), Some("Bearer payload"));
        assert_eq!(merged.cart_secret.as_deref(), Some("header-secret"), "a value that is no string counts as absent");
        assert_eq!(merged.accept_language.as_deref(), Some("fr"));
        assert!(!format!("{merged:?}").contains("payload"));
    }
}

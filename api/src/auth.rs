//! Sessions: who a request's credentials stand for.

use std::{sync::Arc, time::Duration};

use async_graphql::Request;
use async_trait::async_trait;
use comptoir_domain::{
    App, Ports,
    access::{AccessToken, Actor, CartSecret, DeviceToken, Principal, TokenError},
    channel::{ContextRequest, SalesContext},
    clock::Timestamp,
    event::Topic,
    ids::{DeviceId, SignInId},
    language::parse_accept_language,
    storage::StorageError,
};
use futures_util::{
    StreamExt as _,
    future::{BoxFuture, pending},
};
use tokio::time::timeout;

use crate::{
    graphql::{RequestContext, ShopSettings},
    http::{Credentials, DEFAULT_BODY_BYTES, DEFAULT_COST, SessionError, Sessions},
};

/// Longest request body of staff, in bytes: a product file of some ten thousand rows.
const STAFF_BODY_BYTES: usize = 16 * 1024 * 1024;
/// Highest cost of an operation of staff: a hundred products with all that they have.
const STAFF_COST: usize = 1_000_000;
/// Longest run of an operation of staff: an import of such a file.
const STAFF_REQUEST_TIME: Duration = Duration::from_secs(300);
/// What a cart's secret begins with, so that it is told from an access token.
const CART_SECRET_PREFIX: &str = "cs_";
/// What a device's token begins with.
const DEVICE_TOKEN_PREFIX: &str = "dt_";
/// How often it is looked whether a device goes on that nobody told of: by this it is seen while it only listens, too.
const DEVICE_POLL: Duration = Duration::from_secs(60);

/// Opens sessions.
pub struct ApiSessions {
    /// The use cases.
    pub app: Arc<App>,
    /// The ports.
    pub ports: Arc<Ports>,
    /// The shop.
    pub shop: Arc<ShopSettings>,
    /// Whether the schema can be asked for.
    pub introspection: bool,
}

#[async_trait]
impl Sessions for ApiSessions {
    type Session = Arc<RequestContext>;

    async fn open(&self, credentials: Credentials) -> Result<Arc<RequestContext>, SessionError> {
        let bearer = credentials.authorization.as_deref().map(bearer).transpose()?;
        let (bearer_secret, token) = match bearer {
            Some(text) if text.starts_with(CART_SECRET_PREFIX) => (Some(text), None),
            token => (None, token),
        };
        let (principal, expires_at) = match token {
            Some(token) if token.starts_with(DEVICE_TOKEN_PREFIX) => (self.device(token).await?, None),
            Some(token) => self.principal(token).await.map(|(principal, end)| (principal, Some(end)))?,
            None => (Principal::Anonymous, None),
        };
        let secret = credentials.cart_secret.as_deref().or(bearer_secret);
        let cart_secret = secret.map(|it| self.ports.tokens.hash_cart_secret(&CartSecret::new(it.to_owned())));
        let asked = ContextRequest {
            channel: credentials.channel,
            market: credentials.market,
            currency: None,
            languages: credentials.accept_language.as_deref().map(parse_accept_language).unwrap_or_default(),
        };
        let network = credentials.network.map(|it| self.ports.tokens.hash_network(&it.to_string()));
        let actor = Actor { principal, cart_secret, network };
        let sales = self.sales_context(asked, &actor).await?;
        Ok(Arc::new(RequestContext {
            app: self.app.clone(),
            ports: self.ports.clone(),
            shop: self.shop.clone(),
            actor,
            expires_at,
            sales: Arc::new(sales),
        }))
    }

    fn prepare(&self, session: &Arc<RequestContext>, request: Request) -> Request {
        session.prepare(request)
    }

    fn may_introspect(&self, _session: &Arc<RequestContext>) -> bool {
        self.introspection
    }

    fn may_run_any(&self, session: &Arc<RequestContext>) -> bool {
        is_staff(session)
    }

    fn request_timeout(&self, session: &Arc<RequestContext>) -> Option<Duration> {
        is_staff(session).then_some(STAFF_REQUEST_TIME)
    }

    fn expires_in(&self, session: &Arc<RequestContext>) -> Option<Duration> {
        session.expires_at.map(|it| (it - self.ports.clock.now()).to_std().unwrap_or_default())
    }

    fn body_limit(&self, session: &Arc<RequestContext>) -> usize {
        if is_staff(session) { STAFF_BODY_BYTES } else { DEFAULT_BODY_BYTES }
    }

    fn identity(&self, session: &Arc<RequestContext>) -> Option<String> {
        // A cart's secret proves nothing yet: anybody can make one up for each request.
        let device = || session.actor.require_device().ok().map(|it| it.to_string());
        session.actor.signed_in().map(|(subject, _)| subject.to_string()).or_else(device)
    }

    fn cost_limit(&self, session: &Arc<RequestContext>) -> usize {
        if is_staff(session) { STAFF_COST } else { DEFAULT_COST }
    }

    fn ended(&self, session: &Arc<RequestContext>) -> BoxFuture<'static, ()> {
        match session.actor.signed_in() {
            Some((_, sign_in)) => Box::pin(signed_out(self.app.clone(), self.ports.clone(), sign_in)),
            None => match session.actor.require_device() {
                Ok(id) => Box::pin(device_revoked(self.app.clone(), self.ports.clone(), id)),
                Err(_) => Box::pin(pending()),
            },
        }
    }
}

impl ApiSessions {
    async fn sales_context(&self, asked: ContextRequest, actor: &Actor) -> Result<SalesContext, SessionError> {
        let settings = self.app.channels.settings(&Actor::anonymous(None)).await.map_err(|error| {
            tracing::error!(%error, "the settings could not be read");
            SessionError::Unavailable
        })?;
        let resolved = asked.on_device(actor.device()).and_then(|it| SalesContext::resolve(&settings, &it));
        resolved.map_err(|it| SessionError::Invalid { message: it.to_string() })
    }

    async fn principal(&self, token: &str) -> Result<(Principal, Timestamp), SessionError> {
        let found = self.app.sign_ins.authenticate(&AccessToken::new(token.to_owned())).await;
        opened(found)
    }

    async fn device(&self, token: &str) -> Result<Principal, SessionError> {
        let found = self.app.devices.authenticate(&DeviceToken::new(token.to_owned())).await;
        opened(found).map(Principal::Device)
    }
}

/// Whom a token stands for; why it stands for nobody is not for the client where it is the server's fault.
fn opened<T>(found: Result<Result<T, TokenError>, StorageError>) -> Result<T, SessionError> {
    match found {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => Err(SessionError::Unauthenticated { message: error.to_string() }),
        Err(error) => {
            tracing::error!(%error, "a session could not be opened");
            Err(SessionError::Unavailable)
        }
    }
}

fn is_staff(session: &RequestContext) -> bool {
    matches!(session.actor.principal, Principal::Staff { .. })
}

/// Ends when `sign_in` does, or when nobody can tell any more whether it has.
async fn signed_out(app: Arc<App>, ports: Arc<Ports>, sign_in: SignInId) {
    let Ok(mut events) = ports.bus.subscribe(Topic::SignIn(sign_in)).await else { return };
    // Asked once after the subscription began, and whenever there is news, or some may have been missed.
    while app.sign_ins.goes_on(sign_in).await.is_ok_and(|it| it) {
        if events.next().await.is_none() {
            return;
        }
    }
}

/// Ends when the device is revoked, or when nobody can tell any more whether it is.
async fn device_revoked(app: Arc<App>, ports: Arc<Ports>, id: DeviceId) {
    let Ok(mut events) = ports.bus.subscribe(Topic::Device(id)).await else { return };
    while app.devices.goes_on(id).await.is_ok_and(|it| it) {
        if let Ok(None) = timeout(DEVICE_POLL, events.next()).await {
            return;
        }
    }
}

/// The token of `Bearer <token>` (RFC 6750); the scheme's case does not matter.
fn bearer(header: &str) -> Result<&str, SessionError> {
    let token =
        header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, it)| it.trim());
    token.filter(|it| !it.is_empty()).ok_or_else(|| SessionError::Unauthenticated {
        message: "the Authorization header is `Bearer` and a token".to_owned(),
    })
}

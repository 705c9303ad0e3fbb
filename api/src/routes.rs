//! The routes beside GraphQL: pictures, public keys and payment webhooks.

use std::sync::Arc;

use crate::http::{self, Limits};
use comptoir_domain::{
    App,
    access::Actor,
    checkout::{ProviderCode, WebhookError},
};
use poem::{
    Endpoint, IntoResponse, Request, Response, Route,
    endpoint::make,
    get,
    http::{StatusCode, header},
    post,
};

/// Longest webhook body, in bytes.
const WEBHOOK_BYTES: usize = 64 * 1024;

/// Pictures of the demo, as `find` has them; they are SVG, and may not run or load anything.
fn pictures(find: fn(&str) -> Option<&'static [u8]>) -> impl Endpoint {
    make(move |request: Request| async move {
        let file = request.raw_path_param("file").unwrap_or_default();
        match find(file) {
            Some(picture) => Response::builder()
                .header(header::CONTENT_TYPE, "image/svg+xml")
                .header(header::CACHE_CONTROL, "public, max-age=86400")
                .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox")
                .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
                .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .body(picture),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    })
}

/// `/webhooks/payments/:provider`: what payment providers tell. 204 when it was heard, also a second time.
fn payment_webhook(app: Arc<App>, limits: &Limits) -> impl Endpoint + use<> {
    let time = limits.body_read_timeout;
    make(move |mut request: Request| {
        let app = app.clone();
        async move {
            let body = match http::read_body(&mut request, WEBHOOK_BYTES, time).await {
                Ok(body) => body,
                Err(status) => return status,
            };
            let provider = ProviderCode::new(request.raw_path_param("provider").unwrap_or_default());
            let signature = request.header("comptoir-signature");
            match app.checkout.receive_webhook(&Actor::system(), &provider, signature, &body).await {
                Ok(Ok(())) => StatusCode::NO_CONTENT,
                Ok(Err(WebhookError::Unsupported)) => StatusCode::NOT_FOUND,
                Ok(Err(WebhookError::Signature)) => StatusCode::UNAUTHORIZED,
                Ok(Err(WebhookError::Malformed)) => StatusCode::BAD_REQUEST,
                Err(error) => {
                    tracing::error!(%error, provider = provider.as_str(), "a webhook could not be stored");
                    StatusCode::SERVICE_UNAVAILABLE
                }
            }
        }
    })
}

/// `/.well-known/jwks.json`: the public keys that access tokens can be checked with.
fn public_keys(keys: String) -> impl Endpoint {
    make(move |_: Request| {
        let keys = keys.clone();
        async move {
            Response::builder()
                .content_type("application/jwk-set+json")
                .header(header::CACHE_CONTROL, "public, max-age=3600")
                .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .body(keys)
        }
    })
}

/// What the routes serve.
pub struct Served {
    /// The use cases.
    pub app: Arc<App>,
    /// The public keys of access tokens, as JSON.
    pub public_keys: String,
    /// Pictures of the demo, by name.
    pub pictures: fn(&str) -> Option<&'static [u8]>,
}

/// Adds these routes to `route`.
pub fn add(route: Route, served: Served, limits: &Limits) -> Route {
    let Served { app, public_keys: keys, pictures: find } = served;
    route
        .at("/.well-known/jwks.json", get(public_keys(keys)))
        .at("/media/demo/:file", get(pictures(find)))
        .at("/webhooks/payments/:provider", post(payment_webhook(app, limits)))
}

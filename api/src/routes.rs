//! The routes beside GraphQL: pictures and payment webhooks.

use std::sync::Arc;

use comptoir_domain::{
    App,
    access::Actor,
    checkout::{ProviderCode, WebhookError},
};
use poem::{
    Body, Endpoint, EndpointExt as _, IntoResponse, Request, Response, Route,
    endpoint::make,
    get, handler,
    http::{HeaderMap, StatusCode, header},
    post,
    web::{Data, Path},
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

/// `/payments/:provider`: what payment providers tell. 204 when it was heard, also a second time.
#[handler]
pub(crate) async fn payment_webhook(
    Path(provider): Path<String>,
    headers: &HeaderMap,
    body: Body,
    Data(app): Data<&Arc<App>>,
) -> StatusCode {
    let Ok(body) = body.into_bytes_limit(WEBHOOK_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let signature = headers.get("comptoir-signature").and_then(|it| it.to_str().ok());
    let provider = ProviderCode::new(&provider);
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

/// Adds these routes to `route`.
pub fn add(route: Route, app: Arc<App>, find: fn(&str) -> Option<&'static [u8]>) -> Route {
    route
        .at("/media/demo/:file", get(pictures(find)))
        .at("/webhooks/payments/:provider", post(payment_webhook).data(app))
}

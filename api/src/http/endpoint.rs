//! The `/graphql` endpoint: GraphQL over HTTP by POST and GET, and the ways to the event stream and the socket.

use async_graphql::{Executor, ServerError, Value, parser::types::OperationType};
use futures_util::future::join_all;
use poem::{
    Endpoint, Request, Response,
    http::{HeaderValue, Method, StatusCode, header},
};
use serde::Deserialize;

use super::{
    address::client_address,
    body::{self, BodyError},
    connection::Connection,
    error::{Code, error, is_request_error, limit_exceeded, retry_after},
    gateway::{Caller, Gateway, refused},
    metrics::{Lasting, Transport},
    negotiate::{Media, is_json, negotiate},
    session::{Credentials, SessionError, Sessions},
    sse,
    wire::{self, Body, Parameters, Told, Wire, json},
    ws,
};

/// The endpoint of one gateway.
pub(super) struct GraphqlEndpoint<E, S> {
    pub(super) gateway: Gateway<E, S>,
}

/// How many seconds a client should wait while the service is unavailable.
const UNAVAILABLE_WAIT: u64 = 5;

/// A request refused before its operations were looked at.
struct Refusal {
    code: Code,
    error: Box<ServerError>,
}

impl Refusal {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, error: error(code, message).into() }
    }

    fn limit(limit: &str, value: usize, maximum: usize) -> Self {
        Self { code: Code::LimitExceeded, error: limit_exceeded(limit, value, maximum).into() }
    }

    /// The refusal in a type the client accepts if it accepts one of JSON, else in plain JSON.
    fn into_response(self, media: Option<Media>) -> Response {
        let media = media.filter(|media| *media != Media::EventStream).unwrap_or(Media::Json);
        let wait = retry_after(&self.error).unwrap_or(UNAVAILABLE_WAIT);
        let mut response = respond(self.code.status(), media, json(&Wire(&refused(*self.error))));
        let extra = match self.code {
            Code::MethodNotAllowed => Some((header::ALLOW, HeaderValue::from_static("GET, POST"))),
            Code::Unauthenticated => Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Code::RateLimited | Code::Unavailable => Some((header::RETRY_AFTER, HeaderValue::from(wait))),
            _ => None,
        };
        if let Some((name, value)) = extra {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<SessionError> for Refusal {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Unauthenticated { message } => Self::new(Code::Unauthenticated, message),
            SessionError::Invalid { message } => Self::new(Code::BadUserInput, message),
            SessionError::Unavailable => Self::new(Code::Unavailable, "The service is unavailable."),
        }
    }
}

impl<E: Executor, S: Sessions> Endpoint for GraphqlEndpoint<E, S> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if ws::is_upgrade(&request) {
            return ws::upgrade(self.gateway.clone(), &request).await;
        }
        let media = negotiate(request.headers());
        let answered = match (request.method(), media) {
            (&Method::GET | &Method::POST, None) => Err(Refusal::new(
                Code::NotAcceptable,
                "Accept \"application/graphql-response+json\", \"application/json\" or \"text/event-stream\".",
            )),
            (&Method::GET, Some(media)) => self.get(&request, media).await,
            (&Method::POST, Some(media)) => self.post(request, media).await,
            _ => Err(Refusal::new(Code::MethodNotAllowed, "Use GET or POST.")),
        };
        Ok(answered.unwrap_or_else(|refusal| refusal.into_response(media)))
    }
}

impl<E: Executor, S: Sessions> GraphqlEndpoint<E, S> {
    async fn open(&self, request: &Request, media: Media) -> Result<Caller<S::Session>, Refusal> {
        let address = client_address(request, self.gateway.limits().address_header.as_ref());
        let transport = if media == Media::EventStream { Transport::EventStream } else { Transport::Http };
        Ok(self.gateway.open(Credentials::from_headers(request.headers()), address, transport).await?)
    }

    async fn post(&self, mut request: Request, media: Media) -> Result<Response, Refusal> {
        if !is_json(request.headers()) {
            let message = "The body has to be \"application/json\" in UTF-8.";
            return Err(Refusal::new(Code::UnsupportedMediaType, message));
        }
        let caller = self.open(&request, media).await?;
        let bytes_max = self.gateway.sessions().body_limit(&caller.session);
        let bytes = body::read(&mut request, bytes_max, self.gateway.limits().body_read_timeout).await;
        let bytes = bytes.map_err(|error| match error {
            BodyError::TooLong => Refusal::new(Code::PayloadTooLarge, format!("A body has at most {bytes_max} bytes.")),
            BodyError::TooSlow => Refusal::new(Code::RequestTimeout, "The body took too long to arrive."),
            BodyError::BrokenOff => Refusal::new(Code::BadRequest, "The body broke off."),
        })?;
        let batch_max = self.gateway.limits().batch;
        let body = wire::read_body(&bytes, batch_max).map_err(|reason| {
            Refusal::new(Code::BadRequest, format!("The body is not a GraphQL request: {reason}."))
        })?;
        drop(bytes);
        match body {
            Body::One(parameters) => self.answer(&request, &caller, parameters, media).await,
            Body::Batch(_) if media == Media::EventStream => {
                Err(Refusal::new(Code::BadRequest, "An event stream carries one operation."))
            }
            Body::Batch(batch) => Ok(self.batch(&caller, batch, media).await),
            Body::TooMany => Err(Refusal::limit("batch", batch_max.saturating_add(1), batch_max)),
        }
    }

    async fn get(&self, request: &Request, media: Media) -> Result<Response, Refusal> {
        let length = request.uri().query().unwrap_or_default().len();
        let length_max = self.gateway.limits().query_string_bytes;
        if length > length_max {
            return Err(Refusal::limit("queryStringBytes", length, length_max));
        }
        let parameters = request
            .params::<QueryString>()
            .map_err(|_| Refusal::new(Code::BadRequest, "The query string is not a GraphQL request."))?
            .decode()
            .map_err(|reason| {
                Refusal::new(Code::BadRequest, format!("The query string is not a GraphQL request: {reason}."))
            })?;
        let caller = self.open(request, media).await?;
        self.answer(request, &caller, parameters, media).await
    }

    /// Runs one operation; by GET no mutation, which a link on another site could start.
    async fn answer(
        &self,
        request: &Request,
        caller: &Caller<S::Session>,
        parameters: Parameters,
        media: Media,
    ) -> Result<Response, Refusal> {
        let admitted = self.gateway.admit(caller, parameters.into());
        let throttled = admitted.as_ref().err().and_then(|response| response.errors.first());
        if let Some(error) = throttled.filter(|error| retry_after(error).is_some()) {
            return Err(Refusal { code: Code::RateLimited, error: error.clone().into() });
        }
        let kind = admitted.as_ref().ok().and_then(|operation| operation.kind);
        if request.method() == Method::GET && kind == Some(OperationType::Mutation) {
            return Err(Refusal::new(Code::MethodNotAllowed, "A mutation needs POST."));
        }
        if media == Media::EventStream {
            let events = self.gateway.clone().events(admitted);
            let connection = request.data::<Connection>().cloned().unwrap_or_default();
            let sessions = self.gateway.sessions();
            let end = sse::End {
                shutdown: connection.shutdown,
                expires_in: sessions.expires_in(&caller.session),
                ended: sessions.ended(&caller.session),
            };
            let open = self.gateway.metrics().open(Lasting::EventStream);
            return Ok(sse::respond(events, self.gateway.limits().sse_keep_alive, end, open));
        }
        let response = self.gateway.finish(admitted).await;
        let status = if media == Media::GraphqlResponse { status(&response) } else { StatusCode::OK };
        let mut http = respond(status, media, json(&Wire(&response)));
        http.headers_mut().extend(response.http_headers);
        Ok(http)
    }

    /// Runs the operations of a batch side by side, as if each had come alone.
    async fn batch(&self, caller: &Caller<S::Session>, batch: Vec<Parameters>, media: Media) -> Response {
        let operations =
            batch.into_iter().map(|parameters| self.gateway.finish(self.gateway.admit(caller, parameters.into())));
        let responses = join_all(operations).await;
        let mut http = respond(StatusCode::OK, media, json(&responses.iter().map(Wire).collect::<Vec<_>>()));
        for response in responses {
            http.headers_mut().extend(response.http_headers);
        }
        http
    }
}

/// The parameters as a query string has them: maps are JSON text.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct QueryString {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

impl QueryString {
    fn decode(self) -> serde_json::Result<Parameters> {
        let variables = self.variables.filter(|text| !text.is_empty());
        let extensions = self.extensions.filter(|text| !text.is_empty());
        let told = Told {
            query: self.query,
            operation_name: self.operation_name,
            variables: variables.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default(),
            extensions: extensions.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default(),
        };
        Parameters::try_from(told).map_err(serde::de::Error::custom)
    }
}

/// The status of a response that may say by it whether the operation ran.
fn status(response: &async_graphql::Response) -> StatusCode {
    if !is_request_error(response) {
        return StatusCode::OK;
    }
    let first = response.errors.first().and_then(|error| error.extensions.as_ref()?.get("code"));
    let stated = [Code::Internal, Code::NotAcceptable, Code::Timeout, Code::Unauthenticated, Code::Unavailable];
    let code = stated.into_iter().find(|code| first == Some(&Value::from(code.as_str())));
    code.unwrap_or(Code::BadRequest).status()
}

/// Responses depend on who asks, so no cache may keep them.
fn respond(status: StatusCode, media: Media, body: String) -> Response {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, media.content_type())
        .header(header::CACHE_CONTROL, "no-store")
        .body(body)
}

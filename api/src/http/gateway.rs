//! Runs operations: guard, session, execution, timeout, panics and error codes, the same for every transport.

use std::{net::IpAddr, panic::AssertUnwindSafe, pin::Pin, sync::Arc, time::Duration};

use async_graphql::{
    Executor, Request, Response, ServerError, Value, Variables,
    parser::types::{ExecutableDocument, OperationType},
    value,
};
use futures_util::{
    FutureExt, StreamExt,
    stream::{self, BoxStream},
};
use tokio::time::{Instant, timeout};
use tracing::{Instrument as _, Span};

use super::{
    documents::{Documents, TrustedDocuments},
    error::{Code, classify, error, internal, is_request_error, limit_exceeded, log_panic},
    guard,
    limits::Limits,
    metrics::{Metrics, Outcome, Transport},
    session::{Credentials, SessionError, Sessions},
    tariff::Tariff,
    throttle::{Payer, Throttle},
};

/// The GraphQL service behind every transport; cheap to clone.
pub struct Gateway<E, S> {
    executor: E,
    sessions: Arc<S>,
    limits: Arc<Limits>,
    tariff: Tariff,
    throttle: Arc<Throttle>,
    documents: Arc<Documents>,
    parsed: Arc<guard::ParsedDocuments>,
    metrics: Arc<Metrics>,
}

impl<E: Clone, S> Clone for Gateway<E, S> {
    fn clone(&self) -> Self {
        Self {
            executor: self.executor.clone(),
            sessions: Arc::clone(&self.sessions),
            limits: Arc::clone(&self.limits),
            tariff: self.tariff,
            throttle: Arc::clone(&self.throttle),
            documents: Arc::clone(&self.documents),
            parsed: Arc::clone(&self.parsed),
            metrics: Arc::clone(&self.metrics),
        }
    }
}

/// Who calls, and from where.
#[derive(Clone)]
pub(super) struct Caller<T> {
    pub(super) session: T,
    address: Option<IpAddr>,
    payer: Payer,
    transport: Transport,
}

/// An operation that passed the guard.
pub(super) struct Operation {
    request: Request,
    /// `None` if no operation of the document is selected; the executor says why.
    pub(super) kind: Option<OperationType>,
    /// How long it may run, unless it is a subscription.
    time: Duration,
    cost: Option<Cost>,
    transport: Transport,
    /// What its log lines and its part of a trace are told by.
    span: Span,
}

/// The answer to an operation that did not pass.
pub(super) type Refused = Box<Response>;

/// What an operation costs, and the most it may; every response of the operation has it in its `extensions`.
#[derive(Clone, Copy)]
struct Cost {
    requested: usize,
    limit: usize,
}

impl Cost {
    fn show(self, response: &mut Response) {
        let Self { requested, limit } = self;
        response.extensions.insert("cost".to_owned(), value!({"requested": requested, "limit": limit}));
    }
}

/// One element of an operation's stream of results.
pub(super) enum Event {
    /// Nothing ran, or the subscription did not start; nothing follows.
    Refused(Response),
    /// A result, with or without errors.
    Result(Response),
}

impl Event {
    pub(super) fn into_response(self) -> Response {
        match self {
            Self::Refused(response) | Self::Result(response) => response,
        }
    }
}

impl<E: Executor, S: Sessions> Gateway<E, S> {
    /// Serves `executor` to the sessions of `sessions` within `limits`.
    ///
    /// The schema behind `executor` should be built with `disable_suggestions()`: they compare every unknown name with
    /// every known one, and tell names to callers who may not introspect.
    pub fn new(executor: E, sessions: Arc<S>, limits: Limits) -> Self {
        let throttle = Arc::new(Throttle::new(&limits));
        let documents = Arc::new(Documents::new(&limits, None));
        let parsed = Arc::new(guard::ParsedDocuments::new(&limits));
        Self {
            executor,
            sessions,
            limits: Arc::new(limits),
            tariff: Tariff::default(),
            throttle,
            documents,
            parsed,
            metrics: Arc::default(),
        }
    }

    /// The same with the costs of the schema's fields.
    #[must_use]
    pub fn with_tariff(self, tariff: Tariff) -> Self {
        Self { tariff, ..self }
    }

    /// The same that runs only the documents of a list, but for sessions that may run any.
    #[must_use]
    pub fn with_trusted_documents(self, trusted: TrustedDocuments) -> Self {
        let documents = Arc::new(Documents::new(&self.limits, Some(trusted)));
        Self { documents, ..self }
    }

    /// What this gateway counts.
    #[must_use]
    pub fn metrics(&self) -> Arc<Metrics> {
        Arc::clone(&self.metrics)
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(super) fn sessions(&self) -> &S {
        &self.sessions
    }

    /// Opens a session, within the request timeout.
    pub(super) async fn open(
        &self,
        credentials: Credentials,
        address: Option<IpAddr>,
        transport: Transport,
    ) -> Result<Caller<S::Session>, SessionError> {
        let credentials = Credentials { network: address, ..credentials };
        let open = AssertUnwindSafe(self.sessions.open(credentials)).catch_unwind();
        let session = match timeout(self.limits.request_timeout, open).await {
            Ok(Ok(session)) => session?,
            Ok(Err(panic)) => {
                log_panic("opening a session", &*panic);
                return Err(SessionError::Unavailable);
            }
            Err(_) => {
                tracing::error!("opening a session took too long");
                return Err(SessionError::Unavailable);
            }
        };
        let payer = self.sessions.identity(&session).map_or(Payer::Address(address), Payer::Identity);
        Ok(Caller { session, address, payer, transport })
    }

    /// Guards and prepares `request`.
    pub(super) fn admit(&self, caller: &Caller<S::Session>, request: Request) -> Result<Operation, Refused> {
        let admit = || self.guard(caller, request);
        let admitted = std::panic::catch_unwind(AssertUnwindSafe(admit)).unwrap_or_else(|panic| {
            log_panic("admitting an operation", &*panic);
            Err(refused(internal()).into())
        });
        admitted.inspect_err(|_| self.metrics.count(caller.transport, None, Outcome::Refused))
    }

    fn guard(&self, caller: &Caller<S::Session>, mut request: Request) -> Result<Operation, Refused> {
        let refuse = |error| Box::new(refused(error));
        let session = &caller.session;
        self.throttle.count_operation(&caller.payer).map_err(refuse)?;
        let any = self.sessions.may_run_any(session);
        let registration = self.documents.resolve(&mut request, any).map_err(refuse)?;
        let introspect = self.sessions.may_introspect(session);
        let document = self.parsed.check(&request.query, introspect, &self.limits).map_err(refuse)?;
        if let Some(registration) = registration {
            self.documents.register(registration, &request.query);
        }
        let name = request.operation_name.as_deref();
        guard::check_values(&document, &request.variables, &self.limits).map_err(refuse)?;
        guard::check_variables(&document, name, &request.variables).map_err(refuse)?;
        let cost = self.cost(session, &document, name, &request.variables)?;
        let attempts = guard::attempts(&document, name, &request.variables, &self.tariff);
        self.throttle.count_attempts(caller.address, &caller.payer, &attempts).map_err(refuse)?;
        self.throttle.count_cost(&caller.payer, cost.map_or(0, |cost| cost.requested)).map_err(refuse)?;
        let kind = guard::operation_type(&document, name);
        let span = span_of(kind, guard::operation_label(&document, name), cost);
        request.set_parsed_query(Arc::unwrap_or_clone(document));
        let time = self.sessions.request_timeout(session).unwrap_or(self.limits.request_timeout);
        let request = self.sessions.prepare(session, request);
        Ok(Operation { request, kind, time, cost, transport: caller.transport, span })
    }

    /// What the selected operation costs, if that is within the session's limit.
    fn cost(
        &self,
        session: &S::Session,
        document: &ExecutableDocument,
        name: Option<&str>,
        variables: &Variables,
    ) -> Result<Option<Cost>, Refused> {
        let requested = guard::cost(document, name, variables, &self.tariff, &self.limits)
            .map_err(|error| Box::new(refused(error)))?;
        let Some(requested) = requested else { return Ok(None) };
        let cost = Cost { requested, limit: self.sessions.cost_limit(session) };
        if cost.requested <= cost.limit {
            return Ok(Some(cost));
        }
        let mut response = refused(limit_exceeded("cost", cost.requested, cost.limit));
        cost.show(&mut response);
        Err(response.into())
    }

    /// Runs a query or mutation to its end.
    pub(super) async fn finish(&self, admitted: Result<Operation, Refused>) -> Response {
        let operation = match admitted {
            Ok(operation) => operation,
            Err(response) => return *response,
        };
        let (kind, transport, began) = (operation.kind, operation.transport, Instant::now());
        let span = operation.span.clone();
        let response = self.run(operation).instrument(span).await;
        self.metrics.count(transport, kind, Outcome::of(&response));
        self.metrics.time(kind, began.elapsed());
        response
    }

    async fn run(&self, operation: Operation) -> Response {
        if operation.kind == Some(OperationType::Subscription) {
            return refused(error(Code::NotAcceptable, "A subscription needs a WebSocket or \"text/event-stream\"."));
        }
        let execution = AssertUnwindSafe(self.executor.execute(operation.request)).catch_unwind();
        let mut response = match timeout(operation.time, execution).await {
            Ok(Ok(response)) => response,
            Ok(Err(panic)) => {
                log_panic("an operation", &*panic);
                refused(internal())
            }
            Err(_) => refused(error(Code::Timeout, "The operation took too long.")),
        };
        classify(&mut response, self.limits.errors);
        operation.cost.inspect(|cost| cost.show(&mut response));
        response
    }

    /// Runs an operation of any kind as a stream of results; a query or mutation has one.
    pub(super) fn events(self, admitted: Result<Operation, Refused>) -> BoxStream<'static, Event> {
        let started = async move {
            match admitted {
                Ok(operation) if operation.kind == Some(OperationType::Subscription) => {
                    let span = operation.span.clone();
                    self.subscribe(operation).instrument(span).await
                }
                admitted => {
                    let response = self.finish(admitted).await;
                    one(if is_request_error(&response) { Event::Refused(response) } else { Event::Result(response) })
                }
            }
        };
        stream::once(started).flatten().boxed()
    }

    /// Starts a subscription; it is refused if its stream gives nothing but an error.
    async fn subscribe(&self, operation: Operation) -> BoxStream<'static, Event> {
        let (errors_max, cost, transport) = (self.limits.errors, operation.cost, operation.transport);
        let count = |outcome| self.metrics.count(transport, Some(OperationType::Subscription), outcome);
        let responses = AssertUnwindSafe(self.executor.execute_stream(operation.request, None)).catch_unwind();
        let responses = responses
            .map(move |response| {
                let mut response = response.unwrap_or_else(|panic| {
                    log_panic("a subscription", &*panic);
                    refused(internal())
                });
                classify(&mut response, errors_max);
                cost.inspect(|cost| cost.show(&mut response));
                response
            })
            .boxed();
        let mut rest = responses.peekable();
        let Some(first) = rest.next().await else {
            count(Outcome::Ok);
            return stream::empty().boxed();
        };
        let failed = first.data == Value::Null && !first.errors.is_empty();
        if failed && Pin::new(&mut rest).peek().now_or_never().is_some_and(|next| next.is_none()) {
            count(Outcome::Refused);
            return one(Event::Refused(first));
        }
        count(Outcome::Ok);
        one(Event::Result(first)).chain(rest.map(Event::Result)).boxed()
    }
}

/// Longest name of an operation in logs and traces, in characters.
const LABEL_CHARS_MAX: usize = 64;

/// The span of an operation, named by OpenTelemetry's conventions for GraphQL servers.
fn span_of(kind: Option<OperationType>, label: Option<&str>, cost: Option<Cost>) -> Span {
    let kind = kind.map(|it| it.to_string()).unwrap_or_default();
    let label: String = label.unwrap_or_default().chars().take(LABEL_CHARS_MAX).collect();
    tracing::error_span!(
        "operation",
        otel.name = %format_args!("{kind} {label}"),
        graphql.operation.type = kind,
        graphql.operation.name = label,
        cost = cost.map_or(0, |it| it.requested),
    )
}

/// A response in which nothing ran, for `error`.
pub(super) fn refused(error: ServerError) -> Response {
    Response::from_errors(vec![error])
}

fn one(event: Event) -> BoxStream<'static, Event> {
    stream::once(async move { event }).boxed()
}

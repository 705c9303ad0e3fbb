//! Export of traces to a collector, by OTLP over HTTP (OpenTelemetry's protocol, protobuf encoding).

use std::{collections::HashMap, fmt, time::Duration};

use async_trait::async_trait;
use comptoir_domain::storage::BoxError;
use opentelemetry::{
    KeyValue,
    propagation::TextMapPropagator as _,
    trace::{TraceContextExt as _, TracerProvider as _},
};
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{Sampler, SdkTracerProvider},
};
use reqwest::{Client, header::HeaderMap, redirect::Policy};
use tokio::runtime::Handle;
use tracing::{Level, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};

/// How long one export may take.
const EXPORT_WAIT_MAX: Duration = Duration::from_secs(5);
/// Where a collector takes traces, below its address.
const TRACES_PATH: &str = "v1/traces";

/// Where traces go.
#[derive(Clone)]
pub struct Collector {
    /// Its address, such as `http://localhost:4318`.
    pub endpoint: String,
    /// Headers that it asks for, such as a key.
    pub headers: HashMap<String, String>,
    /// How much of all traces is exported, from 0 to 1. Which, follows from their ids, so that all services that trace by the same
    /// share keep the same traces, and no client can ask for more.
    pub share: f64,
}

/// Spans on their way to a collector.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Exports to `collector`, in the background; what it does not take is dropped. To be called within a runtime.
    ///
    /// # Errors
    /// An address or a header that cannot be.
    pub fn export_to(collector: &Collector) -> Result<Self, BoxError> {
        // Nothing but the first call has an effect; without any, reqwest panics.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = Client::builder().timeout(EXPORT_WAIT_MAX).no_proxy().redirect(Policy::none()).build()?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Exports { client, runtime: Handle::current() })
            .with_endpoint(format!("{}/{TRACES_PATH}", collector.endpoint.trim_end_matches('/')))
            .with_headers(collector.headers.clone())
            .build()?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let provider = SdkTracerProvider::builder()
            .with_resource(Resource::builder().with_service_name("comptoir").with_attribute(version).build())
            .with_sampler(Sampler::TraceIdRatioBased(collector.share))
            .with_batch_exporter(exporter)
            .build();
        Ok(Self { provider })
    }

    /// What hands Comptoir's own spans over.
    #[must_use]
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> impl Layer<S> + use<S> {
        let tracer = self.provider.tracer("comptoir");
        let own = Targets::new().with_target("comptoir", Level::INFO);
        tracing_opentelemetry::layer().with_tracer(tracer).with_threads(false).with_location(false).with_filter(own)
    }

    /// Exports what is still waiting. It blocks.
    pub fn shutdown(&self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!(%error, "the last traces could not be exported");
        }
    }
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Traces(…)")
    }
}

/// Makes `span` a part of the trace that the headers of a request name, if they do (W3C Trace Context).
pub fn join_trace(span: &Span, headers: &HeaderMap) {
    let parent = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    if parent.span().span_context().is_valid() {
        // Without a collector nobody follows spans, and there is nothing to join.
        let _ = span.set_parent(parent);
    }
}

/// The client of the exporter. It is called from a thread outside of the runtime, where the client's own tasks cannot be.
#[derive(Debug)]
struct Exports {
    client: Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Exports {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let send = async move {
            let response = client.execute(request.try_into()?).await?;
            let status = response.status();
            let body = response.bytes().await?;
            Ok::<_, HttpError>((status, body))
        };
        let (status, body) = self.runtime.spawn(send).await??;
        Ok(Response::builder().status(status).body(body)?)
    }
}

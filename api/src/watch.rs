//! The routes for those who watch the server: alive, ready, and what is counted.

use std::{sync::Arc, time::Duration};

use comptoir_domain::search::ProductIndex;
use futures_util::future::BoxFuture;
use poem::{
    EndpointExt as _, Response, Route, get, handler,
    http::{StatusCode, header},
    web::Data,
};
use serde_json::json;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::http::{Metrics, counters, gauge};

/// Longest wait for one check.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a count that takes a statement is shown again.
const COUNT_AGE: Duration = Duration::from_secs(5);

/// Something that is asked of the database; the error is for the log.
pub type Ask<T> =
    Box<dyn Fn() -> BoxFuture<'static, Result<T, Box<dyn std::error::Error + Send + Sync>>> + Send + Sync>;

/// What is looked at.
pub struct Watch {
    /// The search index.
    pub index: Arc<dyn ProductIndex>,
    /// What the gateway counts.
    pub metrics: Arc<Metrics>,
    /// How many statements the database ran, by what for.
    pub statements: Box<dyn Fn() -> [(&'static str, u64); 2] + Send + Sync>,
    /// Whether the database's tables are those of this version.
    pub is_migrated: Ask<bool>,
    /// How many events wait to be published.
    pub waiting_events: Ask<u64>,
}

/// A watch, and the count that it remembers.
struct Watcher {
    watch: Watch,
    waiting: Mutex<Option<(Instant, u64)>>,
}

/// Whether the server is alive.
#[handler]
fn healthz() -> &'static str {
    "ok"
}

/// Whether the server can do its work: 200, otherwise 503. Search is reported and not required: shops go on without it.
#[handler]
async fn readyz(Data(watcher): Data<&Arc<Watcher>>) -> Response {
    let (database, search) = tokio::join!(watcher.database(), watcher.search());
    let status = if database == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Response::builder()
        .status(status)
        .header(header::CACHE_CONTROL, "no-store")
        .content_type("application/json")
        .body(json!({"database": database, "search": search}).to_string())
}

/// What is counted, in Prometheus' text format.
#[handler]
async fn metrics(Data(watcher): Data<&Arc<Watcher>>) -> Response {
    let mut text = String::new();
    watcher.watch.metrics.write(&mut text);
    let statements = (watcher.watch.statements)();
    let statements = statements.map(|(origin, count)| (format!("origin=\"{origin}\""), count));
    counters(&mut text, "comptoir_database_statements_total", "Statements run on the database.", &statements);
    if let Some(waiting) = watcher.waiting_events().await {
        gauge(&mut text, "comptoir_outbox_events_waiting", "Events that wait to be published.", waiting);
    }
    if let Some(bytes) = resident_bytes() {
        gauge(&mut text, "process_resident_memory_bytes", "Memory that the process has.", bytes);
    }
    Response::builder().content_type("text/plain; version=0.0.4; charset=utf-8").body(text)
}

impl Watcher {
    async fn database(&self) -> &'static str {
        match timeout(CHECK_TIMEOUT, (self.watch.is_migrated)()).await {
            Ok(Ok(true)) => "ok",
            Ok(Ok(false)) => "not migrated",
            Ok(Err(error)) => {
                tracing::warn!(error = &*error as &dyn std::error::Error, "the database does not answer");
                "unavailable"
            }
            Err(_) => "unavailable",
        }
    }

    async fn search(&self) -> &'static str {
        match timeout(CHECK_TIMEOUT, self.watch.index.current()).await {
            Ok(Ok(Some(_))) => "ok",
            Ok(Ok(None)) => "no index",
            Ok(Err(_)) | Err(_) => "unavailable",
        }
    }

    /// How many events wait; `None` where the database does not say.
    async fn waiting_events(&self) -> Option<u64> {
        let mut waiting = self.waiting.lock().await;
        let known = waiting.filter(|(at, _)| at.elapsed() < COUNT_AGE);
        if let Some((_, count)) = known {
            return Some(count);
        }
        let count = timeout(CHECK_TIMEOUT, (self.watch.waiting_events)()).await.ok()?.ok()?;
        *waiting = Some((Instant::now(), count));
        Some(count)
    }
}

/// The memory that the process has, where the system tells it as Linux does.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// Adds these routes to `route`.
pub fn add(route: Route, watch: Watch) -> Route {
    let watcher = Arc::new(Watcher { watch, waiting: Mutex::new(None) });
    route
        .at("/healthz", get(healthz))
        .at("/readyz", get(readyz).data(watcher.clone()))
        .at("/metrics", get(metrics).data(watcher))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use async_trait::async_trait;
    use comptoir_domain::{
        pricing::PriceView,
        search::{IndexGeneration, SearchError},
    };
    use poem::{Endpoint as _, Request};
    use serde_json::Value;

    use super::*;

    /// A search engine that is down.
    struct NoIndex;

    #[async_trait]
    impl ProductIndex for NoIndex {
        async fn current(&self) -> Result<Option<Box<dyn IndexGeneration>>, SearchError> {
            Err(SearchError::Unavailable("refused".into()))
        }

        async fn create(&self, _views: &BTreeSet<PriceView>) -> Result<Box<dyn IndexGeneration>, SearchError> {
            Err(SearchError::Unavailable("refused".into()))
        }

        async fn promote(&self, _generation: Box<dyn IndexGeneration>) -> Result<(), SearchError> {
            Err(SearchError::Unavailable("refused".into()))
        }
    }

    /// The status and body at `path` while the database says `is_migrated`; `None`: it does not answer.
    async fn get(path: &str, is_migrated: Option<bool>) -> (u16, String) {
        let watch = Watch {
            index: Arc::new(NoIndex),
            metrics: Arc::default(),
            statements: Box::new(|| [("request", 7), ("background", 9)]),
            is_migrated: Box::new(move || Box::pin(async move { is_migrated.ok_or_else(|| "secret".into()) })),
            waiting_events: Box::new(move || {
                Box::pin(async move { is_migrated.map(|_| 3).ok_or_else(|| "secret".into()) })
            }),
        };
        let request = Request::builder().uri(path.parse().unwrap()).finish();
        let response = add(Route::new(), watch).get_response(request).await;
        (response.status().as_u16(), response.into_body().into_string().await.unwrap())
    }

    #[tokio::test]
    async fn readiness_is_the_databases_and_search_is_reported() {
        for (is_migrated, status, database) in
            [(Some(true), 200, "ok"), (Some(false), 503, "not migrated"), (None, 503, "unavailable")]
        {
            let (found, body) = get("/readyz", is_migrated).await;
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!((found, body), (status, json!({"database": database, "search": "unavailable"})));
        }
        assert_eq!(get("/healthz", None).await, (200, "ok".to_owned()), "alive, if not ready");
    }

    #[tokio::test]
    async fn what_cannot_be_counted_now_is_left_out() {
        let (status, text) = get("/metrics", Some(true)).await;
        assert_eq!(status, 200);
        assert!(text.contains("\ncomptoir_outbox_events_waiting 3\n"), "{text}");
        assert!(text.contains("\ncomptoir_database_statements_total{origin=\"request\"} 7\n"), "{text}");
        assert!(text.contains("\ncomptoir_database_statements_total{origin=\"background\"} 9\n"), "{text}");
        let (status, text) = get("/metrics", None).await;
        assert_eq!((status, text.contains("outbox"), text.contains("} 7")), (200, false, true));
    }
}

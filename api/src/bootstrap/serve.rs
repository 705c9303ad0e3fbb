//! `comptoir serve`: the server and what runs beside it.

use std::{process::ExitCode, sync::Arc, time::Duration};

use comptoir_api::{
    auth::ApiSessions,
    config::{self, Config},
    graphql::{ShopSettings, TARIFF, schema},
    http::{self, Gateway, Limits, Metrics, TrustedDocuments},
    routes::{self, Served},
    watch::{self, Watch},
};
use comptoir_domain::{App, access::Actor};
use comptoir_infra::{demo::picture, relay::Relay, telemetry::join_trace};
use tokio::{net::TcpListener, sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{BoxError, Comptoir, demo};

/// How often the indexer looks for events that nobody woke it for.
const INDEX_POLL: Duration = Duration::from_secs(1);
/// How many seconds' worth of operations a caller may run at once.
const BURST_SECONDS: u32 = 5;
/// How often waiting payments are looked at.
const PAYMENT_POLL: Duration = Duration::from_secs(30);
/// How often what nobody needs any more is forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(3_600);

/// Serves until the process is told to stop.
///
/// # Errors
/// The address is taken, or the storage failed.
pub(crate) async fn serve(comptoir: Comptoir, is_demo: bool) -> Result<ExitCode, BoxError> {
    let listener =
        TcpListener::bind(comptoir.config.addr).await.map_err(|it| format!("{}: {it}", comptoir.config.addr))?;
    if is_demo {
        demo::load(&comptoir).await?;
    }
    let shutdown = CancellationToken::new();
    let mut tasks = JoinSet::new();
    let relay = Relay::new(comptoir.storage.clone(), comptoir.ports.bus.clone());
    let published = relay.published();
    tasks.spawn(relay.run(shutdown.clone()));
    tasks.spawn(index(comptoir.app.clone(), published, shutdown.clone()));
    tasks.spawn(settle_payments(comptoir.app.clone(), shutdown.clone()));
    tasks.spawn(keep_house(comptoir.app.clone(), shutdown.clone()));
    tokio::spawn(stop_on_signal(shutdown.clone()));
    let url = if comptoir.config.addr.port() == 0 {
        config::url_of(listener.local_addr()?)
    } else {
        comptoir.config.public_url.clone()
    };
    println!("Comptoir is serving.");
    println!("  API         {url}/graphql");
    println!("  GraphiQL    {url}/graphiql");
    if is_demo {
        demo::print(&comptoir).await?;
    }
    let limits = limits(&comptoir.config);
    let shop = Arc::new(ShopSettings { public_url: url });
    let sessions = ApiSessions {
        app: comptoir.app.clone(),
        ports: comptoir.ports.clone(),
        shop,
        introspection: comptoir.config.introspection,
    };
    let gateway = Gateway::new(schema(), Arc::new(sessions), limits.clone()).with_tariff(TARIFF);
    let gateway = match trusted_documents(&comptoir.config)? {
        Some(trusted) => gateway.with_trusted_documents(trusted),
        None => gateway,
    };
    let watch = watch(&comptoir, gateway.metrics());
    let served = Served { app: comptoir.app.clone(), public_keys: comptoir.public_keys.clone(), pictures: picture };
    let route = http::routes(gateway, &comptoir.config.cors_origins);
    let route = watch::add(routes::add(route, served, &limits), watch);
    let ended = tokio::spawn(stop_when_one_ends(tasks, shutdown.clone()));
    http::serve(listener, route, &limits, shutdown.clone(), join_trace).await?;
    let is_sound = ended.await?;
    comptoir.storage.close().await?;
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Waits for the tasks beside the server. One that ends before all shall is a fault, and the server stops with it rather than go
/// on by halves. Whether there was none.
async fn stop_when_one_ends(mut tasks: JoinSet<()>, shutdown: CancellationToken) -> bool {
    let mut is_sound = true;
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a task of the server failed: stopping");
            is_sound = false;
            shutdown.cancel();
        }
    }
    is_sound
}

/// The limits that the configuration changes, and the others.
fn limits(config: &Config) -> Limits {
    Limits {
        rate: config.rate_limit,
        rate_burst: config.rate_limit.saturating_mul(BURST_SECONDS),
        attempts: config.sign_in_limit,
        address_header: config.address_header.clone(),
        ..Limits::default()
    }
}

/// The list of trusted documents that the configuration names.
///
/// # Errors
/// It cannot be read, or is not right.
pub(crate) fn trusted_documents(config: &Config) -> Result<Option<TrustedDocuments>, BoxError> {
    let Some(path) = &config.trusted_documents else { return Ok(None) };
    let wrong = |error: &dyn std::fmt::Display| format!("http.trusted_documents: {}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|it| wrong(&it))?;
    Ok(Some(TrustedDocuments::parse(&text, &limits(config)).map_err(|it| wrong(&it))?))
}

/// What `/readyz` and `/metrics` look at.
fn watch(comptoir: &Comptoir, metrics: Arc<Metrics>) -> Watch {
    let [counted, migrated, waiting] = [(); 3].map(|()| comptoir.storage.clone());
    Watch {
        index: comptoir.ports.index.clone(),
        metrics,
        statements: Box::new(move || counted.statement_count()),
        is_migrated: Box::new(move || {
            let storage = migrated.clone();
            Box::pin(async move { Ok(storage.is_migrated().await?) })
        }),
        waiting_events: Box::new(move || {
            let storage = waiting.clone();
            Box::pin(async move { Ok(storage.waiting_events().await?) })
        }),
    }
}

/// Takes events over into the search index; where the engine is down, they wait.
async fn index(app: Arc<App>, published: Arc<Notify>, shutdown: CancellationToken) {
    let actor = Actor::system();
    while !shutdown.is_cancelled() {
        let woken = published.notified();
        match app.indexer.step(&actor).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the search index is behind"),
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = woken => {}
            () = tokio::time::sleep(INDEX_POLL) => {}
        }
    }
}

/// Asks payment providers again that did not answer, and lets go of orders that nobody pays.
async fn settle_payments(app: Arc<App>, shutdown: CancellationToken) {
    let actor = Actor::system();
    while !shutdown.is_cancelled() {
        if let Err(error) = app.checkout.resume_pending(&actor).await {
            tracing::error!(error = &error as &dyn std::error::Error, "waiting payments could not be settled");
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(PAYMENT_POLL) => {}
        }
    }
}

/// Forgets what nobody needs any more.
async fn keep_house(app: Arc<App>, shutdown: CancellationToken) {
    let actor = Actor::system();
    while !shutdown.is_cancelled() {
        if let Err(error) = app.sign_ins.forget_expired(&actor).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "expired sign-ins could not be forgotten");
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(HOUSEKEEPING) => {}
        }
    }
}

/// Stops at SIGINT and SIGTERM.
async fn stop_on_signal(shutdown: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    shutdown.cancel();
}

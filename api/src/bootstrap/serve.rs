//! `comptoir serve`: the server and what runs beside it.

use std::{
    fs::{File, TryLockError},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use comptoir_domain::{App, access::Actor};
use comptoir_infra::{db::in_background, demo::picture, relay::Relay, telemetry::join_trace};
use tokio::{net::TcpListener, sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{BoxError, Comptoir, demo};
use crate::{
    auth::ApiSessions,
    config::{self, Config},
    graphql::{Operations, ShopSettings, TARIFF},
    http::{self, Gateway, Limits, Metrics, TrustedDocuments},
    routes::{self, Served},
    watch::{self, Watch},
};

/// How often the indexer looks for events that nobody woke it for.
const INDEX_POLL: Duration = Duration::from_secs(1);
/// How many seconds' worth of operations a caller may run at once.
const BURST_SECONDS: u32 = 5;
/// How often searches are stored that were made.
const SEARCH_LOG_POLL: Duration = Duration::from_secs(1);
/// Locked in the data folder while a server serves from it.
const LOCK_FILE: &str = "server.lock";
/// How often settings are looked for that another server changed.
const SETTINGS_POLL: Duration = Duration::from_millis(500);
/// How often waiting payments are looked at.
const PAYMENT_POLL: Duration = Duration::from_secs(30);
/// How often carts are looked for that nobody goes on with.
const ABANDONED_POLL: Duration = Duration::from_secs(60);
/// How often prices are looked for that begin or end by themselves.
const PRICE_POLL: Duration = Duration::from_secs(1);
/// How often what nobody needs any more is forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(3_600);

/// Serves until the process is told to stop.
///
/// # Errors
/// The address or the data folder is taken, or the storage failed.
pub(crate) async fn serve(comptoir: Comptoir, is_demo: bool) -> Result<ExitCode, BoxError> {
    let _lock = lock_folder(&comptoir.config)?;
    let listener =
        TcpListener::bind(comptoir.config.addr).await.map_err(|it| format!("{}: {it}", comptoir.config.addr))?;
    if is_demo {
        demo::load(&comptoir).await?;
    }
    let shutdown = CancellationToken::new();
    let mut tasks = JoinSet::new();
    let relay = Relay::new(comptoir.storage.clone(), comptoir.ports.bus.clone());
    let published = relay.published();
    tasks.spawn(in_background(relay.run(shutdown.clone())));
    tasks.spawn(in_background(index(comptoir.app.clone(), published, shutdown.clone())));
    tasks.spawn(in_background(count_searches(comptoir.app.clone(), shutdown.clone())));
    tasks.spawn(in_background(keep_settings(comptoir.app.clone(), shutdown.clone())));
    tasks.spawn(in_background(settle_payments(comptoir.app.clone(), shutdown.clone())));
    tasks.spawn(in_background(keep_house(comptoir.app.clone(), shutdown.clone())));
    tasks.spawn(in_background(tell_abandoned(comptoir.app.clone(), shutdown.clone())));
    tasks.spawn(in_background(tell_prices(comptoir.app.clone(), shutdown.clone())));
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
    let handoff_url = comptoir.config.handoff_url.clone();
    let shop = Arc::new(ShopSettings { public_url: url, handoff_url });
    let sessions = ApiSessions {
        app: comptoir.app.clone(),
        ports: comptoir.ports.clone(),
        shop,
        introspection: comptoir.config.introspection,
    };
    let gateway = Gateway::new(Operations::default(), Arc::new(sessions), limits.clone()).with_tariff(TARIFF);
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

/// Keeps other servers from an embedded database as long as the file lives: they would not hear of each other's events.
fn lock_folder(config: &Config) -> Result<Option<File>, BoxError> {
    if config.database_url.as_ref().is_some_and(|it| !it.starts_with("sqlite:")) {
        return Ok(None);
    }
    let path = config.data.join(LOCK_FILE);
    let failed = |it: &dyn std::fmt::Display| format!("{}: {it}", path.display());
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(|it| failed(&it))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(failed(&"another server serves from this folder").into()),
        Err(TryLockError::Error(error)) => Err(failed(&error).into()),
    }
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
    let key = config.source("http.trusted_documents");
    let wrong = |error: &dyn std::fmt::Display| format!("{key}: {}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|it| wrong(&it))?;
    Ok(Some(TrustedDocuments::parse(&text, &limits(config)).map_err(|it| wrong(&it))?))
}

/// What `/readyz` and `/metrics` look at.
fn watch(comptoir: &Comptoir, metrics: Arc<Metrics>) -> Watch {
    let [counted, migrated, waiting] = [(); 3].map(|()| comptoir.storage.clone());
    Watch {
        index: comptoir.ports.index.clone(),
        metrics,
        statements: Box::new(move || {
            [("request", counted.statement_count()), ("background", counted.background_statement_count())]
        }),
        is_migrated: Box::new(move || {
            let storage = migrated.clone();
            Box::pin(in_background(async move { Ok(storage.is_migrated().await?) }))
        }),
        waiting_events: Box::new(move || {
            let storage = waiting.clone();
            Box::pin(in_background(async move { Ok(storage.waiting_events().await?) }))
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

/// Stores what is searched for. What waits when the server stops is stored too.
async fn count_searches(app: Arc<App>, shutdown: CancellationToken) {
    let actor = Actor::system();
    loop {
        let is_last = shutdown.is_cancelled();
        if let Err(error) = app.search.store_log(&actor).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "searches could not be counted");
        }
        if is_last {
            return;
        }
        pause(SEARCH_LOG_POLL, &shutdown).await;
    }
}

/// Looks for settings that another server changed.
async fn keep_settings(app: Arc<App>, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        if let Err(error) = app.settings.latest().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "settings could not be read");
        }
        pause(SETTINGS_POLL, &shutdown).await;
    }
}

/// Asks payment providers again that did not answer, and lets go of orders that nobody pays.
async fn settle_payments(app: Arc<App>, shutdown: CancellationToken) {
    let actor = Actor::system();
    while !shutdown.is_cancelled() {
        if let Err(error) = app.checkout.resume_pending(&actor).await {
            tracing::error!(error = &error as &dyn std::error::Error, "waiting payments could not be settled");
        }
        pause(PAYMENT_POLL, &shutdown).await;
    }
}

/// Forgets what nobody needs any more.
async fn keep_house(app: Arc<App>, shutdown: CancellationToken) {
    let actor = Actor::system();
    while !shutdown.is_cancelled() {
        if let Err(error) = app.sign_ins.forget_expired(&actor).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "expired sign-ins could not be forgotten");
        }
        if let Err(error) = app.carts.forget_expired(&actor).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "expired carts could not be forgotten");
        }
        if let Err(error) = app.carts.forget_expired_handoffs(&actor).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "expired hand-offs could not be forgotten");
        }
        if let Err(error) = app.inventory.forget_expired_holds(&actor).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "expired holds could not be forgotten");
        }
        if let Err(error) = app.devices.forget_expired(&actor).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "expired enrolments could not be forgotten");
        }
        pause(HOUSEKEEPING, &shutdown).await;
    }
}

/// Tells of carts that nobody goes on with.
async fn tell_abandoned(app: Arc<App>, shutdown: CancellationToken) {
    let actor = Actor::system();
    while !shutdown.is_cancelled() {
        if let Err(error) = app.carts.tell_abandoned(&actor).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "abandoned carts could not be told of");
        }
        pause(ABANDONED_POLL, &shutdown).await;
    }
}

/// Tells of prices that begin and end by themselves.
async fn tell_prices(app: Arc<App>, shutdown: CancellationToken) {
    let actor = Actor::system();
    while !shutdown.is_cancelled() {
        if let Err(error) = app.pricing.tell_due(&actor).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "prices that begin or end could not be told of");
        }
        pause(PRICE_POLL, &shutdown).await;
    }
}

/// Waits for `period`, or until the server stops.
async fn pause(period: Duration, shutdown: &CancellationToken) {
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = tokio::time::sleep(period) => {}
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

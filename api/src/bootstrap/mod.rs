//! The composition root: chooses the adapters, puts the use cases over them, and runs a command.

mod demo;
mod import;
mod serve;
mod staff;

use std::{process::ExitCode, sync::Arc};

use comptoir_domain::{
    App, Ports,
    access::Actor,
    checkout::{PaymentProvider, PaymentProviders},
    event::EventBus,
    pricing::tax::SomeTaxProvider,
    search::{ProductIndex, ProductSearch},
    settings::BuiltIn,
};
use comptoir_infra::{
    bus::{InProcessBus, NatsBus},
    db::DbStorage,
    payment::{ManualPayment, TestPayment},
    search::{meilisearch::MeilisearchSearch, tantivy::TantivySearch},
    security::{Argon2Passwords, MasterSecret, SealedTokens},
    system::{SystemClock, UuidSource},
    tax::HttpTaxProvider,
    telemetry::{Collector, Traces},
};

use crate::{
    cli::{Cli, Command, ConfigCommand, StaffCommand},
    config::{Config, Meilisearch},
};

/// Anything that went wrong.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Comptoir, put together.
pub(crate) struct Comptoir {
    /// The configuration it was put together from.
    pub config: Config,
    /// The use cases.
    pub app: Arc<App>,
    /// The ports they stand on.
    pub ports: Arc<Ports>,
    /// The database behind the ports.
    pub storage: DbStorage,
    /// The public keys of access tokens, as JSON.
    pub public_keys: String,
}

/// Runs a command.
///
/// # Errors
/// What went wrong, for the one at the terminal.
pub(crate) async fn run(cli: &Cli, config: Config) -> Result<ExitCode, BoxError> {
    // One provider for all of TLS; a second installation fails, and does not matter.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let traces = init_log(&config)?;
    let ended = run_command(cli, config).await;
    if let Some(traces) = traces {
        tokio::task::spawn_blocking(move || traces.shutdown()).await?;
    }
    ended
}

async fn run_command(cli: &Cli, mut config: Config) -> Result<ExitCode, BoxError> {
    match &cli.command {
        Command::Serve { demo, .. } => {
            if *demo {
                demo::configure(&mut config);
            }
            let comptoir = Comptoir::open(config, &EventsOf::Server).await?;
            serve::serve(comptoir, *demo).await
        }
        Command::Migrate => {
            Comptoir::open(config, &EventsOf::Command).await?;
            println!("The database is up to date.");
            Ok(ExitCode::SUCCESS)
        }
        Command::Import { what } => {
            let file = import::read(what, &config)?;
            import::import(&Comptoir::open(config, &EventsOf::Command).await?, &file).await
        }
        Command::Reindex => reindex(&Comptoir::open(config, &EventsOf::Command).await?).await,
        Command::Staff { what: StaffCommand::Create { email, password_stdin, permissions } } => {
            let (email, permissions) = staff::read(email, permissions)?;
            let comptoir = Comptoir::open(config, &EventsOf::Command).await?;
            staff::create(&comptoir, email, *password_stdin, permissions).await
        }
        Command::Config { what: ConfigCommand::Check { .. } } => {
            secrets(&config)?;
            check_database(&config)?;
            serve::trusted_documents(&config)?;
            eprintln!("The configuration is right.");
            Ok(ExitCode::SUCCESS)
        }
        Command::Schema { .. } => Ok(ExitCode::SUCCESS),
    }
}

/// Who hears the events that a process causes.
pub(crate) enum EventsOf {
    /// Its own listeners; other replicas over NATS.
    Server,
    /// Nobody in it: its events wait in the outbox for a server.
    Command,
}

impl Comptoir {
    /// Opens everything that the configuration names, and brings the database up to date.
    ///
    /// # Errors
    /// What cannot be opened, and why.
    pub(crate) async fn open(config: Config, events: &EventsOf) -> Result<Self, BoxError> {
        let (secret, previous) = secrets(&config)?;
        check_database(&config)?;
        std::fs::create_dir_all(&config.data).map_err(|it| format!("{}: {it}", config.data.display()))?;
        let url =
            config.database_url.clone().unwrap_or_else(|| DbStorage::sqlite_url(&config.data.join("comptoir.db")));
        let storage = DbStorage::connect(&url).await?;
        storage.migrate().await?;
        let secret = match secret {
            Some(secret) => secret,
            None => MasterSecret::load_or_create(&config.data.join("secret"))?,
        };
        let bus: Arc<dyn EventBus> = match (&config.nats_url, events) {
            (Some(url), EventsOf::Server) => Arc::new(NatsBus::connect(url).await?),
            _ => Arc::new(InProcessBus::default()),
        };
        let tokens = Arc::new(SealedTokens::new(&secret, previous.as_ref())?);
        let public_keys = tokens.public_keys()?;
        let (search, index) = search_engine(&config)?;
        let queries = storage.queries();
        let ports = Ports {
            storage: Arc::new(storage.clone()),
            catalog: queries.clone(),
            collections: queries.clone(),
            merchandising: queries.clone(),
            promotions: queries.clone(),
            prices: queries.clone(),
            search_log: Arc::new(storage.clone()),
            inventory: queries.clone(),
            holds: queries.clone(),
            settings: queries.clone(),
            carts: queries.clone(),
            codes: queries.clone(),
            cart_policy: config.cart_policy,
            budgets: queries.clone(),
            orders: queries.clone(),
            customers: queries.clone(),
            devices: queries.clone(),
            sign_ins: queries.clone(),
            staff: queries.clone(),
            events: queries,
            bus,
            search,
            index,
            tax_provider: tax_provider(&config)?,
            providers: payment_providers(&config),
            in_store: config.in_store_codes.clone().into(),
            tokens,
            passwords: Arc::new(Argon2Passwords::default()),
            clock: Arc::new(SystemClock),
            ids: Arc::new(UuidSource),
            built_in: BuiltIn::new(config.currency, config.country)?,
        };
        Ok(Self { app: Arc::new(App::new(&ports)), ports: Arc::new(ports), config, storage, public_keys })
    }
}

/// Who is asked for taxes, where anybody is.
fn tax_provider(config: &Config) -> Result<SomeTaxProvider, BoxError> {
    let Some(server) = &config.tax else { return Ok(None) };
    let provider = HttpTaxProvider::new(&server.url, server.token.as_deref(), server.timeout);
    Ok(Some(Arc::new(provider.map_err(|it| format!("{}: {it}", config.source("tax.token")))?)))
}

/// The secret that is configured, if one is, and the one before it.
fn secrets(config: &Config) -> Result<(Option<MasterSecret>, Option<MasterSecret>), BoxError> {
    let read = |text: &Option<String>, key: &str| {
        let secret = text.as_deref().map(MasterSecret::parse).transpose();
        secret.map_err(|it| format!("{}: {it}", config.source(key)))
    };
    Ok((read(&config.secret, "secret")?, read(&config.previous_secret, "previous_secret")?))
}

/// Whether the configuration's database can be read as an address.
fn check_database(config: &Config) -> Result<(), BoxError> {
    let checked = config.database_url.as_deref().map_or(Ok(()), DbStorage::check_url);
    Ok(checked.map_err(|it| format!("{}: {it}", config.source("database.url")))?)
}

type SearchPorts = (Arc<dyn ProductSearch>, Arc<dyn ProductIndex>);

fn search_engine(config: &Config) -> Result<SearchPorts, BoxError> {
    if let Some(Meilisearch { url, key, prefix }) = &config.meilisearch {
        let engine = Arc::new(MeilisearchSearch::connect(url, key.as_deref(), prefix)?);
        return Ok((engine.clone(), engine));
    }
    let engine = Arc::new(TantivySearch::open(&config.data.join("search"))?);
    Ok((engine.clone(), engine))
}

fn payment_providers(config: &Config) -> PaymentProviders {
    let secret = config.test_webhook_secret.as_ref().filter(|_| config.test_payment);
    let test = secret.map(|it| Arc::new(TestPayment::new(it.as_bytes())) as Arc<dyn PaymentProvider>);
    let manual: Arc<dyn PaymentProvider> = Arc::new(ManualPayment);
    [manual].into_iter().chain(test).collect()
}

async fn reindex(comptoir: &Comptoir) -> Result<ExitCode, BoxError> {
    let count = comptoir.app.indexer.rebuild(&Actor::system(), &|done| eprintln!("{done} products …")).await?;
    println!("The index was built anew with {count} products, and is in use.");
    Ok(ExitCode::SUCCESS)
}

/// How fields look in the log: those for collectors alone are left out.
fn fields() -> impl for<'a> tracing_subscriber::fmt::FormatFields<'a> + Send + Sync + 'static {
    use tracing_subscriber::{field::MakeExt as _, fmt::format::debug_fn};
    let one = debug_fn(|writer, field, value| match field.name() {
        "message" => write!(writer, "{value:?}"),
        name if name.starts_with("otel.") => Ok(()),
        name => write!(writer, "{name}={value:?}"),
    });
    one.delimited(" ")
}

/// Begins to log, and to export traces where a collector is configured.
fn init_log(config: &Config) -> Result<Option<Traces>, BoxError> {
    use tracing_subscriber::{EnvFilter, Layer as _, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};
    let filter =
        EnvFilter::try_new(&config.log_filter).map_err(|it| format!("{}: {it}", config.source("log.filter")))?;
    let collector = config.otlp.as_ref().map(|it| Collector {
        endpoint: it.endpoint.clone(),
        headers: it.headers.clone(),
        share: it.share,
    });
    let traces = collector.as_ref().map(Traces::export_to).transpose();
    let traces = traces.map_err(|it| format!("telemetry: {it}"))?;
    let log = fmt::layer().with_writer(std::io::stderr);
    let log = if config.log_json { log.json().boxed() } else { log.fmt_fields(fields()).boxed() };
    tracing_subscriber::registry().with(log.with_filter(filter)).with(traces.as_ref().map(Traces::layer)).init();
    Ok(traces)
}

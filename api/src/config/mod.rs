//! Configuration: a file, environment variables over it, flags over both. What is wrong is named.

mod keys;
mod variables;

use std::{
    collections::{BTreeMap, HashMap},
    ffi::OsString,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use comptoir_domain::{cart::CartPolicy, catalog::InStoreCode, channel::Country, money::Currency};
use poem::http::HeaderName;
use toml::{Table, Value};

use self::keys::Keys;

/// The documented defaults, as a file.
pub const TEMPLATE: &str = include_str!("../../comptoir.toml");

/// The file that is read where no other is named, if it is there.
pub const FILE: &str = "comptoir.toml";

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not as it must be; the message has key and line.
    #[error("{}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong where.
        message: String,
    },
    /// A variable beginning with `COMPTOIR_` that is not known.
    #[error("the variable {name} is not known; there are {}", variables::known())]
    UnknownVariable {
        /// Its name.
        name: String,
    },
    /// A value that cannot be used.
    #[error("{key}: {message}")]
    Value {
        /// The key, or the variable or flag that it was given by.
        key: String,
        /// What is wrong.
        message: String,
    },
}

/// A tax provider that is asked over HTTP.
#[derive(Clone)]
pub struct TaxServer {
    /// Where it is.
    pub url: String,
    /// What it knows the shop by.
    pub token: Option<String>,
    /// How long it may take.
    pub timeout: std::time::Duration,
}

/// What the server runs with.
#[derive(Clone)]
pub struct Config {
    /// Where it listens.
    pub addr: SocketAddr,
    /// Where it keeps its files.
    pub data: PathBuf,
    /// How clients reach it.
    pub public_url: String,
    /// PostgreSQL, or another SQLite file; none: a SQLite file among its files.
    pub database_url: Option<String>,
    /// Where tokens and secrets come from, 32 bytes; none: a file among its files.
    pub secret: Option<String>,
    /// The secret before that one, while what it made is to be read.
    pub previous_secret: Option<String>,
    /// The currency of a shop that has set up no market.
    pub currency: Currency,
    /// Where the seller is registered.
    pub country: Option<Country>,
    /// What links that hand a cart over begin with; none: there are no such links.
    pub handoff_url: Option<String>,
    /// Meilisearch; none: Tantivy, among its files.
    pub meilisearch: Option<Meilisearch>,
    /// NATS; none: events stay within the process.
    pub nats_url: Option<String>,
    /// The secret of the test provider's webhook, if it is told.
    pub test_webhook_secret: Option<String>,
    /// Whether the test payment provider is switched on; it has a secret then.
    pub test_payment: bool,
    /// Web origins that browsers may call from; none: any.
    pub cors_origins: Vec<String>,
    /// Whether the schema can be asked for.
    pub introspection: bool,
    /// Operations a second for one caller; 0: any number.
    pub rate_limit: u32,
    /// Attempts to sign in a minute, from one address and for one e-mail address; 0: any number.
    pub sign_in_limit: u32,
    /// The header in which a proxy tells a client's address.
    pub address_header: Option<HeaderName>,
    /// The list of the documents that all but staff are kept to.
    pub trusted_documents: Option<PathBuf>,
    /// How long carts live, and how they are merged.
    pub cart_policy: CartPolicy,
    /// How the shop's stores print codes of their own.
    pub in_store_codes: Vec<InStoreCode>,
    /// Who says what tax is due; none: the table of rates.
    pub tax: Option<TaxServer>,
    /// Where traces are exported to; none: nowhere.
    pub otlp: Option<Otlp>,
    /// Whether the log is JSON.
    pub log_json: bool,
    /// What is logged, as `tracing` filters have it.
    pub log_filter: String,
    sources: Sources,
}

/// The variable or the flag that a key was given by, where it was not the file.
type Sources = BTreeMap<&'static str, String>;

/// A Meilisearch server.
#[derive(Clone)]
pub struct Meilisearch {
    /// Where it is.
    pub url: String,
    /// Its key.
    pub key: Option<String>,
    /// What its indexes' names begin with.
    pub prefix: String,
}

/// A collector of traces.
#[derive(Clone)]
pub struct Otlp {
    /// Where it is.
    pub endpoint: String,
    /// Headers that it asks for.
    pub headers: HashMap<String, String>,
    /// How much of all traces it gets, from 0 to 1.
    pub share: f64,
}

/// Values of the command line, by key; they win over all others.
pub type Overrides = BTreeMap<&'static str, String>;

impl Config {
    /// Reads the configuration: the defaults, over them `file` (or [`FILE`] where it is there), the environment, and `overrides`.
    ///
    /// # Errors
    /// [`ConfigError`], naming the key or the variable.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, OsString)>,
        overrides: &Overrides,
    ) -> Result<Self, ConfigError> {
        let mut table = defaults()?;
        let mut sources = Sources::new();
        let default_file = Path::new(FILE);
        if let Some(path) = file.or_else(|| default_file.exists().then_some(default_file)) {
            merge(&mut table, read(path)?);
        }
        for (name, text) in environment {
            let Some((key, kind)) = variables::key_of(&name)? else { continue };
            let text = text.into_string().map_err(|_| value(&name, "this is not UTF-8 text"))?;
            if !text.is_empty() {
                set(&mut table, key, variables::parse(&name, &text, kind)?);
                sources.insert(key, name);
            }
        }
        for (key, text) in overrides {
            set(&mut table, key, Value::String(text.clone()));
            sources.insert(key, format!("--{key}"));
        }
        let keys = table.try_into::<Keys>().map_err(|it| of_type(&it));
        match keys.and_then(Keys::check) {
            Ok(config) => Ok(Self { sources, ..config }),
            Err(ConfigError::Value { key, message }) => Err(value(source_of(&key, &sources), &message)),
            Err(error) => Err(error),
        }
    }

    /// What `key` was given by: a variable, a flag, or the key itself.
    #[must_use]
    pub fn source<'a>(&'a self, key: &'a str) -> &'a str {
        source_of(key, &self.sources)
    }
}

fn source_of<'a>(key: &'a str, sources: &'a Sources) -> &'a str {
    sources.get(key).map_or(key, String::as_str)
}

/// A value of the wrong type. The file was read before, so that it is a variable's.
fn of_type(error: &toml::de::Error) -> ConfigError {
    let text = error.to_string();
    let key = text.lines().find_map(|it| it.strip_prefix("in `")?.strip_suffix('`'));
    value(key.unwrap_or("configuration"), error.message())
}

fn defaults() -> Result<Table, ConfigError> {
    toml::from_str(TEMPLATE).map_err(|it| value("defaults", it.message()))
}

/// Reads a file; what is wrong with a key or a value is told with its line.
fn read(path: &Path) -> Result<Table, ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    let wrong = |it: toml::de::Error| ConfigError::File { path: path.to_owned(), message: it.to_string() };
    toml::from_str::<Keys>(&text).map_err(wrong)?;
    toml::from_str(&text).map_err(wrong)
}

/// Lays `upper` over `lower`, table by table.
fn merge(lower: &mut Table, upper: Table) {
    for (key, value) in upper {
        match (lower.get_mut(&key), value) {
            (Some(Value::Table(lower)), Value::Table(upper)) => merge(lower, upper),
            (_, value) => {
                lower.insert(key, value);
            }
        }
    }
}

fn set(table: &mut Table, key: &str, value: Value) {
    match key.split_once('.') {
        Some((section, key)) => {
            let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(section) = section {
                set(section, key, value);
            }
        }
        None => {
            table.insert(key.to_owned(), value);
        }
    }
}

fn value(key: &str, message: &str) -> ConfigError {
    ConfigError::Value { key: key.to_owned(), message: message.to_owned() }
}

/// How clients on this machine reach an address.
#[must_use]
pub fn url_of(addr: SocketAddr) -> String {
    let is_everywhere = addr.ip().is_unspecified();
    if is_everywhere { format!("http://127.0.0.1:{}", addr.port()) } else { format!("http://{addr}") }
}

#[cfg(test)]
mod tests;

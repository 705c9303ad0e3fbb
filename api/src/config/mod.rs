//! Configuration: a file, environment variables over it, flags over both. What is wrong is named.

use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use comptoir_domain::money::{Currency, parse_currency};
use poem::http::HeaderName;
use serde::Deserialize;
use toml::{Table, Value};

/// The documented defaults, as a file.
pub const TEMPLATE: &str = include_str!("../comptoir.toml");

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
    #[error("the variable {name} is not known; there are {}", known_variables())]
    UnknownVariable {
        /// Its name.
        name: String,
    },
    /// A value that cannot be used.
    #[error("{key}: {message}")]
    Value {
        /// The key, or the variable.
        key: String,
        /// What is wrong.
        message: String,
    },
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
    /// The currency of those who ask for none.
    pub currency: Currency,
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
    /// Whether the log is JSON.
    pub log_json: bool,
    /// What is logged, as `tracing` filters have it.
    pub log_filter: String,
}

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

/// The file, key by key. The defaults have every key that must be there.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Keys {
    addr: String,
    data: PathBuf,
    public_url: Option<String>,
    secret: Option<String>,
    database: DatabaseKeys,
    search: SearchKeys,
    events: EventKeys,
    shop: ShopKeys,
    payment: PaymentKeys,
    http: HttpKeys,
    log: LogKeys,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DatabaseKeys {
    url: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SearchKeys {
    meili_url: Option<String>,
    meili_key: Option<String>,
    meili_prefix: String,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct EventKeys {
    nats_url: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ShopKeys {
    currency: String,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PaymentKeys {
    test: bool,
    test_webhook_secret: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct HttpKeys {
    cors_origins: Vec<String>,
    introspection: bool,
    rate_limit: u32,
    sign_in_limit: u32,
    address_header: Option<String>,
    trusted_documents: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LogKeys {
    format: LogFormat,
    filter: String,
}

#[derive(Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum LogFormat {
    #[default]
    Text,
    Json,
}

/// How a variable's text becomes a value.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Bool,
    Number,
    List,
}

/// Every variable, and the key it stands for.
const VARIABLES: &[(&str, &str, Kind)] = &[
    ("COMPTOIR_ADDR", "addr", Kind::Text),
    ("COMPTOIR_DATA", "data", Kind::Text),
    ("COMPTOIR_PUBLIC_URL", "public_url", Kind::Text),
    ("COMPTOIR_SECRET", "secret", Kind::Text),
    ("COMPTOIR_MEILI_PREFIX", "search.meili_prefix", Kind::Text),
    ("COMPTOIR_CURRENCY", "shop.currency", Kind::Text),
    ("COMPTOIR_PAYMENT_TEST", "payment.test", Kind::Bool),
    ("COMPTOIR_PAYMENT_TEST_WEBHOOK_SECRET", "payment.test_webhook_secret", Kind::Text),
    ("COMPTOIR_CORS_ORIGINS", "http.cors_origins", Kind::List),
    ("COMPTOIR_INTROSPECTION", "http.introspection", Kind::Bool),
    ("COMPTOIR_RATE_LIMIT", "http.rate_limit", Kind::Number),
    ("COMPTOIR_SIGN_IN_LIMIT", "http.sign_in_limit", Kind::Number),
    ("COMPTOIR_ADDRESS_HEADER", "http.address_header", Kind::Text),
    ("COMPTOIR_TRUSTED_DOCUMENTS", "http.trusted_documents", Kind::Text),
    ("COMPTOIR_LOG_FORMAT", "log.format", Kind::Text),
    ("COMPTOIR_LOG", "log.filter", Kind::Text),
    ("DATABASE_URL", "database.url", Kind::Text),
    ("MEILI_URL", "search.meili_url", Kind::Text),
    ("MEILI_KEY", "search.meili_key", Kind::Text),
    ("NATS_URL", "events.nats_url", Kind::Text),
];

fn known_variables() -> String {
    VARIABLES.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", ")
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
        environment: impl Iterator<Item = (String, String)>,
        overrides: &Overrides,
    ) -> Result<Self, ConfigError> {
        let mut table = defaults()?;
        let default_file = Path::new(FILE);
        if let Some(path) = file.or_else(|| default_file.exists().then_some(default_file)) {
            merge(&mut table, read(path)?);
        }
        for (name, text) in environment {
            let Some((name, key, kind)) = VARIABLES.iter().find(|(known, ..)| *known == name) else {
                let is_of_kubernetes = name.starts_with("COMPTOIR_SERVICE_") || name.starts_with("COMPTOIR_PORT");
                if name.starts_with("COMPTOIR_") && !is_of_kubernetes {
                    return Err(ConfigError::UnknownVariable { name });
                }
                continue;
            };
            if !text.is_empty() {
                set(&mut table, key, parse(name, &text, *kind)?);
            }
        }
        for (key, text) in overrides {
            set(&mut table, key, Value::String(text.clone()));
        }
        let keys: Keys =
            table.try_into().map_err(|it: toml::de::Error| value("configuration", it.to_string().trim_end()))?;
        keys.check()
    }
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

fn parse(name: &str, text: &str, kind: Kind) -> Result<Value, ConfigError> {
    Ok(match kind {
        Kind::Text => Value::String(text.to_owned()),
        Kind::Bool => Value::Boolean(text.parse().map_err(|_| value(name, "this is `true` or `false`"))?),
        Kind::Number => Value::Integer(text.parse().map_err(|_| value(name, "this is a whole number"))?),
        Kind::List => Value::Array(text.split(',').map(|it| Value::String(it.trim().to_owned())).collect()),
    })
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

/// Whether a text is a web origin (RFC 6454): a scheme, a host, perhaps a port, and nothing after.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || b".-:[]".contains(&it)))
}

impl Keys {
    fn check(self) -> Result<Config, ConfigError> {
        let addr: SocketAddr =
            self.addr.parse().map_err(|_| value("addr", "this is an address and a port, such as 127.0.0.1:8000"))?;
        let currency = parse_currency(&self.shop.currency).map_err(|it| value("shop.currency", &it.to_string()))?;
        let url = |key: &str, url: Option<String>, schemes: &[&str]| match url {
            Some(text) if !schemes.iter().any(|it| text.starts_with(it)) => {
                Err(value(key, &format!("this begins with {}", schemes.join(" or "))))
            }
            url => Ok(url),
        };
        let web = ["http://", "https://"];
        let database_url = url("database.url", self.database.url, &["postgres://", "postgresql://", "sqlite:"])?;
        let public_url = url("public_url", self.public_url, &web)?;
        let meili_url = url("search.meili_url", self.search.meili_url, &web)?;
        let (key, prefix) = (self.search.meili_key, self.search.meili_prefix);
        let is_short = self.payment.test_webhook_secret.as_ref().map_or(self.payment.test, |it| it.len() < 16);
        if is_short {
            return Err(value("payment.test_webhook_secret", "the test provider needs one of at least 16 characters"));
        }
        if let Some(wrong) = self.http.cors_origins.iter().find(|it| !is_origin(it)) {
            return Err(value(
                "http.cors_origins",
                &format!("`{wrong}` is not an origin such as https://shop.example.com"),
            ));
        }
        let address_header = self.http.address_header.filter(|it| !it.is_empty()).map(|it| it.parse()).transpose();
        let address_header =
            address_header.map_err(|_| value("http.address_header", "this is the name of a header"))?;
        Ok(Config {
            addr,
            data: self.data,
            public_url: public_url.unwrap_or_else(|| url_of(addr)).trim_end_matches('/').to_owned(),
            database_url,
            secret: self.secret,
            currency,
            meilisearch: meili_url.map(|url| Meilisearch { url, key, prefix }),
            nats_url: url("events.nats_url", self.events.nats_url, &["nats://", "tls://"])?,
            test_webhook_secret: self.payment.test_webhook_secret,
            test_payment: self.payment.test,
            cors_origins: self.http.cors_origins,
            introspection: self.http.introspection,
            rate_limit: self.http.rate_limit,
            sign_in_limit: self.http.sign_in_limit,
            address_header,
            trusted_documents: self.http.trusted_documents,
            log_json: self.log.format == LogFormat::Json,
            log_filter: self.log.filter,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(
        file: &str,
        environment: &[(&str, &str)],
        overrides: &[(&'static str, &str)],
    ) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.toml");
        fs::write(&path, file).unwrap();
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let overrides = overrides.iter().map(|&(key, value)| (key, value.to_owned())).collect();
        Config::load(Some(&path), environment, &overrides)
    }

    #[test]
    fn flags_win_over_variables_and_variables_over_the_file() {
        let file = "addr = \"127.0.0.1:1\"\n[shop]\ncurrency = \"USD\"";
        assert_eq!(load(file, &[], &[]).unwrap().addr.port(), 1);
        assert_eq!(load(file, &[("COMPTOIR_ADDR", "127.0.0.1:2")], &[]).unwrap().addr.port(), 2);
        let config = load(file, &[("COMPTOIR_ADDR", "127.0.0.1:2")], &[("addr", "127.0.0.1:3")]).unwrap();
        assert_eq!((config.addr.port(), config.currency, config.introspection), (3, Currency::USD, true));
    }

    #[test]
    fn an_empty_variable_is_none_and_others_are_not_ours() {
        let config = load("", &[("DATABASE_URL", ""), ("HOME", "/root")], &[]).unwrap();
        assert_eq!((config.database_url, config.public_url.as_str()), (None, "http://127.0.0.1:8000"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (file, variable, named) in [
            ("adress = \"x\"", None, "adress"),
            ("addr = 5", None, "addr = 5"),
            ("addr = \"localhost\"", None, "addr:"),
            ("[shop]\ncurrncy = \"EUR\"", None, "currncy"),
            ("[shop]\ncurrency = \"EURO\"", None, "shop.currency"),
            ("[payment]\ntest = \"yes\"", None, "test = \"yes\""),
            ("[payment]\ntest = true", None, "payment.test_webhook_secret"),
            ("[log]\nformat = \"xml\"", None, "format = \"xml\""),
            ("", Some(("COMPTOIR_PAYMENT_TEST", "maybe")), "COMPTOIR_PAYMENT_TEST"),
            ("", Some(("COMPTOIR_ADRESS", "x")), "COMPTOIR_ADRESS"),
            ("", Some(("COMPTOIR_LOG_FORMAT", "xml")), "log.format"),
            ("", Some(("COMPTOIR_CORS_ORIGINS", "https://a.example/,*")), "http.cors_origins"),
            ("", Some(("MEILI_URL", "meili")), "search.meili_url"),
            ("", Some(("DATABASE_URL", "mysql://x")), "database.url"),
        ] {
            let environment: Vec<(&str, &str)> = variable.into_iter().collect();
            let Err(error) = load(file, &environment, &[]) else { panic!("{file} {variable:?} is right") };
            let error = error.to_string();
            assert!(error.contains(named), "{file} {variable:?}: {error}");
        }
    }
}

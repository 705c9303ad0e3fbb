//! The file, key by key, and what its values have to be.

use std::{collections::HashMap, net::SocketAddr, path::PathBuf, time::Duration};

use chrono::TimeDelta;
use comptoir_domain::{
    cart::{CartPolicy, MergePolicy, MergeStrategy},
    catalog::{InStoreCode, InStoreCodeError},
    channel::CountryError,
    money::parse_currency,
};
use poem::http::HeaderName;
use serde::Deserialize;

use super::{Config, ConfigError, Meilisearch, Otlp, Sources, TaxServer, url_of, value};

/// The file, key by key. The defaults have every key that must be there.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Keys {
    addr: String,
    data: PathBuf,
    public_url: Option<String>,
    secret: Option<String>,
    previous_secret: Option<String>,
    database: DatabaseKeys,
    search: SearchKeys,
    events: EventKeys,
    shop: ShopKeys,
    cart: CartKeys,
    payment: PaymentKeys,
    http: HttpKeys,
    scan: ScanKeys,
    tax: TaxKeys,
    log: LogKeys,
    telemetry: TelemetryKeys,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct DatabaseKeys {
    url: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct SearchKeys {
    meili_url: Option<String>,
    meili_key: Option<String>,
    meili_prefix: String,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct EventKeys {
    nats_url: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct ShopKeys {
    currency: String,
    country: Option<String>,
    handoff_url: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct PaymentKeys {
    test: bool,
    test_webhook_secret: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct HttpKeys {
    cors_origins: Vec<String>,
    introspection: bool,
    rate_limit: u32,
    sign_in_limit: u32,
    address_header: Option<String>,
    trusted_documents: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct CartKeys {
    abandoned_after_minutes: u32,
    expires_after_days: u32,
    merge_browsing: Option<MergeStrategy>,
    merge_checkout: Option<MergeStrategy>,
}

impl CartKeys {
    fn check(&self) -> Result<CartPolicy, ConfigError> {
        for (key, amount) in [
            ("cart.abandoned_after_minutes", self.abandoned_after_minutes),
            ("cart.expires_after_days", self.expires_after_days),
        ] {
            if !(1..=100_000).contains(&amount) {
                return Err(value(key, "this is a whole number from 1 to 100000"));
            }
        }
        let defaults = MergePolicy::default();
        Ok(CartPolicy {
            abandoned_after: TimeDelta::minutes(self.abandoned_after_minutes.into()),
            expires_after: TimeDelta::days(self.expires_after_days.into()),
            merge: MergePolicy {
                browsing: self.merge_browsing.unwrap_or(defaults.browsing),
                checkout: self.merge_checkout.unwrap_or(defaults.checkout),
            },
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct ScanKeys {
    in_store_codes: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct TaxKeys {
    url: Option<String>,
    token: Option<String>,
    timeout_ms: u32,
}

impl TaxKeys {
    fn check(self) -> Result<Option<TaxServer>, ConfigError> {
        if !(1..=TAX_TIMEOUT_MS_MAX).contains(&self.timeout_ms) {
            return Err(value("tax.timeout_ms", &format!("this is from 1 to {TAX_TIMEOUT_MS_MAX}")));
        }
        let timeout = Duration::from_millis(self.timeout_ms.into());
        let url = url("tax.url", self.url, WEB)?;
        Ok(url.map(|url| TaxServer { url, token: self.token.filter(|it| !it.is_empty()), timeout }))
    }
}

impl ScanKeys {
    fn check(&self) -> Result<Vec<InStoreCode>, ConfigError> {
        let codes = self.in_store_codes.iter().map(|it| it.parse()).collect::<Result<_, InStoreCodeError>>();
        codes.map_err(|it| value("scan.in_store_codes", &it.to_string()))
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct LogKeys {
    format: LogFormat,
    filter: String,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct TelemetryKeys {
    otlp_endpoint: Option<String>,
    otlp_headers: Option<String>,
    trace_share: f64,
}

#[derive(Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum LogFormat {
    #[default]
    Text,
    Json,
}

const WEB: &[&str] = &["http://", "https://"];
const DATABASES: &[&str] = &["postgres://", "postgresql://", "sqlite:"];
const NATS: &[&str] = &["nats://", "tls://"];

/// How long a tax provider may be waited for.
const TAX_TIMEOUT_MS_MAX: u32 = 30_000;

/// How long a prefix of Meilisearch's indexes may be.
const PREFIX_LENGTH_MAX: usize = 64;

impl Keys {
    /// The configuration, or the first value that cannot be used.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        let addr: SocketAddr =
            self.addr.parse().map_err(|_| value("addr", "this is an address and a port, such as 127.0.0.1:8000"))?;
        if self.data.as_os_str().is_empty() {
            return Err(value("data", "this is the path of a folder"));
        }
        let currency = parse_currency(&self.shop.currency).map_err(|it| value("shop.currency", &it.to_string()))?;
        let country = self.shop.country.filter(|it| !it.is_empty()).map(|it| it.parse()).transpose();
        let country = country.map_err(|it: CountryError| value("shop.country", &it.to_string()))?;
        let is_short = self.payment.test_webhook_secret.as_ref().map_or(self.payment.test, |it| it.len() < 16);
        if is_short {
            return Err(value("payment.test_webhook_secret", "the test provider needs one of at least 16 characters"));
        }
        if let Some(wrong) = self.http.cors_origins.iter().find(|it| !is_origin(it)) {
            let message = format!("`{wrong}` is not an origin such as https://shop.example.com");
            return Err(value("http.cors_origins", &message));
        }
        let address_header = self.http.address_header.filter(|it| !it.is_empty()).map(|it| it.parse()).transpose();
        let address_header =
            address_header.map_err(|_| value("http.address_header", "this is the name of a header"))?;
        let public_url = url("public_url", self.public_url, WEB)?;
        Ok(Config {
            addr,
            data: self.data,
            public_url: public_url.unwrap_or_else(|| url_of(addr)).trim_end_matches('/').to_owned(),
            database_url: url("database.url", self.database.url, DATABASES)?,
            secret: self.secret,
            previous_secret: self.previous_secret,
            currency,
            country,
            handoff_url: url("shop.handoff_url", self.shop.handoff_url, WEB)?,
            meilisearch: self.search.check()?,
            nats_url: url("events.nats_url", self.events.nats_url, NATS)?,
            test_webhook_secret: self.payment.test_webhook_secret,
            test_payment: self.payment.test,
            cors_origins: self.http.cors_origins,
            introspection: self.http.introspection,
            rate_limit: self.http.rate_limit,
            sign_in_limit: self.http.sign_in_limit,
            address_header,
            trusted_documents: self.http.trusted_documents,
            cart_policy: self.cart.check()?,
            in_store_codes: self.scan.check()?,
            tax: self.tax.check()?,
            otlp: self.telemetry.check()?,
            log_json: self.log.format == LogFormat::Json,
            log_filter: self.log.filter,
            sources: Sources::default(),
        })
    }
}

impl SearchKeys {
    fn check(self) -> Result<Option<Meilisearch>, ConfigError> {
        let is_in_name = |it: u8| it.is_ascii_alphanumeric() || it == b'-' || it == b'_';
        if PREFIX_LENGTH_MAX < self.meili_prefix.len() || !self.meili_prefix.bytes().all(is_in_name) {
            let message =
                format!("this has up to {PREFIX_LENGTH_MAX} letters without accents, digits, hyphens and underscores");
            return Err(value("search.meili_prefix", &message));
        }
        let meili_url = url("search.meili_url", self.meili_url, WEB)?;
        Ok(meili_url.map(|url| Meilisearch { url, key: self.meili_key, prefix: self.meili_prefix }))
    }
}

impl TelemetryKeys {
    fn check(self) -> Result<Option<Otlp>, ConfigError> {
        let share = self.trace_share;
        if !(0.0..=1.0).contains(&share) {
            return Err(value("telemetry.trace_share", "this is a number from 0 to 1"));
        }
        let mut headers = HashMap::new();
        for header in self.otlp_headers.iter().flat_map(|it| it.split(',')).map(str::trim).filter(|it| !it.is_empty()) {
            let pair = header.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
            let pair = pair.filter(|(name, _)| name.parse::<HeaderName>().is_ok());
            let (name, text) =
                pair.ok_or_else(|| value("telemetry.otlp_headers", "these are `name=value`, separated by commas"))?;
            headers.insert(name.to_owned(), text.to_owned());
        }
        let endpoint = url("telemetry.otlp_endpoint", self.otlp_endpoint, WEB)?;
        Ok(endpoint.map(|endpoint| Otlp { endpoint, headers, share }))
    }
}

/// The address in `key`, if there is one: one of `schemes`, and something behind it.
fn url(key: &str, url: Option<String>, schemes: &[&str]) -> Result<Option<String>, ConfigError> {
    let Some(text) = url else { return Ok(None) };
    let rest = schemes.iter().find_map(|it| text.strip_prefix(it));
    let rest = rest.ok_or_else(|| value(key, &format!("this begins with {}", schemes.join(" or "))))?;
    let is_web = schemes.iter().all(|it| WEB.contains(it));
    if rest.trim_matches('/').is_empty() || is_web && rest.starts_with(['/', ':', '?', '#']) {
        return Err(value(key, "the address ends too early"));
    }
    Ok(Some(text))
}

/// Whether a text is a web origin (RFC 6454): a scheme, a host, perhaps a port, and nothing after.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || b".-:[]".contains(&it)))
}

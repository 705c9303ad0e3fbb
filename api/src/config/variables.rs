//! Environment variables, and the key that each stands for.

use toml::Value;

use super::{ConfigError, value};

/// How a variable's text becomes a value.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    Bool,
    Number,
    Fraction,
    List,
}

/// Every variable, and the key it stands for.
const VARIABLES: &[(&str, &str, Kind)] = &[
    ("COMPTOIR_ADDR", "addr", Kind::Text),
    ("COMPTOIR_DATA", "data", Kind::Text),
    ("COMPTOIR_PUBLIC_URL", "public_url", Kind::Text),
    ("COMPTOIR_SECRET", "secret", Kind::Text),
    ("COMPTOIR_PREVIOUS_SECRET", "previous_secret", Kind::Text),
    ("COMPTOIR_MEILI_PREFIX", "search.meili_prefix", Kind::Text),
    ("COMPTOIR_CURRENCY", "shop.currency", Kind::Text),
    ("COMPTOIR_COUNTRY", "shop.country", Kind::Text),
    ("COMPTOIR_CART_ABANDONED_AFTER_MINUTES", "cart.abandoned_after_minutes", Kind::Number),
    ("COMPTOIR_CART_EXPIRES_AFTER_DAYS", "cart.expires_after_days", Kind::Number),
    ("COMPTOIR_CART_MERGE_BROWSING", "cart.merge_browsing", Kind::Text),
    ("COMPTOIR_CART_MERGE_CHECKOUT", "cart.merge_checkout", Kind::Text),
    ("COMPTOIR_HANDOFF_URL", "shop.handoff_url", Kind::Text),
    ("COMPTOIR_PAYMENT_TEST", "payment.test", Kind::Bool),
    ("COMPTOIR_PAYMENT_TEST_WEBHOOK_SECRET", "payment.test_webhook_secret", Kind::Text),
    ("COMPTOIR_CORS_ORIGINS", "http.cors_origins", Kind::List),
    ("COMPTOIR_INTROSPECTION", "http.introspection", Kind::Bool),
    ("COMPTOIR_RATE_LIMIT", "http.rate_limit", Kind::Number),
    ("COMPTOIR_SIGN_IN_LIMIT", "http.sign_in_limit", Kind::Number),
    ("COMPTOIR_ADDRESS_HEADER", "http.address_header", Kind::Text),
    ("COMPTOIR_TRUSTED_DOCUMENTS", "http.trusted_documents", Kind::Text),
    ("COMPTOIR_IN_STORE_CODES", "scan.in_store_codes", Kind::List),
    ("COMPTOIR_TAX_URL", "tax.url", Kind::Text),
    ("COMPTOIR_TAX_TOKEN", "tax.token", Kind::Text),
    ("COMPTOIR_TAX_TIMEOUT_MS", "tax.timeout_ms", Kind::Number),
    ("COMPTOIR_LOG_FORMAT", "log.format", Kind::Text),
    ("COMPTOIR_LOG", "log.filter", Kind::Text),
    ("COMPTOIR_TRACE_SHARE", "telemetry.trace_share", Kind::Fraction),
    ("DATABASE_URL", "database.url", Kind::Text),
    ("MEILI_URL", "search.meili_url", Kind::Text),
    ("MEILI_KEY", "search.meili_key", Kind::Text),
    ("NATS_URL", "events.nats_url", Kind::Text),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "telemetry.otlp_endpoint", Kind::Text),
    ("OTEL_EXPORTER_OTLP_HEADERS", "telemetry.otlp_headers", Kind::Text),
];

/// The names of all variables.
pub(super) fn known() -> String {
    VARIABLES.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", ")
}

/// The key of the variable `name`, and how its text is read; none where it is not ours.
///
/// # Errors
/// The name begins as ours do, and is not known.
pub(super) fn key_of(name: &str) -> Result<Option<(&'static str, Kind)>, ConfigError> {
    let known = VARIABLES.iter().find(|(known, ..)| *known == name).map(|(_, key, kind)| (*key, *kind));
    let is_of_kubernetes = name.starts_with("COMPTOIR_SERVICE_") || name.starts_with("COMPTOIR_PORT");
    if known.is_none() && name.starts_with("COMPTOIR_") && !is_of_kubernetes {
        return Err(ConfigError::UnknownVariable { name: name.to_owned() });
    }
    Ok(known)
}

/// The value of the variable `name`.
///
/// # Errors
/// [`ConfigError::Value`].
pub(super) fn parse(name: &str, text: &str, kind: Kind) -> Result<Value, ConfigError> {
    let number = || text.parse::<u32>().map_err(|_| value(name, &format!("this is a whole number up to {}", u32::MAX)));
    Ok(match kind {
        Kind::Text => Value::String(text.to_owned()),
        Kind::Bool => Value::Boolean(text.parse().map_err(|_| value(name, "this is `true` or `false`"))?),
        Kind::Number => Value::Integer(number()?.into()),
        Kind::Fraction => Value::Float(text.parse().map_err(|_| value(name, "this is a number"))?),
        Kind::List => Value::Array(text.split(',').map(|it| Value::String(it.trim().to_owned())).collect()),
    })
}

//! What configurations are read as, and refused for.

use super::*;

fn load(file: &str, environment: &[(&str, &str)], overrides: &[(&'static str, &str)]) -> Result<Config, ConfigError> {
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
        ("", Some(("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317")), "telemetry.otlp_endpoint"),
        ("", Some(("OTEL_EXPORTER_OTLP_HEADERS", "key")), "telemetry.otlp_headers"),
        ("", Some(("COMPTOIR_TRACE_SHARE", "1.1")), "telemetry.trace_share"),
        ("", Some(("COMPTOIR_TRACE_SHARE", "much")), "COMPTOIR_TRACE_SHARE"),
    ] {
        let environment: Vec<(&str, &str)> = variable.into_iter().collect();
        let Err(error) = load(file, &environment, &[]) else { panic!("{file} {variable:?} is right") };
        let error = error.to_string();
        assert!(error.contains(named), "{file} {variable:?}: {error}");
    }
}

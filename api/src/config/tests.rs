//! What a configuration is read from, and what is wrong with one.

use super::*;

fn load(file: &str, environment: &[(&str, &str)], overrides: &[(&'static str, &str)]) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.toml");
    fs::write(&path, file).unwrap();
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value)));
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
        ("[shop]\ncountry = \"France\"", None, "shop.country"),
        ("[payment]\ntest = \"yes\"", None, "test = \"yes\""),
        ("[payment]\ntest = true", None, "payment.test_webhook_secret"),
        ("[scan]\nin_store_codes = [\"02IIIII\"]", None, "scan.in_store_codes"),
        ("[cart]\nabandoned_after_minutes = 0", None, "cart.abandoned_after_minutes"),
        ("[cart]\nmerge_browsing = \"BOTH\"", None, "merge_browsing = \"BOTH\""),
        ("[log]\nformat = \"xml\"", None, "format = \"xml\""),
        ("", Some(("COMPTOIR_PAYMENT_TEST", "maybe")), "COMPTOIR_PAYMENT_TEST"),
        ("", Some(("COMPTOIR_ADRESS", "x")), "COMPTOIR_ADRESS"),
        ("", Some(("COMPTOIR_LOG_FORMAT", "xml")), "COMPTOIR_LOG_FORMAT: "),
        ("", Some(("COMPTOIR_RATE_LIMIT", "-5")), "COMPTOIR_RATE_LIMIT: "),
        ("", Some(("COMPTOIR_CORS_ORIGINS", "https://a.example/,*")), "COMPTOIR_CORS_ORIGINS: "),
        ("", Some(("COMPTOIR_MEILI_PREFIX", "boutique é")), "COMPTOIR_MEILI_PREFIX: "),
        ("", Some(("MEILI_URL", "meili")), "MEILI_URL: "),
        ("", Some(("DATABASE_URL", "mysql://x")), "DATABASE_URL: "),
        ("", Some(("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317")), "OTEL_EXPORTER_OTLP_ENDPOINT: "),
        ("", Some(("OTEL_EXPORTER_OTLP_HEADERS", "key")), "OTEL_EXPORTER_OTLP_HEADERS: "),
        ("", Some(("COMPTOIR_TRACE_SHARE", "1.1")), "COMPTOIR_TRACE_SHARE: "),
        ("", Some(("COMPTOIR_TRACE_SHARE", "much")), "COMPTOIR_TRACE_SHARE: "),
        ("data = \"\"", None, "data: "),
        ("database = \"x\"", None, "expected a table"),
        ("public_url = \"https://\"", None, "public_url: "),
        ("public_url = \"https:///shop\"", None, "public_url: "),
        ("[search]\nmeili_url = \"http://:7700\"", None, "search.meili_url: "),
        ("[database]\nurl = \"sqlite:\"", None, "database.url: "),
        ("[database]\nurl = \"postgres://\"", None, "database.url: "),
        ("[events]\nnats_url = \"nats://\"", None, "events.nats_url: "),
    ] {
        let environment: Vec<(&str, &str)> = variable.into_iter().collect();
        let Err(error) = load(file, &environment, &[]) else { panic!("{file} {variable:?} is right") };
        let error = error.to_string();
        assert!(error.contains(named), "{file} {variable:?}: {error}");
    }
}

#[test]
fn what_is_wrong_with_a_flag_is_named_by_the_flag() {
    let error = load("addr = \"127.0.0.1:1\"", &[("COMPTOIR_ADDR", "x")], &[("addr", "localhost")]).err().unwrap();
    assert!(error.to_string().starts_with("--addr: "), "{error}");
    let config = load("secret = \"x\"", &[("COMPTOIR_LOG", "info")], &[("data", "d")]).unwrap();
    assert_eq!(["secret", "log.filter", "data"].map(|it| config.source(it)), ["secret", "COMPTOIR_LOG", "--data"]);
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_named() {
    let bytes = std::os::unix::ffi::OsStringExt::from_vec(vec![0xff]);
    let variables = |name: &str| [(name.to_owned(), OsString::clone(&bytes))].into_iter();
    assert!(Config::load(None, variables("HOME"), &Overrides::new()).is_ok());
    let error = Config::load(None, variables("COMPTOIR_DATA"), &Overrides::new()).err().unwrap();
    assert!(error.to_string().starts_with("COMPTOIR_DATA: "), "{error}");
}

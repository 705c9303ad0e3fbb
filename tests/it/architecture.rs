//! Which crate and which file may name which: `domain` names no technology, and only the composition root names `infra`.

use crate::workspace::{MEMBERS, dependencies, sources, toml_file};

/// All that `domain` is built with: nothing that does I/O.
const DOMAIN_MAY_USE: [&str; 10] = [
    "async-trait",
    "chrono",
    "chrono-tz",
    "futures-core",
    "htmlescape",
    "iso_currency",
    "rust_decimal",
    "serde",
    "thiserror",
    "uuid",
];

/// What a crate must not be built with, and why.
const MUST_NOT_USE: [(&str, &[&str], &str); 4] = [
    ("infra", &["comptoir-api", "async-graphql", "async-graphql-poem", "poem"], "adapters know no GraphQL"),
    ("api", &["sea-orm", "sea-orm-migration", "sqlx"], "rows are the business of infra"),
    ("migrations", &["comptoir-domain", "comptoir-infra"], "the history of the tables must not move with the code"),
    ("tests", &["comptoir-domain", "comptoir-infra", "comptoir-api"], "journeys see what a client sees"),
];

/// The names of the crates that `member` is built with.
fn built_with(member: &str) -> Vec<String> {
    let manifest = toml_file(&format!("{member}/Cargo.toml"));
    dependencies(&manifest, &["dependencies", "build-dependencies"]).into_iter().map(|(name, _)| name).collect()
}

/// Whether the file at `path`, relative to the root, belongs to the composition root.
fn is_composition_root(path: &str) -> bool {
    path == "api/src/main.rs" || path == "api/src/bootstrap.rs" || path.starts_with("api/src/bootstrap/")
}

#[test]
fn domain_uses_nothing_that_does_io() {
    let others: Vec<_> = built_with("domain").into_iter().filter(|it| !DOMAIN_MAY_USE.contains(&it.as_str())).collect();
    assert!(others.is_empty(), "domain may use {DOMAIN_MAY_USE:?} only, not {others:?}");
}

#[test]
fn each_crate_keeps_to_its_side() {
    for (member, forbidden, reason) in MUST_NOT_USE {
        let found: Vec<_> = built_with(member).into_iter().filter(|it| forbidden.contains(&it.as_str())).collect();
        assert!(found.is_empty(), "{member} must not use {found:?}: {reason}");
    }
}

#[test]
fn only_the_composition_root_names_infra() {
    let sources = sources("api/src");
    let names_infra = sources.iter().filter(|(_, text)| text.contains("comptoir_infra"));
    let others: Vec<_> = names_infra.map(|(path, _)| path).filter(|path| !is_composition_root(path)).collect();
    assert!(others.is_empty(), "only main.rs and bootstrap of api may name comptoir_infra, not {others:?}");
}

#[test]
fn every_file_says_what_it_holds() {
    let files: Vec<_> = MEMBERS.iter().flat_map(|it| sources(it)).collect();
    assert!(files.iter().any(|(path, _)| path == "tests/it/architecture.rs"), "the sources are not whole");
    let silent: Vec<_> = files.iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(path, _)| path).collect();
    assert!(silent.is_empty(), "every file starts with one `//!` sentence, unlike {silent:?}");
}

#[test]
fn the_composition_root_is_main_and_bootstrap() {
    for path in ["api/src/main.rs", "api/src/bootstrap.rs", "api/src/bootstrap/search.rs"] {
        assert!(is_composition_root(path), "{path}");
    }
    for path in ["api/src/lib.rs", "api/src/graphql/main.rs", "api/src/bootstrapping.rs", "infra/src/main.rs"] {
        assert!(!is_composition_root(path), "{path}");
    }
}

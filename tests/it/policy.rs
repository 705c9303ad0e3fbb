//! What the workspace may depend on, by `.config/deny.toml`, and how its manifests say so.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a value that is not there fails the test that needs it"
)]

use spdx::{Expression, Licensee, ParseMode};
use toml::{Table, Value};

use crate::workspace::{MEMBERS, dependencies, packages, toml_file};

const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// The licences that `.config/deny.toml` allows.
fn allowed_licenses() -> Vec<Licensee> {
    let policy = toml_file(".config/deny.toml");
    let allowed = policy["licenses"]["allow"].as_array().unwrap();
    allowed.iter().map(|it| Licensee::parse(it.as_str().unwrap()).unwrap()).collect()
}

/// Whether one way to fulfil `license` needs only what is `allowed`.
fn is_allowed(license: &str, allowed: &[Licensee]) -> bool {
    // Older crates write `MIT / Apache-2.0` for `MIT OR Apache-2.0`.
    let Ok(expression) = Expression::parse_mode(license, ParseMode::LAX) else {
        return false;
    };
    expression.evaluate(|requirement| allowed.iter().any(|it| it.satisfies(requirement)))
}

/// Whether `requirement`, the value of a dependency, takes any version there is.
fn is_wildcard(requirement: &Value) -> bool {
    let version = requirement.as_str().or_else(|| requirement.get("version")?.as_str());
    let is_ours = requirement.get("path").is_some();
    version.map_or(!is_ours, |it| it.contains('*'))
}

/// The names of `dependencies` that do not take their version from the workspace.
fn own_versions(manifest: &Table) -> Vec<String> {
    let is_shared = |value: &Value| value.get("workspace").and_then(Value::as_bool) == Some(true);
    let all = dependencies(manifest, &SECTIONS).into_iter();
    all.filter(|(_, value)| !is_shared(value)).map(|(name, _)| name).collect()
}

#[test]
fn every_package_has_an_allowed_licence() {
    let allowed = allowed_licenses();
    let packages = packages(&["--workspace", "--edges", "normal,build,dev"]);
    assert!(packages.len() > 100, "the graph is not whole: {} packages", packages.len());

    let refused = packages.iter().filter(|it| !is_allowed(&it.license, &allowed));
    let refused: Vec<_> = refused.map(|it| format!("{} is under `{}`", it.id, it.license)).collect();
    assert!(refused.is_empty(), "not allowed by [licenses] of .config/deny.toml: {refused:#?}");
}

#[test]
fn the_binary_contains_no_banned_package() {
    let policy = toml_file(".config/deny.toml");
    let banned = policy["bans"]["deny"].as_array().unwrap();
    let packages = packages(&["--package", "comptoir-api", "--edges", "normal,build"]);
    assert!(packages.iter().any(|it| it.name() == "aws-lc-rs"), "the graph is not whole");

    let found = banned.iter().filter(|ban| packages.iter().any(|it| ban["crate"].as_str() == Some(it.name())));
    let found: Vec<_> = found.map(|ban| format!("{}: {}", ban["crate"], ban["reason"])).collect();
    assert!(found.is_empty(), "banned by .config/deny.toml (`cargo tree --invert NAME` shows who asks): {found:#?}");
}

#[test]
fn every_package_comes_from_a_registry() {
    let lock = toml_file("Cargo.lock");
    let packages = lock["package"].as_array().unwrap();
    let is_published = |it: &&Value| it.get("source").is_none_or(|it| it.as_str().unwrap().starts_with("registry+"));
    let others: Vec<_> = packages.iter().filter(|it| !is_published(it)).map(|it| it["name"].to_string()).collect();
    assert!(others.is_empty(), "neither ours nor from a registry, so it may change or vanish: {others:?}");
}

#[test]
fn every_shared_dependency_names_a_version() {
    let workspace = toml_file("Cargo.toml");
    let shared = workspace["workspace"]["dependencies"].as_table().unwrap();
    let wild: Vec<_> = shared.iter().filter(|(_, value)| is_wildcard(value)).map(|(name, _)| name).collect();
    assert!(wild.is_empty(), "[workspace.dependencies] takes any version of {wild:?}");
}

#[test]
fn every_crate_shares_lints_and_versions() {
    let workspace = toml_file("Cargo.toml");
    let members: Vec<_> =
        workspace["workspace"]["members"].as_array().unwrap().iter().flat_map(Value::as_str).collect();
    assert_eq!(members, MEMBERS, "the folders these tests look into");

    for member in MEMBERS {
        let manifest = toml_file(&format!("{member}/Cargo.toml"));
        let lints = manifest.get("lints").and_then(|it| it.get("workspace")).and_then(Value::as_bool);
        assert_eq!(lints, Some(true), "{member}/Cargo.toml lacks `[lints] workspace = true`");
        let own = own_versions(&manifest);
        assert!(own.is_empty(), "{member}/Cargo.toml does not say `workspace = true` for {own:?}");
    }
}

#[test]
fn a_licence_expression_is_weighed_whole() {
    let allowed = ["MIT", "Apache-2.0"].map(|it| Licensee::parse(it).unwrap());
    for license in ["MIT", "GPL-3.0-only OR MIT", "MIT/Apache-2.0", "MIT AND (Apache-2.0 OR ISC)"] {
        assert!(is_allowed(license, &allowed), "{license}");
    }
    for license in ["", "GPL-3.0-only", "MIT AND ISC", "Apache-2.0 WITH LLVM-exception", "Our own terms"] {
        assert!(!is_allowed(license, &allowed), "{license}");
    }
}

#[test]
fn loose_dependencies_are_seen() {
    let manifest: Table = r#"
        [dependencies]
        any = "*"
        minor = { version = "1.*" }
        git = { git = "https://example.org/git" }
        ours = { path = "../ours" }
        fixed = "1"
        shared = { workspace = true }
        [target.'cfg(unix)'.dev-dependencies]
        hidden = "2"
    "#
    .parse()
    .unwrap();
    let wild = dependencies(&manifest, &["dependencies"]).into_iter().filter(|(_, value)| is_wildcard(value));
    let wild: Vec<_> = wild.map(|(name, _)| name).collect();
    assert_eq!(wild, ["any", "git", "minor", "shared"]);
    assert_eq!(own_versions(&manifest), ["any", "fixed", "git", "minor", "ours", "hidden"]);
}

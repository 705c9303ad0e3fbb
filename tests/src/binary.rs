//! The binary under test.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use crate::documents::root;

/// The path of `comptoir`: what `COMPTOIR_BIN` names; without it, what cargo builds into the target folder in use.
///
/// # Panics
/// If it cannot be built.
pub(crate) fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os("COMPTOIR_BIN").map_or_else(build, PathBuf::from))
}

/// Builds the binary beside this test, which is `TARGET/PROFILE/deps/NAME`.
fn build() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let target = profile.parent().unwrap();
    let status = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--quiet", "--package", "comptoir-api"])
        .args(profile.ends_with("release").then_some("--release"))
        .env("CARGO_TARGET_DIR", target)
        .current_dir(root())
        .status()
        .unwrap();
    assert!(status.success(), "the binary could not be built");
    profile.join("comptoir")
}

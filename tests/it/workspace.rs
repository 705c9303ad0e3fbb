//! What the policy and architecture tests read: the workspace's manifests, sources and dependency graph.
#![expect(clippy::unwrap_used, reason = "a file that cannot be read fails the test that needs it")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use toml::{Table, Value};

/// The members, each the folder of one crate.
pub(crate) const MEMBERS: [&str; 5] = ["api", "domain", "infra", "migrations", "tests"];

/// The root folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// The TOML file at `path`, which is relative to the root.
pub(crate) fn toml_file(path: &str) -> Table {
    let text = fs::read_to_string(root().join(path)).unwrap();
    text.parse().unwrap()
}

/// The dependencies that `manifest` declares in `sections` (such as `dependencies`), also those for some targets only.
pub(crate) fn dependencies(manifest: &Table, sections: &[&str]) -> Vec<(String, Value)> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    std::iter::once(manifest)
        .chain(targets.filter_map(Value::as_table))
        .flat_map(|table| sections.iter().filter_map(|section| table.get(*section)?.as_table()))
        .flatten()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Every Rust file below `folder` (relative to the root): its path relative to the root, and its text.
pub(crate) fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with("node_modules") {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

/// One package of the dependency graph.
pub(crate) struct Package {
    /// Its name and version, such as `serde v1.0.0`.
    pub(crate) id: String,
    /// Its licence as it states it, empty when it states none.
    pub(crate) license: String,
}

impl Package {
    /// The name alone.
    pub(crate) fn name(&self) -> &str {
        self.id.split(' ').next().unwrap()
    }
}

/// The packages that `cargo tree` finds with `selection` on this machine's platform, features resolved.
pub(crate) fn packages(selection: &[&str]) -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--prefix", "none", "--format", "{p}\t{l}"])
        .args(selection)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));

    // A package comes back as often as it is depended upon, each time but the first marked `(*)`.
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: BTreeSet<_> = text.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    lines
        .into_iter()
        .filter_map(|line| line.split_once('\t'))
        .map(|(id, license)| Package { id: id.to_owned(), license: license.to_owned() })
        .collect()
}

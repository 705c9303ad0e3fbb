//! `comptoir import`.

use std::{
    io::{IsTerminal as _, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use comptoir_domain::{
    access::Actor,
    catalog::{
        ErrorPolicy, ImportReport, ProductFile, SaveOutcome,
        import::{ImportSettings, read_shopify},
    },
    channel::{LocationCode, LocationDraft, LocationKind},
    money::parse_currency,
};

use super::{BoxError, Comptoir};
use crate::{cli::Import, config::Config};

/// The largest file, in bytes.
const FILE_BYTES: u64 = 256 * 1024 * 1024;

/// A file to import, and how.
pub(crate) struct FileToImport {
    path: PathBuf,
    bytes: Vec<u8>,
    settings: ImportSettings,
    policy: ErrorPolicy,
    is_bad: bool,
}

/// Reads the flags and the file.
///
/// # Errors
/// A flag is wrong, or the file is none of products.
pub(crate) fn read(what: &Import, config: &Config) -> Result<FileToImport, BoxError> {
    let Import::Products { file, strict, currency, language, location } = what;
    let settings = ImportSettings {
        currency: currency
            .as_deref()
            .map_or(Ok(config.currency), parse_currency)
            .map_err(|it| format!("--currency: {it}"))?,
        language: language.parse().map_err(|it| format!("--language: {it}"))?,
        location: location.parse().map_err(|it| format!("--location: {it}"))?,
    };
    let unreadable = |it: std::io::Error| format!("{}: {it}", file.display());
    if FILE_BYTES < std::fs::metadata(file).map_err(unreadable)?.len() {
        return Err(format!("{}: larger than {} MiB", file.display(), FILE_BYTES >> 20).into());
    }
    let bytes = std::fs::read(file).map_err(unreadable)?;
    let read = read_shopify(&bytes, &settings).map_err(|it| format!("{}: {it}", file.display()))?;
    let policy = if *strict { ErrorPolicy::RejectAll } else { ErrorPolicy::SkipRefused };
    Ok(FileToImport { path: file.clone(), bytes, settings, policy, is_bad: !read.issues.is_empty() })
}

/// Imports a file, and says what became of it. The exit code is not 0 where anything was refused.
///
/// # Errors
/// The storage failed.
pub(crate) async fn import(comptoir: &Comptoir, file: &FileToImport) -> Result<ExitCode, BoxError> {
    let FileToImport { path, bytes, settings, policy, is_bad } = file;
    if *policy == ErrorPolicy::SkipRefused || !is_bad {
        ensure_location(comptoir, &settings.location).await?;
    }
    let catalog = &comptoir.app.catalog;
    let product_file = ProductFile { bytes, settings: settings.clone(), policy: *policy };
    let report = catalog.import(&Actor::system(), &product_file, &progress).await;
    let report = report.map_err(|it| format!("{}: {it}", path.display()))?;
    print(&report);
    Ok(if report.issues.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Quantities need a place: a shop that has none of this name yet gets a warehouse.
async fn ensure_location(comptoir: &Comptoir, code: &LocationCode) -> Result<(), BoxError> {
    let (channels, actor) = (&comptoir.app.channels, Actor::system());
    if channels.settings(&actor).await?.locations.iter().any(|it| it.draft.code == *code) {
        return Ok(());
    }
    let draft = LocationDraft {
        code: code.clone(),
        kind: LocationKind::Warehouse,
        name: code.to_string(),
        address: None,
        coordinates: None,
    };
    channels.save_location(&actor, draft).await?;
    eprintln!("The location `{code}` was created as a warehouse.");
    Ok(())
}

fn progress(done: usize, count: usize) {
    let mut out = std::io::stderr();
    let end = if out.is_terminal() && done < count { '\r' } else { '\n' };
    let _ = write!(out, "{done} of {count} products{end}");
}

fn print(report: &ImportReport) {
    for issue in &report.issues {
        let column = issue.column.as_ref().map(|it| format!(", column `{it}`")).unwrap_or_default();
        let slug = issue.slug.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
        println!("line {}{column}{slug}: {}", issue.line, issue.message);
    }
    if 0 < report.further_issues {
        println!("… and {} more", report.further_issues);
    }
    let count = |outcome| report.count(outcome);
    println!(
        "Rows: {}. Products created: {}, updated: {}, unchanged: {}, refused: {}. Issues: {}.",
        report.row_count,
        count(SaveOutcome::Created),
        count(SaveOutcome::Updated),
        count(SaveOutcome::Unchanged),
        report.results.iter().filter(|it| it.saved.is_none()).count(),
        report.issues.len() + report.further_issues,
    );
    if !report.is_stored {
        println!("Nothing was saved.");
    }
}

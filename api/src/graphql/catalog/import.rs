//! The import of product files, on the wire.

use std::sync::Arc;

use async_graphql::{Context, Enum, InputObject, Result, SimpleObject};
use comptoir_domain::{
    catalog::{
        self, ImportError, ImportReport, ProductFile,
        import::{ImportIssue, ImportSettings},
    },
    channel::ChannelError,
    language::Language,
};

use super::{
    super::{
        context::ContextExt as _,
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
        loader::{ProductIn, load},
        scalar::{CurrencyCode, LanguageTag},
    },
    Product,
};

/// What happens to the good products of a file when others are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::ErrorPolicy")]
enum ImportErrorPolicy {
    /// They are saved.
    SkipRefused,
    /// Nothing is saved.
    RejectAll,
}

/// What became of a product of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum ImportOutcome {
    /// There was no such product.
    Created,
    /// Something of it is different now.
    Updated,
    /// It was all there already.
    Unchanged,
    /// It was refused, or nothing was saved.
    Refused,
}

/// A product file.
#[derive(InputObject)]
pub(super) struct ProductsImportInput {
    /// The file's text. A request of staff has at most 16 MiB.
    csv: String,
    /// The currency of its prices; that of the request's market if left out.
    currency: Option<CurrencyCode>,
    /// The language of its texts; English if left out.
    language: Option<LanguageTag>,
    /// The code of the location where its quantities were counted.
    location_code: String,
    /// What happens to the good products when others are refused.
    #[graphql(default_with = "ImportErrorPolicy::SkipRefused")]
    error_policy: ImportErrorPolicy,
}

/// What became of one product of a file.
#[derive(SimpleObject)]
struct ProductImportResult {
    /// The product's slug, as the file has it.
    slug: String,
    /// The lines of the file that make it up; of one that was refused, all that there are.
    lines: Vec<u64>,
    /// What was done to it.
    outcome: ImportOutcome,
    /// The product as it is now; null where it was refused.
    product: Option<Product>,
}

/// Something that is wrong with a file.
#[derive(SimpleObject)]
struct ProductImportIssue {
    /// The line on which the row begins; the header is line 1.
    line: u64,
    /// The column, as the header has it; null: the whole row.
    column: Option<String>,
    /// What is wrong.
    message: String,
    /// The product's handle, as far as it can be told.
    slug: Option<String>,
}

/// The answer to `productsImport`.
#[derive(SimpleObject)]
pub(super) struct ProductsImportPayload {
    /// Product by product, in the file's order, those that were refused as well; null where the file cannot be read at all.
    results: Option<Vec<ProductImportResult>>,
    /// What is wrong, by line: the first thousand.
    issues: Vec<ProductImportIssue>,
    /// How many more issues there are.
    further_issues: u32,
    /// Whether anything was saved.
    is_stored: bool,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Runs `productsImport`.
pub(super) async fn import(ctx: &Context<'_>, input: ProductsImportInput) -> Result<ProductsImportPayload> {
    match run(ctx, &input).await {
        Ok(report) => Ok(ProductsImportPayload {
            results: Some(results(ctx, &report).await?),
            issues: report.issues.into_iter().map(ProductImportIssue::from).collect(),
            further_issues: u32::try_from(report.further_issues).unwrap_or(u32::MAX),
            is_stored: report.is_stored,
            user_errors: vec![],
        }),
        Err(refusal) => Ok(ProductsImportPayload {
            results: None,
            issues: vec![],
            further_issues: 0,
            is_stored: false,
            user_errors: refusal.into_user_errors()?,
        }),
    }
}

async fn run(ctx: &Context<'_>, input: &ProductsImportInput) -> Result<ImportReport, Refusal> {
    let request = ctx.request()?;
    let currency = input.currency.as_ref().map(|it| it.parse(Path::input("currency"))).transpose()?;
    let language = input.language.as_ref().map(|it| it.parse(Path::input("language"))).transpose()?;
    let location = input.location_code.parse().map_err(|it: ChannelError| {
        UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::input("locationCode"))
    })?;
    let settings = ImportSettings {
        currency: currency.unwrap_or(request.sales.currency),
        language: language.unwrap_or_else(Language::english),
        location,
    };
    let file = ProductFile { bytes: input.csv.as_bytes(), settings, policy: input.error_policy.into() };
    let report = request.app.catalog.import(&request.actor, &file, &|_, _| ()).await;
    report.map_err(|error| match error {
        ImportError::File(error) => {
            UserError::input(ErrorCode::InvalidInput, error.to_string(), Path::input("csv")).into()
        }
        ImportError::Catalog(error) => error.refuse(Path::argument("input")),
    })
}

async fn results(ctx: &Context<'_>, report: &ImportReport) -> Result<Vec<ProductImportResult>> {
    let request = ctx.request()?;
    let result = |it: &catalog::ImportResult| {
        let (slug, lines, saved) = (it.handle.clone(), it.lines.clone(), it.saved);
        async move {
            let Some((id, outcome)) = saved else {
                return Ok(ProductImportResult { slug, lines, outcome: ImportOutcome::Refused, product: None });
            };
            let product = load(ctx, ProductIn::new(id, &request.sales))
                .await?
                .map(|product| Product::new(product, Arc::clone(&request.sales)));
            Ok(ProductImportResult { slug, lines, outcome: outcome.into(), product })
        }
    };
    futures_util::future::try_join_all(report.results.iter().map(result)).await
}

impl From<catalog::SaveOutcome> for ImportOutcome {
    fn from(outcome: catalog::SaveOutcome) -> Self {
        match outcome {
            catalog::SaveOutcome::Created => Self::Created,
            catalog::SaveOutcome::Updated => Self::Updated,
            catalog::SaveOutcome::Unchanged => Self::Unchanged,
        }
    }
}

impl From<ImportIssue> for ProductImportIssue {
    fn from(issue: ImportIssue) -> Self {
        Self { line: issue.line, column: issue.column, message: issue.message, slug: issue.slug }
    }
}

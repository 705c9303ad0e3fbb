//! The use case of importing a product file.

use super::{
    CatalogError, CatalogService, ErrorPolicy, ProductDraft, SaveOutcome, Slug,
    import::{ImportFileError, ImportIssue, ImportSettings, ImportedFile, ImportedProduct, read_shopify},
};
use crate::{
    access::{Actor, Permission},
    ids::ProductId,
};

/// What became of one product of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportResult {
    /// The product's slug.
    pub slug: Slug,
    /// The lines of the file that make it up.
    pub lines: Vec<u64>,
    /// The product and what was done to it; none where it was refused.
    pub saved: Option<(ProductId, SaveOutcome)>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// How many rows the file has.
    pub row_count: usize,
    /// Whether anything was stored: not where the import was strict and there were issues.
    pub is_stored: bool,
    /// Product by product, in the file's order.
    pub results: Vec<ImportResult>,
    /// What is wrong, by line: the first thousand.
    pub issues: Vec<ImportIssue>,
    /// How many more issues there are.
    pub further_issues: usize,
}

impl ImportReport {
    /// How many products ended so.
    #[must_use]
    pub fn count(&self, outcome: SaveOutcome) -> usize {
        self.results.iter().filter(|it| it.saved.is_some_and(|(_, saved)| saved == outcome)).count()
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read at all.
    #[error(transparent)]
    File(#[from] ImportFileError),
    /// The catalog refused, or the storage failed.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl CatalogService {
    /// Imports a product file: products are found by slug, variants by SKU or options. The same file again changes nothing.
    ///
    /// `progress` hears how many products of how many are done.
    ///
    /// # Errors
    /// [`ImportError`]; what is wrong with single rows is in the report.
    pub async fn import(
        &self,
        actor: &Actor,
        file: &[u8],
        settings: &ImportSettings,
        policy: ErrorPolicy,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<ImportReport, ImportError> {
        actor.require(Permission::ManageProducts).map_err(CatalogError::from)?;
        let ImportedFile { products, mut issues, further_issues, row_count } = read_shopify(file, settings)?;
        let drafts: Vec<ProductDraft> = products.iter().map(|it| it.draft.clone()).collect();
        if policy == ErrorPolicy::RejectAll && !issues.is_empty() {
            let results = products.into_iter().map(|it| result_of(it, None)).collect();
            return Ok(ImportReport { row_count, is_stored: false, results, issues, further_issues });
        }
        let count = drafts.len();
        let saved = self.save_products(actor, &drafts, policy, &|done| progress(done, count)).await?;
        let mut results = Vec::with_capacity(count);
        for (product, saved) in products.into_iter().zip(saved) {
            match saved {
                Ok(saved) => results.push(result_of(product, Some((saved.id, saved.outcome)))),
                Err(refusal) => {
                    issues.push(product.issue(&refusal));
                    results.push(result_of(product, None));
                }
            }
        }
        issues.sort_by_key(|it| it.line);
        let is_stored = policy == ErrorPolicy::SkipRefused || issues.is_empty();
        if !is_stored {
            results.iter_mut().for_each(|it| it.saved = None);
        }
        Ok(ImportReport { row_count, is_stored, results, issues, further_issues })
    }
}

fn result_of(product: ImportedProduct, saved: Option<(ProductId, SaveOutcome)>) -> ImportResult {
    ImportResult { slug: product.draft.slug, lines: product.lines, saved }
}

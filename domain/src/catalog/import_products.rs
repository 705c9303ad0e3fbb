//! The use case of importing a product file.

use super::{
    CatalogError, CatalogService, ErrorPolicy, ProductDraft, ProductError, SaveOutcome, SavedProduct,
    import::{ImportFileError, ImportIssue, ImportSettings, ImportedProduct, Issues, LeftOut, read_shopify},
};
use crate::{
    access::{Actor, Permission},
    ids::ProductId,
};

/// A product file, and how to take it.
#[derive(Debug, Clone)]
pub struct ProductFile<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// What it does not say.
    pub settings: ImportSettings,
    /// What happens to its good products when others are refused.
    pub policy: ErrorPolicy,
}

/// What became of one product of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportResult {
    /// The product's handle, as the file has it.
    pub handle: String,
    /// The lines of the file that make it up; of one that was refused, all that there are.
    pub lines: Vec<u64>,
    /// The product and what was done to it; none where it was refused.
    pub saved: Option<(ProductId, SaveOutcome)>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// How many rows the file has.
    pub row_count: usize,
    /// Whether anything was stored: not where all was refused, or the import was strict and there were issues.
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
        file: &ProductFile<'_>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<ImportReport, ImportError> {
        actor.require(Permission::ManageProducts).map_err(CatalogError::from)?;
        let read = read_shopify(file.bytes, &file.settings)?;
        let mut products = read.products;
        let mut issues = Issues { kept: read.issues, further: read.further_issues };
        let is_strict = file.policy == ErrorPolicy::RejectAll;
        let saved = if is_strict && !issues.kept.is_empty() {
            Vec::new()
        } else {
            let (saved, later) = self.save_imported(actor, &mut products, file.policy, progress).await?;
            issues.merge(later);
            saved
        };
        let is_rejected = is_strict && !issues.kept.is_empty();
        let saved = saved.into_iter().map(|it| it.filter(|_| !is_rejected)).chain(std::iter::repeat(None));
        let mut results: Vec<_> = products.into_iter().zip(saved).map(|(it, saved)| result_of(it, saved)).collect();
        let left_out = |LeftOut { handle, lines }| ImportResult { handle, lines, saved: None };
        results.extend(read.left_out.into_iter().map(left_out));
        results.sort_by_key(|it| it.lines.first().copied());
        let is_stored = results.iter().any(|it| it.saved.is_some());
        let Issues { kept: issues, further: further_issues } = issues;
        Ok(ImportReport { row_count: read.row_count, is_stored, results, issues, further_issues })
    }

    /// Saves what can be saved, and says what cannot. A variant that is refused is left out of its product, as a bad row is.
    async fn save_imported(
        &self,
        actor: &Actor,
        products: &mut [ImportedProduct],
        policy: ErrorPolicy,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<(Vec<Option<SavedProduct>>, Vec<ImportIssue>), CatalogError> {
        let drafts: Vec<ProductDraft> = products.iter().map(|it| it.draft.clone()).collect();
        let mut issues = Vec::new();
        let mut without_variant = |place: usize, refusal: &ProductError| {
            let product = products.get_mut(place)?;
            issues.push(product.leave_out_variant(refusal)?);
            Some(product.draft.clone())
        };
        let progress = |done| progress(done, drafts.len());
        let saved = self.save_mended(actor, &drafts, policy, &progress, &mut without_variant).await?;
        for (product, saved) in products.iter().zip(&saved) {
            if let Err(refusal) = saved {
                issues.extend(product.issues(refusal));
            }
        }
        Ok((saved.into_iter().map(Result::ok).collect(), issues))
    }
}

fn result_of(product: ImportedProduct, saved: Option<SavedProduct>) -> ImportResult {
    let saved = saved.map(|it| (it.id, it.outcome));
    ImportResult { handle: product.draft.slug.to_string(), lines: product.rows, saved }
}

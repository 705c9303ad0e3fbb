//! Reads product files into drafts. Pure: bytes in, drafts and issues out.
//!
//! The format is Shopify's product CSV: <https://help.shopify.com/en/manual/products/import-export/using-csv>.
//!
//! **Products.** Rows of one handle are one product, wherever they are. Its first row has what is the product's own: title
//! (needed), description, vendor, type, tags, status, option names; further rows may repeat it and are not asked.
//! `Status` decides over `Published`, of which an empty cell means published. The option `Title` with the value
//! `Default Title` means no options. Where a cell is empty the stored brand and type stay; where a column is missing the
//! stored status, description, tags and pictures stay too.
//!
//! **Pictures.** Each row can add one. They are in the order of `Image Position`, those without after them in the file's
//! order, and last those that are only some `Variant Image`. One address is one picture.
//!
//! **Variants.** A row with an option value, SKU, barcode, price, former price or quantity is a variant.
//!
//! - `Variant Price` is needed. Amounts are digits and a decimal point: `1,299.00`, `$12`, `-1` and more decimals than the
//!   currency has are refused (zeros at the end are none). `Variant Compare At Price` counts only above the price; otherwise
//!   it is passed over, as in Shopify.
//! - `Variant Inventory Qty` is what was counted at the settings' location, and may be below zero. Somebody counts where there
//!   is a quantity or a tracker; then `Variant Inventory Policy` holds, and an empty one means deny. Shopify's own sample
//!   files have quantities and no tracker. With neither, the variant is untracked.
//! - `Variant Grams` are rounded to whole grams; `Variant Weight Unit` is for display in Shopify alone.
//! - An apostrophe before a SKU's or a barcode's first digit is a spreadsheet's, and is dropped.
//!
//! **Bad rows.** They are left out and reported with each bad cell, and the rest lands. A bad cell of the product's own on its
//! first row, or a first row with too few or too many cells, leaves out all rows of the product; a bad picture its row; a bad
//! variant itself, while the row's picture stays. Of two equal SKUs in a file or two equal choices in a product the later is
//! bad, and so is a SKU that a stored variant of another product has. A product that is left without a variant is left out.
//! Columns that are not read here are passed over.

mod columns;
mod issue;
mod picture;
mod product;
mod record;
mod refusal;
mod row;
mod shopify;
#[cfg(test)]
mod tests;
mod variant;

use std::sync::Arc;

pub(super) use issue::Issues;
pub use issue::{ImportFileError, ImportIssue};
pub use shopify::read_shopify;

use super::ProductDraft;
use crate::{channel::LocationCode, language::Language, money::Currency};

/// What a file does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSettings {
    /// The prices' currency.
    pub currency: Currency,
    /// The texts' language.
    pub language: Language,
    /// Where the quantities were counted.
    pub location: LocationCode,
}

/// A product of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedProduct {
    /// What is to be saved.
    pub draft: ProductDraft,
    /// The physical line on which the product's first row begins, then those of each variant's row.
    pub lines: Vec<u64>,
    /// The lines of all its rows with nothing wrong.
    pub(super) rows: Vec<u64>,
    columns: Arc<columns::Columns>,
}

/// A product of a file that cannot be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its handle, cut where it is longer than one can be.
    pub handle: String,
    /// The physical lines on which its rows begin.
    pub lines: Vec<u64>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedFile {
    /// The products that can be saved as far as the file tells, in the order of their first rows.
    pub products: Vec<ImportedProduct>,
    /// The other products, of which nothing can be saved, in the same order.
    pub left_out: Vec<LeftOut>,
    /// The first 1,000 things that are wrong, by line.
    pub issues: Vec<ImportIssue>,
    /// How many more there are.
    pub further_issues: usize,
    /// How many rows with a filled cell come after the header.
    pub row_count: usize,
}

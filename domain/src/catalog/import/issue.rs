//! What is wrong with a file, or with a row of it.

use super::super::Slug;

/// Why nothing of a file can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportFileError {
    /// The bytes are no text.
    #[error("line {line}: the file is not UTF-8 text")]
    NotUtf8 {
        /// The physical line of the first bad byte.
        line: u64,
    },
    /// The file is empty.
    #[error("the file has no header")]
    HeaderMissing,
    /// A column that every product file has.
    #[error("the column `{column}` is missing")]
    ColumnMissing {
        /// Its name in Shopify's exports.
        column: &'static str,
    },
    /// A quote that is not closed, or text after a closing quote: where rows begin is no longer certain.
    #[error("line {line}: the quotes are not balanced")]
    UnbalancedQuotes {
        /// The physical line on which the cell begins that has no end, or on which a closing quote is followed by text.
        line: u64,
    },
    /// A row that is no row of a product.
    #[error("line {line}: there are more than {max} cells")]
    TooManyCells {
        /// The physical line on which the row begins.
        line: u64,
        /// The most there may be.
        max: usize,
    },
    /// More rows than are read at once.
    #[error("there are more than {max} rows")]
    TooManyRows {
        /// The most there may be.
        max: usize,
    },
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportIssue {
    /// The physical line of the file on which the row begins; the header's is usually 1.
    pub line: u64,
    /// The column's name in the file's header; none where the whole row is meant, or a column that the file does not have.
    pub column: Option<String>,
    /// What is wrong, for people.
    pub message: String,
    /// The handle of the product, as far as it can be told.
    pub slug: Option<String>,
}

/// The first issues, and how many there are beyond them.
#[derive(Debug, Default)]
pub(super) struct Issues {
    pub(super) kept: Vec<ImportIssue>,
    pub(super) further: usize,
}

impl Issues {
    /// How many are kept.
    pub(super) const KEPT_MAX: usize = 1_000;

    /// Adds one; `handle` is the product's, if the row has one.
    pub(super) fn add(&mut self, line: u64, column: Option<String>, handle: Option<&str>, message: impl Into<String>) {
        if self.kept.len() < Self::KEPT_MAX {
            let slug = handle.map(|it| it.chars().take(Slug::LENGTH_MAX).collect());
            self.kept.push(ImportIssue { line, column, message: message.into(), slug });
        } else {
            self.further += 1;
        }
    }
}

/// The beginning of a text that came from a file, short enough for a message.
pub(super) fn shortened(text: &str) -> String {
    const MAX: usize = 80;
    match text.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

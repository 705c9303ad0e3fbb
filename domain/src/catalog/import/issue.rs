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

impl ImportIssue {
    /// What is wrong on `line`, in a column or in all of the row, with the product of `handle` if the row has one.
    pub(super) fn new(line: u64, column: Option<String>, handle: Option<&str>, message: impl Into<String>) -> Self {
        Self { line, column, message: message.into(), slug: handle.map(handle_of) }
    }

    /// That a row with nothing wrong was left out, because of what is wrong on the line `of`.
    pub(super) fn left_out(line: u64, handle: &str, of: u64) -> Self {
        Self::new(line, None, Some(handle), format!("left out because of line {of}"))
    }
}

/// The first issues, and how many there are beyond them.
#[derive(Debug, Default)]
pub(in crate::catalog) struct Issues {
    pub(in crate::catalog) kept: Vec<ImportIssue>,
    pub(in crate::catalog) further: usize,
}

impl Issues {
    /// How many are kept.
    pub(super) const KEPT_MAX: usize = 1_000;

    /// Adds one; `handle` is the product's, if the row has one.
    pub(super) fn add(&mut self, line: u64, column: Option<String>, handle: Option<&str>, message: impl Into<String>) {
        if self.kept.len() < Self::KEPT_MAX {
            self.kept.push(ImportIssue::new(line, column, handle, message));
        } else {
            self.further += 1;
        }
    }

    /// Adds what came up later, wherever its lines are: the first by line are kept.
    pub(in crate::catalog) fn merge(&mut self, later: Vec<ImportIssue>) {
        self.kept.extend(later);
        self.kept.sort_by_key(|it| it.line);
        self.further += self.kept.len().saturating_sub(Self::KEPT_MAX);
        self.kept.truncate(Self::KEPT_MAX);
    }
}

/// The handle of a cell, no longer than one can be.
pub(super) fn handle_of(cell: &str) -> String {
    printable(cell).take(Slug::LENGTH_MAX).collect()
}

/// The beginning of a text that came from a file, short enough for a message.
pub(super) fn shortened(text: &str) -> String {
    const MAX: usize = 80;
    let end = if text.chars().nth(MAX).is_some() { "…" } else { "" };
    printable(text).take(MAX).chain(end.chars()).collect()
}

/// The letters of a text that came from a file; what would command a terminal is replaced.
fn printable(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|it| if it.is_control() { char::REPLACEMENT_CHARACTER } else { it })
}

//! One row's cells as values; what cannot be read is remembered by column.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

use super::{
    columns::{Column, Columns},
    issue::{Issues, shortened},
    record::Record,
};
use crate::{
    catalog::{Product, Variant, draft::is_short_text},
    money::{Currency, Money},
};

/// A row that is being read.
pub(super) struct Row<'r> {
    columns: &'r Columns,
    record: &'r Record<'r>,
    problems: Vec<(Option<Column>, String)>,
}

impl<'r> Row<'r> {
    pub(super) fn new(columns: &'r Columns, record: &'r Record<'r>) -> Self {
        let mut row = Self { columns, record, problems: Vec::new() };
        if record.cells.len() != columns.count {
            row.refuse_row(format!("the row has {} cells, the header {}", record.cells.len(), columns.count));
        }
        row
    }

    /// The physical line on which it begins.
    pub(super) fn line(&self) -> u64 {
        self.record.line
    }

    /// Whether nothing was wrong so far.
    pub(super) fn is_good(&self) -> bool {
        self.problems.is_empty()
    }

    /// Remembers what is wrong with a cell.
    pub(super) fn refuse(&mut self, column: Column, message: impl Into<String>) {
        self.problems.push((Some(column), message.into()));
    }

    /// Remembers what is wrong with the row.
    pub(super) fn refuse_row(&mut self, message: impl Into<String>) {
        self.problems.push((None, message.into()));
    }

    /// Hands over what was wrong.
    pub(super) fn report(self, issues: &mut Issues) {
        let handle = Some(self.cell(Column::Handle)).filter(|it| !it.is_empty());
        for (column, message) in self.problems {
            let name = column.and_then(|it| self.columns.name(it));
            issues.add(self.record.line, name, handle, message);
        }
    }

    /// Whether the file has `column`.
    pub(super) fn has(&self, column: Column) -> bool {
        self.columns.has(column)
    }

    /// The cell as it is.
    pub(super) fn raw(&self, column: Column) -> &'r str {
        self.columns.cell(self.record, column)
    }

    /// The cell without spaces around it.
    pub(super) fn cell(&self, column: Column) -> &'r str {
        self.raw(column).trim()
    }

    /// A short text, if there is one.
    pub(super) fn text(&mut self, column: Column) -> Option<String> {
        let text = Some(self.cell(column)).filter(|it| !it.is_empty())?;
        self.check_text(column, text).then(|| text.to_owned())
    }

    /// Whether `text`, which is of `column`, can be a name, a tag and the like.
    pub(super) fn check_text(&mut self, column: Column, text: &str) -> bool {
        let is_good = is_short_text(text);
        if !is_good {
            let max = Product::TEXT_LENGTH_MAX;
            self.refuse(column, format!("`{}` has more than {max} characters, or control characters", shortened(text)));
        }
        is_good
    }

    /// A number as it is printed on a pack. An apostrophe before a digit is how spreadsheets mark text.
    pub(super) fn number_text(&self, column: Column) -> &'r str {
        let text = self.cell(column);
        text.strip_prefix('\'').filter(|it| it.starts_with(|it: char| it.is_ascii_digit())).unwrap_or(text)
    }

    /// `true` or `false` in whatever case, if there is something.
    pub(super) fn flag(&mut self, column: Column) -> Option<bool> {
        match self.cell(column) {
            "" => None,
            it if it.eq_ignore_ascii_case("true") => Some(true),
            it if it.eq_ignore_ascii_case("false") => Some(false),
            it => {
                self.refuse(column, format!("`{}` is neither true nor false", shortened(it)));
                None
            }
        }
    }

    /// A whole number that fits `T`, if there is something.
    pub(super) fn whole<T: std::str::FromStr>(&mut self, column: Column) -> Option<T> {
        let text = Some(self.cell(column)).filter(|it| !it.is_empty())?;
        let number = text.parse().ok();
        if number.is_none() {
            self.refuse(column, format!("`{}` is not a whole number that can be here", shortened(text)));
        }
        number
    }

    /// A weight, rounded to whole grams, half up.
    pub(super) fn grams(&mut self, column: Column) -> Option<u32> {
        let text = Some(self.cell(column)).filter(|it| !it.is_empty())?;
        let round = |it: Decimal| it.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_u32();
        let grams = plain_decimal(text).and_then(round).filter(|it| *it <= Variant::WEIGHT_GRAMS_MAX);
        if grams.is_none() {
            self.refuse(column, format!("`{}` is not a weight in grams", shortened(text)));
        }
        grams
    }

    /// An amount, if there is something: digits, and a point before as many decimals as the currency has.
    pub(super) fn amount(&mut self, column: Column, currency: Currency) -> Option<Money> {
        let text = Some(self.cell(column)).filter(|it| !it.is_empty())?;
        let is_negative = text.strip_prefix('-').is_some_and(|it| plain_decimal(it).is_some());
        let amount = match plain_decimal(text) {
            Some(amount) => Money::from_decimal(amount, currency).map_err(|err| err.to_string()),
            None if is_negative => Err("an amount cannot be negative".to_owned()),
            None => Err("an amount is written like 1299.90, without currency and thousands separators".to_owned()),
        };
        amount.map_err(|it| self.refuse(column, format!("`{}`: {it}", shortened(text)))).ok()
    }
}

/// Digits with at most one point, exactly. `Decimal` itself reads signs and underscores too.
fn plain_decimal(text: &str) -> Option<Decimal> {
    let is_plain = text.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    Decimal::from_str_exact(text).ok().filter(|_| is_plain)
}

//! CSV as spreadsheets write it (RFC 4180): records with the physical line on which each begins.
//!
//! The `csv` crate takes a quote that is never closed for the rest of the file and counts lines late after CRLF; a merchant
//! who has to find the place needs both exactly.

use std::borrow::Cow;

use super::ImportFileError;

/// The most cells of a record; exports of large shops have some hundred columns.
const CELLS_MAX: usize = 2_000;

/// One record: its cells, unquoted.
#[derive(Debug, PartialEq)]
pub(super) struct Record<'t> {
    /// The physical line on which it begins, from 1.
    pub(super) line: u64,
    pub(super) cells: Vec<Cow<'t, str>>,
}

/// The records of a text. Those without a single filled cell are passed over; nothing comes after an error.
pub(super) struct Records<'t> {
    rest: &'t str,
    line: u64,
}

impl<'t> Records<'t> {
    /// Reads `text` from its first line, past a byte order mark.
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 }
    }

    fn record(&mut self) -> Result<Record<'t>, ImportFileError> {
        let mut record = Record { line: self.line, cells: Vec::new() };
        loop {
            if record.cells.len() == CELLS_MAX {
                return Err(ImportFileError::TooManyCells { line: record.line, max: CELLS_MAX });
            }
            record.cells.push(self.cell()?);
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None => break,
            }
        }
        if let Some(rest) = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix(['\r', '\n'])) {
            self.rest = rest;
            self.line += 1;
        }
        Ok(record)
    }

    /// Reads up to the comma or the line break after the cell.
    fn cell(&mut self) -> Result<Cow<'t, str>, ImportFileError> {
        let Some(mut rest) = self.rest.strip_prefix('"') else {
            let end = self.rest.find([',', '\r', '\n']).unwrap_or(self.rest.len());
            let (cell, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Ok(cell.into());
        };
        let mut cell = String::new();
        loop {
            let (part, after) = rest.split_once('"').ok_or(ImportFileError::UnbalancedQuotes { line: self.line })?;
            cell.push_str(part);
            rest = after;
            match after.strip_prefix('"') {
                Some(after) => {
                    cell.push('"');
                    rest = after;
                }
                None => break,
            }
        }
        self.line += line_breaks(&cell);
        // Most often a quote that was opened lines above closes here, and what it swallowed is lost.
        if !rest.is_empty() && !rest.starts_with([',', '\r', '\n']) {
            return Err(ImportFileError::UnbalancedQuotes { line: self.line });
        }
        self.rest = rest;
        Ok(cell.into())
    }
}

impl<'t> Iterator for Records<'t> {
    type Item = Result<Record<'t>, ImportFileError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            match self.record() {
                Ok(record) if record.cells.iter().all(|it| it.trim().is_empty()) => {}
                Ok(record) => return Some(Ok(record)),
                Err(err) => {
                    self.rest = "";
                    return Some(Err(err));
                }
            }
        }
        None
    }
}

/// How many lines end in `text`, by LF, CRLF or CR.
pub(super) fn line_breaks(text: &str) -> u64 {
    let mut previous = ' ';
    let mut count = 0;
    for it in text.chars() {
        count += u64::from(it == '\r' || (it == '\n' && previous != '\r'));
        previous = it;
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Vec<(u64, Vec<String>)>, ImportFileError> {
        let own = |it: Record<'_>| (it.line, it.cells.iter().map(ToString::to_string).collect());
        Records::new(text).map(|it| it.map(own)).collect()
    }

    fn record(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn lines_are_those_an_editor_shows() {
        for line_break in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "\"x", "y\",2", ",", "  ", "c,\"\"", ""].join(line_break);
            let quoted = format!("x{line_break}y");
            let expected = vec![record(1, &["a", "b"]), record(3, &[&quoted, "2"]), record(7, &["c", ""])];
            assert_eq!(read(&text), Ok(expected), "{line_break:?}");
        }
    }

    #[test]
    fn quotes_are_doubled_inside_quotes_and_plain_elsewhere() {
        assert_eq!(read("\"say \"\"hi\"\"\",5\" pipe,\",\""), Ok(vec![record(1, &["say \"hi\"", "5\" pipe", ","])]));
        assert_eq!(read("\u{feff}\"a\",b"), Ok(vec![record(1, &["a", "b"])]));
    }

    #[test]
    fn a_quote_that_is_not_closed_names_its_line() {
        for (text, line) in [("a\n\n\"b\nc\n", 3), ("a\n\"b\nc\nd,\"e\",f\n", 4), ("\"a\"b", 1), ("a\n\"b\" ,c", 2)] {
            assert_eq!(read(text), Err(ImportFileError::UnbalancedQuotes { line }), "{text:?}");
        }
    }

    #[test]
    fn a_record_has_a_bounded_number_of_cells() {
        assert!(read(&format!("a{}", ",".repeat(1_999))).is_ok());
        let res = read(&format!("a\n{}b", ",".repeat(2_000)));
        assert_eq!(res, Err(ImportFileError::TooManyCells { line: 2, max: 2_000 }));
    }

    proptest! {
        /// Where the quotes are balanced, the `csv` crate reads the same.
        #[test]
        fn the_csv_crate_agrees(text in "[ab\",\r\n]{0,40}") {
            if let Ok(records) = read(&text) {
                let cells: Vec<Vec<String>> = records.into_iter().map(|it| it.1).collect();
                let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
                let theirs: Vec<Vec<String>> = reader
                    .records()
                    .map(|it| it.unwrap().iter().map(str::to_owned).collect())
                    .filter(|it: &Vec<String>| it.iter().any(|it| !it.trim().is_empty()))
                    .collect();
                prop_assert_eq!(cells, theirs);
            }
        }
    }
}

//! Shopify's product file, row by row.

use std::{collections::HashMap, sync::Arc};

use super::{
    ImportFileError, ImportSettings, ImportedFile, LeftOut,
    columns::{Column, Columns},
    issue::{Issues, handle_of},
    product::{FileContext, ProductRows},
    record::{Record, Records, line_breaks},
    row::Row,
};

/// The most rows of a file.
const ROWS_MAX: usize = 200_000;

/// Reads a whole file; the module says by which rules. The same bytes give equal drafts each time.
///
/// # Errors
/// [`ImportFileError`] where nothing of the file can be trusted. What is wrong with single rows is in [`ImportedFile::issues`].
pub fn read_shopify(text: &[u8], settings: &ImportSettings) -> Result<ImportedFile, ImportFileError> {
    let text = std::str::from_utf8(text).map_err(|err| {
        let good = text.get(..err.valid_up_to()).unwrap_or_default();
        ImportFileError::NotUtf8 { line: 1 + line_breaks(&String::from_utf8_lossy(good)) }
    })?;
    let mut records = Records::new(text);
    let mut issues = Issues::default();
    let header = records.next().ok_or(ImportFileError::HeaderMissing)??;
    let columns = Columns::read(&header, &mut issues)?;
    let file = FileContext { settings, sku_lines: HashMap::new() };
    let mut reader = Reader { columns: Arc::new(columns), file, entries: Vec::new(), places: HashMap::new(), issues };
    let mut row_count = 0;
    for record in records {
        let record = record?;
        if row_count == ROWS_MAX {
            return Err(ImportFileError::TooManyRows { max: ROWS_MAX });
        }
        row_count += 1;
        reader.read(&record);
    }
    Ok(reader.finish(row_count))
}

struct Reader<'s> {
    columns: Arc<Columns>,
    file: FileContext<'s>,
    /// In the order of their first rows.
    entries: Vec<Entry>,
    /// The place of each handle's entry.
    places: HashMap<String, usize>,
    issues: Issues,
}

/// What became of a handle so far.
enum Entry {
    Open(Box<ProductRows>),
    /// Its first row was bad.
    LeftOut(LeftOut),
}

impl Reader<'_> {
    fn read(&mut self, record: &Record<'_>) {
        let columns = Arc::clone(&self.columns);
        let mut row = Row::new(&columns, record);
        let handle = row.cell(Column::Handle);
        let place = self.places.get(handle).copied();
        match place.and_then(|it| self.entries.get_mut(it)) {
            None if handle.is_empty() => row.refuse(Column::Handle, "the handle is missing"),
            None => {
                self.places.insert(handle.to_owned(), self.entries.len());
                let entry = self.start(&mut row);
                self.entries.push(entry);
            }
            Some(Entry::Open(product)) => product.add(&mut row, &mut self.file),
            Some(Entry::LeftOut(product)) => {
                let first = product.lines.first().copied().unwrap_or_default();
                product.lines.push(row.line());
                row.refuse_row(format!("left out because of line {first}"));
            }
        }
        row.report(&mut self.issues);
    }

    fn start(&mut self, row: &mut Row<'_>) -> Entry {
        match ProductRows::start(row, &self.file.settings.language) {
            Some(mut product) => {
                product.add(row, &mut self.file);
                Entry::Open(Box::new(product))
            }
            None => Entry::LeftOut(LeftOut { handle: handle_of(row.cell(Column::Handle)), lines: vec![row.line()] }),
        }
    }

    fn finish(self, row_count: usize) -> ImportedFile {
        let Self { columns, file, entries, mut issues, .. } = self;
        let (mut products, mut left_out) = (Vec::new(), Vec::new());
        for entry in entries {
            match entry {
                Entry::Open(product) => match product.finish(&columns, file.settings, &mut issues) {
                    Ok(product) => products.push(product),
                    Err(product) => left_out.push(product),
                },
                Entry::LeftOut(product) => left_out.push(product),
            }
        }
        issues.kept.sort_by_key(|it| it.line);
        ImportedFile { products, left_out, issues: issues.kept, further_issues: issues.further, row_count }
    }
}

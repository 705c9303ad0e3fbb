//! The rules of the import, each by a small file.

mod bad_rows;
mod files;
mod pictures;
mod products;
mod properties;
mod variants;

use super::*;

/// A row as its filled cells; what is not named is empty.
type Cells<'c> = &'c [(&'c str, &'c str)];

/// A product without options.
const MUG: Cells<'_> = &[("Handle", "mug"), ("Title", "Mug"), ("Variant Price", "9.90")];

/// The first row of a product with an option.
const SHIRT: Cells<'_> = &[
    ("Handle", "shirt"),
    ("Title", "Shirt"),
    ("Option1 Name", "Size"),
    ("Option1 Value", "S"),
    ("Variant SKU", "SH-S"),
    ("Variant Price", "20"),
];

/// A further row of it.
const SHIRT_M: Cells<'_> =
    &[("Handle", "shirt"), ("Option1 Value", "M"), ("Variant SKU", "SH-M"), ("Variant Price", "21")];

fn settings() -> ImportSettings {
    ImportSettings {
        currency: Currency::EUR,
        language: Language::english(),
        location: "main-warehouse".parse().unwrap(),
    }
}

/// `row` with other cells; an empty value empties the cell.
fn with<'c>(row: &[(&'c str, &'c str)], cells: &[(&'c str, &'c str)]) -> Vec<(&'c str, &'c str)> {
    let is_kept = |it: &&(&str, &str)| !cells.iter().any(|other| other.0 == it.0);
    row.iter().filter(is_kept).chain(cells).copied().collect()
}

/// A file with a column for each name that some row has, in the order they come up; row n is on line n + 2.
fn sheet(rows: &[Cells<'_>]) -> String {
    let mut header: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().copied().flatten() {
        if !header.contains(name) {
            header.push(name);
        }
    }
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let cell = |row: Cells<'_>, name: &str| row.iter().find(|it| it.0 == name).map_or(String::new(), |it| quoted(it.1));
    let lines = rows.iter().map(|row| header.iter().map(|name| cell(row, name)).collect::<Vec<_>>().join(","));
    std::iter::once(header.join(",")).chain(lines).map(|it| it + "\n").collect()
}

fn read_text(text: &str) -> ImportedFile {
    read_shopify(text.as_bytes(), &settings()).unwrap()
}

fn read(rows: &[Cells<'_>]) -> ImportedFile {
    read_text(&sheet(rows))
}

/// The one product of a file without issues.
fn one(rows: &[Cells<'_>]) -> ProductDraft {
    let file = read(rows);
    assert_eq!(file.issues, []);
    assert_eq!(file.products.len(), 1);
    file.products.into_iter().next().unwrap().draft
}

/// The line and the column of each issue; `-` is the whole row.
fn places(file: &ImportedFile) -> Vec<(u64, &str)> {
    file.issues.iter().map(|it| (it.line, it.column.as_deref().unwrap_or("-"))).collect()
}

/// The issues of a mug with another cell.
fn places_with(column: &str, value: &str) -> Vec<(u64, String)> {
    let file = read(&[&with(MUG, &[(column, value)])]);
    assert_eq!(file.products.is_empty(), !file.issues.is_empty());
    places(&file).into_iter().map(|(line, column)| (line, column.to_owned())).collect()
}

/// The values of each variant's options.
fn choices(draft: &ProductDraft) -> Vec<Vec<&str>> {
    draft.variants.iter().map(|it| it.options.iter().map(|it| it.value.as_str()).collect()).collect()
}

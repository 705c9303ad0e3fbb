//! What holds for whatever file.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const HEADER: &str = "Handle,Title,Tags,Status,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,\
                      Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Image Position,Variant Image";

/// A row of cells that often fit, and sometimes do not; the address of its picture is its own or shared.
fn row() -> impl Strategy<Value = Vec<&'static str>> {
    let cells: [&[&str]; 15] = [
        &["mug", "mug", "shirt", "shirt", "shirt", "Bad One", ""],
        &["Mug", "Mug", "Mug", ""],
        &["", "a, b", "a\u{7}"],
        &["", "active", "draft", "active", "?"],
        &["Size", "Size", "Title", ""],
        &["S", "M", "L", "XL", "Default Title", ""],
        &["", "", "", "Size", "Colour"],
        &["", "", "", "Red"],
        &["", "", "A", "B", "C"],
        &["", "1", "-2", "x"],
        &["1", "2.50", "", "", "9,90"],
        &["", "3", "0.5", "?"],
        &["", "/a.jpg", "/b.jpg", "not one"],
        &["", "1", "2", "x"],
        &["", "/a.jpg", "/c.jpg"],
    ];
    let width = prop_oneof![8 => Just(15_usize), 1 => Just(14), 1 => Just(3)];
    (cells.map(|it| prop::sample::select(it.to_vec())), width).prop_map(|(row, width)| row[..width].to_vec())
}

fn text_of(rows: &[Vec<&str>]) -> String {
    let line = |row: &Vec<&str>| row.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(",") + "\n";
    format!("{HEADER}\n{}", rows.iter().map(line).collect::<String>())
}

/// The lines of the rows that a file's drafts hold: those of variants, of pictures, and of products.
fn landed(file: &ImportedFile, rows: &[Vec<&str>]) -> BTreeSet<u64> {
    let mut lines: BTreeSet<u64> = file.products.iter().flat_map(|it| it.lines.iter().copied()).collect();
    for (line, row) in (2..).zip(rows) {
        let draft = file.products.iter().find(|it| it.draft.slug.as_str() == row[0]).map(|it| &it.draft);
        let has_picture = |url: &&&str| draft.is_some_and(|it| it.media.iter().flatten().any(|it| it.url == **url));
        lines.extend(row.get(12).filter(has_picture).map(|_| line));
    }
    lines
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_shopify(&bytes, &settings());
    }

    #[test]
    fn no_text_below_a_header_panics(text in "[\"a,1.\r\n\u{7}é/-]{0,200}") {
        let _ = read_shopify(format!("{HEADER}\n{text}").as_bytes(), &settings());
    }

    #[test]
    fn every_row_lands_or_is_reported(rows in prop::collection::vec(row(), 0..12)) {
        let file = read_text(&text_of(&rows));
        let landed = landed(&file, &rows);
        let reported: BTreeSet<u64> = file.issues.iter().map(|it| it.line).collect();
        let is_blank = |row: &Vec<&str>| row.iter().all(|it| it.is_empty());
        for (line, _) in (2..).zip(&rows).filter(|it| !is_blank(it.1)) {
            prop_assert!(landed.contains(&line) || reported.contains(&line), "line {line}: {file:#?}");
        }
        prop_assert_eq!(file.row_count, rows.iter().filter(|it| !is_blank(it)).count());
    }

    #[test]
    fn what_lands_can_be_saved_as_far_as_the_file_tells(rows in prop::collection::vec(row(), 0..12)) {
        let text = text_of(&rows);
        let file = read_text(&text);
        let mut skus = BTreeSet::new();
        for product in &file.products {
            prop_assert_eq!(product.draft.check(), Ok(()));
            prop_assert!(!product.draft.variants.is_empty());
            prop_assert_eq!(product.lines.len(), product.draft.variants.len() + 1);
            for (line, variant) in product.lines[1..].iter().zip(&product.draft.variants) {
                prop_assert!(!file.issues.iter().any(|it| it.line == *line));
                prop_assert!(variant.sku.iter().all(|it| skus.insert(it.clone())));
            }
        }
        prop_assert_eq!(read_text(&text), file);
    }
}

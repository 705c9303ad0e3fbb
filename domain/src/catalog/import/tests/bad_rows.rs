//! What becomes of the other rows of a product, and where refusals of the storage are.

use super::*;
use crate::{
    catalog::{ProductError, TextPlace},
    ids::{IdSource, VariantId},
};

#[test]
fn a_bad_first_row_leaves_out_the_product() {
    let file = read(&[&with(SHIRT, &[("Title", "")]), MUG, SHIRT_M]);
    assert_eq!(places(&file), [(2, "Title"), (4, "-")]);
    assert_eq!(file.issues[1].message, "left out because of line 2");
    assert_eq!(file.issues[1].slug.as_deref(), Some("shirt"));
    assert_eq!(file.products.len(), 1);
    assert_eq!(file.left_out, [LeftOut { handle: "shirt".to_owned(), lines: vec![2, 4] }]);
}

#[test]
fn what_would_command_a_terminal_is_not_repeated() {
    let file = read(&[&with(MUG, &[("Title", "\u{1b}[2J\u{9b}2J\r"), ("Handle", "m\0ug")])]);
    let texts: Vec<_> = file.issues.iter().flat_map(|it| [&it.message, it.slug.as_ref().unwrap()]).collect();
    assert_eq!(texts.len(), 4);
    assert!(texts.iter().all(|it| !it.contains(char::is_control)), "{texts:?}");
}

#[test]
fn every_bad_cell_of_a_row_is_reported() {
    let cells = [("Variant Price", "?"), ("Variant Grams", "?"), ("Image Position", "?"), ("Image Src", "/a.jpg")];
    let file = read(&[SHIRT, &with(SHIRT_M, &cells)]);
    assert_eq!(places(&file), [(3, "Image Position"), (3, "Variant Price"), (3, "Variant Grams")]);
}

#[test]
fn a_bad_variant_on_the_first_row_leaves_the_product() {
    let file = read(&[&with(SHIRT, &[("Variant Price", "?")]), SHIRT_M]);
    assert_eq!(places(&file), [(2, "Variant Price")]);
    assert_eq!(file.products[0].lines, [2, 3]);
    assert_eq!(choices(&file.products[0].draft), [["M"]]);
}

#[test]
fn a_product_without_a_variant_is_left_out() {
    let picture = [("Handle", "shirt"), ("Image Src", "/a.jpg")];
    let file = read(&[&with(SHIRT, &[("Variant Price", "?")]), &picture]);
    assert_eq!(places(&file), [(2, "Variant Price"), (3, "-")]);
    let first = [("Handle", "shirt"), ("Title", "Shirt"), ("Variant Price", "")];
    let file = read(&[&first, &picture]);
    assert_eq!(places(&file), [(2, "Variant Price"), (3, "-")]);
    assert_eq!(file.products, []);
    let file = read(&[&first, &with(SHIRT_M, &[("Option1 Value", ""), ("Variant Price", "?")]), &picture]);
    assert_eq!(places(&file), [(2, "-"), (3, "Variant Price"), (4, "-")]);
    assert_eq!(file.issues[0].message, "left out because of line 3: no variant is left");
    assert_eq!(file.left_out, [LeftOut { handle: "shirt".to_owned(), lines: vec![2, 3, 4] }]);
}

#[test]
fn issues_are_in_the_order_of_lines() {
    let picture = [("Handle", "shirt"), ("Image Src", "/a.jpg")];
    let bad = |row| with(row, &[("Variant Price", "?")]);
    assert_eq!(
        places(&read(&[&bad(SHIRT), &picture, &bad(MUG)])),
        [(2, "Variant Price"), (3, "-"), (4, "Variant Price")]
    );
}

#[test]
fn handles_are_slugs() {
    for handle in ["", "Big Mug", "mug!", "MUG", &"m".repeat(256)] {
        assert_eq!(places_with("Handle", handle), [(2, "Handle".to_owned())], "{handle}");
    }
    let file = read(&[&with(MUG, &[("Handle", "Big Mug")]), &with(MUG, &[("Handle", "Big Mug")])]);
    assert_eq!(places(&file), [(2, "Handle"), (3, "-")]);
}

#[test]
fn rows_of_another_width_are_left_out() {
    let text = "Handle,Title,Option1 Name,Option1 Value,Variant Price\n\
                shirt,Shirt,Size,S,20\nshirt,,,M\nshirt,,,L,22,\nshirt,,,XL,23\n\
                mug,Mug, big,,,9.90\nmug,,,,9.90\n";
    let file = read_text(text);
    assert_eq!(places(&file), [(3, "-"), (4, "-"), (6, "-"), (7, "-")]);
    assert_eq!(file.issues[0].message, "the row has 4 cells, the header 5");
    assert_eq!(choices(&file.products[0].draft), [["S"], ["XL"]]);
    assert_eq!((file.products.len(), file.row_count), (1, 6));
}

#[test]
fn the_first_thousand_issues_are_kept() {
    let bad = with(MUG, &[("Variant Price", "?")]);
    let handles: Vec<String> = (0..1_003).map(|it| format!("mug-{it}")).collect();
    let rows: Vec<Vec<(&str, &str)>> = handles.iter().map(|it| with(&bad, &[("Handle", it)])).collect();
    let file = read(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    assert_eq!((file.issues.len(), file.further_issues), (1_000, 3));
    assert_eq!(file.issues[999].line, 1_001);
}

#[test]
fn what_comes_up_later_counts_among_the_first_thousand() {
    let issue = |line| ImportIssue { line, column: None, message: String::new(), slug: None };
    let mut issues = Issues { kept: (1..=600).map(|it| issue(it * 2)).collect(), further: 2 };
    issues.merge((0..600).map(|it| issue(it * 2 + 1)).collect());
    assert_eq!((issues.kept.len(), issues.further), (1_000, 202));
    assert_eq!(issues.kept.iter().map(|it| it.line).collect::<Vec<_>>(), (1..=1_000).collect::<Vec<_>>());
}

#[test]
fn a_variant_that_the_storage_refuses_is_left_out_like_a_bad_row() {
    let picture = [("Handle", "shirt"), ("Image Src", "/a.jpg")];
    let mut product = read(&[SHIRT, SHIRT_M, &picture]).products.remove(0);
    let taken = |index| ProductError::SkuTaken { index, sku: "SH-M".parse().unwrap() };
    let all = product.issues(&taken(1));
    assert_eq!(all.iter().map(|it| it.line).collect::<Vec<_>>(), [3, 2, 4]);
    assert_eq!(all[1].message, "left out because of line 3");

    let issue = product.leave_out_variant(&taken(1)).unwrap();
    assert_eq!((issue.line, issue.column.as_deref()), (3, Some("Variant SKU")));
    assert_eq!((choices(&product.draft), &product.rows), (vec![vec!["S"]], &vec![2, 4]));
    assert_eq!(product.draft.options.as_ref().unwrap()[0].values, ["S"]);
    let error = ProductError::TooMany { what: "tags", max: 250 };
    assert_eq!(product.leave_out_variant(&error), None, "the product is refused");
    assert_eq!(product.leave_out_variant(&taken(0)), None, "no variant would be left");
}

struct ZeroIds;

impl IdSource for ZeroIds {
    fn uuid(&self) -> uuid::Uuid {
        uuid::Uuid::nil()
    }
}

#[test]
fn refusals_of_the_storage_have_a_line_and_a_column() {
    let cells = [("Variant Inventory Qty", "1"), ("Variant Image", "/a.jpg"), ("Image Src", "/a.jpg"), ("Tags", "a")];
    let file = read(&[&with(SHIRT, &cells), MUG, SHIRT_M]);
    let product = &file.products[0];
    let sku = || "SH-M".parse().unwrap();
    let id = VariantId::new(&ZeroIds);
    for (error, line, column) in [
        (ProductError::SkuTaken { index: 1, sku: sku() }, 4, Some("Variant SKU")),
        (ProductError::SameOptions { first: 0, index: 1 }, 4, Some("Option1 Value")),
        (ProductError::OptionMismatch { index: 0 }, 2, Some("Option1 Value")),
        (ProductError::OptionsInUse { id }, 2, Some("Option1 Name")),
        (ProductError::InvalidPrice { index: 1, reason: "no" }, 4, Some("Variant Price")),
        (ProductError::NoSuchMedia { index: 1 }, 4, Some("Variant Image")),
        (ProductError::UnknownLocation { code: "x".to_owned() }, 2, Some("Variant Inventory Qty")),
        (ProductError::TooMany { what: "tags", max: 250 }, 2, Some("Tags")),
        (ProductError::TooMany { what: "variants", max: 2_000 }, 2, None),
        (ProductError::Text { place: TextPlace::Name(0), max: 255 }, 2, Some("Title")),
        // The file has no such column.
        (ProductError::Text { place: TextPlace::Brand, max: 255 }, 2, None),
    ] {
        let issue = product.issue(&error);
        assert_eq!((issue.line, issue.column.as_deref()), (line, column), "{error}");
        assert_eq!(issue.slug.as_deref(), Some("shirt"));
        assert!(!issue.message.contains("variant 0") && !issue.message.contains("variant 1"), "{}", issue.message);
    }
    assert_eq!(
        product.issue(&ProductError::SameOptions { first: 0, index: 1 }).message,
        "the variant of line 2 chooses the same"
    );
}

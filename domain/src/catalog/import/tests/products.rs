//! Products and their own columns.

use super::*;
use crate::catalog::{Product, ProductOption, ProductStatus};

#[test]
fn rows_of_one_handle_are_one_product_wherever_they_are() {
    let file = read(&[SHIRT, MUG, SHIRT_M]);
    assert_eq!(file.issues, []);
    assert_eq!(file.row_count, 3);
    let slugs: Vec<&str> = file.products.iter().map(|it| it.draft.slug.as_str()).collect();
    assert_eq!(slugs, ["shirt", "mug"]);
    assert_eq!(file.products[0].lines, [2, 2, 4]);
    assert_eq!(file.products[1].lines, [3, 3]);
    assert_eq!(choices(&file.products[0].draft), [["S"], ["M"]]);
    let size = ProductOption { name: "Size".to_owned(), values: vec!["S".to_owned(), "M".to_owned()] };
    assert_eq!(file.products[0].draft.options, Some(vec![size]));
}

#[test]
fn the_first_row_has_the_product() {
    let body = "<p>For tea,\n\"daily\" </p> ";
    let first =
        with(MUG, &[("Body (HTML)", body), ("Vendor", " Atelier "), ("Type", "Kitchen"), ("Tags", "tea, new,,tea")]);
    let repeated = with(
        SHIRT_M,
        &[
            ("Handle", "mug"),
            ("Title", "Other"),
            ("Option1 Value", ""),
            ("Image Src", "https://a.example/1.jpg"),
            ("Variant Price", ""),
            ("Variant SKU", ""),
            ("Vendor", "Other"),
            ("Tags", "other"),
        ],
    );
    let draft = one(&[&first, &repeated]);
    let text = &draft.texts[0];
    assert_eq!((text.name.as_str(), text.description_html.as_deref()), ("Mug", Some(body)));
    assert_eq!((draft.brand.as_deref(), draft.product_type.as_deref()), (Some("Atelier"), Some("Kitchen")));
    assert_eq!(draft.tags, Some(vec!["tea".to_owned(), "new".to_owned()]));
    assert_eq!(draft.attributes, None);
}

#[test]
fn a_missing_column_leaves_what_is_stored() {
    let draft = one(&[MUG]);
    assert_eq!((draft.status, draft.tags, draft.media, draft.brand), (None, None, None, None));
    assert_eq!(draft.texts[0].description_html, None);
    let variant = &draft.variants[0];
    assert_eq!((variant.stock_policy, variant.weight_grams, variant.requires_shipping), (None, None, None));
    let draft = one(&[&with(MUG, &[("Tags", ""), ("Image Src", ""), ("Vendor", ""), ("Body (HTML)", "")])]);
    assert_eq!(draft.texts[0].description_html.as_deref(), Some(""));
    assert_eq!((draft.tags, draft.media, draft.brand), (Some(vec![]), Some(vec![]), None));
}

#[test]
fn the_status_decides_over_published() {
    use ProductStatus::{Active, Archived, Draft};
    for (status, published, expected) in [
        (None, Some("true"), Some(Active)),
        (None, Some("FALSE"), Some(Draft)),
        (None, Some(""), Some(Active)),
        (Some(""), None, None),
        (Some(""), Some("false"), Some(Draft)),
        (Some("Active"), Some("false"), Some(Active)),
        (Some("draft"), Some("true"), Some(Draft)),
        (Some("archived"), Some("true"), Some(Archived)),
    ] {
        let status = status.map(|it| ("Status", it));
        let cells: Vec<(&str, &str)> = status.into_iter().chain(published.map(|it| ("Published", it))).collect();
        assert_eq!(one(&[&with(MUG, &cells)]).status, expected, "{cells:?}");
    }
    assert_eq!(places_with("Status", "hidden"), [(2, "Status".to_owned())]);
    assert_eq!(places_with("Published", "yes"), [(2, "Published".to_owned())]);
}

#[test]
fn default_title_means_no_options() {
    let draft = one(&[&with(MUG, &[("Option1 Name", "Title"), ("Option1 Value", "Default Title")])]);
    assert_eq!((draft.options.as_deref(), choices(&draft)), (Some([].as_slice()), vec![vec![]]));
    let real = one(&[&with(MUG, &[("Option1 Name", "Title"), ("Option1 Value", "Dr")])]);
    assert_eq!(choices(&real), [["Dr"]]);
    let other = with(MUG, &[("Title", ""), ("Option1 Value", "Red")]);
    assert_eq!(places(&read(&[MUG, &other])), [(3, "Option1 Value")]);
}

#[test]
fn there_are_up_to_three_options() {
    let first =
        [("Option2 Name", "Colour"), ("Option2 Value", "Red"), ("Option3 Name", "Cut"), ("Option3 Value", "Slim")];
    let second = [("Option2 Value", "Red"), ("Option3 Value", "Wide")];
    let draft = one(&[&with(SHIRT, &first), &with(SHIRT_M, &second)]);
    assert_eq!(choices(&draft), [["S", "Red", "Slim"], ["M", "Red", "Wide"]]);
    let values: Vec<usize> = draft.options.unwrap().iter().map(|it| it.values.len()).collect();
    assert_eq!(values, [2, 1, 2]);

    let file = read(&[&with(SHIRT, &first), &with(SHIRT_M, &[("Option2 Value", "Red")])]);
    assert_eq!(places(&file), [(3, "Option3 Value")]);
    let file = read(&[&with(SHIRT, &[("Option2 Name", "Size"), ("Option2 Value", "S")])]);
    assert_eq!(places(&file), [(2, "Option2 Name")]);
}

#[test]
fn texts_have_the_lengths_of_a_product() {
    let long = "x".repeat(Product::TEXT_LENGTH_MAX + 1);
    for column in ["Title", "Vendor", "Type", "Tags", "Option1 Name", "Option1 Value", "Variant SKU", "Variant Barcode"]
    {
        let named = if column == "Option1 Value" { with(MUG, &[("Option1 Name", "Size")]) } else { MUG.to_vec() };
        let file = read(&[&with(&named, &[(column, &long)])]);
        assert_eq!(places(&file), [(2, column)]);
        assert!(file.issues[0].message.len() < 300, "{}", file.issues[0].message);
    }
    assert_eq!(places_with("Body (HTML)", &"ß".repeat(Product::DESCRIPTION_LENGTH_MAX)), []);
    let body = "x".repeat(Product::DESCRIPTION_LENGTH_MAX + 1);
    assert_eq!(places_with("Body (HTML)", &body), [(2, "Body (HTML)".to_owned())]);
    let tags: Vec<String> = (0..=Product::TAGS_MAX).map(|it| it.to_string()).collect();
    assert_eq!(places_with("Tags", &tags[1..].join(",")), []);
    assert_eq!(places_with("Tags", &tags.join(",")), [(2, "Tags".to_owned())]);
    assert_eq!(places_with("Vendor", "a\u{7}b"), [(2, "Vendor".to_owned())]);
}

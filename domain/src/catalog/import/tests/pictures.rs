//! Pictures.

use super::*;
use crate::catalog::Product;

fn picture<'c>(url: &'c str, position: &'c str, alt: &'c str) -> Vec<(&'c str, &'c str)> {
    vec![("Handle", "shirt"), ("Image Src", url), ("Image Position", position), ("Image Alt Text", alt)]
}

fn urls(draft: &ProductDraft) -> Vec<&str> {
    draft.media.iter().flatten().map(|it| it.url.as_str()).collect()
}

#[test]
fn pictures_are_in_the_order_of_their_positions() {
    let first = with(SHIRT, &picture("/s.jpg", "2", ""));
    let rows = [picture("/none.jpg", "", ""), picture("/third.jpg", "3", ""), picture("/first.jpg", "1", "The front")];
    let draft = one(&[&first, &rows[0], SHIRT_M, &rows[1], &rows[2]]);
    assert_eq!(urls(&draft), ["/first.jpg", "/s.jpg", "/third.jpg", "/none.jpg"]);
    assert_eq!(choices(&draft), [["S"], ["M"]]);
    let alts: Vec<Option<&str>> = draft.media.iter().flatten().map(|it| it.alt.best(&[]).map(String::as_str)).collect();
    assert_eq!(alts, [Some("The front"), None, None, None]);
}

#[test]
fn one_address_is_one_picture() {
    let first = with(SHIRT, &picture("/a.jpg", "", ""));
    let second = with(SHIRT_M, &picture("/a.jpg", "4", "Front"));
    let draft = one(&[&first, &picture("/b.jpg", "1", ""), &second]);
    assert_eq!(urls(&draft), ["/b.jpg", "/a.jpg"]);
    assert_eq!(draft.media.unwrap()[1].alt.best(&[]).unwrap(), "Front");
}

#[test]
fn a_variant_shows_its_own_picture() {
    let first = with(SHIRT, &[("Variant Image", "/later.jpg"), ("Image Src", "/main.jpg"), ("Image Position", "1")]);
    let second = with(SHIRT_M, &[("Variant Image", "/only-here.jpg")]);
    let third = with(SHIRT_M, &[("Option1 Value", "L"), ("Variant SKU", "")]);
    let draft = one(&[&first, &second, &third, &picture("/later.jpg", "2", "")]);
    assert_eq!(urls(&draft), ["/main.jpg", "/later.jpg", "/only-here.jpg"]);
    let shown: Vec<Option<u32>> = draft.variants.iter().map(|it| it.media_index).collect();
    assert_eq!(shown, [Some(1), Some(2), None]);
}

#[test]
fn a_bad_picture_leaves_out_its_row_and_a_bad_variant_only_itself() {
    let bad_picture = with(SHIRT_M, &picture("/m.jpg", "first", ""));
    let bad_variant = with(SHIRT_M, &[("Variant Price", "?"), ("Image Src", "/m2.jpg")]);
    let file = read(&[SHIRT, &bad_picture, &bad_variant, &picture("no address", "", "")]);
    assert_eq!(places(&file), [(3, "Image Position"), (4, "Variant Price"), (5, "Image Src")]);
    let draft = &file.products[0].draft;
    assert_eq!((urls(draft), choices(draft)), (vec!["/m2.jpg"], vec![vec!["S"]]));
}

#[test]
fn a_product_has_a_bounded_number_of_pictures() {
    let addresses: Vec<String> = (0..=Product::MEDIA_MAX).map(|it| format!("/{it}.jpg")).collect();
    let pictures: Vec<Vec<(&str, &str)>> = addresses.iter().map(|it| picture(it, "", "")).collect();
    let first = with(SHIRT, &[]);
    let mut rows: Vec<Cells<'_>> = std::iter::once(&first).chain(&pictures).map(Vec::as_slice).collect();
    let variant = with(SHIRT_M, &[("Variant Image", "/251.jpg")]);
    let again = with(&variant, &[("Variant Image", "/0.jpg")]);
    rows.extend([variant.as_slice(), &again]);
    let file = read(&rows);
    assert_eq!(places(&file), [(253, "Image Src"), (254, "Variant Image")]);
    assert_eq!(file.products[0].draft.media.as_ref().unwrap().len(), Product::MEDIA_MAX);
    assert_eq!(file.products[0].draft.variants[1].media_index, Some(0));
}

#[test]
fn a_row_with_nothing_in_it_is_reported() {
    let filled_down =
        [("Handle", "shirt"), ("Title", "Shirt"), ("Variant Grams", "0"), ("Variant Requires Shipping", "true")];
    assert_eq!(places(&read(&[SHIRT, &filled_down])), [(3, "-")]);
}

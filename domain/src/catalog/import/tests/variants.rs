//! Variants and their columns.

use super::*;
use crate::{
    catalog::{OnHand, StockPolicy, VariantDraft},
    money::Money,
};

fn variant(cells: Cells<'_>) -> VariantDraft {
    one(&[&with(MUG, cells)]).variants.remove(0)
}

fn on_hand(quantity: i32) -> Vec<OnHand> {
    vec![OnHand { location: settings().location, quantity }]
}

#[test]
fn a_variant_is_read_whole() {
    let variant = variant(&[
        ("Variant SKU", " M-1 "),
        ("Variant Grams", "340.5"),
        ("Variant Inventory Tracker", "shopify"),
        ("Variant Inventory Qty", "7"),
        ("Variant Inventory Policy", "continue"),
        ("Variant Compare At Price", "12.5"),
        ("Variant Requires Shipping", "FALSE"),
        ("Variant Barcode", "'4006381333931"),
        ("Variant Weight Unit", "lb"),
        ("Gift Card", "perhaps"),
        ("SEO Title", "Mug"),
    ]);
    let expected = VariantDraft {
        sku: Some("M-1".parse().unwrap()),
        barcode: Some("4006381333931".to_owned()),
        options: vec![],
        weight_grams: Some(341),
        requires_shipping: Some(false),
        stock_policy: Some(StockPolicy::Continue),
        media_index: None,
        max_per_customer: None,
        components: None,
        prices: vec![(Money::new(990, Currency::EUR), Some(Money::new(1250, Currency::EUR)))],
        on_hand: on_hand(7),
    };
    assert_eq!(variant, expected);
}

#[test]
fn somebody_counts_where_there_is_a_tracker_or_a_quantity() {
    use StockPolicy::{Continue, Deny, Untracked};
    for (tracker, quantity, policy, expected, counted) in [
        ("", "", "deny", Untracked, vec![]),
        ("", "", "", Untracked, vec![]),
        ("", "1", "deny", Deny, on_hand(1)),
        ("", "0", "continue", Continue, on_hand(0)),
        ("", "5", "", Deny, on_hand(5)),
        ("shopify", "", "continue", Continue, vec![]),
        ("shopify", "-3", "DENY", Deny, on_hand(-3)),
    ] {
        let it = variant(&[
            ("Variant Inventory Tracker", tracker),
            ("Variant Inventory Qty", quantity),
            ("Variant Inventory Policy", policy),
        ]);
        assert_eq!((it.stock_policy, it.on_hand), (Some(expected), counted), "{tracker} {quantity} {policy}");
    }
    assert_eq!(variant(&[("Variant Inventory Qty", "1")]).stock_policy, None);
}

#[test]
fn amounts_are_exact_or_refused() {
    for (text, cents) in [("0", 0), ("5", 500), ("5.5", 550), ("5.50000", 550), (" 1299.00 ", 129_900), ("007", 700)] {
        let prices = variant(&[("Variant Price", text)]).prices;
        assert_eq!(prices, [(Money::new(cents, Currency::EUR), None)], "{text}");
    }
    let bad = [
        "1,299.00",
        "1.299,00",
        "$12",
        "12 €",
        "-1",
        "29.999",
        "1e3",
        "1_000",
        "+5",
        ".",
        "1.2.3",
        "1.0000000000000000000000000000001",
        "free",
        "9".repeat(40).as_str(),
        "92233720368547758.08",
    ]
    .map(str::to_owned);
    for text in bad {
        for column in ["Variant Price", "Variant Compare At Price"] {
            assert_eq!(places_with(column, &text), [(2, column.to_owned())], "{text}");
        }
    }
    let yen = ImportSettings { currency: Currency::JPY, ..settings() };
    let read_yen = |price| read_shopify(sheet(&[&with(MUG, &[("Variant Price", price)])]).as_bytes(), &yen).unwrap();
    assert_eq!(read_yen("1500.00").products[0].draft.variants[0].prices, [(Money::new(1500, Currency::JPY), None)]);
    assert_eq!(places(&read_yen("1500.50")), [(2, "Variant Price")]);
}

#[test]
fn a_variant_needs_a_price() {
    assert_eq!(places(&read(&[SHIRT, &with(SHIRT_M, &[("Variant Price", "")])])), [(3, "Variant Price")]);
    assert_eq!(places(&read(&[&with(MUG, &[("Variant Price", "")])])), [(2, "Variant Price")]);
}

/// Shopify shows a former price only where it is above the price.
#[test]
fn a_former_price_that_is_not_above_the_price_is_passed_over() {
    for (text, former) in [("", None), ("0", None), ("9.90", None), ("9.91", Some(991))] {
        let prices = variant(&[("Variant Compare At Price", text)]).prices;
        assert_eq!(prices[0].1, former.map(|it| Money::new(it, Currency::EUR)), "{text}");
    }
}

#[test]
fn cells_that_cannot_be_read_are_named() {
    for (column, text) in [
        ("Variant Grams", "-1"),
        ("Variant Grams", "1 kg"),
        ("Variant Grams", "99999999999"),
        ("Variant Inventory Qty", "1.5"),
        ("Variant Inventory Qty", "1,000"),
        ("Variant Inventory Qty", "3000000000"),
        ("Variant Inventory Policy", "maybe"),
        ("Variant Requires Shipping", "ja"),
        ("Variant Image", "my picture.jpg"),
        ("Variant SKU", "a\tb"),
    ] {
        assert_eq!(places_with(column, text), [(2, column.to_owned())], "{text}");
    }
}

#[test]
fn of_two_equal_skus_or_choices_the_later_is_bad() {
    let mug = with(MUG, &[("Variant SKU", "SH-S")]);
    let file = read(&[SHIRT, &mug, &with(SHIRT_M, &[("Option1 Value", "S")]), &with(SHIRT_M, &[("Variant SKU", "")])]);
    assert_eq!(places(&file), [(3, "Variant SKU"), (4, "Option1 Value")]);
    assert_eq!(file.issues[0].message, "`SH-S` is the SKU of line 2 already");
    assert_eq!(file.issues[1].message, "the variant of line 2 chooses the same");
    assert_eq!(file.products[0].lines, [2, 2, 5]);
    assert_eq!(file.products[0].draft.variants[1].sku, None);
    assert_eq!(places(&read(&[MUG, MUG])), [(3, "-")]);
}

#[test]
fn a_row_that_was_left_out_takes_no_sku() {
    let bad = with(MUG, &[("Variant SKU", "SH-S"), ("Variant Price", "?")]);
    let file = read(&[&bad, SHIRT]);
    assert_eq!(places(&file), [(2, "Variant Price")]);
    assert_eq!(file.products[0].draft.variants[0].sku, Some("SH-S".parse().unwrap()));
}

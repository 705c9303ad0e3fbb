//! The rules of saving a draft over what is stored.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta};
use uuid::Uuid;

use super::*;
use crate::{
    catalog::{OnHand, SelectedOption, Sku, TextPlace},
    ids::Id,
    language::Language,
};

struct Counter(AtomicU64);

impl IdSource for Counter {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
}

type Stored = (Product, Vec<Variant>);

/// Merges a minute after the epoch for each version that is stored already.
fn save(stored: Option<&Stored>, draft: &ProductDraft, owners: &[SkuOwner]) -> Result<Merged, ProductError> {
    let version = stored.map_or(0, |it| it.0.version);
    let now = DateTime::UNIX_EPOCH + TimeDelta::minutes(i64::from(version));
    let ids = Counter(AtomicU64::new(u64::from(version) * 1_000));
    merge(stored.cloned(), draft, owners, &ids, now)
}

/// What the storage holds after `merged`.
fn store(stored: Option<&Stored>, merged: &Merged) -> Stored {
    let mut variants = stored.map_or_else(Vec::new, |it| it.1.clone());
    variants.retain(|it| merged.changed.iter().all(|changed| changed.id != it.id));
    variants.extend(merged.changed.clone());
    variants.sort_by_key(|it| it.position);
    (merged.product.clone(), variants)
}

fn sku(text: &str) -> Sku {
    text.parse().unwrap()
}

fn owners(stored: &Stored) -> Vec<SkuOwner> {
    let owner = |it: &Variant| Some(SkuOwner { sku: it.sku.clone()?, variant_id: it.id, product_id: it.product_id });
    stored.1.iter().filter_map(owner).collect()
}

fn text(name: &str) -> ProductText {
    ProductText { name: name.to_owned(), description_html: String::new() }
}

/// A variant of some SKU (`-`: none) and size.
fn variant(number: &str, size: &str) -> VariantDraft {
    VariantDraft {
        sku: (number != "-").then(|| sku(number)),
        barcode: None,
        options: vec![SelectedOption { name: "Size".to_owned(), value: size.to_owned() }],
        weight_grams: None,
        requires_shipping: None,
        stock_policy: None,
        media_index: None,
        max_per_customer: None,
        components: None,
        prices: Vec::new(),
        on_hand: Vec::new(),
    }
}

fn options(name: &str, values: &[&str]) -> Option<Vec<ProductOption>> {
    let values = values.iter().map(|&it| it.to_owned()).collect();
    Some(vec![ProductOption { name: name.to_owned(), values }])
}

fn draft(variants: &[VariantDraft]) -> ProductDraft {
    let english = TextDraft { language: Language::english(), name: "Shirt".to_owned(), description_html: None };
    ProductDraft {
        slug: "shirt".parse().unwrap(),
        status: None,
        publication: None,
        brand: Some("Loom".to_owned()),
        product_type: None,
        tax_category: None,
        tags: None,
        texts: vec![english],
        attributes: None,
        options: options("Size", &["S", "M"]),
        media: None,
        variants: variants.to_vec(),
    }
}

/// A shirt in S (`a`) and M (`b`).
fn shirt() -> Stored {
    store(None, &save(None, &draft(&[variant("a", "S"), variant("b", "M")]), &[]).unwrap())
}

#[test]
fn a_new_product_is_a_draft_with_its_variants_in_order() {
    let merged = save(None, &draft(&[variant("a", "S"), variant("-", "M")]), &[]).unwrap();
    assert_eq!((merged.outcome, merged.product.version), (SaveOutcome::Created, 1));
    assert_eq!(merged.product.status, ProductStatus::Draft);
    assert_eq!(merged.changed.iter().map(|it| it.id).collect::<Vec<_>>(), merged.variant_ids);
    assert_eq!(merged.changed.iter().map(|it| it.position).collect::<Vec<_>>(), [0, 1]);
    assert!(merged.changed.iter().all(|it| it.product_id == merged.product.id));
}

#[test]
fn the_same_again_changes_nothing() {
    let stored = shirt();
    let again = save(Some(&stored), &draft(&[variant("a", "S"), variant("b", "M")]), &owners(&stored)).unwrap();
    assert_eq!((again.outcome, &again.product), (SaveOutcome::Unchanged, &stored.0));
    assert!(again.changed.is_empty());
    assert_eq!(again.variant_ids, stored.1.iter().map(|it| it.id).collect::<Vec<_>>());
}

#[test]
fn a_bundle_is_not_counted_whether_it_was_one_before_or_becomes_one() {
    let mut stored = shirt();
    let component = ComponentDraft { variant_id: VariantId::from_uuid(Uuid::from_u128(99)), quantity: 2 };
    let on_hand = vec![OnHand { location: "lyon".parse().unwrap(), quantity: 5 }];
    let counted = VariantDraft { on_hand, ..variant("b", "M") };
    let refused = Err(ProductError::Bundle { index: 1, error: BundleError::Counted });
    let becoming = VariantDraft { components: Some(vec![component]), ..counted.clone() };
    let save_with = |stored: &Stored, it: VariantDraft| {
        save(Some(stored), &draft(&[variant("a", "S"), it]), &owners(stored)).map(|it| it.recomposed)
    };
    assert_eq!(save_with(&stored, becoming.clone()), refused);
    let bundle = VariantDraft { on_hand: Vec::new(), ..becoming };
    let b = stored.1[1].id;
    assert_eq!(save_with(&stored, bundle.clone()), Ok(vec![b]));
    let policy = StockPolicy::Continue;
    stored.1[1].components =
        vec![VariantComponent { variant_id: component.variant_id, quantity: 2, stock_policy: policy }];
    assert_eq!(save_with(&stored, bundle), Ok(vec![]), "the same again");
    assert_eq!(save_with(&stored, counted.clone()), refused);
    assert_eq!(save_with(&stored, VariantDraft { components: Some(vec![]), ..counted }), Ok(vec![b]));
}

#[test]
fn what_a_draft_does_not_say_stays_as_it_is() {
    let mut stored = shirt();
    stored.0.texts.insert("fr".parse().unwrap(), text("Chemise"));
    let description_html = "<p>Cotton</p>".to_owned();
    stored.0.texts.insert(Language::english(), ProductText { description_html, ..text("Shirt") });
    stored.1[0].barcode = Some("96385074".to_owned());
    let mut silent = draft(&[variant("a", "S")]);
    (silent.brand, silent.options, silent.status) = (None, None, Some(ProductStatus::Active));
    let merged = save(Some(&stored), &silent, &owners(&stored)).unwrap();
    assert_eq!((merged.outcome, merged.product.version), (SaveOutcome::Updated, 2));
    assert_eq!(merged.product.updated_at, DateTime::UNIX_EPOCH + TimeDelta::minutes(1));
    assert!(merged.changed.is_empty());
    let expected =
        Product { status: ProductStatus::Active, version: 2, updated_at: merged.product.updated_at, ..stored.0 };
    assert_eq!(merged.product, expected);
}

#[test]
fn a_variant_is_found_by_its_sku_and_otherwise_by_its_options() {
    let stored = shirt();
    let (a, b) = (stored.1[0].id, stored.1[1].id);
    let exchanged = save(Some(&stored), &draft(&[variant("b", "S"), variant("a", "M")]), &owners(&stored)).unwrap();
    assert_eq!(exchanged.variant_ids, [b, a], "the SKU says which one is meant");
    let renamed = save(Some(&stored), &draft(&[variant("c", "M"), variant("-", "S")]), &owners(&stored)).unwrap();
    assert_eq!(renamed.variant_ids, [b, a]);
    assert_eq!(renamed.changed.iter().map(|it| (it.id, it.sku.clone())).collect::<Vec<_>>(), [(b, Some(sku("c")))]);
    let added = save(Some(&stored), &draft(&[variant("d", "L")]), &owners(&stored)).unwrap();
    assert_eq!((added.changed.len(), added.changed[0].position), (1, 2));
    assert!(![a, b].contains(&added.variant_ids[0]));
}

#[test]
fn values_that_variants_chose_are_kept() {
    let stored = shirt();
    let mut narrow = draft(&[variant("c", "L")]);
    narrow.options = options("Size", &["XL"]);
    let merged = save(Some(&stored), &narrow, &owners(&stored)).unwrap();
    assert_eq!(merged.product.options, options("Size", &["XL", "S", "M", "L"]).unwrap());
    let stored = store(Some(&stored), &merged);
    assert_eq!(save(Some(&stored), &narrow, &owners(&stored)).unwrap().outcome, SaveOutcome::Unchanged);
}

#[test]
fn options_that_stored_variants_need_are_not_taken_from_them() {
    let stored = shirt();
    let mut colored = draft(&[variant("a", "S")]);
    colored.options = options("Color", &["Red"]);
    colored.variants[0].options = vec![SelectedOption { name: "Color".to_owned(), value: "Red".to_owned() }];
    let in_use = ProductError::OptionsInUse { id: stored.1[1].id };
    assert_eq!(save(Some(&stored), &colored, &owners(&stored)).unwrap_err(), in_use);
    let twin = draft(&[variant("a", "M")]);
    assert_eq!(save(Some(&stored), &twin, &owners(&stored)).unwrap_err(), in_use, "b is M already");
    colored.variants.push(VariantDraft { options: Vec::new(), ..variant("b", "M") });
    let incomplete = save(Some(&stored), &colored, &owners(&stored)).unwrap_err();
    assert_eq!(incomplete, ProductError::OptionMismatch { index: 1 });
}

#[test]
fn a_sku_of_another_variant_is_refused() {
    let stored = shirt();
    let elsewhere = VariantId::from_uuid(Uuid::from_u128(77));
    let owner = SkuOwner { sku: sku("x"), variant_id: elsewhere, product_id: ProductId::from_uuid(Uuid::nil()) };
    let taken = ProductError::SkuTaken { index: 1, sku: sku("x") };
    let variants = [variant("a", "S"), variant("x", "L")];
    assert_eq!(save(Some(&stored), &draft(&variants), std::slice::from_ref(&owner)).unwrap_err(), taken);
    assert_eq!(save(None, &draft(&variants), &[owner]).unwrap_err(), taken);
    let twice = save(None, &draft(&[variant("a", "S"), variant("a", "M")]), &[]).unwrap_err();
    assert_eq!(twice, ProductError::SkuTaken { index: 1, sku: sku("a") });
}

#[test]
fn the_same_options_twice_are_refused() {
    let twice = ProductError::SameOptions { first: 0, index: 2 };
    let variants = [variant("a", "S"), variant("b", "M"), variant("c", "S")];
    assert_eq!(save(None, &draft(&variants), &[]).unwrap_err(), twice);
    let plain = |number| VariantDraft { options: Vec::new(), ..variant(number, "") };
    let without = ProductDraft { options: None, ..draft(&[plain("a"), plain("b")]) };
    assert_eq!(save(None, &without, &[]).unwrap_err(), ProductError::SameOptions { first: 0, index: 1 });
}

#[test]
fn a_new_product_needs_a_name_a_variant_and_the_pictures_it_shows() {
    let nameless = ProductDraft { texts: Vec::new(), ..draft(&[variant("a", "S")]) };
    assert_eq!(save(None, &nameless, &[]).unwrap_err(), ProductError::NameMissing);
    assert_eq!(save(None, &draft(&[]), &[]).unwrap_err(), ProductError::NoVariants);
    let pictured = draft(&[VariantDraft { media_index: Some(0), ..variant("a", "S") }]);
    assert_eq!(save(None, &pictured, &[]).unwrap_err(), ProductError::NoSuchMedia { index: 0 });
}

#[test]
fn what_is_wrong_with_a_text_has_its_place() {
    let refused = |change: &dyn Fn(&mut ProductDraft)| {
        let mut draft = draft(&[variant("a", "S"), variant("b", "M")]);
        change(&mut draft);
        save(None, &draft, &[]).unwrap_err()
    };
    let text = |place| ProductError::Text { place, max: Product::TEXT_LENGTH_MAX };
    let bad = || "a\0".to_owned();
    assert_eq!(refused(&|it| it.texts[0].name = bad()), text(TextPlace::Name(0)));
    assert_eq!(refused(&|it| it.tags = Some(vec!["a".to_owned(), bad()])), text(TextPlace::Tag(1)));
    assert_eq!(refused(&|it| it.variants[1].barcode = Some(bad())), text(TextPlace::Barcode(1)));
    let choice = TextPlace::Choice { variant: 1, choice: 0 };
    assert_eq!(refused(&|it| it.variants[1].options[0].value = bad()), text(choice));
    let value = TextPlace::OptionValue { option: 0, value: 1 };
    assert_eq!(refused(&|it| it.options = options("Size", &["S", "\0"])), text(value));
    let twice = ProductError::LanguageTwice { index: 1, language: Language::english() };
    assert_eq!(refused(&|it| it.texts.push(it.texts[0].clone())), twice);
}

//! Saving a draft: what of the stored product changes by it. Pure.

#[cfg(test)]
mod tests;

use super::{
    BundleError, ComponentDraft, Media, Product, ProductDraft, ProductError, ProductOption, ProductStatus, ProductText,
    Publication, SkuOwner, StockPolicy, TextDraft, Variant, VariantComponent, VariantDraft,
    draft::{at_most, same_options},
};
use crate::{
    clock::Timestamp,
    ids::{IdSource, ProductId, VariantId},
    language::Translated,
};

/// What happens to the good drafts of a batch when others are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorPolicy {
    /// They are saved.
    SkipRefused,
    /// Nothing is saved.
    RejectAll,
}

/// What saving a draft did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SaveOutcome {
    /// There was no such product.
    Created,
    /// Something of it is different now.
    Updated,
    /// It was all there already.
    Unchanged,
}

/// A saved draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavedProduct {
    /// The product.
    pub id: ProductId,
    /// What was done.
    pub outcome: SaveOutcome,
}

/// A product as a draft makes it.
#[derive(Debug)]
pub(super) struct Merged {
    pub(super) product: Product,
    /// New and changed variants.
    pub(super) changed: Vec<Variant>,
    /// The id of each of the draft's variants, in the draft's order.
    pub(super) variant_ids: Vec<VariantId>,
    /// Those of the changed variants that are made of something else than before.
    pub(super) recomposed: Vec<VariantId>,
    pub(super) outcome: SaveOutcome,
}

/// Applies `draft` to the stored product, if there is one. `owners` are those of the draft's SKUs.
pub(super) fn merge(
    stored: Option<(Product, Vec<Variant>)>,
    draft: &ProductDraft,
    owners: &[SkuOwner],
    ids: &dyn IdSource,
    now: Timestamp,
) -> Result<Merged, ProductError> {
    draft.check()?;
    let is_new = stored.is_none();
    let (before, mut variants) = stored.unwrap_or_else(|| (blank_product(draft, ids, now), Vec::new()));
    let mut product = before.clone();
    apply_to_product(&mut product, draft);
    let stored_variants = variants.clone();
    follow_media(&mut variants, &before.media, &product.media);

    let mut variant_ids = Vec::with_capacity(draft.variants.len());
    for (index, it) in draft.variants.iter().enumerate() {
        let place = place_of(it, &variants, &variant_ids);
        let mut variant = match place.and_then(|place| variants.get(place)) {
            Some(variant) => variant.clone(),
            None => {
                let position = u32::try_from(variants.len()).unwrap_or(u32::MAX);
                Variant::blank(VariantId::new(ids), product.id, position)
            }
        };
        apply_to_variant(&mut variant, it, index, product.media.len())?;
        check_sku_is_free(&variant, index, owners)?;
        variant_ids.push(variant.id);
        match place.and_then(|place| variants.get_mut(place)) {
            Some(slot) => *slot = variant,
            None => variants.push(variant),
        }
    }
    at_most("variants", variants.len(), Product::VARIANTS_MAX)?;
    keep_chosen_values(&mut product.options, &variants);
    check_options(&product.options, &variants, &variant_ids)?;
    if product.texts.is_empty() {
        return Err(ProductError::NameMissing);
    }
    if variants.is_empty() {
        return Err(ProductError::NoVariants);
    }

    let changed: Vec<Variant> = variants.into_iter().filter(|it| !stored_variants.contains(it)).collect();
    let components_before = |id| stored_variants.iter().find(|it| it.id == id).map_or(&[][..], |it| &it.components[..]);
    let is_recomposed = |it: &&Variant| it.components != components_before(it.id);
    let recomposed = changed.iter().filter(is_recomposed).map(|it| it.id).collect();
    let outcome = match () {
        () if is_new => SaveOutcome::Created,
        () if product != before || !changed.is_empty() => SaveOutcome::Updated,
        () => SaveOutcome::Unchanged,
    };
    if outcome != SaveOutcome::Unchanged {
        product.version += 1;
        product.updated_at = now;
    }
    Ok(Merged { product, changed, variant_ids, recomposed, outcome })
}

fn blank_product(draft: &ProductDraft, ids: &dyn IdSource, now: Timestamp) -> Product {
    Product {
        id: ProductId::new(ids),
        slug: draft.slug.clone(),
        status: ProductStatus::Draft,
        publication: Publication::default(),
        brand: None,
        product_type: None,
        tax_category: None,
        tags: Vec::new(),
        texts: Translated::default(),
        attributes: Vec::new(),
        options: Vec::new(),
        media: Vec::new(),
        created_at: now,
        updated_at: now,
        version: 0,
    }
}

fn apply_to_product(product: &mut Product, draft: &ProductDraft) {
    product.status = draft.status.unwrap_or(product.status);
    replace(&mut product.publication, draft.publication.clone());
    replace(&mut product.brand, draft.brand.clone().map(Some));
    replace(&mut product.product_type, draft.product_type.clone().map(Some));
    replace(&mut product.tax_category, draft.tax_category.clone().map(Some));
    replace(&mut product.tags, draft.tags.clone());
    replace(&mut product.attributes, draft.attributes.clone());
    replace(&mut product.options, draft.options.clone());
    replace(&mut product.media, draft.media.clone());
    for TextDraft { language, name, description_html } in &draft.texts {
        let stored = product.texts.get(language).map(|it| it.description_html.clone());
        let description_html = description_html.clone().or(stored).unwrap_or_default();
        product.texts.insert(language.clone(), ProductText { name: name.clone(), description_html });
    }
}

/// Lets stored variants go on showing their own pictures where the product's are others now, or in another order.
fn follow_media(variants: &mut [Variant], before: &[Media], after: &[Media]) {
    for variant in variants {
        let shown = variant.media_index.and_then(|it| before.get(it as usize));
        let place = shown.and_then(|shown| after.iter().position(|it| it.url == shown.url));
        variant.media_index = place.and_then(|it| u32::try_from(it).ok());
    }
}

fn replace<T>(target: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *target = value;
    }
}

/// The place of the stored variant that `draft` means: the one of its SKU, else one of its options. None: a new one.
fn place_of(draft: &VariantDraft, variants: &[Variant], taken: &[VariantId]) -> Option<usize> {
    let is_free = |it: &Variant| !taken.contains(&it.id);
    let has_sku = |it: &Variant| draft.sku.is_some() && it.sku == draft.sku;
    let by_sku = variants.iter().position(|it| is_free(it) && has_sku(it));
    by_sku.or_else(|| variants.iter().position(|it| is_free(it) && same_options(&it.options, &draft.options)))
}

fn check_sku_is_free(variant: &Variant, index: usize, owners: &[SkuOwner]) -> Result<(), ProductError> {
    let is_taken = |sku| owners.iter().any(|it| it.sku == sku && it.variant_id != variant.id);
    match variant.sku.clone() {
        Some(sku) if is_taken(sku.clone()) => Err(ProductError::SkuTaken { index, sku }),
        _ => Ok(()),
    }
}

fn apply_to_variant(
    variant: &mut Variant,
    draft: &VariantDraft,
    index: usize,
    media_count: usize,
) -> Result<(), ProductError> {
    replace(&mut variant.sku, draft.sku.clone().map(Some));
    replace(&mut variant.barcode, draft.barcode.clone().map(Some));
    replace(&mut variant.weight_grams, draft.weight_grams);
    replace(&mut variant.requires_shipping, draft.requires_shipping);
    replace(&mut variant.stock_policy, draft.stock_policy);
    replace(&mut variant.media_index, draft.media_index.map(Some));
    replace(&mut variant.max_per_customer, draft.max_per_customer.map(|it| (it != 0).then_some(it)));
    variant.options.clone_from(&draft.options);
    if let Some(components) = &draft.components {
        variant.components = components.iter().map(|it| as_stored(it, &variant.components)).collect();
    }
    if variant.is_bundle() && !draft.on_hand.is_empty() {
        return Err(ProductError::Bundle { index, error: BundleError::Counted });
    }
    match variant.media_index {
        Some(media) if media_count <= media as usize => Err(ProductError::NoSuchMedia { index }),
        _ => Ok(()),
    }
}

/// A component as it was stored, so that the same again changes nothing. What else is known of it is not stored with the bundle.
fn as_stored(draft: &ComponentDraft, stored: &[VariantComponent]) -> VariantComponent {
    let known = stored.iter().find(|it| it.variant_id == draft.variant_id);
    let stock_policy = known.map_or(StockPolicy::Deny, |it| it.stock_policy);
    VariantComponent { variant_id: draft.variant_id, quantity: draft.quantity, stock_policy }
}

/// Adds to each option the values that variants chose and the draft does not name.
fn keep_chosen_values(options: &mut [ProductOption], variants: &[Variant]) {
    for option in options {
        for chosen in variants.iter().flat_map(|it| &it.options).filter(|it| it.name == option.name) {
            if !option.values.contains(&chosen.value) {
                option.values.push(chosen.value.clone());
            }
        }
    }
}

/// Each variant chooses one value of each option, and no two choose the same.
fn check_options(options: &[ProductOption], variants: &[Variant], drafted: &[VariantId]) -> Result<(), ProductError> {
    let index_of = |id: VariantId| drafted.iter().position(|it| *it == id);
    for (place, variant) in variants.iter().enumerate() {
        let is_complete = variant.options.len() == options.len()
            && options.iter().all(|option| variant.options.iter().any(|it| it.name == option.name));
        if !is_complete {
            return Err(match index_of(variant.id) {
                Some(index) => ProductError::OptionMismatch { index },
                None => ProductError::OptionsInUse { id: variant.id },
            });
        }
        if let Some(twin) = variants.iter().skip(place + 1).find(|it| same_options(&it.options, &variant.options)) {
            return Err(match (index_of(variant.id), index_of(twin.id)) {
                (Some(first), Some(index)) => ProductError::SameOptions { first, index },
                (Some(_), None) => ProductError::OptionsInUse { id: twin.id },
                _ => ProductError::OptionsInUse { id: variant.id },
            });
        }
    }
    Ok(())
}

//! Drafts: products as merchants, files and the demo describe them.

use std::collections::BTreeSet;

use super::{
    Attribute, ComponentDraft, Media, Product, ProductError, ProductOption, ProductStatus, Publication, SelectedOption,
    Sku, Slug, StockPolicy, TextPlace, Variant,
};
use crate::{
    channel::LocationCode,
    codes::TaxCategory,
    language::Language,
    money::{Currency, Money},
    pricing::check_compare_at,
};

/// A product as it shall be. What is `None` or absent stays as it is; a variant that is not named stays too.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductDraft {
    /// Which product: an existing one of this slug is changed, otherwise one is created.
    pub slug: Slug,
    /// Whether shoppers see it; a new one is [`ProductStatus::Draft`] unless this says otherwise.
    pub status: Option<ProductStatus>,
    /// Replaces where and when it is published; a new one is, everywhere and always.
    pub publication: Option<Publication>,
    /// Who makes it.
    pub brand: Option<String>,
    /// What kind of thing it is.
    pub product_type: Option<String>,
    /// How it is taxed.
    pub tax_category: Option<TaxCategory>,
    /// Replaces the tags.
    pub tags: Option<Vec<String>>,
    /// Texts, at most one in a language; other languages stay.
    pub texts: Vec<TextDraft>,
    /// Replaces the attributes.
    pub attributes: Option<Vec<Attribute>>,
    /// Replaces the options; values that stored variants chose are kept.
    pub options: Option<Vec<ProductOption>>,
    /// Replaces the pictures.
    pub media: Option<Vec<Media>>,
    /// The variants to create or change.
    pub variants: Vec<VariantDraft>,
}

/// The texts of a product or a collection in one language as they shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextDraft {
    /// The language.
    pub language: Language,
    /// What it is called.
    pub name: String,
    /// What it is, as HTML.
    pub description_html: Option<String>,
}

/// A variant as it shall be; found by its SKU, otherwise by its options.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantDraft {
    /// The merchant's own number.
    pub sku: Option<Sku>,
    /// The code on the pack.
    pub barcode: Option<String>,
    /// One value of each of the product's options.
    pub options: Vec<SelectedOption>,
    /// What it weighs.
    pub weight_grams: Option<u32>,
    /// Whether it travels.
    pub requires_shipping: Option<bool>,
    /// What happens when the stock runs out.
    pub stock_policy: Option<StockPolicy>,
    /// Its own picture among the product's, from 0.
    pub media_index: Option<u32>,
    /// How many one customer may buy, over all their orders; 0: any number.
    pub max_per_customer: Option<u32>,
    /// Replaces what it is made of; empty: it is no bundle any more.
    pub components: Option<Vec<ComponentDraft>>,
    /// Its prices and former prices; those in other currencies stay.
    pub prices: Vec<(Money, Option<Money>)>,
    /// What was counted, by location.
    pub on_hand: Vec<OnHand>,
}

/// What was counted at one location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnHand {
    /// Where.
    pub location: LocationCode,
    /// How many; below zero where a point of sale sold what was not counted.
    pub quantity: i32,
}

impl ProductDraft {
    /// Checks everything that can be checked without the stored product.
    ///
    /// # Errors
    /// The first [`ProductError`].
    pub fn check(&self) -> Result<(), ProductError> {
        at_most("options", self.options.as_ref().map_or(0, Vec::len), Product::OPTIONS_MAX)?;
        at_most("variants", self.variants.len(), Product::VARIANTS_MAX)?;
        at_most("pictures", self.media.as_ref().map_or(0, Vec::len), Product::MEDIA_MAX)?;
        at_most("tags", self.tags.as_ref().map_or(0, Vec::len), Product::TAGS_MAX)?;
        at_most("attributes", self.attributes.as_ref().map_or(0, Vec::len), Product::ATTRIBUTES_MAX)?;
        at_most("channels", self.publication.as_ref().map_or(0, |it| it.channels.len()), Publication::CHANNELS_MAX)?;
        if self.publication.as_ref().is_some_and(|it| it.window.is_empty()) {
            return Err(ProductError::NeverPublished);
        }
        self.check_texts()?;
        self.check_options()?;
        self.check_variants()
    }

    fn check_texts(&self) -> Result<(), ProductError> {
        check_texts(&self.texts)?;
        self.brand.iter().try_for_each(|it| is_text(TextPlace::Brand, it))?;
        self.product_type.iter().try_for_each(|it| is_text(TextPlace::ProductType, it))?;
        numbered(&self.tags).try_for_each(|(index, it)| is_text(TextPlace::Tag(index), it))?;
        for (index, attribute) in numbered(&self.attributes) {
            is_text(TextPlace::AttributeKey(index), &attribute.key)?;
            is_text(TextPlace::AttributeValue(index), &attribute.value)?;
        }
        for (index, media) in numbered(&self.media) {
            if !is_url(&media.url) {
                return Err(ProductError::Text { place: TextPlace::Picture(index), max: URL_LENGTH_MAX });
            }
            media.alt.iter().try_for_each(|(_, it)| is_text(TextPlace::Alt(index), it))?;
        }
        Ok(())
    }

    fn check_options(&self) -> Result<(), ProductError> {
        let mut names = BTreeSet::new();
        for (index, option) in numbered(&self.options) {
            is_text(TextPlace::OptionName(index), &option.name)?;
            for (value, text) in option.values.iter().enumerate() {
                is_text(TextPlace::OptionValue { option: index, value }, text)?;
            }
            let values: BTreeSet<&String> = option.values.iter().collect();
            if option.values.is_empty() || values.len() != option.values.len() || !names.insert(&option.name) {
                return Err(ProductError::InvalidOption { index, name: option.name.clone() });
            }
        }
        Ok(())
    }

    fn check_variants(&self) -> Result<(), ProductError> {
        for (index, variant) in self.variants.iter().enumerate() {
            let earlier = self.variants.iter().take(index);
            if let Some(first) = earlier.clone().position(|it| same_options(&it.options, &variant.options)) {
                return Err(ProductError::SameOptions { first, index });
            }
            if let Some(sku) = &variant.sku
                && earlier.clone().any(|it| it.sku.as_ref() == Some(sku))
            {
                return Err(ProductError::SkuTaken { index, sku: sku.clone() });
            }
            for (choice, option) in variant.options.iter().enumerate() {
                let place = TextPlace::Choice { variant: index, choice };
                is_text(place, &option.name)?;
                is_text(place, &option.value)?;
            }
            variant.barcode.iter().try_for_each(|it| is_text(TextPlace::Barcode(index), it))?;
            if variant.weight_grams.is_some_and(|it| Variant::WEIGHT_GRAMS_MAX < it) {
                return Err(ProductError::TooHeavy { index, max: Variant::WEIGHT_GRAMS_MAX });
            }
            variant.check_prices(index)?;
            variant.check_components(index)?;
        }
        Ok(())
    }
}

impl VariantDraft {
    fn check_prices(&self, index: usize) -> Result<(), ProductError> {
        let mut currencies: Vec<Currency> = Vec::new();
        for &(amount, compare_at) in &self.prices {
            if currencies.contains(&amount.currency()) {
                return Err(ProductError::InvalidPrice { index, reason: "there are two prices in one currency" });
            }
            currencies.push(amount.currency());
            check_compare_at(amount, compare_at).map_err(|reason| ProductError::InvalidPrice { index, reason })?;
        }
        Ok(())
    }
}

/// Whether two variants choose the same, in whatever order.
pub(super) fn same_options(left: &[SelectedOption], right: &[SelectedOption]) -> bool {
    left.len() == right.len() && left.iter().all(|it| right.contains(it))
}

pub(super) fn at_most(what: &'static str, count: usize, max: usize) -> Result<(), ProductError> {
    if max < count { Err(ProductError::TooMany { what, max }) } else { Ok(()) }
}

/// What there is of a list, each with its place.
fn numbered<T>(list: &Option<Vec<T>>) -> impl Iterator<Item = (usize, &T)> {
    list.iter().flatten().enumerate()
}

/// Checks names and descriptions, and that no language is there twice.
pub(super) fn check_texts(texts: &[TextDraft]) -> Result<(), ProductError> {
    for (index, text) in texts.iter().enumerate() {
        let language = &text.language;
        if texts.iter().take(index).any(|it| it.language == *language) {
            return Err(ProductError::LanguageTwice { index, language: language.clone() });
        }
        is_text(TextPlace::Name(index), &text.name)?;
        text.description_html.iter().try_for_each(|it| check_description(index, it))?;
    }
    Ok(())
}

fn check_description(index: usize, html: &str) -> Result<(), ProductError> {
    let max = Product::DESCRIPTION_LENGTH_MAX;
    let is_good = html.chars().count() <= max && !html.contains('\0');
    if is_good { Ok(()) } else { Err(ProductError::Text { place: TextPlace::Description(index), max }) }
}

/// The longest address of a picture, in bytes.
const URL_LENGTH_MAX: usize = 2_048;

/// Whether a text is the address of a picture.
pub(super) fn is_url(url: &str) -> bool {
    // No `javascript:` and the like: a page may put it into a link.
    let is_address = ["https://", "http://", "/"].iter().any(|it| url.starts_with(it));
    is_address && url.len() <= URL_LENGTH_MAX && !url.chars().any(|it| it.is_control() || it == ' ')
}

/// Checks a name, a tag and the like.
fn is_text(place: TextPlace, text: &str) -> Result<(), ProductError> {
    if is_short_text(text) { Ok(()) } else { Err(ProductError::Text { place, max: Product::TEXT_LENGTH_MAX }) }
}

/// Whether a text can be a name, a tag and the like.
pub(super) fn is_short_text(text: &str) -> bool {
    let max = Product::TEXT_LENGTH_MAX;
    !text.trim().is_empty() && text.chars().count() <= max && !text.chars().any(char::is_control)
}

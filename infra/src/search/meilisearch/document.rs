//! What the Meilisearch index holds of a product, and its settings.

use std::collections::{BTreeMap, BTreeSet};

use comptoir_domain::{
    ids::{CollectionId, Id, LocationId, ProductId},
    page::PageSize,
    pricing::PriceView,
    search::{Facet, NumberKey, PriceRange, ProductDocument, STOP_WORDS, SearchQuery},
};
use meilisearch_sdk::settings::{
    FacetSortValue, FacetingSettings, MinWordSizeForTypos, PaginationSetting, Settings, TypoToleranceSettings,
};
use serde::Serialize;

/// The version of what is written here: change it with any of it, and indexes of before are built anew.
pub(super) const VERSION: u32 = 5;

/// The attribute that names a document.
pub(super) const ID: &str = "id";
/// The attribute of facets; each key is one below it.
pub(super) const FACETS: &str = "facets";
/// The attribute of prices, by view: `prices.EUR_de.min` and `prices.EUR_de.max`.
pub(super) const PRICES: &str = "prices";
/// The attribute of numbers: `numbers.capacity_ml.min` and `numbers.capacity_ml.max`.
pub(super) const NUMBERS: &str = "numbers";
/// The attribute of the places where a product is available.
pub(super) const AVAILABLE_AT: &str = "availableAt";
/// The attribute of places in collections, by the collection's id.
pub(super) const COLLECTIONS: &str = "collections";
/// The attribute of names, by language.
pub(super) const NAME: &str = "name";
/// The attribute of availability.
pub(super) const IN_STOCK: &str = "inStock";
/// The attribute of creation, in microseconds since 1970.
pub(super) const CREATED_AT: &str = "createdAt";

/// The attributes of when it is published, in microseconds since 1970, and in which channels; only where that is limited.
pub(super) const PUBLISHED_FROM: &str = "publishedFrom";
pub(super) const PUBLISHED_UNTIL: &str = "publishedUntil";
pub(super) const CHANNELS: &str = "channels";

/// A product.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    id: String,
    name: BTreeMap<&'a str, &'a str>,
    description: BTreeMap<&'a str, &'a str>,
    facets: &'a BTreeMap<String, BTreeSet<String>>,
    codes: &'a [String],
    prices: BTreeMap<String, PriceRange>,
    numbers: BTreeMap<String, PriceRange>,
    available_at: Vec<String>,
    collections: BTreeMap<String, u32>,
    in_stock: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_from: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_until: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    channels: Vec<&'a str>,
    created_at: i64,
}

impl<'a> Document<'a> {
    /// `product` with its prices in all of `views`: the server sorts by one attribute, and knows no other in the place of a missing one.
    pub(super) fn of(product: &'a ProductDocument, views: &BTreeSet<PriceView>) -> Self {
        let texts = product.texts.iter();
        Self {
            id: id_of(product.id),
            name: texts.clone().map(|(language, it)| (language.as_str(), it.name.as_str())).collect(),
            description: texts.map(|(language, it)| (language.as_str(), it.description.as_str())).collect(),
            facets: &product.facets,
            codes: &product.codes,
            prices: views.iter().filter_map(|it| Some((it.to_string(), product.price_in(it)?))).collect(),
            numbers: product.numbers.iter().map(|(key, it)| (number_name(key), *it)).collect(),
            available_at: product.available_at.iter().map(|it| place_of(*it)).collect(),
            collections: product.collections.iter().map(|(id, position)| (collection_name(*id), *position)).collect(),
            in_stock: product.in_stock,
            published_from: product.publication.window.from.map(|it| it.timestamp_micros()),
            published_until: product.publication.window.until.map(|it| it.timestamp_micros()),
            channels: product.publication.channels.iter().map(|it| it.as_str()).collect(),
            created_at: product.created_at.timestamp_micros(),
        }
    }
}

/// The name of a product's document.
pub(super) fn id_of(product: ProductId) -> String {
    product.uuid().to_string()
}

/// What the attribute of a number is called; keys have no underscore.
pub(super) fn number_name(key: &NumberKey) -> String {
    format!("{}_{}", key.key, key.unit)
}

/// What the attribute of a collection is called.
pub(super) fn collection_name(collection: CollectionId) -> String {
    collection.uuid().simple().to_string()
}

/// How a place is written.
pub(super) fn place_of(location: LocationId) -> String {
    location.uuid().to_string()
}

/// The settings of a generation.
pub(super) fn settings() -> Settings {
    Settings {
        pagination: Some(PaginationSetting { max_total_hits: hits_max() }),
        faceting: Some(FacetingSettings {
            max_values_per_facet: Facet::VALUES_MAX,
            sort_facet_values_by: Some(BTreeMap::from([("*".to_owned(), FacetSortValue::Count)])),
        }),
        typo_tolerance: Some(TypoToleranceSettings {
            enabled: Some(true),
            disable_on_attributes: Some(vec!["codes".to_owned()]),
            disable_on_words: Some(Vec::new()),
            min_word_size_for_typos: Some(MinWordSizeForTypos { one_typo: Some(4), two_typos: Some(8) }),
            disable_on_numbers: Some(true),
        }),
        ..Settings::new()
    }
    .with_searchable_attributes([NAME, FACETS, "codes", "description"])
    .with_filterable_attributes([
        ID,
        FACETS,
        PRICES,
        NUMBERS,
        IN_STOCK,
        AVAILABLE_AT,
        COLLECTIONS,
        PUBLISHED_FROM,
        PUBLISHED_UNTIL,
        CHANNELS,
    ])
    .with_sortable_attributes([PRICES, COLLECTIONS, CREATED_AT, ID])
    .with_displayed_attributes([ID, NAME])
    // An order that is asked for comes before relevance.
    .with_ranking_rules(["sort", "words", "typo", "proximity", "attribute", "exactness"])
    .with_stop_words(STOP_WORDS)
}

/// How far hits can be paged through: the server counts more, and answers none of them.
fn hits_max() -> usize {
    let max = SearchQuery::OFFSET_MAX.saturating_add(PageSize::MAX);
    usize::try_from(max).unwrap_or(usize::MAX)
}

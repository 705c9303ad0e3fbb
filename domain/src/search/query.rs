//! What is asked of the index, and what it answers.

use crate::{
    catalog::Viewpoint,
    ids::{CollectionId, LocationId, ProductId},
    language::Language,
    pricing::PriceView,
};

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SearchSort {
    /// Best match first; without a text the merchant's order in a collection, otherwise newest first.
    Relevance,
    /// Cheapest first, by the lowest price of each product. Products without a price there come last.
    PriceAscending,
    /// Dearest first, by the lowest price of each product. Products without a price there come last.
    PriceDescending,
    /// Newest first.
    Newest,
    /// As the merchant put the products of the collection that is searched in; relevance where none is.
    Collection,
}

/// Values of one facet; a product that has any of them is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetFilter {
    /// The facet: `brand`, `productType`, `tag`, or an attribute's or option's key such as `color`.
    pub key: String,
    /// Its values, as the index counts them.
    pub values: Vec<String>,
}

/// A range of prices, in minor units of the view's currency; both ends are in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PriceFilter {
    /// At least so much.
    pub min: Option<i64>,
    /// At most so much.
    pub max: Option<i64>,
}

impl PriceFilter {
    /// Whether it leaves anything out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }
}

/// A range of a number that products have; both ends are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFilter {
    /// The attribute or option, and its unit.
    pub key: NumberKey,
    /// At least so much, in thousandths.
    pub min: Option<i64>,
    /// At most so much, in thousandths.
    pub max: Option<i64>,
}

/// A number that products have: `capacity` in `ml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumberKey {
    /// The key of the attribute or option, as a facet has it.
    pub key: String,
    /// Its unit: `g`, `ml`, `mm`, another one as it is written, or empty.
    pub unit: String,
}

/// Products by what they are: each of `products`, and each that has any of `facets`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// These products.
    pub products: Vec<ProductId>,
    /// And those that have any of these values.
    pub facets: Vec<FacetFilter>,
}

impl Selection {
    /// These products alone.
    #[must_use]
    pub fn of(products: Vec<ProductId>) -> Self {
        Self { products, facets: Vec::new() }
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.products.is_empty() && self.facets.is_empty()
    }

    /// What either holds.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        self.products.extend(&other.products);
        self.facets.extend(other.facets.iter().cloned());
        self
    }
}

/// Which facets are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FacetRequest {
    /// Every one, and numbers and prices.
    All,
    /// Those of these keys, and numbers and prices.
    Keys(Vec<String>),
    /// None, nor numbers or prices.
    None,
}

/// What products must satisfy; all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchFilter {
    /// Facets, each key once.
    pub facets: Vec<FacetFilter>,
    /// Prices; a product satisfies it where the range of its variants' prices meets it.
    pub price: PriceFilter,
    /// Numbers, each key once; a product satisfies one where its own range meets it.
    pub numbers: Vec<NumberFilter>,
    /// Only what is published there and then.
    pub seen_from: Option<Viewpoint>,
    /// Only what can be bought now.
    pub in_stock_only: bool,
    /// Only what is available now at any of these places.
    pub available_at: Option<Vec<LocationId>>,
    /// Only what is in this collection.
    pub collection: Option<CollectionId>,
    /// Only these.
    pub only: Option<Selection>,
    /// None of these.
    pub except: Selection,
}

/// A question to the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// What the shopper typed; empty: all products.
    pub text: String,
    /// The language it is typed in, as far as is known.
    pub language: Language,
    /// From where prices are seen: those of the price filter, of sorting by price and of the price range.
    pub view: PriceView,
    /// What products must satisfy.
    pub filter: SearchFilter,
    /// What is counted.
    pub facets: FacetRequest,
    /// The order.
    pub sort: SearchSort,
    /// How many hits are left out at the beginning; [`SearchQuery::OFFSET_MAX`] at most.
    pub offset: u32,
    /// How many hits are wanted.
    pub limit: u32,
}

impl SearchQuery {
    /// The most characters of a text.
    pub const TEXT_LENGTH_MAX: usize = 200;
    /// The farthest a list of hits can be paged through.
    pub const OFFSET_MAX: u32 = 10_000;
    /// The most facet filters, and the most values of each.
    pub const FILTERS_MAX: usize = 20;
    /// The most places that stock can be looked for at.
    pub const LOCATIONS_MAX: usize = 1_000;

    /// All products in `language`, with prices as seen from `view`, the first `limit` of them.
    #[must_use]
    pub fn all(language: Language, view: PriceView, limit: u32) -> Self {
        Self {
            text: String::new(),
            language,
            view,
            filter: SearchFilter::default(),
            facets: FacetRequest::None,
            sort: SearchSort::Relevance,
            offset: 0,
            limit,
        }
    }

    /// Whether it asks for products by what they are alone, not by words.
    #[must_use]
    pub fn is_without_text(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether hits come in the merchant's order of a collection.
    #[must_use]
    pub fn is_in_collection_order(&self) -> bool {
        let is_asked = match self.sort {
            SearchSort::Collection => true,
            SearchSort::Relevance => self.is_without_text(),
            _ => false,
        };
        is_asked && self.filter.collection.is_some()
    }
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value; a [`FacetFilter`] with it selects it.
    pub value: String,
    /// How many products have it.
    pub count: u64,
}

/// A facet of a result, with the values that are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The key, as in a [`FacetFilter`].
    pub key: String,
    /// The values, the most frequent first, then by name; at most [`Facet::VALUES_MAX`].
    pub values: Vec<FacetValue>,
}

impl Facet {
    /// The most values of a facet.
    pub const VALUES_MAX: usize = 100;
}

/// The lowest and the highest of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberRange {
    /// Which number.
    pub key: NumberKey,
    /// The lowest, in thousandths.
    pub min: i64,
    /// The highest, in thousandths.
    pub max: i64,
}

/// A product that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Which.
    pub id: ProductId,
    /// How well it matches the text, by the engine's own measure; none where another order was asked for, or no text.
    pub score: Option<f64>,
}

/// The index's answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchResult {
    /// How many products were found in all.
    pub total: u64,
    /// The products of this page.
    pub hits: Vec<Hit>,
    /// The facets by key. Those of a facet that is filtered by are counted without its own filter: what else could be chosen.
    pub facets: Vec<Facet>,
    /// The numbers by key, each without its own filter.
    pub numbers: Vec<NumberRange>,
    /// The lowest and highest price without the filter by price, in minor units; none where nothing has a price.
    pub price_range: Option<(i64, i64)>,
}

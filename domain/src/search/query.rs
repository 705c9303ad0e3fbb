//! What is asked of the index, and what it answers.

use crate::{ids::ProductId, language::Language, money::Currency};

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SearchSort {
    /// Best match first; without a text, newest first.
    Relevance,
    /// Cheapest first, by the lowest price of each product. Products without a price in the currency come last.
    PriceAscending,
    /// Dearest first, by the lowest price of each product. Products without a price in the currency come last.
    PriceDescending,
    /// Newest first.
    Newest,
}

/// Values of one facet; a product that has any of them is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetFilter {
    /// The facet: `brand`, `productType`, `tag`, or an attribute's or option's key such as `color`.
    pub key: String,
    /// Its values, as the index counts them.
    pub values: Vec<String>,
}

/// A range of prices, in minor units of the query's currency; both ends are in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PriceFilter {
    /// At least so much.
    pub min: Option<i64>,
    /// At most so much.
    pub max: Option<i64>,
}

/// A question to the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// What the shopper typed; empty: all products.
    pub text: String,
    /// The language it is typed in, as far as is known.
    pub language: Language,
    /// The currency of the price filter, of sorting by price and of the price range.
    pub currency: Currency,
    /// Facets; a product must satisfy all of them.
    pub facets: Vec<FacetFilter>,
    /// Prices; a product satisfies it where the range of its variants' prices meets it.
    pub price: PriceFilter,
    /// Only what can be bought now.
    pub in_stock_only: bool,
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
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value; a [`FacetFilter`] with it selects it.
    pub value: String,
    /// How many products of the result have it.
    pub count: u64,
}

/// A facet of a result, with the values that are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The key, as in a [`FacetFilter`].
    pub key: String,
    /// The values, the most frequent first, then by name; at most 100.
    pub values: Vec<FacetValue>,
}

/// The index's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchResult {
    /// How many products were found in all.
    pub total: u64,
    /// The products of this page.
    pub hits: Vec<ProductId>,
    /// The facets of all that was found, counted under all filters; by key.
    pub facets: Vec<Facet>,
    /// The lowest and highest price of all that was found, in minor units; none where nothing has a price.
    pub price_range: Option<(i64, i64)>,
}

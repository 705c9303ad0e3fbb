//! Search on the wire.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    Context, Enum, InputObject, Object, Result, SimpleObject,
    connection::{Connection, Edge, EmptyFields, OpaqueCursor},
};
use comptoir_domain::{
    catalog,
    channel::SalesContext,
    ids::ProductId,
    language::Language,
    money,
    search::{self, FacetFilter, PriceFilter},
};

use super::{
    catalog::{PriceRange, Product},
    channel::{ContextInput, sales_context},
    context::ContextExt as _,
    error::{Path, Refusal, Refuse as _},
    page::{page_size, parse_cursor},
    scalar::Decimal,
};

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "search::SearchSort")]
enum SearchSort {
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
#[derive(InputObject)]
struct FacetFilterInput {
    /// The facet's key, such as `brand` or `color`.
    key: String,
    /// 1 to 20 of its values.
    values: Vec<String>,
}

/// A range of prices in the context's currency; both ends are in it.
#[derive(InputObject)]
struct PriceFilterInput {
    /// At least so much.
    minimum: Option<Decimal>,
    /// At most so much.
    maximum: Option<Decimal>,
}

/// What a product must satisfy; all of it.
#[derive(InputObject, Default)]
struct SearchFilterInput {
    /// At most 20.
    facets: Option<Vec<FacetFilterInput>>,
    /// Where the range of its variants' prices meets this one.
    price: Option<PriceFilterInput>,
    /// Only what can be bought now.
    #[graphql(default)]
    in_stock: bool,
}

/// A value of a facet.
#[derive(SimpleObject)]
struct FacetValue {
    /// The value, to be used in a filter.
    value: String,
    /// How many of the products that were found have it.
    count: u64,
}

/// A property of products, with the values found.
#[derive(SimpleObject)]
struct Facet {
    /// Its key, to be used in a filter.
    key: String,
    /// Its values, the most frequent first; at most 100.
    values: Vec<FacetValue>,
}

/// What a search finds beside its hits.
#[derive(SimpleObject)]
struct SearchFields {
    /// How many products were found in all.
    total_count: u64,
    /// What the products that were found have in common, counted under all filters.
    facets: Vec<Facet>,
    /// The lowest and the highest price of what was found; null where nothing has a price in the currency.
    price_range: Option<PriceRange>,
}

/// Names the connection after what it is.
pub(super) struct SearchConnectionName;

impl async_graphql::connection::ConnectionNameType for SearchConnectionName {
    fn type_name<T: async_graphql::OutputType>() -> String {
        "SearchConnection".to_owned()
    }
}

/// Names the edges after what they are.
pub(super) struct SearchEdgeName;

impl async_graphql::connection::EdgeNameType for SearchEdgeName {
    fn type_name<T: async_graphql::OutputType>() -> String {
        "SearchEdge".to_owned()
    }
}

type SearchConnection =
    Connection<OpaqueCursor<u32>, Product, SearchFields, EmptyFields, SearchConnectionName, SearchEdgeName>;

/// Search.
#[derive(Default)]
pub(super) struct SearchQuery;

#[Object]
impl SearchQuery {
    /// Finds products. Null with an error `SEARCH_UNAVAILABLE` while the search engine is down; lists of products go on without it.
    #[expect(clippy::too_many_arguments, reason = "a search has that many sides")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the shopper typed: at most 200 characters. Empty: all products.", default)]
        query: String,
        #[graphql(desc = "What products must satisfy.")] filter: Option<SearchFilterInput>,
        #[graphql(desc = "The order of hits.", default_with = "SearchSort::Relevance")] sort: SearchSort,
        #[graphql(desc = "How many: 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Option<Result<SearchConnection>> {
        Some(
            async {
                let sales = sales_context(ctx, context).await?;
                let offset =
                    after.map(|it| parse_cursor::<u32>(&it, "after")).transpose()?.map_or(0, |it| it.saturating_add(1));
                let filter = filter.unwrap_or_default();
                let facets = filter.facets.unwrap_or_default();
                let query = search::SearchQuery {
                    text: query,
                    language: sales.languages.first().cloned().unwrap_or_else(Language::english),
                    currency: sales.currency,
                    facets: facets.into_iter().map(|it| FacetFilter { key: it.key, values: it.values }).collect(),
                    price: parse_price(filter.price, &sales)?,
                    in_stock_only: filter.in_stock,
                    sort: sort.into(),
                    offset,
                    limit: page_size(first, "first")?.get(),
                };
                find(ctx, query, sales).await
            }
            .await,
        )
    }
}

async fn find(ctx: &Context<'_>, query: search::SearchQuery, sales: Arc<SalesContext>) -> Result<SearchConnection> {
    let request = ctx.request()?;
    let found = request.app.search.search(&request.actor, &query).await;
    let found = found.map_err(|it| it.refuse(Path::argument("query")).into_error())?;
    let products = request.app.catalog.by_ids(&request.actor, &found.hits).await;
    let products = products.map_err(|it| it.refuse(Path::default()).into_error())?;
    let mut products: HashMap<ProductId, catalog::Product> = products.into_iter().map(|it| (it.id, it)).collect();
    let end = u64::from(query.offset) + found.hits.len() as u64;
    let money = |minor| money::Money::new(minor, query.currency);
    let fields = SearchFields {
        total_count: found.total,
        facets: found.facets.into_iter().map(Facet::from).collect(),
        price_range: found
            .price_range
            .map(|(min, max)| PriceRange { minimum: money(min).into(), maximum: money(max).into() }),
    };
    let mut connection = Connection::with_additional_fields(0 < query.offset, end < found.total, fields);
    for (place, id) in (query.offset..).zip(found.hits) {
        if let Some(product) = products.remove(&id) {
            let node = Product { product: Arc::new(product), sales: sales.clone() };
            connection.edges.push(Edge::new(OpaqueCursor(place), node));
        }
    }
    Ok(connection)
}

impl From<search::Facet> for Facet {
    fn from(facet: search::Facet) -> Self {
        let values = facet.values.into_iter().map(|it| FacetValue { value: it.value, count: it.count }).collect();
        Self { key: facet.key, values }
    }
}

fn parse_price(filter: Option<PriceFilterInput>, sales: &SalesContext) -> Result<PriceFilter> {
    let parse = |amount: Option<Decimal>, field: &str| -> Result<Option<i64>> {
        let Some(amount) = amount else { return Ok(None) };
        let at = Path::argument("filter").field("price").field(field);
        let money = amount.parse(sales.currency, at).map_err(Refusal::into_error)?;
        Ok(Some(money.minor()))
    };
    let filter = filter.unwrap_or(PriceFilterInput { minimum: None, maximum: None });
    Ok(PriceFilter { min: parse(filter.minimum, "minimum")?, max: parse(filter.maximum, "maximum")? })
}

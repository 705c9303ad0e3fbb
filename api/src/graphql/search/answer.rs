//! What a search finds.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    Context, ID, Object, Result, SimpleObject,
    connection::{Connection, Edge, OpaqueCursor},
};
use comptoir_domain::{
    catalog,
    channel::SalesContext,
    ids::ProductId,
    inventory::StockLevel,
    money,
    search::{self, PlacedHit, SearchAnswer, from_thousandths},
};

use super::super::{
    catalog::{PriceRange, Product},
    channel::Location,
    context::ContextExt as _,
    eager::Eager,
    error::{Path, Refuse as _},
    id::to_id,
    loader::{LevelsOf, VariantsOf, load, load_many},
    scalar::Decimal,
};
use super::personal::{PersonalBoost, SearchPersonalization};

/// Values of a facet, to be added to a search's `filter.facets` as they are.
#[derive(SimpleObject)]
pub(super) struct FacetSelection {
    /// The facet's key.
    key: String,
    /// The value.
    values: Vec<String>,
}

/// A value of a facet.
#[derive(SimpleObject)]
pub(super) struct FacetValue {
    /// The value.
    value: String,
    /// How many products have it of those that satisfy all other filters: what choosing it would show.
    count: u64,
    /// Whether it is chosen.
    is_selected: bool,
    /// What chooses it.
    selection: FacetSelection,
}

impl FacetValue {
    pub(super) fn new(key: &str, value: search::FacetValue, is_selected: bool) -> Self {
        let selection = FacetSelection { key: key.to_owned(), values: vec![value.value.clone()] };
        Self { value: value.value, count: value.count, is_selected, selection }
    }
}

/// A property of products, with the values found.
#[derive(SimpleObject)]
struct Facet {
    /// Its key: `brand`, `productType`, `tag`, or that of an attribute or option.
    key: String,
    /// Its values, the most frequent first; at most 100. Values of a facet that is filtered by are counted without its own filter.
    values: Vec<Eager<FacetValue>>,
}

/// A number that products have, with the lowest and highest found; counted without its own filter.
#[derive(SimpleObject)]
struct NumberFacet {
    /// The key, such as `capacity`.
    key: String,
    /// The unit: `g`, `ml`, `mm` and others; empty for a number without one.
    unit: String,
    /// The lowest.
    minimum: Decimal,
    /// The highest.
    maximum: Decimal,
}

/// A word that was taken for another.
#[derive(SimpleObject)]
struct CorrectedWord {
    /// What was typed.
    typed: String,
    /// What was looked for.
    corrected: String,
}

/// What was looked for in the place of what was typed, which finds nothing.
#[derive(SimpleObject)]
struct SearchRelaxation {
    /// The text that was looked for: did you mean this?
    query: String,
    /// Words that were taken for others.
    corrected_words: Vec<CorrectedWord>,
    /// Words that were left out.
    ignored_words: Vec<String>,
    /// Whether the filters by facet, price and number were left out.
    ignored_filters: bool,
}

impl From<search::Relaxation> for SearchRelaxation {
    fn from(relaxation: search::Relaxation) -> Self {
        let corrected = relaxation.corrected.into_iter();
        Self {
            query: relaxation.text,
            corrected_words: corrected.map(|(typed, corrected)| CorrectedWord { typed, corrected }).collect(),
            ignored_words: relaxation.left_out,
            ignored_filters: relaxation.is_without_filters,
        }
    }
}

/// What a search finds beside its hits.
#[derive(SimpleObject)]
pub(super) struct SearchFields {
    /// How many products were found in all.
    total_count: u64,
    /// What the products that were found have in common, by key.
    facets: Vec<Facet>,
    /// The numbers of the products that were found, by key.
    numbers: Vec<NumberFacet>,
    /// The lowest and the highest price of what was found, of those that everybody pays in the context's market and channel, without
    /// the filter by price; null where nothing has one.
    price_range: Option<PriceRange>,
    /// What was looked for instead, where nothing was found as it was typed.
    relaxation: Option<SearchRelaxation>,
    /// Where staff wants those to go who search for this; they may be shown the hits all the same.
    redirect_url: Option<String>,
    /// What of the shopper was used for this search; null without their consent.
    personalization: Option<SearchPersonalization>,
    /// By which `searchFeedback` names this search; null for what is not counted: further pages, and searches without words.
    search_id: Option<ID>,
}

/// A part of a text that matches the query, or one that does not. Put together, the parts are the text.
#[derive(SimpleObject)]
struct TextFragment {
    /// The part: text, not HTML.
    text: String,
    /// Whether it matches.
    is_match: bool,
}

/// What matches in a product's texts.
#[derive(SimpleObject)]
struct SearchHighlights {
    /// Its name.
    name: Vec<TextFragment>,
    /// The beginning of its description without markup: at most 300 characters.
    description: Vec<TextFragment>,
}

/// A store, and how far it is.
#[derive(SimpleObject)]
struct NearbyLocation {
    /// The store.
    location: Location,
    /// How many kilometers away, as the crow flies.
    distance_km: f64,
}

/// What a hit has beside its product.
pub(super) struct SearchEdgeFields {
    product: Arc<catalog::Product>,
    request: Arc<search::SearchRequest>,
    sales: Arc<SalesContext>,
    /// The text that was looked for.
    text: String,
    boost: Option<search::PersonalBoost>,
}

/// How much of a description is shown.
const DESCRIPTION_LENGTH_MAX: usize = 300;

#[Object]
impl SearchEdgeFields {
    /// What of its texts matches the query.
    async fn highlights(&self, ctx: &Context<'_>) -> Result<SearchHighlights> {
        let engine = &ctx.request()?.ports.search;
        let language = &self.request.query.language;
        let text = self.product.texts.best(&self.sales.languages);
        let marked = |it: &str| {
            let fragments = engine.highlight(it, language, &self.text).into_iter();
            fragments.map(|it| TextFragment { text: it.text, is_match: it.is_match }).collect()
        };
        let description = search::plain_text(text.map_or("", |it| it.description_html.as_str()));
        let beginning: String = description.chars().take(DESCRIPTION_LENGTH_MAX).collect();
        let name = text.map_or(self.product.slug.as_str(), |it| it.name.as_str());
        Ok(SearchHighlights { name: marked(name), description: marked(&beginning) })
    }

    /// What of the shopper moved it up; null: nothing did.
    async fn personal_boost(&self) -> Option<PersonalBoost> {
        self.boost.clone().map(PersonalBoost::from)
    }

    /// The nearest store where it is available now; null where `filter.near` names no place.
    async fn nearest_location(&self, ctx: &Context<'_>) -> Option<Result<NearbyLocation>> {
        let near = self.request.near?;
        let find = async {
            let mut nearest: Option<NearbyLocation> = None;
            for variant in load(ctx, VariantsOf(self.product.id)).await?.unwrap_or_default() {
                let levels = load_many(ctx, variant.parts().map(|it| LevelsOf(it.variant_id))).await?;
                let levels: Vec<StockLevel> = levels.into_values().flatten().collect();
                for (place, units) in variant.available_at(&levels) {
                    let Some(location) = load(ctx, place).await?.filter(|_| 0 < units) else { continue };
                    let Some(distance_km) = location.store_distance_km(near.place) else { continue };
                    if nearest.as_ref().is_none_or(|it| distance_km < it.distance_km) {
                        nearest = Some(NearbyLocation { location: Location(location), distance_km });
                    }
                }
            }
            Ok(nearest)
        };
        find.await.transpose()
    }
}

/// Names the connection after what it is.
pub(in crate::graphql) struct SearchConnectionName;

impl async_graphql::connection::ConnectionNameType for SearchConnectionName {
    fn type_name<T: async_graphql::OutputType>() -> String {
        "SearchConnection".to_owned()
    }
}

/// Names the edges after what they are.
pub(in crate::graphql) struct SearchEdgeName;

impl async_graphql::connection::EdgeNameType for SearchEdgeName {
    fn type_name<T: async_graphql::OutputType>() -> String {
        "SearchEdge".to_owned()
    }
}

pub(super) type SearchConnection =
    Connection<OpaqueCursor<u32>, Eager<Product>, SearchFields, SearchEdgeFields, SearchConnectionName, SearchEdgeName>;

/// What was asked, and in which context it is seen.
pub(super) struct Found {
    pub(super) request: search::SearchRequest,
    pub(super) sales: Arc<SalesContext>,
}

impl Found {
    /// The products of `hits` that the caller may see.
    pub(super) async fn products(
        &self,
        ctx: &Context<'_>,
        hits: &[PlacedHit],
    ) -> Result<HashMap<ProductId, Arc<catalog::Product>>> {
        let request = ctx.request()?;
        let ids: Vec<ProductId> = hits.iter().map(|it| it.hit.id).collect();
        let products = request.app.search.products(&request.actor, &self.request, &ids).await;
        let products = products.map_err(|it| it.refuse(Path::argument("query")).into_error())?;
        Ok(products.into_iter().map(|it| (it.id, Arc::new(it))).collect())
    }

    /// The answer on the wire.
    pub(super) async fn connection(self, ctx: &Context<'_>, answer: SearchAnswer) -> Result<SearchConnection> {
        let products = self.products(ctx, &answer.hits).await?;
        let SearchAnswer { id, hits, summary, relaxation, redirect, personalization } = answer;
        let query = &self.request.query;
        let offset = query.offset;
        let end = u64::from(offset) + hits.len() as u64;
        let text = relaxation.as_ref().map_or_else(|| query.text.clone(), |it| it.text.clone());
        let is_selected = |key: &str, value: &str| {
            let selected = query.filter.facets.iter().find(|it| it.key == key);
            selected.is_some_and(|it| it.values.iter().any(|it| it == value))
        };
        let facet = |facet: search::Facet| {
            let value = |it: search::FacetValue| {
                let is_selected = is_selected(&facet.key, &it.value);
                Eager(FacetValue::new(&facet.key, it, is_selected))
            };
            Facet { values: facet.values.into_iter().map(value).collect(), key: facet.key.clone() }
        };
        let number = |it: search::NumberRange| NumberFacet {
            key: it.key.key,
            unit: it.key.unit,
            minimum: Decimal(from_thousandths(it.min).to_string()),
            maximum: Decimal(from_thousandths(it.max).to_string()),
        };
        let money = |minor| money::Money::new(minor, query.view.currency);
        let price_range = |(min, max)| PriceRange { minimum: money(min).into(), maximum: money(max).into() };
        let fields = SearchFields {
            total_count: summary.total,
            facets: summary.facets.into_iter().map(facet).collect(),
            numbers: summary.numbers.into_iter().map(number).collect(),
            price_range: summary.price_range.map(price_range),
            relaxation: relaxation.map(SearchRelaxation::from),
            redirect_url: redirect,
            personalization: personalization.map(SearchPersonalization::from),
            search_id: id.map(to_id),
        };
        let mut connection = Connection::with_additional_fields(0 < offset, end < summary.total, fields);
        let request = Arc::new(self.request);
        for (place, hit) in (offset..).zip(hits) {
            let Some(product) = products.get(&hit.hit.id) else { continue };
            let node = Eager(Product::new(product.clone(), self.sales.clone()));
            let (request, sales) = (request.clone(), self.sales.clone());
            let beside =
                SearchEdgeFields { product: product.clone(), request, sales, text: text.clone(), boost: hit.boost };
            connection.edges.push(Edge::with_additional_fields(OpaqueCursor(place), node, beside));
        }
        Ok(connection)
    }
}

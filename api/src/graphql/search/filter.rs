//! What products must satisfy.

use async_graphql::{ID, InputObject};
use comptoir_domain::{
    channel::SalesContext,
    search::{FacetFilter, Near, NumberFilter, NumberKey, PriceFilter, SearchFilter, SearchQuery, to_thousandths},
};

use super::super::{
    channel::CoordinatesInput,
    error::{ErrorCode, Path, Refusal, UserError},
    id::{parse_id, parse_ids},
    scalar::Decimal,
};

/// Values of one facet; a product that has any of them is found. As `FacetSelection` has it: add what a facet's value carries.
#[derive(InputObject)]
pub(super) struct FacetFilterInput {
    /// The facet's key, such as `brand` or `color`. Two filters of one key are one with the values of both.
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

/// A range of a number; both ends are in it. A product is found whose own range meets it; without ends, each that has the number.
#[derive(InputObject)]
struct NumberFilterInput {
    /// The key, such as `capacity`.
    key: String,
    /// The unit, as `NumberFacet` has it: `g`, `ml`, `mm` and others; empty for a number without one.
    #[graphql(default)]
    unit: String,
    /// At least so much, with at most three decimals.
    minimum: Option<Decimal>,
    /// At most so much, with at most three decimals.
    maximum: Option<Decimal>,
}

/// A place, and how far from it.
#[derive(InputObject)]
struct NearInput {
    /// The place.
    place: CoordinatesInput,
    /// How many kilometers away at most, as the crow flies: up to 20,100.
    within_km: f64,
}

/// What a product must satisfy; all of it.
#[derive(InputObject, Default)]
pub(super) struct SearchFilterInput {
    /// At most 20 keys.
    facets: Option<Vec<FacetFilterInput>>,
    /// Where the range of its variants' prices, as everybody pays them in the context's market and channel, meets this one. Prices for
    /// a customer group, a tier or several units do not count.
    price: Option<PriceFilterInput>,
    /// Numbers of its attributes and options; at most 20.
    numbers: Option<Vec<NumberFilterInput>>,
    /// Only what can be bought now.
    #[graphql(default)]
    in_stock: bool,
    /// Only what is available now at any of these locations; at most 100. An empty list finds nothing.
    available_at: Option<Vec<ID>>,
    /// Only what is available now in a store near a place.
    near: Option<NearInput>,
    /// Only what is in this collection.
    collection_id: Option<ID>,
}

impl SearchFilterInput {
    /// The filter, or what is wrong with it.
    pub(super) fn parse(self, sales: &SalesContext) -> Result<(SearchFilter, Option<Near>), Refusal> {
        let at = |field: &str| Path::argument("filter").field(field);
        let facets = parse_facets(self.facets.unwrap_or_default(), &at("facets"))?;
        let numbers = self.numbers.unwrap_or_default();
        if SearchQuery::FILTERS_MAX < numbers.len() {
            return Err(too_many("at most 20 numbers", at("numbers")));
        }
        let numbers = numbers.into_iter().enumerate().map(|(index, it)| it.parse(&at("numbers").index(index)));
        let places = self.available_at;
        if places.as_ref().is_some_and(|it| 100 < it.len()) {
            return Err(UserError::limit(100, &"at most 100 locations", at("availableAt")).into());
        }
        let filter = SearchFilter {
            facets,
            price: parse_price(self.price, sales)?,
            numbers: numbers.collect::<Result<_, _>>()?,
            in_stock_only: self.in_stock,
            available_at: places.map(|it| parse_ids(&it, &at("availableAt"))).transpose()?,
            collection: self.collection_id.map(|it| parse_id(&it, at("collectionId"))).transpose()?,
            ..SearchFilter::default()
        };
        let near = self.near.map(|it| it.parse(&at("near"))).transpose()?;
        Ok((filter, near))
    }
}

/// Facets by key; those of one key are one filter.
fn parse_facets(inputs: Vec<FacetFilterInput>, at: &Path) -> Result<Vec<FacetFilter>, Refusal> {
    let max = SearchQuery::FILTERS_MAX;
    let mut facets: Vec<FacetFilter> = Vec::new();
    for (index, FacetFilterInput { key, values }) in inputs.into_iter().enumerate() {
        let earlier = facets.iter().position(|it| it.key == key);
        let mut facet = earlier.map_or(FacetFilter { key, values: Vec::new() }, |it| facets.swap_remove(it));
        if values.is_empty() || max < facet.values.len() + values.len() {
            return Err(too_many("a facet has 1 to 20 values", at.clone().index(index).field("values")));
        }
        if facets.len() == max {
            return Err(too_many("at most 20 facets", at.clone()));
        }
        facet.values.extend(values);
        facets.push(facet);
    }
    Ok(facets)
}

fn too_many(message: &'static str, at: Path) -> Refusal {
    UserError::limit(SearchQuery::FILTERS_MAX, &message, at).into()
}

impl NumberFilterInput {
    fn parse(self, at: &Path) -> Result<NumberFilter, Refusal> {
        let parse = |number: Option<Decimal>, field: &str| {
            let Some(number) = number else { return Ok(None) };
            let is_of_number = |it: char| it.is_ascii_digit() || it == '.' || it == '-';
            let is_plain = number.0.len() <= 32 && number.0.chars().all(is_of_number);
            let parsed = number.0.parse::<rust_decimal::Decimal>().ok().filter(|_| is_plain).and_then(to_thousandths);
            let wrong = || {
                let message = "this is not a number with at most three decimals";
                Refusal::from(UserError::input(ErrorCode::InvalidInput, message, at.clone().field(field)))
            };
            parsed.map(Some).ok_or_else(wrong)
        };
        let (min, max) = ordered((parse(self.minimum, "minimum")?, parse(self.maximum, "maximum")?), at)?;
        Ok(NumberFilter { key: NumberKey { key: self.key, unit: self.unit }, min, max })
    }
}

impl NearInput {
    fn parse(self, at: &Path) -> Result<Near, Refusal> {
        let place = self.place.parse(at.clone().field("place"))?;
        let meters = self.within_km * 1_000.0;
        let max = f64::from(Near::WITHIN_METERS_MAX);
        if !(0.0..=max).contains(&meters) {
            let message = "this is between 0 and 20,100 km";
            return Err(UserError::input(ErrorCode::InvalidInput, message, at.clone().field("withinKm")).into());
        }
        Ok(Near { place, within_meters: meters.round() as u32 })
    }
}

fn parse_price(filter: Option<PriceFilterInput>, sales: &SalesContext) -> Result<PriceFilter, Refusal> {
    let at = Path::argument("filter").field("price");
    let parse = |amount: Option<Decimal>, field: &str| -> Result<Option<i64>, Refusal> {
        let Some(amount) = amount else { return Ok(None) };
        Ok(Some(amount.parse(sales.currency, at.clone().field(field))?.minor()))
    };
    let filter = filter.unwrap_or(PriceFilterInput { minimum: None, maximum: None });
    let (min, max) = ordered((parse(filter.minimum, "minimum")?, parse(filter.maximum, "maximum")?), &at)?;
    Ok(PriceFilter { min, max })
}

/// The ends of a range at `at`, where the maximum is not below the minimum.
fn ordered(ends: (Option<i64>, Option<i64>), at: &Path) -> Result<(Option<i64>, Option<i64>), Refusal> {
    if let (Some(min), Some(max)) = ends
        && max < min
    {
        let message = "the maximum is below the minimum";
        return Err(UserError::input(ErrorCode::InvalidInput, message, at.clone().field("maximum")).into());
    }
    Ok(ends)
}

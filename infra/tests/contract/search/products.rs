//! Products as these tests make them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{TimeZone as _, Utc};
use comptoir_domain::{
    catalog::Publication,
    clock::Window,
    ids::{CollectionId, Id as _, LocationId, ProductId},
    money::{Currency, parse_currency},
    pricing::PriceView,
    search::{NumberKey, PriceRange, ProductDocument, SearchText},
};

/// The identifier of product `number`.
pub(crate) fn id(number: u128) -> ProductId {
    ProductId::from_uuid(uuid::Uuid::from_u128(number))
}

/// Product `number`: in stock, with an English name, created `number` seconds after the year began.
pub(crate) fn product(number: u128, name: &str) -> Product {
    let document = ProductDocument {
        id: id(number),
        texts: BTreeMap::new(),
        facets: BTreeMap::new(),
        codes: Vec::new(),
        prices: BTreeMap::new(),
        numbers: BTreeMap::new(),
        available_at: BTreeSet::new(),
        collections: BTreeMap::new(),
        publication: Publication::default(),
        in_stock: true,
        created_at: Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap() + chrono::TimeDelta::seconds(number as i64),
    };
    Product(document).text("en", name, "")
}

/// Prices in euros as they are seen in a market and a channel.
pub(crate) fn euros(market: Option<&str>, channel: Option<&str>) -> PriceView {
    let (market, channel) = (market.map(|it| it.parse().unwrap()), channel.map(|it| it.parse().unwrap()));
    PriceView { currency: Currency::EUR, market, channel }
}

/// A product in the making.
#[derive(Clone)]
pub(crate) struct Product(pub(crate) ProductDocument);

impl Product {
    pub(crate) fn text(mut self, language: &str, name: &str, description: &str) -> Self {
        let text = SearchText { name: name.to_owned(), description: description.to_owned() };
        self.0.texts.insert(language.parse().unwrap(), text);
        self
    }

    pub(crate) fn facet(mut self, key: &str, value: &str) -> Self {
        self.0.facets.entry(key.to_owned()).or_default().insert(value.to_owned());
        self
    }

    pub(crate) fn code(mut self, code: &str) -> Self {
        self.0.codes.push(code.to_owned());
        self
    }

    pub(crate) fn price(mut self, currency: &str, min: i64, max: i64) -> Self {
        self.0.prices.insert(parse_currency(currency).unwrap().into(), PriceRange { min, max });
        self
    }

    /// What everybody is asked in euros in a market, a channel, or both.
    pub(crate) fn price_in(mut self, market: Option<&str>, channel: Option<&str>, min: i64, max: i64) -> Self {
        self.0.prices.insert(euros(market, channel), PriceRange { min, max });
        self
    }

    pub(crate) fn number(mut self, key: &str, unit: &str, min: i64, max: i64) -> Self {
        let key = NumberKey { key: key.to_owned(), unit: unit.to_owned() };
        self.0.numbers.insert(key, PriceRange { min, max });
        self
    }

    pub(crate) fn at(mut self, place: u128) -> Self {
        self.0.available_at.insert(LocationId::from_uuid(uuid::Uuid::from_u128(place)));
        self
    }

    pub(crate) fn in_collection(mut self, collection: u128, position: u32) -> Self {
        self.0.collections.insert(CollectionId::from_uuid(uuid::Uuid::from_u128(collection)), position);
        self
    }

    /// Published between these moments, in seconds since 1970, in these channels.
    pub(crate) fn published(mut self, from: Option<i64>, until: Option<i64>, channels: &[&str]) -> Self {
        let at = |second| chrono::DateTime::from_timestamp(second, 0).unwrap();
        let window = Window { from: from.map(at), until: until.map(at) };
        self.0.publication = Publication { window, channels: channels.iter().map(|it| it.parse().unwrap()).collect() };
        self
    }

    pub(crate) fn sold_out(mut self) -> Self {
        self.0.in_stock = false;
        self
    }
}

/// The documents of `products`.
pub(crate) fn documents<const N: usize>(products: [Product; N]) -> Vec<ProductDocument> {
    products.into_iter().map(|it| it.0).collect()
}

//! The use cases of recommendations. None shows what the actor may not see.

use chrono::TimeDelta;

use super::{
    super::{FacetFilter, SearchError, SearchFilter, SearchQuery, SearchService, Selection},
    Together,
    related::{Places, related},
};
use crate::{
    access::Actor,
    catalog::{Product, Viewpoint},
    codes::ChannelCode,
    ids::ProductId,
    language::Language,
    money::Currency,
    storage::StorageError,
};

/// How far back orders count.
const DAYS: i64 = 365;
/// How many products of each kind of likeness are looked at.
const CANDIDATES: u32 = 40;
/// How many of a product's collections, and of its tags, are looked through.
const COLLECTIONS_MAX: usize = 3;
const TAGS_MAX: usize = 10;

impl SearchService {
    /// The most recommendations of a kind.
    pub const RECOMMENDATIONS_MAX: usize = 20;

    /// Products like this one, the likest first: of its type, in its collections, with its tags. Takes one question to the engine and
    /// three statements; none for a product that the actor does not see.
    ///
    /// # Errors
    /// [`SearchError`].
    pub async fn related_products(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        product: ProductId,
        limit: usize,
    ) -> Result<Vec<Product>, SearchError> {
        let Some(product) = self.seen(actor, channel, &[product]).await?.pop() else { return Ok(Vec::new()) };
        let own = self.collections.places_of(&[product.id]).await?;
        let found = self.engine.search_many(&questions(&product, &own, &self.viewpoint(channel))).await?;
        let mut ids: Vec<ProductId> = found.iter().flat_map(|it| &it.hits).map(|it| it.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let candidates = self.seen(actor, channel, &ids).await?;
        ids.push(product.id);
        let places = self.collections.places_of(&ids).await?;
        let mut products = related(&product, candidates, &places);
        products.truncate(limit.min(Self::RECOMMENDATIONS_MAX));
        Ok(products)
    }

    /// What is bought together with this product more often than by chance, in orders of the last year: [`super::PurchaseCounts`]
    /// has the rule. Takes three statements for the figures and two for products; none for a product that the actor does not see.
    ///
    /// # Errors
    /// [`SearchError::Storage`].
    pub async fn frequently_bought_together(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        product: ProductId,
        limit: usize,
    ) -> Result<Vec<(Product, Together)>, SearchError> {
        if self.seen(actor, channel, &[product]).await?.is_empty() {
            return Ok(Vec::new());
        }
        let since = self.clock.now() - TimeDelta::days(DAYS);
        let together = self.orders.purchase_counts(product, since).await?.together();
        let ids: Vec<ProductId> = together.iter().map(|it| it.product).collect();
        let products = self.seen(actor, channel, &ids).await?;
        let product_of = |it: &Together| products.iter().find(|product| product.id == it.product).cloned();
        let found = together.into_iter().filter_map(|it| Some((product_of(&it)?, it)));
        Ok(found.take(limit.min(Self::RECOMMENDATIONS_MAX)).collect())
    }

    /// Those of `ids` that the actor sees, in their order, each once.
    ///
    /// # Errors
    /// [`SearchError::Storage`].
    pub async fn recently_viewed(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        ids: &[ProductId],
    ) -> Result<Vec<Product>, SearchError> {
        let mut products = self.seen(actor, channel, ids).await?;
        products.sort_by_key(|product| ids.iter().position(|it| *it == product.id));
        Ok(products)
    }

    async fn seen(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        ids: &[ProductId],
    ) -> Result<Vec<Product>, StorageError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut products = self.catalog.products_by_id(ids).await?;
        let from = self.viewpoint(channel);
        products.retain(|it| it.is_visible_to(actor, &from));
        Ok(products)
    }
}

/// What to ask for to find what may be like `product`.
fn questions(product: &Product, places: &Places, from: &Viewpoint) -> Vec<SearchQuery> {
    let facet = |key: &str, values: Vec<String>| FacetFilter { key: key.to_owned(), values };
    let selected =
        |facets| SearchFilter { only: Some(Selection { products: vec![], facets }), ..SearchFilter::default() };
    let of_type = product.product_type.iter().map(|it| vec![facet("productType", vec![it.clone()])]);
    let tags: Vec<String> = product.tags.iter().take(TAGS_MAX).cloned().collect();
    let tagged = (!tags.is_empty()).then(|| vec![facet("tag", tags)]);
    let in_collections = places
        .iter()
        .take(COLLECTIONS_MAX)
        .map(|it| SearchFilter { collection: Some(it.1), ..SearchFilter::default() });
    let filters = of_type.chain(tagged).map(selected).chain(in_collections);
    let ask = |filter: SearchFilter| SearchQuery {
        filter: SearchFilter { except: Selection::of(vec![product.id]), seen_from: Some(from.clone()), ..filter },
        ..SearchQuery::all(Language::english(), Currency::EUR.into(), CANDIDATES)
    };
    filters.map(ask).collect()
}

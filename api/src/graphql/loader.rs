//! Loaders: what one request asks for in many places, asked of the storage at once.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use async_graphql::{
    Context, Error, Request, Result,
    dataloader::{DataLoader, Loader},
};
use comptoir_domain::{
    App, Ports,
    access::Actor,
    cart::CartView,
    catalog::{Collection, Product, Variant, Viewpoint},
    channel::{Location, SalesContext},
    codes::ChannelCode,
    customer::Customer,
    ids::{CartId, CollectionId, CustomerId, LocationId, OrderId, ProductId, VariantId},
    inventory::StockLevel,
    order::Order,
    pricing::Price,
};
use futures_util::{FutureExt as _, future::BoxFuture};

use super::{
    batching::{Batches, NoDelay},
    error::{Path, Refuse, fault},
};

/// Reads in batches, for one actor.
pub(super) struct BatchLoader {
    app: Arc<App>,
    ports: Arc<Ports>,
    actor: Actor,
}

/// Puts the loaders of one operation on its request.
pub(super) fn loaders(app: Arc<App>, ports: Arc<Ports>, actor: Actor, request: Request) -> Request {
    let loader = BatchLoader { app, ports, actor };
    let batches = Batches::default();
    request.data(DataLoader::new(loader, batches.clone(), NoDelay)).data(batches)
}

/// Loads one value by its key.
///
/// The future is boxed: every field of an object, however plain, takes as much memory while it is resolved as the largest.
///
/// # Errors
/// The storage failed.
pub(super) fn load<'a, K>(ctx: &Context<'a>, key: K) -> BoxFuture<'a, Result<Option<<BatchLoader as Loader<K>>::Value>>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    BatchLoader: Loader<K, Error = Error>,
{
    match ctx.data_opt::<DataLoader<BatchLoader>>() {
        Some(loader) => loader.load_one(key).boxed(),
        None => std::future::ready(Err(fault(&"a request without loaders"))).boxed(),
    }
}

/// Loads the values of several keys; those that are not found are left out.
///
/// # Errors
/// The storage failed.
pub(super) fn load_many<'a, K>(
    ctx: &Context<'a>,
    keys: impl Iterator<Item = K>,
) -> BoxFuture<'a, Result<HashMap<K, <BatchLoader as Loader<K>>::Value>>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    BatchLoader: Loader<K, Error = Error>,
{
    let keys: Vec<K> = keys.collect();
    match ctx.data_opt::<DataLoader<BatchLoader>>() {
        Some(loader) => loader.load_many(keys).boxed(),
        None => std::future::ready(Err(fault(&"a request without loaders"))).boxed(),
    }
}

/// The error of all who wait for one batch.
fn failed(error: impl Refuse) -> Error {
    error.refuse(Path::default()).into_error()
}

/// A product, where it is seen in a channel.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct ProductIn(pub(super) ProductId, pub(super) ChannelCode);

impl ProductIn {
    /// The product as it is seen in a context.
    pub(super) fn new(id: ProductId, sales: &SalesContext) -> Self {
        Self(id, sales.channel.code.clone())
    }
}

/// The variants of a product, by position.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct VariantsOf(pub(super) ProductId);

/// The prices of a variant.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PricesOf(pub(super) VariantId);

/// The stock of a variant.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct LevelsOf(pub(super) VariantId);

/// The collections that a product is in and the actor may see, the oldest first.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CollectionsOf(pub(super) ProductId);

impl Loader<CartId> for BatchLoader {
    type Value = Arc<CartView>;
    type Error = Error;

    async fn load(&self, ids: &[CartId]) -> Result<HashMap<CartId, Arc<CartView>>> {
        let views = self.app.carts.views(&self.actor, ids).await.map_err(failed)?;
        Ok(views.into_iter().map(|it| (it.cart.id, Arc::new(it))).collect())
    }
}

impl Loader<ProductIn> for BatchLoader {
    type Value = Arc<Product>;
    type Error = Error;

    async fn load(&self, keys: &[ProductIn]) -> Result<HashMap<ProductIn, Arc<Product>>> {
        let ids: Vec<ProductId> = keys.iter().map(|it| it.0).collect();
        let products = self.ports.catalog.products_by_id(&ids).await.map_err(failed)?;
        let products: HashMap<ProductId, Arc<Product>> = products.into_iter().map(|it| (it.id, Arc::new(it))).collect();
        let now = self.ports.clock.now();
        let seen = |key: &ProductIn| {
            let from = Viewpoint { channel: key.1.clone(), now };
            products.get(&key.0).filter(|it| it.is_visible_to(&self.actor, &from)).cloned()
        };
        Ok(keys.iter().filter_map(|key| Some((key.clone(), seen(key)?))).collect())
    }
}

impl Loader<VariantId> for BatchLoader {
    type Value = Arc<Variant>;
    type Error = Error;

    async fn load(&self, ids: &[VariantId]) -> Result<HashMap<VariantId, Arc<Variant>>> {
        let variants = self.ports.catalog.variants_by_id(ids).await.map_err(failed)?;
        Ok(variants.into_iter().map(|it| (it.id, Arc::new(it))).collect())
    }
}

impl Loader<CustomerId> for BatchLoader {
    type Value = Arc<Customer>;
    type Error = Error;

    async fn load(&self, ids: &[CustomerId]) -> Result<HashMap<CustomerId, Arc<Customer>>> {
        let customers = self.ports.customers.customers_by_id(ids).await.map_err(failed)?;
        let visible = customers.into_iter().filter(|it| it.is_visible_to(&self.actor));
        Ok(visible.map(|it| (it.id, Arc::new(it))).collect())
    }
}

impl Loader<OrderId> for BatchLoader {
    type Value = Arc<Order>;
    type Error = Error;

    async fn load(&self, ids: &[OrderId]) -> Result<HashMap<OrderId, Arc<Order>>> {
        let orders = self.ports.orders.orders_by_id(ids).await.map_err(failed)?;
        let visible = orders.into_iter().filter(|it| it.is_visible_to(&self.actor));
        Ok(visible.map(|it| (it.id, Arc::new(it))).collect())
    }
}

impl Loader<LocationId> for BatchLoader {
    type Value = Arc<Location>;
    type Error = Error;

    async fn load(&self, ids: &[LocationId]) -> Result<HashMap<LocationId, Arc<Location>>> {
        let settings = self.app.channels.settings(&self.actor).await.map_err(failed)?;
        Ok(ids.iter().filter_map(|&id| Some((id, settings.location(id)?))).collect())
    }
}

impl Loader<VariantsOf> for BatchLoader {
    type Value = Vec<Arc<Variant>>;
    type Error = Error;

    async fn load(&self, keys: &[VariantsOf]) -> Result<HashMap<VariantsOf, Vec<Arc<Variant>>>> {
        let ids: Vec<ProductId> = keys.iter().map(|it| it.0).collect();
        let variants = self.ports.catalog.variants_of(&ids).await.map_err(failed)?;
        Ok(grouped(variants.into_iter().map(|it| (VariantsOf(it.product_id), Arc::new(it)))))
    }
}

impl Loader<PricesOf> for BatchLoader {
    type Value = Vec<Price>;
    type Error = Error;

    async fn load(&self, keys: &[PricesOf]) -> Result<HashMap<PricesOf, Vec<Price>>> {
        let ids: Vec<VariantId> = keys.iter().map(|it| it.0).collect();
        let prices = self.ports.catalog.prices_of(&ids).await.map_err(failed)?;
        Ok(grouped(prices.into_iter().map(|it| (PricesOf(it.variant_id), it))))
    }
}

impl Loader<LevelsOf> for BatchLoader {
    type Value = Vec<StockLevel>;
    type Error = Error;

    async fn load(&self, keys: &[LevelsOf]) -> Result<HashMap<LevelsOf, Vec<StockLevel>>> {
        let ids: Vec<VariantId> = keys.iter().map(|it| it.0).collect();
        let levels = self.ports.inventory.levels_of(&ids).await.map_err(failed)?;
        Ok(grouped(levels.into_iter().map(|it| (LevelsOf(it.variant_id), it))))
    }
}

impl Loader<CollectionId> for BatchLoader {
    type Value = Arc<Collection>;
    type Error = Error;

    async fn load(&self, ids: &[CollectionId]) -> Result<HashMap<CollectionId, Arc<Collection>>> {
        let collections = self.ports.collections.collections_by_id(ids).await.map_err(failed)?;
        let visible = collections.into_iter().filter(|it| it.is_visible_to(&self.actor));
        Ok(visible.map(|it| (it.id, Arc::new(it))).collect())
    }
}

impl Loader<CollectionsOf> for BatchLoader {
    type Value = Vec<Arc<Collection>>;
    type Error = Error;

    async fn load(&self, keys: &[CollectionsOf]) -> Result<HashMap<CollectionsOf, Vec<Arc<Collection>>>> {
        let products: Vec<ProductId> = keys.iter().map(|it| it.0).collect();
        let mut places = self.ports.collections.places_of(&products).await.map_err(failed)?;
        places.sort_by_key(|it| it.1);
        let ids: Vec<CollectionId> = places.iter().map(|it| it.1).collect();
        let collections: HashMap<CollectionId, Arc<Collection>> = self.load(&ids).await?;
        let found = places
            .into_iter()
            .filter_map(|(product, id, _)| Some((CollectionsOf(product), collections.get(&id)?.clone())));
        Ok(grouped(found))
    }
}

fn grouped<K: Hash + Eq, V>(rows: impl Iterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in rows {
        groups.entry(key).or_default().push(value);
    }
    groups
}

//! Loaders: what one request asks for in many places, asked of the storage at once.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use async_graphql::{
    Context, Request, Result,
    dataloader::{DataLoader, Loader},
};
use comptoir_domain::{
    App, Ports,
    access::Actor,
    catalog::{Product, Variant},
    channel::Location,
    customer::Customer,
    ids::{CustomerId, LocationId, OrderId, ProductId, VariantId},
    inventory::StockLevel,
    order::Order,
    pricing::Price,
    storage::StorageError,
};

use super::{
    batching::{Batches, NoDelay},
    error::{Path, Refuse as _, fault},
};

/// Reads in batches, for one actor.
pub(super) struct BatchLoader {
    app: Arc<App>,
    ports: Arc<Ports>,
    actor: Actor,
}

/// A storage error that all who wait for one batch can share.
type Shared = Arc<StorageError>;

/// Puts the loaders of one operation on its request.
#[must_use]
pub fn loaders(app: Arc<App>, ports: Arc<Ports>, actor: Actor, request: Request) -> Request {
    let loader = BatchLoader { app, ports, actor };
    let batches = Batches::default();
    request.data(DataLoader::new(loader, batches.clone(), NoDelay)).data(batches)
}

/// Loads one value by its key.
///
/// # Errors
/// The storage failed.
pub(super) async fn load<K>(ctx: &Context<'_>, key: K) -> Result<Option<<BatchLoader as Loader<K>>::Value>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    BatchLoader: Loader<K, Error = Shared>,
{
    let loader = ctx.data_opt::<DataLoader<BatchLoader>>().ok_or_else(|| fault(&"a request without loaders"))?;
    loader.load_one(key).await.map_err(|error| match Arc::try_unwrap(error) {
        Ok(error) => error.refuse(Path::default()).into_error(),
        Err(shared) => fault(&shared),
    })
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

impl Loader<ProductId> for BatchLoader {
    type Value = Arc<Product>;
    type Error = Shared;

    async fn load(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, Arc<Product>>, Shared> {
        let products = self.ports.catalog.products_by_id(ids).await?;
        let visible = products.into_iter().filter(|it| it.is_visible_to(&self.actor));
        Ok(visible.map(|it| (it.id, Arc::new(it))).collect())
    }
}

impl Loader<VariantId> for BatchLoader {
    type Value = Arc<Variant>;
    type Error = Shared;

    async fn load(&self, ids: &[VariantId]) -> Result<HashMap<VariantId, Arc<Variant>>, Shared> {
        let variants = self.ports.catalog.variants_by_id(ids).await?;
        Ok(variants.into_iter().map(|it| (it.id, Arc::new(it))).collect())
    }
}

impl Loader<CustomerId> for BatchLoader {
    type Value = Arc<Customer>;
    type Error = Shared;

    async fn load(&self, ids: &[CustomerId]) -> Result<HashMap<CustomerId, Arc<Customer>>, Shared> {
        let customers = self.ports.customers.customers_by_id(ids).await?;
        let visible = customers.into_iter().filter(|it| it.is_visible_to(&self.actor));
        Ok(visible.map(|it| (it.id, Arc::new(it))).collect())
    }
}

impl Loader<OrderId> for BatchLoader {
    type Value = Arc<Order>;
    type Error = Shared;

    async fn load(&self, ids: &[OrderId]) -> Result<HashMap<OrderId, Arc<Order>>, Shared> {
        let orders = self.ports.orders.orders_by_id(ids).await?;
        let visible = orders.into_iter().filter(|it| it.is_visible_to(&self.actor));
        Ok(visible.map(|it| (it.id, Arc::new(it))).collect())
    }
}

impl Loader<LocationId> for BatchLoader {
    type Value = Arc<Location>;
    type Error = Shared;

    async fn load(&self, ids: &[LocationId]) -> Result<HashMap<LocationId, Arc<Location>>, Shared> {
        let settings = self.app.channels.settings(&self.actor).await?;
        Ok(ids.iter().filter_map(|&id| Some((id, settings.location(id)?))).collect())
    }
}

impl Loader<VariantsOf> for BatchLoader {
    type Value = Vec<Arc<Variant>>;
    type Error = Shared;

    async fn load(&self, keys: &[VariantsOf]) -> Result<HashMap<VariantsOf, Vec<Arc<Variant>>>, Shared> {
        let ids: Vec<ProductId> = keys.iter().map(|it| it.0).collect();
        let variants = self.ports.catalog.variants_of(&ids).await?;
        Ok(grouped(variants.into_iter().map(|it| (VariantsOf(it.product_id), Arc::new(it)))))
    }
}

impl Loader<PricesOf> for BatchLoader {
    type Value = Vec<Price>;
    type Error = Shared;

    async fn load(&self, keys: &[PricesOf]) -> Result<HashMap<PricesOf, Vec<Price>>, Shared> {
        let ids: Vec<VariantId> = keys.iter().map(|it| it.0).collect();
        let prices = self.ports.catalog.prices_of(&ids).await?;
        Ok(grouped(prices.into_iter().map(|it| (PricesOf(it.variant_id), it))))
    }
}

impl Loader<LevelsOf> for BatchLoader {
    type Value = Vec<StockLevel>;
    type Error = Shared;

    async fn load(&self, keys: &[LevelsOf]) -> Result<HashMap<LevelsOf, Vec<StockLevel>>, Shared> {
        let ids: Vec<VariantId> = keys.iter().map(|it| it.0).collect();
        let levels = self.ports.inventory.levels_of(&ids).await?;
        Ok(grouped(levels.into_iter().map(|it| (LevelsOf(it.variant_id), it))))
    }
}

fn grouped<K: Hash + Eq, V>(rows: impl Iterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in rows {
        groups.entry(key).or_default().push(value);
    }
    groups
}

//! Loaders: what one request asks for in many places, asked of the storage at once.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::Arc,
};

use async_graphql::{
    Context, Error, Request, Result,
    dataloader::{DataLoader, Loader},
};
use chrono::TimeDelta;
use comptoir_domain::{
    App, Ports,
    access::Actor,
    cart::CartView,
    catalog::{Collection, Product, Variant, Viewpoint},
    channel::{Location, SalesContext},
    codes::ChannelCode,
    customer::Customer,
    ids::{CartId, CollectionId, CustomerGroupId, CustomerId, LocationId, OrderId, ProductId, PromotionId, VariantId},
    inventory::StockLevel,
    money::Currency,
    order::Order,
    pricing::{HISTORY_DAYS, PriceContext, PriceHistory, PriceList, PriceRow, Pricing, SelectedPrice, Version},
    promotion::BudgetTaken,
    settings::Settings,
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

/// The cart that a customer changed last in a channel.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct ActiveCartOf(pub(super) CustomerId, pub(super) ChannelCode);

/// The variants of a product, by position.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct VariantsOf(pub(super) ProductId);

/// The prices of a variant, for those who see it in a context.
#[derive(Clone)]
pub(super) struct PricesOf(pub(super) VariantId, pub(super) Arc<SalesContext>);

/// Contexts are the same where they are one value: most requests have one.
impl PartialEq for PricesOf {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 && Arc::ptr_eq(&self.1, &other.1)
    }
}

impl Eq for PricesOf {}

impl Hash for PricesOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
        Arc::as_ptr(&self.1).hash(state);
    }
}

/// The prices of a variant, and which of them hold.
#[derive(Clone)]
pub(super) struct VariantPrices {
    /// All of them that have not ended.
    pub(super) rows: Arc<[PriceRow]>,
    /// For whom, where and when.
    pub(super) pricing: Arc<Pricing>,
}

impl VariantPrices {
    /// The one that holds where so many are bought.
    pub(super) fn select(&self, quantity: u32) -> Option<SelectedPrice> {
        self.pricing.select(&self.rows, quantity)
    }
}

/// What the prices of a variant were, for those who see it in a context.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct PriceHistoryOf(pub(super) PricesOf);

/// The stock of a variant.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct LevelsOf(pub(super) VariantId);

/// What carts and orders have of a promotion's budget.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TakenOf(pub(super) PromotionId);

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

impl Loader<ActiveCartOf> for BatchLoader {
    type Value = Arc<CartView>;
    type Error = Error;

    async fn load(&self, keys: &[ActiveCartOf]) -> Result<HashMap<ActiveCartOf, Arc<CartView>>> {
        let by_channel = grouped(keys.iter().map(|it| (it.1.clone(), it.0)));
        let mut found = HashMap::new();
        for (channel, customers) in by_channel {
            let views = self.app.carts.active(&self.actor, &customers, &channel).await.map_err(failed)?;
            let of = |it: CartView| Some((ActiveCartOf(it.cart.customer_id?, channel.clone()), Arc::new(it)));
            found.extend(views.into_iter().filter_map(of));
        }
        Ok(found)
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
    type Value = VariantPrices;
    type Error = Error;

    async fn load(&self, keys: &[PricesOf]) -> Result<HashMap<PricesOf, VariantPrices>> {
        let settings = self.app.channels.settings(&self.actor).await.map_err(failed)?;
        let now = self.ports.clock.now();
        let ids: Vec<VariantId> = keys.iter().map(|it| it.0).collect();
        let mut currencies: Vec<Currency> = keys.iter().map(|it| it.1.currency).collect();
        currencies.dedup();
        let rows = self.ports.prices.prices_of(&ids, &currencies, now).await.map_err(failed)?;
        let groups = self.own_groups(&rows, &settings).await?;
        let rows: HashMap<VariantId, Vec<PriceRow>> = grouped(rows.into_iter().map(|it| (it.variant_id, it)));
        let rows: HashMap<VariantId, Arc<[PriceRow]>> = rows.into_iter().map(|(id, it)| (id, it.into())).collect();
        let mut pricings: HashMap<*const SalesContext, Arc<Pricing>> = HashMap::new();
        let mut priced = |key: &PricesOf| {
            let rows = rows.get(&key.0)?.clone();
            let pricing = pricings.entry(Arc::as_ptr(&key.1));
            let context = || PriceContext { customer_group_ids: groups.clone(), ..key.1.price_context(now) };
            let pricing = pricing.or_insert_with(|| Arc::new(settings.pricing(context()))).clone();
            Some((key.clone(), VariantPrices { rows, pricing }))
        };
        Ok(keys.iter().filter_map(&mut priced).collect())
    }
}

impl Loader<PriceHistoryOf> for BatchLoader {
    type Value = Arc<PriceHistory>;
    type Error = Error;

    async fn load(&self, keys: &[PriceHistoryOf]) -> Result<HashMap<PriceHistoryOf, Arc<PriceHistory>>> {
        let since = self.ports.clock.now() - TimeDelta::days(HISTORY_DAYS);
        let ids: Vec<VariantId> = keys.iter().map(|it| it.0.0).collect();
        let mut currencies: Vec<Currency> = keys.iter().map(|it| it.0.1.currency).collect();
        currencies.dedup();
        let rows = self.ports.prices.price_versions(&ids, &currencies, since).await.map_err(failed)?;
        let lists: Arc<[Version<PriceList>]> =
            self.ports.prices.price_list_versions(since).await.map_err(failed)?.into();
        let rows = grouped(rows.into_iter().map(|it| (it.value.variant_id, it)));
        let histories = rows.into_iter().map(|(id, rows)| (id, Arc::new(PriceHistory { rows, lists: lists.clone() })));
        let histories: HashMap<VariantId, Arc<PriceHistory>> = histories.collect();
        Ok(keys.iter().filter_map(|key| Some((key.clone(), histories.get(&key.0.0)?.clone()))).collect())
    }
}

impl BatchLoader {
    /// The groups of the customer who asks, where any of the prices is for a group.
    async fn own_groups(&self, rows: &[PriceRow], settings: &Settings) -> Result<Vec<CustomerGroupId>> {
        let Some(id) = self.actor.customer() else { return Ok(Vec::new()) };
        if rows.iter().all(|it| it.scope.customer_group_id.is_none()) {
            return Ok(Vec::new());
        }
        let found = self.ports.customers.customer_terms(&[id]).await.map_err(failed)?;
        let groups = found.into_iter().flat_map(|it| it.1.group_ids);
        Ok(groups.filter(|it| settings.has_customer_group(*it)).collect())
    }
}

impl Loader<LevelsOf> for BatchLoader {
    type Value = Vec<StockLevel>;
    type Error = Error;

    async fn load(&self, keys: &[LevelsOf]) -> Result<HashMap<LevelsOf, Vec<StockLevel>>> {
        let ids: Vec<VariantId> = keys.iter().map(|it| it.0).collect();
        let levels = self.ports.inventory.levels_of(&ids, Some(self.ports.clock.now())).await.map_err(failed)?;
        Ok(grouped(levels.into_iter().map(|it| (LevelsOf(it.variant_id), it))))
    }
}

impl Loader<TakenOf> for BatchLoader {
    type Value = BudgetTaken;
    type Error = Error;

    async fn load(&self, keys: &[TakenOf]) -> Result<HashMap<TakenOf, BudgetTaken>> {
        let ids: Vec<PromotionId> = keys.iter().map(|it| it.0).collect();
        let taken = self.ports.budgets.budgets_taken(&ids, self.ports.clock.now()).await.map_err(failed)?;
        Ok(taken.into_iter().map(|it| (TakenOf(it.promotion_id), it)).collect())
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

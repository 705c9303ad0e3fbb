//! Telling that prices begin and end by themselves, for those who keep what they read: the search index.

use std::collections::BTreeSet;

use super::{PriceQueries, PricingError, PricingService};
use crate::{
    access::Actor,
    clock::{Timestamp, Window},
    event::{EventKind, append_product_events},
    ids::{PriceListId, ProductId},
    settings::Settings,
    storage::{StorageError, UnitOfWork},
};

/// How many products are told of in one step.
const STEP: usize = 1_000;

impl PricingService {
    /// Tells of the products whose prices began or ended since this was done last, each once, whatever the number of servers
    /// that do so. How many.
    ///
    /// # Errors
    /// [`PricingError`]; nothing was told, then.
    pub async fn tell_due(&self, _actor: &Actor) -> Result<usize, PricingError> {
        let now = self.clock.now();
        let settings = self.settings.latest().await?;
        let told_until = self.queries.told_until().await?;
        if due_products(&*self.queries, &settings, told_until, now).await?.is_empty() {
            return Ok(0);
        }
        let uow = self.storage.begin().await?;
        // Another server may have been first.
        let told_until = uow.prices().lock_told_until().await?;
        let products = due_products(uow.price_queries(), &settings, told_until, now).await?;
        let count = products.len();
        tell(&*uow, products, now).await?;
        uow.prices().save_told_until(now.max(told_until)).await?;
        uow.commit().await?;
        Ok(count)
    }
}

/// The products with a price, of their own or of a list, that begins or ends in between.
async fn due_products(
    queries: &dyn PriceQueries,
    settings: &Settings,
    from: Timestamp,
    until: Timestamp,
) -> Result<BTreeSet<ProductId>, StorageError> {
    let period = Window { from: Some(from), until: Some(until) };
    let is_due = |window: Window| [window.from, window.until].into_iter().flatten().any(|it| period.contains(it));
    let lists: Vec<PriceListId> = settings.price_lists.iter().filter(|it| is_due(it.window)).map(|it| it.id).collect();
    let mut products = queries.products_repriced_in(period).await?;
    if !lists.is_empty() {
        products.extend(queries.products_of_lists(&lists).await?);
    }
    Ok(products)
}

/// Tells that the prices of these products changed.
pub(super) async fn tell(
    uow: &dyn UnitOfWork,
    products: BTreeSet<ProductId>,
    now: Timestamp,
) -> Result<(), StorageError> {
    let products: Vec<ProductId> = products.into_iter().collect();
    for step in products.chunks(STEP) {
        append_product_events(uow, step.iter().copied().collect(), EventKind::ProductPriceChanged, now).await?;
    }
    Ok(())
}

//! Feeds the index from the outbox, and builds it anew.

use std::{collections::BTreeSet, sync::Arc};

use super::{DocumentParts, IndexGeneration, MerchandisingQueries, ProductDocument, ProductIndex, SearchError};
use crate::{
    access::Actor,
    catalog::{CatalogQueries, CollectionQueries, Product, ProductCursor, ProductFilter, ProductStatus, Variant},
    clock::{Clock, Timestamp},
    event::{OutboxQueries, Topic},
    ids::{ProductId, VariantId},
    inventory::InventoryQueries,
    page::{Direction, PageRequest, PageSize},
    pricing::{PriceQueries, PriceView},
    settings::SettingsCache,
    storage::StorageError,
};

/// How many events one step looks at.
const EVENTS_PER_STEP: u32 = 1_000;

/// Why indexing stopped; the next step begins where this one did.
#[derive(Debug, thiserror::Error)]
pub enum IndexerError {
    /// The engine failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Feeds the index. Documents are made of what the storage holds now, so that any event can be handled twice or late.
pub struct Indexer {
    pub(crate) index: Arc<dyn ProductIndex>,
    pub(crate) events: Arc<dyn OutboxQueries>,
    pub(crate) catalog: Arc<dyn CatalogQueries>,
    pub(crate) prices: Arc<dyn PriceQueries>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) inventory: Arc<dyn InventoryQueries>,
    pub(crate) collections: Arc<dyn CollectionQueries>,
    pub(crate) merchandising: Arc<dyn MerchandisingQueries>,
}

impl Indexer {
    /// Takes over the next events; builds the index anew where there is none, or where the events that follow it are not there
    /// (they were cleared away, or it is the index of another database). Whether there may be more to do at once.
    ///
    /// # Errors
    /// [`IndexerError`].
    pub async fn step(&self, actor: &Actor) -> Result<bool, IndexerError> {
        let Some(generation) = self.index.current().await? else {
            self.rebuild(actor, &|_| ()).await?;
            return Ok(true);
        };
        let position = generation.position().await?;
        let events = self.events.events_after(position, EVENTS_PER_STEP).await?;
        let is_foreign = match events.first() {
            Some(first) => first.position != position + 1,
            None => self.events.last_position().await? < position,
        };
        if is_foreign {
            self.rebuild(actor, &|_| ()).await?;
            return Ok(true);
        }
        let Some(last) = events.last() else {
            return Ok(false);
        };
        if events.iter().any(|it| it.event.topic == Topic::Search) {
            generation.set_synonyms(&self.merchandising.synonyms().await?).await?;
        }
        let changed: BTreeSet<ProductId> = events
            .iter()
            .filter_map(|it| if let Topic::Product(id) = it.event.topic { Some(id) } else { None })
            .collect();
        if changed.is_empty() {
            generation.write(&[], &[], last.position).await?;
        } else {
            let ids = self.with_bundles(changed).await?;
            let products = self.catalog.products_by_id(&ids).await?;
            // Who tells of prices that began has a clock of their own, which may be ahead.
            let now = events.iter().map(|it| it.event.occurred_at).fold(self.clock.now(), Timestamp::max);
            let documents = self.documents(&products, now).await?;
            if let Some(views) = generation.price_views().await?
                && documents.iter().any(|it| it.prices.keys().any(|view| !views.contains(view)))
            {
                self.rebuild(actor, &|_| ()).await?;
                return Ok(true);
            }
            let removed: Vec<ProductId> =
                ids.into_iter().filter(|id| !documents.iter().any(|it| it.id == *id)).collect();
            generation.write(&documents, &removed, last.position).await?;
        }
        Ok(true)
    }

    /// These products, and those that have bundles of their variants: what changes of a component's stock, changes of theirs.
    async fn with_bundles(&self, mut changed: BTreeSet<ProductId>) -> Result<Vec<ProductId>, StorageError> {
        let products: Vec<ProductId> = changed.iter().copied().collect();
        let variants = self.catalog.variants_of(&products).await?;
        let variants: Vec<VariantId> = variants.iter().map(|it| it.id).collect();
        changed.extend(self.catalog.bundles_of(&variants).await?.iter().map(|it| it.product_id));
        Ok(changed.into_iter().collect())
    }

    /// Builds a new generation aside and makes it the current one. `progress` hears how many products are done; returns how many there are.
    ///
    /// What changes meanwhile is taken over by the steps that follow.
    ///
    /// # Errors
    /// [`IndexerError`]; the generation before stays current.
    pub async fn rebuild(&self, _actor: &Actor, progress: &(dyn Fn(usize) + Sync)) -> Result<usize, IndexerError> {
        let position = self.events.last_position().await?;
        let views = PriceView::all_of(&self.prices.price_views().await?);
        let generation = self.index.create(&views).await?;
        generation.set_synonyms(&self.merchandising.synonyms().await?).await?;
        let count = self.fill(&*generation, position, progress).await?;
        self.index.promote(generation).await?;
        Ok(count)
    }

    async fn fill(
        &self,
        generation: &dyn IndexGeneration,
        position: i64,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<usize, IndexerError> {
        let filter = ProductFilter { status: Some(ProductStatus::Active), ..ProductFilter::default() };
        let mut page = PageRequest { size: PageSize::LARGEST, direction: Direction::Forward, cursor: None };
        let mut batch = Vec::new();
        let mut count = 0;
        loop {
            let products = self.catalog.products(&filter, &page).await?;
            batch.extend(self.documents(&products.items, self.clock.now()).await?);
            page.cursor = products.items.last().map(ProductCursor::of);
            let is_last = !products.has_next;
            if is_last || 1_000 <= batch.len() {
                generation.write(&batch, &[], position).await?;
                count += batch.len();
                batch.clear();
                progress(count);
            }
            if is_last {
                return Ok(count);
            }
        }
    }

    /// The documents of products, with what they cost at a moment.
    async fn documents(&self, products: &[Product], at: Timestamp) -> Result<Vec<ProductDocument>, StorageError> {
        let ids: Vec<ProductId> = products.iter().map(|it| it.id).collect();
        let variants = self.catalog.variants_of(&ids).await?;
        let variant_ids: Vec<VariantId> = variants.iter().map(|it| it.id).collect();
        let stocked: Vec<VariantId> = variants.iter().flat_map(Variant::parts).map(|it| it.variant_id).collect();
        // A change of a price list is told with the change itself.
        let settings = self.settings.latest().await?;
        let parts = DocumentParts {
            prices: self.prices.all_prices_of(&variant_ids, at).await?,
            price_lists: settings.price_lists.clone(),
            at,
            // Holds come and go without an event: hits are looked at once more when they are shown.
            levels: self.inventory.levels_of(&stocked, None).await?,
            collections: self.collections.places_of(&ids).await?,
            variants,
        };
        Ok(products.iter().filter_map(|it| ProductDocument::of(it, &parts)).collect())
    }
}

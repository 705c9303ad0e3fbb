//! The use cases of the catalog.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use super::{
    CatalogError, CatalogQueries, CollectionQueries, ComponentUse, ErrorPolicy, InStoreCode, Product, ProductDraft,
    ProductError, SaveOutcome, SavedProduct, Sku, SkuOwner, Slug, Variant, VariantComponent,
    component::{ComponentFacts, check_components},
    save::{Merged, merge},
};
use crate::{
    access::{Actor, Permission},
    channel::{Location, LocationCode},
    clock::{Clock, Timestamp},
    event::{DomainEvent, EventKind, Topic},
    ids::{IdSource, LocationId, VariantId},
    inventory::{Count, MovementCause},
    pricing::{PriceDraft, store_prices},
    settings::{Settings, SettingsCache},
    storage::{Storage, StorageError, UnitOfWork},
};

/// How many drafts share a transaction where the good ones land whatever becomes of the others.
const BATCH: usize = 50;

/// The use cases of products.
pub struct CatalogService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) queries: Arc<dyn CatalogQueries>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) collections: Arc<dyn CollectionQueries>,
    pub(crate) in_store: Arc<[InStoreCode]>,
}

/// What was decided for each draft, in their order.
pub type SaveResults = Vec<Result<SavedProduct, ProductError>>;

/// Another draft for the one at a place, which was refused, if there can be one.
pub(super) type Mend<'a> = dyn FnMut(usize, &ProductError) -> Option<ProductDraft> + Send + 'a;

impl CatalogService {
    /// Saves one product with its variants, prices and stock.
    ///
    /// # Errors
    /// [`CatalogError`]; nothing is saved then.
    pub async fn save_product(&self, actor: &Actor, draft: &ProductDraft) -> Result<SavedProduct, CatalogError> {
        let results = self.save_products(actor, std::slice::from_ref(draft), ErrorPolicy::RejectAll, &|_| ()).await?;
        match results.into_iter().next() {
            Some(result) => Ok(result?),
            None => Err(ProductError::NoVariants.into()),
        }
    }

    /// Saves products, and says of each what was done or why it was refused. `progress` hears how many are done.
    ///
    /// # Errors
    /// [`CatalogError`]: no permission, or the storage failed; with [`ErrorPolicy::SkipRefused`], batches before the failure are saved.
    pub async fn save_products(
        &self,
        actor: &Actor,
        drafts: &[ProductDraft],
        policy: ErrorPolicy,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<SaveResults, CatalogError> {
        self.save_mended(actor, drafts, policy, progress, &mut |_, _| None).await
    }

    /// As [`Self::save_products`]; `mend` may have another draft for one that is refused. With [`ErrorPolicy::RejectAll`] nothing
    /// is saved where it had one.
    pub(super) async fn save_mended(
        &self,
        actor: &Actor,
        drafts: &[ProductDraft],
        policy: ErrorPolicy,
        progress: &(dyn Fn(usize) + Sync),
        mend: &mut Mend<'_>,
    ) -> Result<SaveResults, CatalogError> {
        actor.require(Permission::ManageProducts)?;
        let variants = || drafts.iter().flat_map(|it| &it.variants);
        if variants().any(|it| !it.prices.is_empty()) {
            actor.require(Permission::ManagePrices)?;
        }
        if variants().any(|it| !it.on_hand.is_empty()) {
            actor.require(Permission::ManageStock)?;
        }
        let now = self.clock.now();
        let settings = self.settings.latest().await?;
        let mut results = SaveResults::with_capacity(drafts.len());
        let batch = match policy {
            ErrorPolicy::SkipRefused => BATCH,
            ErrorPolicy::RejectAll => drafts.len().max(1),
        };
        for drafts in drafts.chunks(batch) {
            let uow = self.storage.begin().await?;
            let mut is_sound = true;
            for drafts in drafts.chunks(BATCH) {
                let first = results.len();
                let mut refused = |place: usize, refusal: &ProductError| {
                    is_sound = false;
                    mend(first + place, refusal)
                };
                results.extend(self.save_batch(&*uow, drafts, &settings, now, &mut refused).await?);
                progress(results.len());
            }
            if policy == ErrorPolicy::SkipRefused || is_sound {
                uow.commit().await?;
            }
        }
        Ok(results)
    }

    async fn save_batch(
        &self,
        uow: &dyn UnitOfWork,
        drafts: &[ProductDraft],
        settings: &Settings,
        now: Timestamp,
        mend: &mut Mend<'_>,
    ) -> Result<SaveResults, CatalogError> {
        let slugs: Vec<Slug> = drafts.iter().map(|it| it.slug.clone()).collect();
        let skus: Vec<Sku> = drafts.iter().flat_map(|it| &it.variants).filter_map(|it| it.sku.clone()).collect();
        let stored = uow.products().find_by_slugs(&slugs).await?;
        let mut stored: BTreeMap<Slug, (Product, Vec<Variant>)> =
            stored.into_iter().map(|it| (it.0.slug.clone(), it)).collect();
        lock_stock(uow, drafts, stored.values().flat_map(|it| &it.1), now).await?;
        let mut owners = uow.products().sku_owners(&skus).await?;
        let mut results = SaveResults::with_capacity(drafts.len());
        for (place, draft) in drafts.iter().enumerate() {
            let mut draft = Cow::Borrowed(draft);
            let merged = loop {
                let merged = check_locations(&draft, &settings.locations)
                    .and_then(|()| merge(stored.get(&draft.slug).cloned(), &draft, &owners, &*self.ids, now))
                    .and_then(|it| check_channels(&draft, settings).map(|()| it));
                match merged.as_ref().err().and_then(|it| mend(place, it)) {
                    Some(mended) => draft = Cow::Owned(mended),
                    None => break merged,
                }
            };
            match merged {
                Ok(merged) => {
                    if let Err(refusal) = check_bundles(uow, &draft, &merged, now).await? {
                        results.push(Err(refusal));
                        continue;
                    }
                    remember(&merged, &mut stored, &mut owners);
                    results.push(Ok(store(uow, &draft, merged, &settings.locations, &*self.ids, now).await?));
                }
                Err(refusal) => results.push(Err(refusal)),
            }
        }
        Ok(results)
    }
}

/// Locks the stock that `drafts` count all at once: taken product by product, in whatever order they come, it could be a circle with an order's.
async fn lock_stock(
    uow: &dyn UnitOfWork,
    drafts: &[ProductDraft],
    stored: impl Iterator<Item = &Variant>,
    now: Timestamp,
) -> Result<(), StorageError> {
    if drafts.iter().flat_map(|it| &it.variants).any(|it| !it.on_hand.is_empty()) {
        let ids: Vec<VariantId> = stored.map(|it| it.id).collect();
        uow.stock().lock_levels(&ids, now).await?;
    }
    Ok(())
}

/// Whether the bundles of a draft can be made of what it says. What they are made of is locked, so that of two that are saved at
/// once the later sees the earlier.
async fn check_bundles(
    uow: &dyn UnitOfWork,
    draft: &ProductDraft,
    merged: &Merged,
    now: Timestamp,
) -> Result<Result<(), ProductError>, StorageError> {
    let Merged { product, changed, variant_ids, recomposed, .. } = merged;
    if recomposed.is_empty() {
        return Ok(Ok(()));
    }
    let bundles = || changed.iter().filter(|it| recomposed.contains(&it.id));
    let components = bundles().flat_map(|it| it.components.iter().map(|it| it.variant_id));
    let named: Vec<VariantId> = recomposed.iter().copied().chain(components).collect();
    let stored = uow.products().lock_variants(&named).await?;
    let mut uses = uow.catalog().bundles_of(recomposed).await?;
    uses.retain(|it| !recomposed.contains(&it.bundle_id));
    uses.extend(bundles().flat_map(|bundle| {
        let used = |it: &VariantComponent| (it.variant_id, bundle.id);
        bundle.components.iter().map(used).map(|(component_id, bundle_id)| ComponentUse {
            component_id,
            bundle_id,
            product_id: product.id,
        })
    }));
    let levels = uow.stock().lock_levels(recomposed, now).await?;
    let is_changed = |it: &Variant| changed.iter().any(|changed| changed.id == it.id);
    let variants: Vec<Variant> = stored.into_iter().filter(|it| !is_changed(it)).chain(changed.clone()).collect();
    let facts = ComponentFacts { variant_ids, variants: &variants, uses: &uses, levels: &levels };
    Ok(check_components(&draft.variants, &facts))
}

/// Stores what a draft made of a product, with its prices, stock and event.
async fn store(
    uow: &dyn UnitOfWork,
    draft: &ProductDraft,
    merged: Merged,
    locations: &[Arc<Location>],
    ids: &dyn IdSource,
    now: Timestamp,
) -> Result<SavedProduct, CatalogError> {
    let Merged { product, changed, variant_ids, recomposed, mut outcome } = merged;
    if outcome != SaveOutcome::Unchanged {
        uow.products().save(&product, &changed).await?;
    }
    if !recomposed.is_empty() {
        let bundles: Vec<&Variant> = changed.iter().filter(|it| recomposed.contains(&it.id)).collect();
        uow.products().save_components(&bundles).await?;
    }
    let drafted = || variant_ids.iter().copied().zip(&draft.variants);
    let prices: Vec<PriceDraft> = drafted()
        .flat_map(|(variant_id, it)| {
            it.prices.iter().map(move |&(amount, compare_at)| PriceDraft::base(variant_id, amount, compare_at))
        })
        .collect();
    let is_repriced = store_prices(uow, &prices, ids, now).await?;
    let counts: Vec<Count> = drafted()
        .flat_map(|(variant_id, it)| it.on_hand.iter().map(move |it| (variant_id, it)))
        .filter_map(|(variant_id, it)| {
            let location_id = location_of(&it.location, locations)?;
            Some(Count { variant_id, location_id, on_hand: i64::from(it.quantity) })
        })
        .collect();
    let is_recounted = uow.stock().count(&counts, MovementCause::Import, now).await?;
    if outcome == SaveOutcome::Unchanged && (is_repriced || is_recounted) {
        outcome = SaveOutcome::Updated;
    }
    if outcome != SaveOutcome::Unchanged {
        let event = DomainEvent {
            topic: Topic::Product(product.id),
            kind: EventKind::ProductSaved,
            sequence: product.version,
            occurred_at: now,
        };
        uow.outbox().append(&[event]).await?;
    }
    Ok(SavedProduct { id: product.id, outcome })
}

/// Later drafts of a batch see what earlier ones made.
fn remember(merged: &Merged, stored: &mut BTreeMap<Slug, (Product, Vec<Variant>)>, owners: &mut Vec<SkuOwner>) {
    let product = &merged.product;
    let (_, variants) = stored.remove(&product.slug).unwrap_or_else(|| (product.clone(), Vec::new()));
    let is_changed = |it: &Variant| merged.changed.iter().any(|changed| changed.id == it.id);
    let mut variants: Vec<Variant> =
        variants.into_iter().filter(|it| !is_changed(it)).chain(merged.changed.clone()).collect();
    variants.sort_by_key(|it| it.position);
    owners.retain(|it| !merged.changed.iter().any(|changed| changed.id == it.variant_id));
    owners.extend(
        merged
            .changed
            .iter()
            .filter_map(|it| Some(SkuOwner { sku: it.sku.clone()?, variant_id: it.id, product_id: it.product_id })),
    );
    stored.insert(product.slug.clone(), (product.clone(), variants));
}

fn check_locations(draft: &ProductDraft, locations: &[Arc<Location>]) -> Result<(), ProductError> {
    let named = draft.variants.iter().flat_map(|it| &it.on_hand).map(|it| &it.location);
    match named.into_iter().find(|it| location_of(it, locations).is_none()) {
        Some(code) => Err(ProductError::UnknownLocation { code: code.to_string() }),
        None => Ok(()),
    }
}

fn check_channels(draft: &ProductDraft, settings: &Settings) -> Result<(), ProductError> {
    let mut channels = draft.publication.iter().flat_map(|it| &it.channels);
    match channels.find(|it| settings.channel(it.as_str()).is_none()) {
        Some(code) => Err(ProductError::UnknownChannel { code: code.clone() }),
        None => Ok(()),
    }
}

fn location_of(code: &LocationCode, locations: &[Arc<Location>]) -> Option<LocationId> {
    locations.iter().find(|it| it.draft.code == *code).map(|it| it.id)
}

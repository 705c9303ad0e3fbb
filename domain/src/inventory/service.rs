//! The use case of adjusting stock.

use std::{collections::BTreeSet, sync::Arc};

use super::{Count, InventoryError, MovementCause, StockLevel};
use crate::{
    access::{AccessError, Actor, Permission, Tokens},
    catalog::{Variant, in_order_of},
    clock::{Clock, Timestamp},
    event::{EventKind, append_product_events},
    idempotency::{IdempotencyKey, IdempotentCommand},
    ids::{LocationId, ProductId, VariantId},
    settings::{Settings, SettingsCache},
    storage::{Storage, StorageError, UnitOfWork},
};

/// How a level changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockChange {
    /// So many more, or fewer.
    By(i64),
    /// So many were counted.
    To(i64),
}

/// One change of one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockAdjustment {
    /// What.
    pub variant_id: VariantId,
    /// Where.
    pub location_id: LocationId,
    /// How.
    pub change: StockChange,
}

/// The use cases of stock.
pub struct InventoryService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl InventoryService {
    /// The most changes of one command.
    pub const CHANGES_MAX: usize = 100;
    /// The largest quantity on hand.
    pub const QUANTITY_MAX: i64 = 1_000_000_000;

    /// Adjusts stock, all or nothing, once per key. Returns the variants of `adjustments`, in their order, and whether the key had run before.
    ///
    /// # Errors
    /// [`InventoryError`].
    pub async fn adjust(
        &self,
        actor: &Actor,
        key: IdempotencyKey,
        adjustments: &[StockAdjustment],
    ) -> Result<(Vec<Variant>, bool), InventoryError> {
        actor.require(Permission::ManageStock)?;
        check(adjustments)?;
        if let Some(place) = actor.device()
            && adjustments.iter().any(|it| it.location_id != place.location_id)
        {
            return Err(AccessError::Elsewhere.into());
        }
        let now = self.clock.now();
        let settings = self.settings.latest().await?;
        let uow = self.storage.begin().await?;
        let command = IdempotentCommand {
            key,
            fingerprint: self.tokens.fingerprint(&format!("inventoryAdjust {adjustments:?}")),
            result: String::new(),
            created_at: now,
        };
        if let Some(earlier) = uow.idempotency().claim(&command).await? {
            command.replay(earlier)?;
            let ids: Vec<VariantId> = adjustments.iter().map(|it| it.variant_id).collect();
            let variants = uow.catalog().variants_by_id(&ids).await?;
            return Ok((in_order_of(&ids, &variants), true));
        }
        let variants = self.apply(&*uow, &settings, adjustments, now).await?;
        uow.commit().await?;
        Ok((variants, false))
    }

    /// Forgets holds that have expired; how many. They count no more whether they are forgotten or not.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn forget_expired_holds(&self, _actor: &Actor) -> Result<u64, StorageError> {
        let uow = self.storage.begin().await?;
        let forgotten = uow.holds().forget_expired(self.clock.now()).await?;
        uow.commit().await?;
        Ok(forgotten)
    }

    async fn apply(
        &self,
        uow: &dyn UnitOfWork,
        settings: &Settings,
        adjustments: &[StockAdjustment],
        now: Timestamp,
    ) -> Result<Vec<Variant>, InventoryError> {
        let places: Vec<_> = adjustments.iter().map(|it| (it.variant_id, it.location_id)).collect();
        let variant_ids: Vec<VariantId> = places.iter().map(|it| it.0).collect();
        let variants = uow.catalog().variants_by_id(&variant_ids).await?;
        for (index, it) in adjustments.iter().enumerate() {
            let Some(variant) = variants.iter().find(|variant| variant.id == it.variant_id) else {
                return Err(InventoryError::UnknownVariant { index, id: it.variant_id });
            };
            if variant.is_bundle() {
                return Err(InventoryError::Bundle { index });
            }
            if settings.location(it.location_id).is_none() {
                return Err(InventoryError::UnknownLocation { index, id: it.location_id });
            }
        }
        let levels = uow.stock().lock_places(&places, now).await?;
        let (mut counted, mut adjusted) = (Vec::new(), Vec::new());
        for (index, it) in adjustments.iter().enumerate() {
            let counts = if matches!(it.change, StockChange::To(_)) { &mut counted } else { &mut adjusted };
            counts.push(new_count(it, index, &levels)?);
        }
        uow.stock().count(&counted, MovementCause::Counted, now).await?;
        uow.stock().count(&adjusted, MovementCause::Adjusted, now).await?;
        let products: BTreeSet<ProductId> = variants.iter().map(|it| it.product_id).collect();
        append_product_events(uow, products, EventKind::ProductStockChanged, now).await?;
        Ok(in_order_of(&variant_ids, &variants))
    }
}

fn check(adjustments: &[StockAdjustment]) -> Result<(), InventoryError> {
    let max = InventoryService::CHANGES_MAX;
    if !(1..=max).contains(&adjustments.len()) {
        return Err(InventoryError::BatchSize { max });
    }
    let mut seen = BTreeSet::new();
    for (index, it) in adjustments.iter().enumerate() {
        if !seen.insert((it.variant_id, it.location_id)) {
            return Err(InventoryError::Duplicate { index });
        }
    }
    Ok(())
}

fn new_count(it: &StockAdjustment, index: usize, levels: &[StockLevel]) -> Result<Count, InventoryError> {
    let level = levels.iter().find(|level| level.variant_id == it.variant_id && level.location_id == it.location_id);
    let on_hand = match it.change {
        StockChange::By(delta) => level.map_or(0, |it| it.on_hand).saturating_add(delta),
        StockChange::To(quantity) => quantity,
    };
    let max = InventoryService::QUANTITY_MAX;
    let min = level.map_or(0, |it| it.on_hand.min(0));
    if !(min..=max).contains(&on_hand) {
        return Err(InventoryError::QuantityOutOfRange { index, min, max });
    }
    Ok(Count { variant_id: it.variant_id, location_id: it.location_id, on_hand })
}

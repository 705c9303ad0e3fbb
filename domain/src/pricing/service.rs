//! The administration of prices.

use std::{collections::BTreeSet, sync::Arc};

use super::{PriceCursor, PriceDraft, PriceFilter, PriceQueries, PriceReference, PriceRow, PricingError};
use crate::{
    access::{Actor, Permission},
    catalog::{Variant, in_order_of},
    clock::{Clock, Timestamp},
    event::{EventKind, append_product_events},
    ids::{IdSource, PriceId, VariantId},
    page::{Page, PageRequest},
    settings::{Settings, SettingsCache},
    storage::{Storage, StorageError, UnitOfWork},
};

/// The use cases of prices and price lists.
pub struct PricingService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) queries: Arc<dyn PriceQueries>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
}

/// Prices that were set.
#[derive(Debug, Clone)]
pub struct PricesSet {
    /// The prices, in the order of the drafts.
    pub prices: Vec<PriceRow>,
    /// The variants of the prices, in their order.
    pub variants: Vec<Variant>,
}

impl PricingService {
    /// The most prices of one command.
    pub const PRICES_MAX: usize = 100;
    /// The most prices of one variant in one currency.
    pub const PRICES_OF_VARIANT_MAX: usize = 250;

    /// Sets prices, all or none; others stay. Each takes the place of the one of the same variant, currency, list, scope and
    /// beginning.
    ///
    /// # Errors
    /// [`PricingError`].
    pub async fn set_prices(&self, actor: &Actor, drafts: &[PriceDraft]) -> Result<PricesSet, PricingError> {
        actor.require(Permission::ManagePrices)?;
        check_drafts(drafts)?;
        let settings = self.settings.latest().await?;
        check_references(drafts, &settings)?;
        let now = self.clock.now();
        let uow = self.storage.begin().await?;
        let ids: Vec<VariantId> = drafts.iter().map(|it| it.variant_id).collect();
        let variants = uow.catalog().variants_by_id(&ids).await?;
        let is_known = |id: VariantId| variants.iter().any(|it| it.id == id);
        if let Some((index, &id)) = ids.iter().enumerate().find(|(_, id)| !is_known(**id)) {
            return Err(PricingError::UnknownVariant { index, id });
        }
        let stored = uow.prices().lock_prices_of(&ids).await?;
        check_count(drafts, &stored)?;
        let rows = rows_of(drafts, &stored, &*self.ids);
        uow.prices().save_prices(&changed(&rows, &stored), now).await?;
        let products = variants.iter().map(|it| it.product_id).collect();
        append_product_events(&*uow, products, EventKind::ProductPriceChanged, now).await?;
        uow.commit().await?;
        Ok(PricesSet { prices: rows, variants: in_order_of(&ids, &variants) })
    }

    /// Removes prices, all or none. Returns the variants that had them.
    ///
    /// # Errors
    /// [`PricingError`].
    pub async fn remove_prices(&self, actor: &Actor, ids: &[PriceId]) -> Result<Vec<Variant>, PricingError> {
        actor.require(Permission::ManagePrices)?;
        if Self::PRICES_MAX < ids.len() {
            return Err(PricingError::TooMany { max: Self::PRICES_MAX });
        }
        let now = self.clock.now();
        let uow = self.storage.begin().await?;
        let rows = uow.price_queries().prices_by_id(ids).await?;
        let is_known = |id: PriceId| rows.iter().any(|it| it.id == id);
        if let Some((index, &id)) = ids.iter().enumerate().find(|(_, id)| !is_known(**id)) {
            return Err(PricingError::UnknownPrice { index, id });
        }
        let variant_ids: BTreeSet<VariantId> = rows.iter().map(|it| it.variant_id).collect();
        let variants = uow.catalog().variants_by_id(&variant_ids.into_iter().collect::<Vec<_>>()).await?;
        uow.prices().remove_prices(ids, now).await?;
        let products = variants.iter().map(|it| it.product_id).collect();
        append_product_events(&*uow, products, EventKind::ProductPriceChanged, now).await?;
        uow.commit().await?;
        Ok(variants)
    }

    /// A page of prices, newest first.
    ///
    /// # Errors
    /// [`PricingError`]: no permission.
    pub async fn prices(
        &self,
        actor: &Actor,
        filter: &PriceFilter,
        page: &PageRequest<PriceCursor>,
    ) -> Result<Page<PriceRow>, PricingError> {
        actor.require(Permission::ManagePrices)?;
        Ok(self.queries.prices(filter, page).await?)
    }
}

/// Sets prices within a unit of work. Whether any was not there as it is.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn store_prices(
    uow: &dyn UnitOfWork,
    drafts: &[PriceDraft],
    ids: &dyn IdSource,
    now: Timestamp,
) -> Result<bool, StorageError> {
    if drafts.is_empty() {
        return Ok(false);
    }
    let variants: Vec<VariantId> = drafts.iter().map(|it| it.variant_id).collect();
    let stored = uow.prices().lock_prices_of(&variants).await?;
    let rows = changed(&rows_of(drafts, &stored, ids), &stored);
    uow.prices().save_prices(&rows, now).await?;
    Ok(!rows.is_empty())
}

/// The rows of drafts: those they take the place of keep their ids.
fn rows_of(drafts: &[PriceDraft], stored: &[PriceRow], ids: &dyn IdSource) -> Vec<PriceRow> {
    let id_of = |draft: &PriceDraft| stored.iter().find(|it| draft.replaces(it)).map(|it| it.id);
    drafts.iter().map(|it| it.clone().into_row(id_of(it).unwrap_or_else(|| PriceId::new(ids)))).collect()
}

fn changed(rows: &[PriceRow], stored: &[PriceRow]) -> Vec<PriceRow> {
    rows.iter().filter(|it| !stored.contains(it)).cloned().collect()
}

fn check_drafts(drafts: &[PriceDraft]) -> Result<(), PricingError> {
    let max = PricingService::PRICES_MAX;
    if max < drafts.len() {
        return Err(PricingError::TooMany { max });
    }
    for (index, draft) in drafts.iter().enumerate() {
        draft.check().map_err(|error| PricingError::InvalidPrice { index, error })?;
        let row = draft.clone().into_row(crate::ids::Id::from_uuid(uuid::Uuid::nil()));
        if let Some(first) = drafts.iter().take(index).position(|it| it.replaces(&row)) {
            return Err(PricingError::Twice { index, first });
        }
    }
    Ok(())
}

fn check_references(drafts: &[PriceDraft], settings: &Settings) -> Result<(), PricingError> {
    for (index, draft) in drafts.iter().enumerate() {
        let list = draft.list_id.filter(|it| settings.price_lists.get(*it).is_none()).map(|it| it.to_string());
        let market = draft.scope.market.as_ref().filter(|it| settings.market(it.as_str()).is_none());
        let channel = draft.scope.channel.as_ref().filter(|it| settings.channel(it.as_str()).is_none());
        let group = draft.scope.customer_group_id.filter(|it| !settings.has_customer_group(*it));
        let group = group.map(|it| it.to_string());
        let unknown = list
            .map(|it| (PriceReference::List, it))
            .or(market.map(|it| (PriceReference::Market, it.to_string())))
            .or(channel.map(|it| (PriceReference::Channel, it.to_string())))
            .or(group.map(|it| (PriceReference::CustomerGroup, it)));
        if let Some((reference, name)) = unknown {
            return Err(PricingError::UnknownReference { index, reference, name });
        }
    }
    Ok(())
}

fn check_count(drafts: &[PriceDraft], stored: &[PriceRow]) -> Result<(), PricingError> {
    let max = PricingService::PRICES_OF_VARIANT_MAX;
    for (index, draft) in drafts.iter().enumerate() {
        let is_beside = |variant_id, currency| variant_id == draft.variant_id && currency == draft.amount.currency();
        let of_stored = stored.iter().filter(|it| is_beside(it.variant_id, it.amount.currency())).count();
        let until_here = drafts.iter().take(index + 1).filter(|it| is_beside(it.variant_id, it.amount.currency()));
        let new = until_here.filter(|it| !stored.iter().any(|row| it.replaces(row))).count();
        if max < of_stored + new && 0 < new {
            return Err(PricingError::TooManyOfVariant { index, max });
        }
    }
    Ok(())
}

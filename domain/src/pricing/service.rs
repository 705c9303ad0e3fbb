//! The use case of setting prices.

use std::sync::Arc;

use super::{Price, PricingError, check_compare_at};
use crate::{
    access::{Actor, Permission},
    catalog::{Variant, in_order_of},
    clock::Clock,
    event::{EventKind, append_product_events},
    ids::VariantId,
    money::Money,
    storage::Storage,
};

/// A price to set.
#[derive(Debug, Clone, Copy)]
pub struct PriceChange {
    /// Of what.
    pub variant_id: VariantId,
    /// What one costs.
    pub amount: Money,
    /// What one cost before.
    pub compare_at: Option<Money>,
}

/// The use cases of prices.
pub struct PricingService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl PricingService {
    /// The most prices of one command.
    pub const PRICES_MAX: usize = 100;

    /// Sets prices, all or none; prices in other currencies stay. Returns the variants of `changes`, in their order.
    ///
    /// # Errors
    /// [`PricingError`].
    pub async fn set_prices(&self, actor: &Actor, changes: &[PriceChange]) -> Result<Vec<Variant>, PricingError> {
        actor.require(Permission::ManagePrices)?;
        if Self::PRICES_MAX < changes.len() {
            return Err(PricingError::TooMany { max: Self::PRICES_MAX });
        }
        for (index, change) in changes.iter().enumerate() {
            check_compare_at(change.amount, change.compare_at)
                .map_err(|reason| PricingError::InvalidPrice { index, reason })?;
            let is_twice = changes
                .iter()
                .take(index)
                .any(|it| it.variant_id == change.variant_id && it.amount.currency() == change.amount.currency());
            if is_twice {
                return Err(PricingError::InvalidPrice { index, reason: "there are two prices in one currency" });
            }
        }
        let uow = self.storage.begin().await?;
        let ids: Vec<VariantId> = changes.iter().map(|it| it.variant_id).collect();
        let variants = uow.catalog().variants_by_id(&ids).await?;
        let is_known = |id: VariantId| variants.iter().any(|it| it.id == id);
        if let Some((index, &id)) = ids.iter().enumerate().find(|(_, id)| !is_known(**id)) {
            return Err(PricingError::UnknownVariant { index, id });
        }
        let prices: Vec<Price> = changes
            .iter()
            .map(|it| Price { variant_id: it.variant_id, amount: it.amount, compare_at: it.compare_at })
            .collect();
        uow.prices().set(&prices).await?;
        let products = variants.iter().map(|it| it.product_id).collect();
        append_product_events(&*uow, products, EventKind::ProductPriceChanged, self.clock.now()).await?;
        uow.commit().await?;
        Ok(in_order_of(&ids, &variants))
    }
}

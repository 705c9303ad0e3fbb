//! Variants that are shown together, and what is read once for all of them.
//!
//! A page of products asks the same of each of its variants. Asked of the loaders variant by variant, that costs more than
//! all it reads.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Result};
use comptoir_domain::{catalog::Variant, channel::SalesContext, inventory::StockLevel};
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, OptionFuture},
};
use tokio::sync::OnceCell;

use super::super::loader::{LevelsOf, PricesOf, VariantPrices, load_many};

/// Variants that are shown together.
pub(in crate::graphql) struct Siblings {
    variants: Vec<Arc<Variant>>,
    /// In what they are shown.
    sales: Arc<SalesContext>,
    prices: OnceCell<HashMap<PricesOf, VariantPrices>>,
    levels: OnceCell<HashMap<LevelsOf, Vec<StockLevel>>>,
}

impl Siblings {
    pub(in crate::graphql) fn new(variants: Vec<Arc<Variant>>, sales: Arc<SalesContext>) -> Arc<Self> {
        Arc::new(Self { variants, sales, prices: OnceCell::new(), levels: OnceCell::new() })
    }

    pub(in crate::graphql) fn variants(&self) -> &[Arc<Variant>] {
        &self.variants
    }

    /// Reads what is asked of those in a connection, so that each of them has it at hand. Where that fails, the fields that need it
    /// read it again, and say so.
    pub(in crate::graphql) async fn look_ahead(&self, ctx: &Context<'_>) {
        let asked = ctx.look_ahead();
        let is_asked = |field| {
            asked.field("nodes").field(field).exists() || asked.field("edges").field("node").field(field).exists()
        };
        let prices = OptionFuture::from(is_asked("price").then(|| self.load_prices(ctx)));
        let levels = OptionFuture::from(is_asked("availability").then(|| self.load_levels(ctx)));
        let _ = futures_util::join!(prices, levels);
    }

    /// Reads the prices of all of them.
    ///
    /// # Errors
    /// The storage failed.
    pub(in crate::graphql) fn load_prices<'a>(&'a self, ctx: &'a Context<'_>) -> BoxFuture<'a, Result<()>> {
        if self.prices.initialized() {
            return std::future::ready(Ok(())).boxed();
        }
        async move {
            let keys = || self.variants.iter().map(|it| PricesOf(it.id, self.sales.clone()));
            self.prices.get_or_try_init(|| load_many(ctx, keys())).await?;
            Ok(())
        }
        .boxed()
    }

    /// The prices of one of them; none before [`Self::load_prices`].
    pub(in crate::graphql) fn prices_of(&self, variant: &Variant) -> Option<&VariantPrices> {
        self.prices.get()?.get(&PricesOf(variant.id, self.sales.clone()))
    }

    /// Reads the stock of all of them.
    ///
    /// # Errors
    /// The storage failed.
    pub(in crate::graphql) fn load_levels<'a>(&'a self, ctx: &'a Context<'_>) -> BoxFuture<'a, Result<()>> {
        if self.levels.initialized() {
            return std::future::ready(Ok(())).boxed();
        }
        async move {
            let parts = || self.variants.iter().flat_map(|it| it.parts());
            let keys = || parts().map(|it| LevelsOf(it.variant_id));
            self.levels.get_or_try_init(|| load_many(ctx, keys())).await?;
            Ok(())
        }
        .boxed()
    }

    /// The stock of one of them, or of what it is made of; none before [`Self::load_levels`].
    pub(in crate::graphql) fn levels_of(&self, variant: &Variant) -> Vec<StockLevel> {
        let Some(levels) = self.levels.get() else { return Vec::new() };
        variant.parts().filter_map(|it| levels.get(&LevelsOf(it.variant_id))).flatten().copied().collect()
    }
}

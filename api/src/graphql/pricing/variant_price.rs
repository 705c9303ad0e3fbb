//! What a variant costs, and why.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use comptoir_domain::{
    channel::SalesContext,
    ids::VariantId,
    pricing::{self, SelectedPrice},
};

use super::{
    super::{
        id::to_id,
        loader::{PricesOf, VariantPrices, load},
        money::Money,
    },
    object::PriceListType,
};

/// What a price can be narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "pricing::PriceQualifier")]
pub(in crate::graphql) enum PriceQualifier {
    /// A market.
    Market,
    /// A channel.
    Channel,
    /// A group of customers.
    CustomerGroup,
    /// A loyalty tier.
    LoyaltyTier,
}

/// What decided between the price that holds and the closest of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "pricing::PriceDecision")]
pub(in crate::graphql) enum PriceDecision {
    /// There was no other.
    OnlyMatch,
    /// Its list comes first; base prices come after all lists.
    ListPriority,
    /// It is narrowed to more.
    Specificity,
    /// It asks for more units.
    MinimumQuantity,
    /// It began later.
    Scheduled,
    /// It is lower.
    Lowest,
    /// They are equal, and its id comes first.
    Identity,
}

/// Which price holds, and why.
///
/// Prices match by their currency, market, channel, customer group, loyalty tier, minimum quantity and time. Each list gives
/// one: the one narrowed to the most, then of the largest minimum quantity, then the lowest; a list by `LOWEST` the lowest.
/// Between lists, the higher priority holds, then the narrower price, then the lower one. Base prices come after all lists.
/// A price of a `SALE` list holds only where it is below what it takes the place of.
#[derive(Debug, Clone, SimpleObject)]
pub(in crate::graphql) struct PriceSource {
    /// The price.
    price_id: ID,
    /// Its list; null: it is a base price.
    price_list_id: Option<ID>,
    /// What its list does to the prices it takes the place of; null for a base price.
    price_list_type: Option<PriceListType>,
    /// What it is narrowed to; at most 4.
    qualifiers: Vec<PriceQualifier>,
    /// From how many it holds.
    minimum_quantity: u32,
    /// What decided for it.
    decided_by: PriceDecision,
    /// The price that a sale took the place of.
    replaced_price_id: Option<ID>,
}

impl From<&pricing::PriceSource> for PriceSource {
    fn from(it: &pricing::PriceSource) -> Self {
        Self {
            price_id: to_id(it.price_id),
            price_list_id: it.list_id.map(to_id),
            price_list_type: it.list_type.map(Into::into),
            qualifiers: it.qualifiers.iter().copied().map(Into::into).collect(),
            minimum_quantity: it.minimum_quantity,
            decided_by: it.decided_by.into(),
            replaced_price_id: it.replaced.map(to_id),
        }
    }
}

/// What one costs where more are bought.
#[derive(Debug, Clone, SimpleObject)]
pub(in crate::graphql) struct PriceBreak {
    /// From how many, over all lines of a cart.
    minimum_quantity: u32,
    /// What one costs then.
    amount: Money,
    /// What one would cost then without a reduction.
    compare_at: Option<Money>,
    /// Which price that is, and why.
    price_source: PriceSource,
}

impl From<&pricing::PriceBreak> for PriceBreak {
    fn from(it: &pricing::PriceBreak) -> Self {
        Self {
            minimum_quantity: it.minimum_quantity,
            amount: it.price.amount.into(),
            compare_at: it.price.compare_at.map(Money::from),
            price_source: PriceSource::from(&it.price.source),
        }
    }
}

/// What a variant costs.
pub(in crate::graphql) struct VariantPrice {
    price: SelectedPrice,
    all: VariantPrices,
}

impl VariantPrice {
    /// What one of a variant costs in a context, where so many are bought; none: nothing says so.
    pub(in crate::graphql) async fn load(
        ctx: &Context<'_>,
        variant: VariantId,
        sales: &Arc<SalesContext>,
        quantity: u32,
    ) -> Result<Option<Self>> {
        let Some(all) = load(ctx, PricesOf(variant, sales.clone())).await? else { return Ok(None) };
        let price = all.pricing.select(&all.rows, quantity.max(1));
        Ok(price.map(|price| Self { price, all }))
    }
}

/// What a variant costs.
#[Object]
impl VariantPrice {
    /// What one costs.
    async fn amount(&self) -> Money {
        self.price.amount.into()
    }

    /// What one would cost without the reduction, to be shown struck through.
    async fn compare_at(&self) -> Option<Money> {
        self.price.compare_at.map(Money::from)
    }

    /// Which price it is, and why.
    async fn price_source(&self) -> PriceSource {
        PriceSource::from(&self.price.source)
    }

    /// What one costs where more are bought: the steps at which that changes, the smallest first; at most 250.
    async fn price_breaks(&self) -> Vec<PriceBreak> {
        self.all.pricing.breaks(&self.all.rows).iter().map(PriceBreak::from).collect()
    }
}

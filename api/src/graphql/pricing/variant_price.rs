//! What a variant costs, and why.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use chrono::TimeDelta;
use comptoir_domain::{
    catalog,
    channel::SalesContext,
    codes::TaxCategory,
    ids::ProductId,
    money,
    pricing::{self, PriceContext, SelectedPrice, Taxes},
};

use super::{
    super::{
        channel::settings,
        error::{ErrorCode, Path, Refuse as _, UserError},
        id::to_id,
        loader::{PriceHistoryOf, PricesOf, ProductIn, VariantPrices, load},
        money::Money,
        quote::TaxedMoney,
        scalar::DateTime,
    },
    object::PriceListType,
};

/// The most days of a history.
const HISTORY_DAYS_MAX: u32 = 365;

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

/// What a reduction is measured by (article 6a of Directive 98/6/EC of the European Union).
#[derive(Debug, Clone, SimpleObject)]
pub(in crate::graphql) struct ReferencePrice {
    /// The lowest price that everybody was asked in the 30 days before the reduction began.
    amount: Money,
    /// When the reduction began; one that deepened step by step began with its first step.
    reduced_since: DateTime,
    /// Whether the price is below it: where it is not, it must not be announced as reduced.
    is_reduction: bool,
}

impl ReferencePrice {
    /// What the reduction of `price` is measured by; none where it is not reduced, or there was no price before.
    pub(in crate::graphql) async fn load(
        ctx: &Context<'_>,
        of: PricesOf,
        context: &PriceContext,
        price: money::Money,
    ) -> Result<Option<Self>> {
        let history = load(ctx, PriceHistoryOf(of)).await?;
        let reference = history.and_then(|it| it.reference(context));
        Ok(reference.map(|it| Self {
            amount: it.amount.into(),
            reduced_since: DateTime(it.reduced_since),
            is_reduction: price.minor() < it.amount.minor(),
        }))
    }
}

/// What everybody was asked for one from a moment on.
#[derive(Debug, Clone, SimpleObject)]
pub(in crate::graphql) struct PricePoint {
    /// From when.
    from: DateTime,
    /// What one cost; null: it had no price.
    amount: Option<Money>,
    /// Whether it was shown as reduced.
    is_reduced: bool,
}

/// What a variant costs.
pub(in crate::graphql) struct VariantPrice {
    product_id: ProductId,
    of: PricesOf,
    price: SelectedPrice,
    all: VariantPrices,
}

impl VariantPrice {
    /// What one of a variant costs in a context, where so many are bought; none: nothing says so.
    pub(in crate::graphql) fn of(
        variant: &catalog::Variant,
        sales: &Arc<SalesContext>,
        all: &VariantPrices,
        quantity: u32,
    ) -> Option<Self> {
        let price = all.select(quantity.max(1))?;
        let of = PricesOf(variant.id, sales.clone());
        Some(Self { product_id: variant.product_id, of, price, all: all.clone() })
    }
}

/// What a variant costs.
#[Object]
impl VariantPrice {
    /// What one costs, as prices are entered: with tax or without, by the market's `priceEntry`.
    async fn amount(&self) -> Money {
        self.price.amount.into()
    }

    /// What one would cost without the reduction, to be shown struck through.
    async fn compare_at(&self) -> Option<Money> {
        self.price.compare_at.map(Money::from)
    }

    /// What one costs without tax, with tax, and the tax: what a cart is charged while it says nothing of where it goes. Its
    /// `amount` is what the market shows. Null where the caller may not see the product.
    async fn taxed(&self, ctx: &Context<'_>) -> Option<Result<TaxedMoney>> {
        let sales = &self.of.1;
        let taxed = async {
            let Some(product) = load(ctx, ProductIn::new(self.product_id, sales)).await? else { return Ok(None) };
            let settings = settings(ctx).await?;
            let taxes = Taxes::of_market(&settings, &sales.channel.code, &sales.market, self.all.pricing.context.at);
            let standard = TaxCategory::standard();
            let treatment = taxes.treatment(product.tax_category.as_ref().unwrap_or(&standard));
            let taxed = treatment.apply(self.price.amount, sales.market.rounding.mode);
            let taxed = taxed.map_err(|it| it.refuse(Path::default()).into_error())?;
            Ok(Some(TaxedMoney::shown(taxed, sales.market.price_display)))
        };
        taxed.await.transpose()
    }

    /// Which price it is, and why.
    async fn price_source(&self) -> PriceSource {
        PriceSource::from(&self.price.source)
    }

    /// What one costs where more are bought: the steps at which that changes, the smallest first; at most 250.
    async fn price_breaks(&self) -> Vec<PriceBreak> {
        self.all.pricing.breaks(&self.all.rows).iter().map(PriceBreak::from).collect()
    }

    /// What the reduction is measured by; null where it is not reduced, or had no price before.
    async fn reference_price(&self, ctx: &Context<'_>) -> Option<Result<ReferencePrice>> {
        if !self.price.is_reduced() {
            return None;
        }
        let context = &self.all.pricing.context;
        ReferencePrice::load(ctx, self.of.clone(), context, self.price.amount).await.transpose()
    }

    /// What everybody was asked for one in this market and channel, the oldest first.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many days back: 1 to 365.", default = 30)] days: u32,
    ) -> Result<Vec<PricePoint>> {
        if !(1..=HISTORY_DAYS_MAX).contains(&days) {
            let message = format!("1 to {HISTORY_DAYS_MAX} days");
            return Err(UserError::input(ErrorCode::LimitExceeded, message, Path::argument("days")).into_error());
        }
        let context = &self.all.pricing.context;
        let Some(history) = load(ctx, PriceHistoryOf(self.of.clone())).await? else { return Ok(Vec::new()) };
        let points = history.points(context, context.at - TimeDelta::days(days.into()));
        let point = |it: &pricing::PricePoint| PricePoint {
            from: DateTime(it.from),
            amount: it.amount.map(Money::from),
            is_reduced: it.is_reduced,
        };
        Ok(points.iter().map(point).collect())
    }
}

//! Price lists and their prices, for staff.

use std::sync::Arc;

use async_graphql::{
    Context, Enum, ID, Object, Result,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::pricing::{self, PriceCursor, PriceFilter, PriceRow, StoredPriceList};

use super::super::{
    catalog::Variant,
    context::ContextExt as _,
    error::{Path, Refuse as _},
    id::to_id,
    loader::load,
    money::Money,
    page::{PageArguments, edges},
    scalar::DateTime,
};

/// What the prices of a list do to those they take the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "pricing::PriceListType")]
pub(in crate::graphql) enum PriceListType {
    /// They are reductions: the price they replace is shown beside them, and one that is not below it is left out.
    Sale,
    /// They are the prices; what they replace is not shown.
    Override,
}

/// Which of the prices that match a list gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "pricing::PriceSelection")]
pub(in crate::graphql) enum PriceSelection {
    /// The one narrowed to the most, then of the largest minimum quantity, then the lowest.
    Specificity,
    /// The lowest.
    Lowest,
}

/// Prices that apply together.
pub(in crate::graphql) struct PriceList(pub(super) StoredPriceList);

/// Prices that apply together, and come before the base prices.
#[Object]
impl PriceList {
    /// Its id.
    async fn id(&self) -> ID {
        to_id(self.0.list.id)
    }

    /// Grows with each change.
    async fn version(&self) -> u32 {
        self.0.version
    }

    /// What staff calls it.
    async fn name(&self) -> &str {
        &self.0.list.name
    }

    /// What its prices do to those they take the place of.
    #[graphql(name = "type")]
    async fn list_type(&self) -> PriceListType {
        self.0.list.list_type.into()
    }

    /// Which list comes first: the one with the higher priority.
    async fn priority(&self) -> i32 {
        self.0.list.priority
    }

    /// Which of its own prices it gives.
    async fn selection(&self) -> PriceSelection {
        self.0.list.selection.into()
    }

    /// When it begins; null: it has.
    async fn starts_at(&self) -> Option<DateTime> {
        self.0.list.window.from.map(DateTime)
    }

    /// When it is over; null: never.
    async fn ends_at(&self) -> Option<DateTime> {
        self.0.list.window.until.map(DateTime)
    }

    /// Whether staff has paused it.
    async fn is_paused(&self) -> bool {
        self.0.list.is_paused
    }

    /// Its prices, newest first.
    async fn prices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<PriceCursor>, Price>> {
        let filter = PriceFilter { list_id: Some(self.0.list.id), ..PriceFilter::default() };
        prices(ctx, filter, PageArguments { first, after, last, before }).await
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

/// A page of prices.
pub(super) async fn prices(
    ctx: &Context<'_>,
    filter: PriceFilter,
    page: PageArguments,
) -> Result<Connection<OpaqueCursor<PriceCursor>, Price>> {
    let request = ctx.request()?;
    let found = request.app.pricing.prices(&request.actor, &filter, &page.parse()?).await;
    let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
    let mut connection = Connection::new(found.has_previous, found.has_next);
    connection.edges = edges(found, PriceCursor::of, Price);
    Ok(connection)
}

/// One price of a variant.
pub(in crate::graphql) struct Price(pub(super) PriceRow);

/// One price of a variant: of a list or a base price, for whom it is, from how many, and when.
#[Object]
impl Price {
    /// Its id.
    async fn id(&self) -> ID {
        to_id(self.0.id)
    }

    /// What is sold.
    async fn variant(&self, ctx: &Context<'_>) -> Option<Result<Variant>> {
        let variant = match load(ctx, self.0.variant_id).await.transpose()? {
            Ok(variant) => variant,
            Err(error) => return Some(Err(error)),
        };
        Some(ctx.request().map(|request| Variant::new(variant, Arc::clone(&request.sales))))
    }

    /// The list it belongs to; null: it is a base price.
    async fn price_list_id(&self) -> Option<ID> {
        self.0.list_id.map(to_id)
    }

    /// What one costs.
    async fn amount(&self) -> Money {
        self.0.amount.into()
    }

    /// What one cost before, as the merchant states it.
    async fn compare_at(&self) -> Option<Money> {
        self.0.compare_at.map(Money::from)
    }

    /// In the market of this code only; null: in all.
    async fn market(&self) -> Option<&str> {
        self.0.scope.market.as_ref().map(|it| it.as_str())
    }

    /// In the channel of this code only; null: in all.
    async fn channel(&self) -> Option<&str> {
        self.0.scope.channel.as_ref().map(|it| it.as_str())
    }

    /// For customers of this group only; null: for all.
    async fn customer_group_id(&self) -> Option<ID> {
        self.0.scope.customer_group_id.map(to_id)
    }

    /// For customers of this tier only; null: for all.
    async fn loyalty_tier_id(&self) -> Option<ID> {
        self.0.scope.loyalty_tier_id.map(to_id)
    }

    /// From how many of the variant it holds, over all lines of a cart.
    async fn minimum_quantity(&self) -> u32 {
        self.0.scope.minimum_quantity
    }

    /// When it begins; null: it has.
    async fn starts_at(&self) -> Option<DateTime> {
        self.0.window.from.map(DateTime)
    }

    /// When it is over; null: never.
    async fn ends_at(&self) -> Option<DateTime> {
        self.0.window.until.map(DateTime)
    }
}

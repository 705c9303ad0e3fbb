//! Reads of prices and price lists.

use async_graphql::{
    Context, ID, Object, Result,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::pricing::{PriceCursor, PriceFilter, PriceListCursor};

use super::{
    super::{
        context::{ContextExt as _, may_manage_prices},
        error::{Path, Refuse as _},
        id::parse_id,
        page::{PageArguments, edges},
    },
    object::{Price, PriceList, prices},
};

/// Reads of prices and price lists.
#[derive(Default)]
pub(in crate::graphql) struct PricingQuery;

#[Object]
impl PricingQuery {
    /// A price list; null where there is none. Needs `MANAGE_PRICES`.
    #[graphql(visible = "may_manage_prices")]
    async fn price_list(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Option<Result<PriceList>> {
        let found = async {
            let request = ctx.request()?;
            let id = parse_id(&id, Path::argument("id")).map_err(|it| it.into_error())?;
            let found = request.app.pricing.list(&request.actor, id).await;
            Ok(found.map_err(|it| it.refuse(Path::default()).into_error())?.map(PriceList))
        };
        found.await.transpose()
    }

    /// The price lists there are, newest first. Needs `MANAGE_PRICES`.
    #[graphql(visible = "may_manage_prices")]
    async fn price_lists(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<PriceListCursor>, PriceList>> {
        let request = ctx.request()?;
        let page = PageArguments { first, after, last, before }.parse()?;
        let found = request.app.pricing.lists(&request.actor, &page).await;
        let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
        let mut connection = Connection::new(found.has_previous, found.has_next);
        connection.edges = edges(found, PriceListCursor::of, PriceList);
        Ok(connection)
    }

    /// The prices there are, newest first, those that have not begun or have ended too. Needs `MANAGE_PRICES`.
    #[graphql(visible = "may_manage_prices")]
    #[expect(clippy::too_many_arguments, reason = "Relay's arguments")]
    async fn prices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this variant.")] variant_id: Option<ID>,
        #[graphql(desc = "Only of this list.")] price_list_id: Option<ID>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<PriceCursor>, Price>> {
        let variant_id = variant_id.map(|it| parse_id(&it, Path::argument("variantId"))).transpose();
        let list_id = price_list_id.map(|it| parse_id(&it, Path::argument("priceListId"))).transpose();
        let filter = PriceFilter {
            variant_id: variant_id.map_err(|it| it.into_error())?,
            list_id: list_id.map_err(|it| it.into_error())?,
        };
        prices(ctx, filter, PageArguments { first, after, last, before }).await
    }
}

//! Reads of promotions.

use async_graphql::{
    Context, ID, Object, Result,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::promotion::PromotionCursor;

use super::{
    super::{
        context::{ContextExt as _, may_manage_promotions},
        error::Path,
        id::parse_id,
        page::{PageArguments, edges, slice},
    },
    object::{Promotion, PromotionGroup, PromotionState},
    refuse::refuse,
};

/// Reads of promotions.
#[derive(Default)]
pub(in crate::graphql) struct PromotionQuery;

#[Object]
impl PromotionQuery {
    /// A promotion; null where there is none. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn promotion(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Option<Result<Promotion>> {
        let found = async {
            let request = ctx.request()?;
            let id = parse_id(&id, Path::argument("id")).map_err(|it| it.into_error())?;
            let found = request.app.promotions.find(&request.actor, id).await;
            let found = found.map_err(|it| refuse(it, &[]).into_error())?;
            Ok(found.map(|stored| Promotion { stored, now: request.ports.clock.now() }))
        };
        found.await.transpose()
    }

    /// The promotions there are, newest first. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    #[expect(clippy::too_many_arguments, reason = "Relay's arguments")]
    async fn promotions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that are so.")] state: Option<PromotionState>,
    ) -> Result<Connection<OpaqueCursor<PromotionCursor>, Promotion>> {
        let request = ctx.request()?;
        let page = PageArguments { first, after, last, before }.parse()?;
        let found = request.app.promotions.list(&request.actor, state.map(Into::into), &page).await;
        let found = found.map_err(|it| refuse(it, &[]).into_error())?;
        let now = request.ports.clock.now();
        let mut connection = Connection::new(found.has_previous, found.has_next);
        connection.edges = edges(found, PromotionCursor::of, |stored| Promotion { stored, now });
        Ok(connection)
    }

    /// The groups of promotions, the oldest first. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn promotion_groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<usize>, PromotionGroup>> {
        let request = ctx.request()?;
        let groups = request.app.promotions.groups(&request.actor).await;
        let groups = groups.map_err(|it| refuse(it, &[]).into_error())?;
        slice(groups.into_iter().map(PromotionGroup).collect(), PageArguments { first, after, last, before })
    }
}

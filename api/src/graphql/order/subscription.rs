//! Orders as they change.

use std::sync::Arc;

use async_graphql::{Context, Result, SimpleObject, Subscription};
use comptoir_domain::{
    access::OrderToken,
    event::Topic,
    order::{self, OrderNumber},
};
use futures_util::{Stream, StreamExt as _};

use super::{
    super::{
        context::{ContextExt as _, RequestContext},
        error::{ErrorCode, Path, Refuse as _, UserError, fault},
        news::{only_news, seen_version},
    },
    Order,
};

/// An order that changed.
#[derive(SimpleObject)]
struct OrderUpdated {
    /// The order's version; pass the last one seen as `afterVersion` to go on after a break.
    version: u32,
    /// The order as it is now.
    order: Order,
}

/// Orders as they change.
#[derive(Default)]
pub(in crate::graphql) struct OrderSubscription;

#[Subscription]
impl OrderSubscription {
    /// An order whenever it changes, for who has its token, and for staff with `VIEW_ORDERS`. Versions only grow; one may stand for several changes.
    async fn order_updated(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What people call it by, such as `C100001`.")] number: String,
        #[graphql(desc = "What `orderPlace` gave with the order.", secret)] token: Option<String>,
        #[graphql(desc = "The last version the client saw: a newer one is sent at once.")] after_version: Option<i64>,
    ) -> Result<impl Stream<Item = Result<OrderUpdated>> + use<>> {
        let request = ctx.request()?.clone();
        let number = OrderNumber::parse(&number).ok_or_else(no_such_order)?;
        let asked = Arc::new((number, token.map(OrderToken::new)));
        let id = current(&request, &asked).await?.id;
        let events = request.ports.bus.subscribe(Topic::Order(id)).await.map_err(|it| fault(&it))?;
        let first = current(&request, &asked).await?;
        let seen = seen_version(after_version).unwrap_or(first.version);
        let first = futures_util::stream::iter([Ok(first)]);
        let later = events.then(move |_| {
            let (request, asked) = (request.clone(), asked.clone());
            async move { current(&request, &asked).await }
        });
        let news = only_news(first.chain(later), seen, |it: &order::Order| it.version);
        Ok(news.map(|it| it.map(|it| OrderUpdated { version: it.version, order: Order(Arc::new(it)) })))
    }
}

/// The order as it is now; who may see it is checked each time.
async fn current(
    request: &RequestContext,
    (number, token): &(OrderNumber, Option<OrderToken>),
) -> Result<order::Order> {
    let order = request.app.orders.by_number(&request.actor, number, token.as_ref()).await;
    let order = order.map_err(|it| it.refuse(Path::default()).into_error())?;
    order.ok_or_else(no_such_order)
}

fn no_such_order() -> async_graphql::Error {
    UserError::input(ErrorCode::NotFound, "there is no such order", Path::argument("number")).into_error()
}

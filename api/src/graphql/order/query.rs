//! Reads of orders.

use std::sync::Arc;

use async_graphql::{
    Context, Object, Result,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::{
    access::OrderToken,
    order::{OrderCursor, OrderNumber},
};

use super::{
    super::{
        context::{ContextExt as _, may_view_orders},
        error::{Path, Refuse as _},
        page::{PageArguments, edges},
    },
    Order,
};

/// Reads of orders.
#[derive(Default)]
pub(in crate::graphql) struct OrderQuery;

#[Object]
impl OrderQuery {
    /// An order, for who has its token, and for staff with `VIEW_ORDERS`; null for anybody else, and where there is none.
    async fn order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What people call it by, such as `C100001`.")] number: String,
        #[graphql(desc = "What `orderPlace` gave with the order.", secret)] token: Option<String>,
    ) -> Option<Result<Order>> {
        let found = async {
            let request = ctx.request()?;
            let token = token.map(OrderToken::new);
            let Some(number) = OrderNumber::parse(&number) else { return Ok(None) };
            let order = request.app.orders.by_number(&request.actor, &number, token.as_ref()).await;
            let order = order.map_err(|it| it.refuse(Path::default()).into_error())?;
            Ok(order.map(|it| Order(Arc::new(it))))
        };
        found.await.transpose()
    }

    /// All orders, newest first. Needs `VIEW_ORDERS`.
    #[graphql(visible = "may_view_orders")]
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<OrderCursor>, Order>> {
        let request = ctx.request()?;
        let page = PageArguments { first, after, last, before }.parse()?;
        let found = request.app.orders.list(&request.actor, &page).await;
        let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
        let mut connection = Connection::new(found.has_previous, found.has_next);
        connection.edges = edges(found, OrderCursor::of, |it| Order(Arc::new(it)));
        Ok(connection)
    }
}

//! Reads of customers.

use std::sync::Arc;

use async_graphql::{
    Context, Object, Result,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::{
    access::{Email, EmailError},
    customer::CustomerCursor,
};

use super::{
    super::{
        context::{ContextExt as _, may_manage_customers, may_view_customers},
        error::{ErrorCode, Path, Refuse as _, UserError},
        page::{PageArguments, edges, slice},
    },
    Customer,
    group::CustomerGroup,
};

/// Reads of customers.
#[derive(Default)]
pub(in crate::graphql) struct CustomerQuery;

#[Object]
impl CustomerQuery {
    /// The customer who signed in; null where nobody did, and for staff.
    async fn me(&self, ctx: &Context<'_>) -> Option<Result<Customer>> {
        let found = async {
            let request = ctx.request()?;
            let me = request.app.customers.me(&request.actor).await;
            let me = me.map_err(|it| it.refuse(Path::default()).into_error())?;
            Ok(me.map(|it| Customer(Arc::new(it))))
        };
        found.await.transpose()
    }

    /// The groups of customers, the oldest first. Needs `MANAGE_CUSTOMERS`.
    #[graphql(visible = "may_manage_customers")]
    async fn customer_groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<usize>, CustomerGroup>> {
        let request = ctx.request()?;
        let groups = request.app.customers.groups(&request.actor).await;
        let groups = groups.map_err(|it| it.refuse(Path::default()).into_error())?;
        slice(groups.iter().map(CustomerGroup::from).collect(), PageArguments { first, after, last, before })
    }

    /// All customers, newest first. Needs `VIEW_CUSTOMERS`.
    #[graphql(visible = "may_view_customers")]
    #[expect(clippy::too_many_arguments, reason = "Relay's arguments")]
    async fn customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only who has this e-mail address.")] email: Option<String>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<CustomerCursor>, Customer>> {
        let request = ctx.request()?;
        let page = PageArguments { first, after, last, before }.parse()?;
        let email = email.map(|it| it.parse::<Email>()).transpose().map_err(|it: EmailError| {
            UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::argument("email")).into_error()
        })?;
        let found = request.app.customers.list(&request.actor, email.as_ref(), &page).await;
        let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
        let mut connection = Connection::new(found.has_previous, found.has_next);
        connection.edges = edges(found, CustomerCursor::of, |it| Customer(Arc::new(it)));
        Ok(connection)
    }
}

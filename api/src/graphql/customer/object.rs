//! The customer.

use std::sync::Arc;

use async_graphql::{
    Context, ID, Object, Result,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::{customer, order::OrderCursor};

use super::super::{
    cart::Cart,
    channel::known_channel,
    context::{ContextExt as _, may_view_customers},
    error::{Path, Refuse as _},
    id::to_id,
    loader::{ActiveCartOf, load},
    order::Order,
    page::{PageArguments, edges},
    scalar::{DateTime, LanguageTag},
};

use super::{exemption::TaxExemption, group::CustomerGroup};

/// Who buys, with an account.
pub(in crate::graphql) struct Customer(pub(in crate::graphql) Arc<customer::Customer>);

/// Who buys, with an account.
#[Object]
impl Customer {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        to_id(self.0.id)
    }

    /// Grows with each change.
    async fn version(&self) -> u32 {
        self.0.version
    }

    /// What they sign in with, and where letters go.
    async fn email(&self) -> &str {
        self.0.email.as_str()
    }

    /// Given name.
    async fn first_name(&self) -> Option<&str> {
        self.0.name.first()
    }

    /// Family name.
    async fn last_name(&self) -> Option<&str> {
        self.0.name.last()
    }

    /// The language to write to them in.
    async fn language(&self) -> LanguageTag {
        LanguageTag(self.0.language.to_string())
    }

    /// Whether what they look at and buy may be used to show them what suits them; at first it may not.
    async fn allows_personalization(&self) -> bool {
        self.0.allows_personalization
    }

    /// The groups that staff put them in; at most 50. Only staff with `VIEW_CUSTOMERS` is told.
    async fn groups(&self, ctx: &Context<'_>) -> Result<Vec<CustomerGroup>> {
        if may_view_customers(ctx) { self.load_groups(ctx).await } else { Ok(Vec::new()) }
    }

    /// The certificates that free them from tax; at most 50.
    async fn tax_exemptions(&self) -> Vec<TaxExemption> {
        self.0.tax_exemptions.iter().map(TaxExemption::from).collect()
    }

    /// Their orders, newest first; none for staff without `VIEW_ORDERS`.
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
        let found = request.app.orders.of_customer(&request.actor, self.0.id, &page).await;
        let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
        let mut connection = Connection::new(found.has_previous, found.has_next);
        connection.edges = edges(found, OrderCursor::of, |it| Order(Arc::new(it)));
        Ok(connection)
    }

    /// The cart that they changed last in a channel and can still change; null: there is none. For themselves, and staff with
    /// `MANAGE_CARTS`.
    async fn active_cart(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code of the channel; that of the request if left out.")] channel: Option<String>,
    ) -> Option<Result<Cart>> {
        let found = async {
            let channel = match channel {
                Some(code) => {
                    known_channel(ctx, code, Path::argument("channel")).await.map_err(|it| it.into_error())?
                }
                None => ctx.request()?.sales.channel.code.clone(),
            };
            Ok(load(ctx, ActiveCartOf(self.0.id, channel)).await?.map(Cart))
        };
        found.await.transpose()
    }

    /// When they signed up.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When they last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

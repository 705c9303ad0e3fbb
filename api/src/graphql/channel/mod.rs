//! Locations, delivery methods and addresses on the wire.

mod address;
mod mutation;

use std::sync::Arc;

use async_graphql::{
    Context, Enum, ID, Object, Result, SimpleObject,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::channel;

pub(super) use self::{
    address::{Address, AddressInput},
    mutation::ChannelMutation,
};
use super::{
    catalog::{ContextInput, sales_context},
    context::ContextExt as _,
    error::{Path, Refuse as _},
    id::to_id,
    page::{PageArguments, slice},
    scalar::{CurrencyCode, LanguageTag},
};

/// What a location is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "channel::LocationKind")]
pub(super) enum LocationKind {
    /// Ships, and nobody walks in.
    Warehouse,
    /// Sells over the counter, hands over pickups, and ships when the warehouses cannot.
    Store,
}

/// How the goods travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "channel::DeliveryKind")]
pub(super) enum DeliveryKind {
    /// To the buyer's address.
    Ship,
    /// The buyer comes to a store.
    Pickup,
}

/// A place that holds stock.
pub(super) struct Location(pub(super) Arc<channel::Location>);

/// A place that holds stock.
#[Object]
impl Location {
    /// Its id.
    pub(super) async fn id(&self) -> ID {
        to_id(self.0.id)
    }

    /// The merchant's own name for it.
    async fn code(&self) -> &str {
        self.0.draft.code.as_str()
    }

    /// What it is.
    async fn kind(&self) -> LocationKind {
        self.0.draft.kind.into()
    }

    /// What shoppers call it.
    async fn name(&self) -> &str {
        &self.0.draft.name
    }

    /// Where it is.
    async fn address(&self) -> Option<Address> {
        self.0.draft.address.as_ref().map(Address::from)
    }
}

/// What prices and texts are seen in.
#[derive(SimpleObject)]
struct SalesContext {
    /// The currency of prices.
    currency: CurrencyCode,
    /// The languages of texts, dearest first; English follows them, then any.
    languages: Vec<LanguageTag>,
}

/// Reads of settings.
#[derive(Default)]
pub(super) struct ChannelQuery;

#[Object]
impl ChannelQuery {
    /// What prices and texts are seen in with this request's headers, and with this argument.
    async fn context(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to ask for.")] context: Option<ContextInput>,
    ) -> Result<SalesContext> {
        let sales = sales_context(ctx, context)?;
        Ok(SalesContext {
            currency: CurrencyCode(sales.currency.code().to_owned()),
            languages: sales.languages.iter().map(|it| LanguageTag(it.to_string())).collect(),
        })
    }

    /// Stores and warehouses, by code.
    #[expect(clippy::too_many_arguments, reason = "Relay's arguments")]
    async fn locations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
        #[graphql(desc = "Only of this kind.")] kind: Option<LocationKind>,
    ) -> Result<Connection<OpaqueCursor<usize>, Location>> {
        let request = ctx.request()?;
        let locations = request.app.channels.locations(&request.actor).await;
        let locations = locations.map_err(|it| it.refuse(Path::default()).into_error())?;
        let is_asked_for = |it: &channel::Location| kind.is_none_or(|kind| it.draft.kind == kind.into());
        let locations = locations.into_iter().filter(is_asked_for).map(|it| Location(Arc::new(it)));
        slice(locations.collect(), PageArguments { first, after, last, before })
    }
}

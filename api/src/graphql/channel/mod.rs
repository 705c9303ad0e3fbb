//! Channels, markets, locations, delivery methods and addresses on the wire.

mod address;
mod context;
mod coordinates;
mod mutation;
mod object;
mod save;

use std::sync::Arc;

use async_graphql::{
    Context, Enum, ID, Object, Result,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::channel;

use self::context::SalesContext;
pub(super) use self::{
    address::{Address, AddressInput},
    context::{ContextInput, cart_context, known_channel, parse_channel, sales_context, settings},
    coordinates::{Coordinates, CoordinatesInput},
    mutation::ChannelMutation,
    object::{Channel, Market},
    save::MarketMutation,
};
use super::{
    context::{ContextExt as _, may_manage_settings},
    error::{Path, Refuse as _},
    id::to_id,
    page::{PageArguments, slice},
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

    /// Where on the earth it is.
    async fn coordinates(&self) -> Option<Coordinates> {
        self.0.draft.coordinates.map(Coordinates::from)
    }

    /// How many kilometers a shopper is from it, as the crow flies; null for a warehouse, or where its place is not known.
    async fn distance_km(
        &self,
        #[graphql(desc = "Where the shopper is.")] from: CoordinatesInput,
    ) -> Result<Option<f64>> {
        let place = from.parse(Path::argument("from")).map_err(|it| it.into_error())?;
        Ok(self.0.store_distance_km(place))
    }
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
        Ok(SalesContext(sales_context(ctx, context).await?))
    }

    /// The markets there are, by code.
    async fn markets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<usize>, Market>> {
        let markets = settings(ctx).await?.markets.iter().cloned().map(Market).collect();
        slice(markets, PageArguments { first, after, last, before })
    }

    /// The channels there are, by code. Needs `MANAGE_SETTINGS`.
    #[graphql(visible = "may_manage_settings")]
    async fn channels(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<usize>, Channel>> {
        let request = ctx.request()?;
        let channels = request.app.channels.channels(&request.actor).await;
        let channels = channels.map_err(|it| it.refuse(Path::argument("channels")).into_error())?;
        slice(channels.into_iter().map(Channel).collect(), PageArguments { first, after, last, before })
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
        let settings = settings(ctx).await?;
        let is_asked_for = |it: &&Arc<channel::Location>| kind.is_none_or(|kind| it.draft.kind == kind.into());
        let locations = settings.locations.iter().filter(is_asked_for).cloned().map(Location);
        slice(locations.collect(), PageArguments { first, after, last, before })
    }
}

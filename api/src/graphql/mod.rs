//! The GraphQL schema: objects that wrap the domain's values, and resolvers that translate and decide nothing.

mod access;
mod batching;
mod cart;
mod catalog;
mod channel;
mod context;
mod customer;
mod error;
mod id;
mod inventory;
mod loader;
mod money;
mod news;
mod node;
mod order;
mod page;
mod pricing;
mod scalar;
mod search;
mod tariff;

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions, Schema};

use self::batching::Batching;
pub use context::{RequestContext, ShopSettings};
pub use loader::loaders;
pub use tariff::TARIFF;

use crate::http::ErrorPaths;

/// The root of all reads.
#[derive(MergedObject, Default)]
pub struct Query(
    access::StaffQuery,
    cart::CartQuery,
    catalog::CatalogQuery,
    channel::ChannelQuery,
    customer::CustomerQuery,
    node::NodeQuery,
    order::OrderQuery,
    search::SearchQuery,
);

/// The root of all commands.
#[derive(MergedObject, Default)]
pub struct Mutation(
    access::StaffMutation,
    access::SignInMutation,
    customer::CustomerMutation,
    cart::CartMutation,
    catalog::CatalogMutation,
    channel::ChannelMutation,
    channel::MarketMutation,
    inventory::InventoryMutation,
    order::OrderMutation,
    pricing::PricingMutation,
);

/// The root of all subscriptions.
#[derive(MergedSubscription, Default)]
pub struct Subscription(cart::CartSubscription, order::OrderSubscription);

/// The schema, ready to execute.
pub type ComptoirSchema = Schema<Query, Mutation, Subscription>;

/// Builds the schema.
#[must_use]
pub fn schema() -> ComptoirSchema {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .extension(ErrorPaths)
        .extension(Batching)
        .disable_suggestions()
        .finish()
}

/// The schema as text, with types by name and fields in the order of their declaration.
#[must_use]
pub fn sdl() -> String {
    let mut sdl = schema().sdl_with_options(SDLExportOptions::new().prefer_single_line_descriptions());
    sdl.truncate(sdl.trim_end().len());
    sdl.push('\n');
    sdl
}

//! The GraphQL schema: objects that wrap the domain's values, and resolvers that translate and decide nothing.

mod access;
mod batching;
mod cart;
mod catalog;
mod channel;
mod context;
mod customer;
mod eager;
mod error;
mod executor;
mod federation;
mod id;
mod inventory;
mod loader;
mod money;
mod news;
mod node;
mod order;
mod page;
mod pricing;
mod promotion;
mod quote;
mod scalar;
mod sdl;
mod search;
mod tariff;

use async_graphql::{MergedObject, MergedSubscription, Schema, SchemaBuilder};

pub use context::{RequestContext, ShopSettings};
pub use executor::Operations;
pub use sdl::{federated_sdl, sdl};
pub use tariff::TARIFF;

/// The root of all reads.
#[derive(MergedObject, Default)]
pub struct Query(
    access::StaffQuery,
    access::DeviceQuery,
    cart::CartQuery,
    cart::PromotionPreviewQuery,
    catalog::CatalogQuery,
    catalog::CollectionQuery,
    catalog::ScanQuery,
    channel::ChannelQuery,
    customer::CustomerQuery,
    federation::FederationQuery,
    node::NodeQuery,
    order::OrderQuery,
    pricing::PricingQuery,
    pricing::TaxRateQuery,
    promotion::DiscountCodeQuery,
    promotion::PromotionQuery,
    search::SearchQuery,
    search::SuggestionQuery,
    search::MerchandisingQuery,
    search::SearchPreviewQuery,
    search::SearchReportQuery,
    search::RecommendationQuery,
);

/// The root of all commands.
#[derive(MergedObject, Default)]
pub struct Mutation(
    access::StaffMutation,
    access::SignInMutation,
    access::DeviceMutation,
    access::PinMutation,
    access::DiscountLimitMutation,
    customer::CustomerMutation,
    customer::CustomerGroupMutation,
    customer::TaxExemptionMutation,
    cart::CartLifeMutation,
    cart::CartLineMutation,
    cart::CartMergeMutation,
    cart::CartMutation,
    cart::CartHandoffMutation,
    cart::CartSyncMutation,
    cart::ManualDiscountMutation,
    catalog::CatalogMutation,
    catalog::CollectionMutation,
    channel::ChannelMutation,
    channel::MarketMutation,
    inventory::InventoryMutation,
    order::OrderMutation,
    pricing::PricingMutation,
    pricing::TaxRateMutation,
    promotion::DiscountCodeAdministration,
    promotion::DiscountCodeMutation,
    promotion::PromotionMutation,
    promotion::PromotionGroupMutation,
    search::MerchandisingMutation,
    search::SearchFeedbackMutation,
    search::ProductViewMutation,
);

/// The root of all subscriptions.
#[derive(MergedSubscription, Default)]
pub struct Subscription(cart::CartSubscription, order::OrderSubscription);

/// The schema, ready to execute.
pub type ComptoirSchema = Schema<Query, Mutation, Subscription>;

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default()).disable_suggestions()
}

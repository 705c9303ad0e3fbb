//! All use cases, put together over the ports.

use std::sync::Arc;

use crate::{
    access::{Passwords, StaffQueries, StaffService, Tokens},
    cart::{CartQueries, CartService},
    catalog::{CatalogQueries, CatalogService, CollectionQueries, InStoreCode},
    channel::{ChannelQueries, ChannelService},
    checkout::{CheckoutService, PaymentProviders},
    clock::Clock,
    event::{EventBus, OutboxQueries},
    ids::IdSource,
    inventory::{InventoryQueries, InventoryService},
    order::{OrderQueries, OrderService},
    pricing::PricingService,
    search::{Indexer, MerchandisingQueries, ProductIndex, ProductSearch, SearchLog, SearchMemory, SearchService},
    storage::Storage,
};

/// What the domain needs of the world.
#[derive(Clone)]
pub struct Ports {
    /// Transactions.
    pub storage: Arc<dyn Storage>,
    /// Reads of products.
    pub catalog: Arc<dyn CatalogQueries>,
    /// Reads of collections.
    pub collections: Arc<dyn CollectionQueries>,
    /// Reads of rules and synonyms of search.
    pub merchandising: Arc<dyn MerchandisingQueries>,
    /// What is searched for.
    pub search_log: Arc<dyn SearchLog>,
    /// Reads of stock.
    pub inventory: Arc<dyn InventoryQueries>,
    /// Reads of locations and delivery methods.
    pub channels: Arc<dyn ChannelQueries>,
    /// Reads of carts.
    pub carts: Arc<dyn CartQueries>,
    /// Reads of orders.
    pub orders: Arc<dyn OrderQueries>,
    /// Reads of staff.
    pub staff: Arc<dyn StaffQueries>,
    /// Reads of events.
    pub events: Arc<dyn OutboxQueries>,
    /// Events as they come.
    pub bus: Arc<dyn EventBus>,
    /// The search engine, to be asked.
    pub search: Arc<dyn ProductSearch>,
    /// The search engine, to be fed.
    pub index: Arc<dyn ProductIndex>,
    /// Who takes money.
    pub providers: PaymentProviders,
    /// How the shop's stores print codes of their own.
    pub in_store: Arc<[InStoreCode]>,
    /// Secrets and tokens.
    pub tokens: Arc<dyn Tokens>,
    /// Password hashes.
    pub passwords: Arc<dyn Passwords>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
}

/// Every use case, by context.
pub struct App {
    /// Products.
    pub catalog: CatalogService,
    /// Prices.
    pub pricing: PricingService,
    /// Stock.
    pub inventory: InventoryService,
    /// Locations and delivery methods.
    pub channels: ChannelService,
    /// Carts.
    pub carts: CartService,
    /// Placing orders.
    pub checkout: CheckoutService,
    /// Placed orders.
    pub orders: OrderService,
    /// Staff.
    pub staff: StaffService,
    /// Search.
    pub search: SearchService,
    /// Feeding search.
    pub indexer: Indexer,
}

impl App {
    /// Puts the use cases together.
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        let Ports {
            storage, catalog, inventory, channels, carts, orders, staff, events, search, index, providers, ..
        } = ports;
        let Ports { tokens, passwords, clock, ids, .. } = ports;
        Self {
            catalog: CatalogService {
                storage: storage.clone(),
                queries: catalog.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                collections: ports.collections.clone(),
                in_store: ports.in_store.clone(),
            },
            pricing: PricingService { storage: storage.clone(), clock: clock.clone() },
            inventory: InventoryService { storage: storage.clone(), tokens: tokens.clone(), clock: clock.clone() },
            channels: ChannelService { storage: storage.clone(), queries: channels.clone(), ids: ids.clone() },
            carts: CartService {
                storage: storage.clone(),
                queries: carts.clone(),
                catalog: catalog.clone(),
                inventory: inventory.clone(),
                channels: channels.clone(),
                tokens: tokens.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            checkout: CheckoutService {
                storage: storage.clone(),
                orders: orders.clone(),
                providers: providers.clone(),
                tokens: tokens.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            orders: OrderService {
                storage: storage.clone(),
                queries: orders.clone(),
                tokens: tokens.clone(),
                clock: clock.clone(),
            },
            staff: StaffService {
                storage: storage.clone(),
                queries: staff.clone(),
                tokens: tokens.clone(),
                passwords: passwords.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            search: SearchService {
                engine: search.clone(),
                storage: storage.clone(),
                channels: channels.clone(),
                catalog: catalog.clone(),
                inventory: inventory.clone(),
                collections: ports.collections.clone(),
                merchandising: ports.merchandising.clone(),
                log: ports.search_log.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                memory: SearchMemory::default(),
            },
            indexer: Indexer {
                index: index.clone(),
                events: events.clone(),
                catalog: catalog.clone(),
                inventory: inventory.clone(),
                collections: ports.collections.clone(),
                merchandising: ports.merchandising.clone(),
            },
        }
    }
}

//! All use cases, put together over the ports.

use std::sync::Arc;

use crate::{
    access::{
        DeviceQueries, DeviceService, Passwords, SignInQueries, SignInService, StaffQueries, StaffService, Tokens,
    },
    cart::{CartPolicy, CartQueries, CartService},
    catalog::{CatalogQueries, CatalogService, CollectionQueries, InStoreCode},
    channel::ChannelService,
    checkout::{CheckoutService, PaymentProviders},
    clock::Clock,
    customer::{CustomerQueries, CustomerService},
    event::{EventBus, OutboxQueries},
    ids::IdSource,
    inventory::{HoldQueries, InventoryQueries, InventoryService},
    order::{OrderQueries, OrderService},
    pricing::{PriceQueries, PricingService, TaxRateService, tax::SomeTaxProvider},
    promotion::{BudgetQueries, CodeQueries, PromotionQueries, PromotionService},
    search::{Indexer, MerchandisingQueries, ProductIndex, ProductSearch, SearchLog, SearchMemory, SearchService},
    settings::{BuiltIn, SettingsCache, SettingsQueries},
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
    /// Reads of prices and price lists.
    pub prices: Arc<dyn PriceQueries>,
    /// Reads of promotions.
    pub promotions: Arc<dyn PromotionQueries>,
    /// Reads of stock.
    pub inventory: Arc<dyn InventoryQueries>,
    /// Reads of what carts hold.
    pub holds: Arc<dyn HoldQueries>,
    /// Reads of settings.
    pub settings: Arc<dyn SettingsQueries>,
    /// Reads of carts.
    pub carts: Arc<dyn CartQueries>,
    /// Reads of codes.
    pub codes: Arc<dyn CodeQueries>,
    /// How long carts live, and how they are merged.
    pub cart_policy: CartPolicy,
    /// Reads of what carts have of budgets.
    pub budgets: Arc<dyn BudgetQueries>,
    /// Reads of orders.
    pub orders: Arc<dyn OrderQueries>,
    /// Reads of customers.
    pub customers: Arc<dyn CustomerQueries>,
    /// Reads of devices.
    pub devices: Arc<dyn DeviceQueries>,
    /// Reads of sign-ins.
    pub sign_ins: Arc<dyn SignInQueries>,
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
    /// Who says what tax is due; none: the table of rates.
    pub tax_provider: SomeTaxProvider,
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
    /// What a shop has before it has set up anything.
    pub built_in: BuiltIn,
}

/// Every use case, by context.
pub struct App {
    /// Products.
    pub catalog: CatalogService,
    /// Prices.
    pub pricing: PricingService,
    /// Tax rates.
    pub tax_rates: TaxRateService,
    /// Promotions.
    pub promotions: PromotionService,
    /// Stock.
    pub inventory: InventoryService,
    /// Channels, markets, locations and delivery methods.
    pub channels: ChannelService,
    /// Carts.
    pub carts: CartService,
    /// Placing orders.
    pub checkout: CheckoutService,
    /// Placed orders.
    pub orders: OrderService,
    /// Customers.
    pub customers: CustomerService,
    /// Kiosks and points of sale.
    pub devices: DeviceService,
    /// Who signed in, and where.
    pub sign_ins: SignInService,
    /// Staff.
    pub staff: StaffService,
    /// Search.
    pub search: SearchService,
    /// Feeding search.
    pub indexer: Indexer,
    /// What the merchant has set up.
    pub settings: Arc<SettingsCache>,
}

impl App {
    /// Puts the use cases together.
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        let Ports { storage, catalog, orders, customers, staff, .. } = ports;
        let settings =
            Arc::new(SettingsCache::new(ports.settings.clone(), ports.clock.clone(), ports.built_in.clone()));
        let Ports { providers, tokens, passwords, clock, ids, .. } = ports;
        Self {
            catalog: CatalogService {
                storage: storage.clone(),
                settings: settings.clone(),
                queries: catalog.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                collections: ports.collections.clone(),
                in_store: ports.in_store.clone(),
            },
            pricing: pricing_service(ports, settings.clone()),
            tax_rates: TaxRateService { storage: storage.clone(), settings: settings.clone(), clock: clock.clone() },
            promotions: promotion_service(ports, settings.clone()),
            inventory: InventoryService {
                storage: storage.clone(),
                settings: settings.clone(),
                tokens: tokens.clone(),
                clock: clock.clone(),
            },
            channels: ChannelService { storage: storage.clone(), settings: settings.clone(), ids: ids.clone() },
            carts: cart_service(ports, settings.clone()),
            checkout: CheckoutService {
                has_tax_provider: ports.tax_provider.is_some(),
                storage: storage.clone(),
                settings: settings.clone(),
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
            customers: CustomerService {
                storage: storage.clone(),
                settings: settings.clone(),
                queries: customers.clone(),
                catalog: catalog.clone(),
                tokens: tokens.clone(),
                passwords: passwords.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            devices: device_service(ports, settings.clone()),
            sign_ins: sign_in_service(ports, settings.clone()),
            staff: StaffService {
                storage: storage.clone(),
                queries: staff.clone(),
                settings: settings.clone(),
                tokens: tokens.clone(),
                passwords: passwords.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            search: search_service(ports, settings.clone()),
            indexer: indexer(ports, settings.clone()),
            settings,
        }
    }
}

fn pricing_service(ports: &Ports, settings: Arc<SettingsCache>) -> PricingService {
    PricingService {
        storage: ports.storage.clone(),
        settings,
        queries: ports.prices.clone(),
        clock: ports.clock.clone(),
        ids: ports.ids.clone(),
    }
}

fn promotion_service(ports: &Ports, settings: Arc<SettingsCache>) -> PromotionService {
    PromotionService {
        storage: ports.storage.clone(),
        settings,
        queries: ports.promotions.clone(),
        codes: ports.codes.clone(),
        tokens: ports.tokens.clone(),
        clock: ports.clock.clone(),
        ids: ports.ids.clone(),
    }
}

fn sign_in_service(ports: &Ports, settings: Arc<SettingsCache>) -> SignInService {
    SignInService {
        storage: ports.storage.clone(),
        queries: ports.sign_ins.clone(),
        staff: ports.staff.clone(),
        devices: ports.devices.clone(),
        settings,
        tokens: ports.tokens.clone(),
        clock: ports.clock.clone(),
    }
}

fn device_service(ports: &Ports, settings: Arc<SettingsCache>) -> DeviceService {
    DeviceService {
        storage: ports.storage.clone(),
        queries: ports.devices.clone(),
        settings,
        tokens: ports.tokens.clone(),
        clock: ports.clock.clone(),
        ids: ports.ids.clone(),
    }
}

fn cart_service(ports: &Ports, settings: Arc<SettingsCache>) -> CartService {
    CartService {
        storage: ports.storage.clone(),
        queries: ports.carts.clone(),
        codes: ports.codes.clone(),
        budgets: ports.budgets.clone(),
        catalog: ports.catalog.clone(),
        prices: ports.prices.clone(),
        inventory: ports.inventory.clone(),
        holds: ports.holds.clone(),
        collections: ports.collections.clone(),
        settings,
        customers: ports.customers.clone(),
        tax_provider: ports.tax_provider.clone(),
        orders: ports.orders.clone(),
        policy: ports.cart_policy,
        providers: ports.providers.clone(),
        staff: ports.staff.clone(),
        tokens: ports.tokens.clone(),
        clock: ports.clock.clone(),
        ids: ports.ids.clone(),
    }
}

fn search_service(ports: &Ports, settings: Arc<SettingsCache>) -> SearchService {
    SearchService {
        engine: ports.search.clone(),
        storage: ports.storage.clone(),
        settings,
        catalog: ports.catalog.clone(),
        inventory: ports.inventory.clone(),
        collections: ports.collections.clone(),
        merchandising: ports.merchandising.clone(),
        orders: ports.orders.clone(),
        customers: ports.customers.clone(),
        log: ports.search_log.clone(),
        clock: ports.clock.clone(),
        ids: ports.ids.clone(),
        memory: SearchMemory::default(),
    }
}

fn indexer(ports: &Ports, settings: Arc<SettingsCache>) -> Indexer {
    Indexer {
        index: ports.index.clone(),
        events: ports.events.clone(),
        catalog: ports.catalog.clone(),
        prices: ports.prices.clone(),
        settings,
        clock: ports.clock.clone(),
        inventory: ports.inventory.clone(),
        collections: ports.collections.clone(),
        merchandising: ports.merchandising.clone(),
    }
}

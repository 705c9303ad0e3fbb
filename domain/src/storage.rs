//! The storage port: a transaction that is the repositories.

use async_trait::async_trait;

use crate::{
    access::{DeviceRepository, PinRepository, SignInRepository, StaffRepository},
    cart::{CartQueries, CartRepository, HandoffRepository},
    catalog::{CatalogQueries, CollectionQueries, CollectionRepository, ProductRepository},
    channel::ChannelRepository,
    customer::{CustomerQueries, CustomerRepository},
    event::Outbox,
    idempotency::IdempotencyRepository,
    inventory::{HoldQueries, HoldRepository, InventoryQueries, StockRepository},
    order::{OrderQueries, OrderRepository},
    pricing::{PriceQueries, PriceRepository, TaxRateRepository},
    promotion::{BudgetQueries, BudgetRepository, CodeQueries, CodeRepository, PromotionQueries, PromotionRepository},
    search::MerchandisingRepository,
    settings::SettingsRepository,
};

/// What an adapter's own error is kept as, for the log.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What can go wrong with any storage.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Someone else changed the row first. Safe to retry the whole use case.
    #[error("concurrent modification")]
    Conflict,
    /// No connection, no answer, or no room.
    #[error("storage is unavailable")]
    Unavailable(#[source] BoxError),
    /// A row that the rules say cannot exist.
    #[error("stored data is inconsistent: {0}")]
    Corrupt(String),
}

/// Begins transactions.
#[async_trait]
pub trait Storage: Send + Sync {
    /// Begins a transaction that will write.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when no connection is free in time.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError>;
}

/// One transaction. Dropping it without [`UnitOfWork::commit`] rolls everything back.
///
/// After any error only dropping is left: `commit` then fails. What a use case reads before it decides, it reads here too:
/// a second connection while one is held is how pools run dry.
#[async_trait]
pub trait UnitOfWork: Send + Sync {
    /// Carts.
    fn carts(&self) -> &dyn CartRepository;
    /// Carts, to be read.
    fn cart_queries(&self) -> &dyn CartQueries;

    /// Carts that wait to be taken elsewhere.
    fn handoffs(&self) -> &dyn HandoffRepository;
    /// Products and their variants.
    fn products(&self) -> &dyn ProductRepository;
    /// Codes and their uses.
    fn codes(&self) -> &dyn CodeRepository;
    /// Codes and their uses, to be read.
    fn code_queries(&self) -> &dyn CodeQueries;
    /// What carts have of the budgets of promotions.
    fn budgets(&self) -> &dyn BudgetRepository;
    /// What carts have of the budgets of promotions, to be read.
    fn budget_queries(&self) -> &dyn BudgetQueries;
    /// Products as carts and checkouts read them.
    fn catalog(&self) -> &dyn CatalogQueries;
    /// Collections.
    fn collections(&self) -> &dyn CollectionRepository;
    /// Collections, to be read.
    fn collection_queries(&self) -> &dyn CollectionQueries;
    /// Rules and synonyms of search.
    fn merchandising(&self) -> &dyn MerchandisingRepository;
    /// Prices and price lists.
    fn prices(&self) -> &dyn PriceRepository;
    /// Prices, to be read.
    fn price_queries(&self) -> &dyn PriceQueries;
    /// Tax rates.
    fn tax_rates(&self) -> &dyn TaxRateRepository;
    /// Promotions and their groups.
    fn promotions(&self) -> &dyn PromotionRepository;
    /// Promotions and their groups, to be read.
    fn promotion_queries(&self) -> &dyn PromotionQueries;
    /// Stock, to be changed.
    fn stock(&self) -> &dyn StockRepository;
    /// Stock set aside for carts.
    fn holds(&self) -> &dyn HoldRepository;
    /// Stock set aside for carts, to be read.
    fn hold_queries(&self) -> &dyn HoldQueries;
    /// Stock, to be read.
    fn inventory(&self) -> &dyn InventoryQueries;
    /// Channels, markets, locations and delivery methods.
    fn channels(&self) -> &dyn ChannelRepository;
    /// The version of all settings.
    fn settings(&self) -> &dyn SettingsRepository;
    /// Orders and their payments.
    fn orders(&self) -> &dyn OrderRepository;
    /// Orders, to be read.
    fn order_queries(&self) -> &dyn OrderQueries;
    /// Customers.
    fn customers(&self) -> &dyn CustomerRepository;
    /// Customers, to be read.
    fn customer_queries(&self) -> &dyn CustomerQueries;

    /// Kiosks and points of sale.
    fn devices(&self) -> &dyn DeviceRepository;
    /// Who signed in, and where.
    fn sign_ins(&self) -> &dyn SignInRepository;
    /// PINs of staff.
    fn pins(&self) -> &dyn PinRepository;
    /// Staff.
    fn staff(&self) -> &dyn StaffRepository;
    /// Commands that ran already.
    fn idempotency(&self) -> &dyn IdempotencyRepository;
    /// What happened, for those who react.
    fn outbox(&self) -> &dyn Outbox;

    /// Makes everything durable.
    ///
    /// # Errors
    /// [`StorageError`] where anything failed since the beginning; nothing is stored then.
    async fn commit(self: Box<Self>) -> Result<(), StorageError>;
}

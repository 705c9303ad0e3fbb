//! A session: a connection or a transaction that the repositories and queries are implemented on.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use comptoir_domain::{
    access::{DeviceRepository, PinRepository, SignInRepository, StaffRepository},
    cart::{CartQueries, CartRepository, HandoffRepository},
    catalog::{CatalogQueries, CollectionQueries, CollectionRepository, ProductRepository},
    channel::ChannelRepository,
    customer::{CustomerQueries, CustomerRepository},
    event::Outbox,
    idempotency::IdempotencyRepository,
    ids::Id,
    inventory::{HoldQueries, HoldRepository, InventoryQueries, StockRepository},
    order::{OrderQueries, OrderRepository},
    pricing::{PriceQueries, PriceRepository, TaxRateRepository},
    promotion::{BudgetQueries, BudgetRepository, CodeQueries, CodeRepository, PromotionQueries, PromotionRepository},
    search::MerchandisingRepository,
    settings::SettingsRepository,
    storage::{StorageError, UnitOfWork},
};
use sea_orm::{ConnAcquireErr, DatabaseTransaction, DbErr, SqlErr};
use tokio::sync::Notify;
use uuid::Uuid;

use super::document::unreadable;

/// How many values go into one statement; SQLite takes 32,766 parameters.
pub(super) const CHUNK: usize = 1_000;

/// The ids, each once, in order.
pub(super) fn distinct<I: Id>(ids: &[I]) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.iter().map(|it| it.uuid()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What the repositories (on a transaction) and the queries (on either) are implemented on.
pub struct Session<C> {
    pub(super) conn: C,
    /// PostgreSQL answers the commit of a failed transaction with a silent rollback, so this remembers.
    failed: AtomicBool,
}

impl<C> Session<C> {
    pub(super) fn new(conn: C) -> Self {
        Self { conn, failed: AtomicBool::new(false) }
    }

    /// Keeps in mind that a statement failed, and says what that means.
    pub(super) fn failed(&self, error: DbErr) -> StorageError {
        self.failed.store(true, Ordering::Relaxed);
        storage_error(error)
    }

    /// What was found, as the domain's value.
    pub(super) fn one<R, T>(
        &self,
        found: Result<Option<R>, DbErr>,
        from_row: impl Fn(R) -> Result<T, StorageError>,
    ) -> Result<Option<T>, StorageError> {
        let row = found.map_err(|it| self.failed(it))?;
        row.map(from_row).transpose().map_err(|it| self.refuse(it))
    }

    /// All that was found, as the domain's values.
    pub(super) fn all<R, T>(
        &self,
        found: Result<Vec<R>, DbErr>,
        from_row: impl Fn(R) -> Result<T, StorageError>,
    ) -> Result<Vec<T>, StorageError> {
        let rows = found.map_err(|it| self.failed(it))?;
        rows.into_iter().map(from_row).collect::<Result<_, _>>().map_err(|it| self.refuse(it))
    }

    /// Keeps in mind that a statement found something else than it must.
    pub(super) fn refuse(&self, error: StorageError) -> StorageError {
        self.failed.store(true, Ordering::Relaxed);
        error
    }
}

/// What a driver's error means to the domain.
pub(super) fn storage_error(error: DbErr) -> StorageError {
    if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) || is_serialization_failure(&error) {
        return StorageError::Conflict;
    }
    if let Some(text) = unreadable(&error) {
        return StorageError::Corrupt(text);
    }
    match error {
        DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => {
            StorageError::Unavailable("no connection was free in time".into())
        }
        other => StorageError::Unavailable(Box::new(other)),
    }
}

/// PostgreSQL's serialization failure and deadlock (SQLSTATE class 40): another transaction went first.
fn is_serialization_failure(error: &DbErr) -> bool {
    let (DbErr::Exec(sea_orm::RuntimeErr::SqlxError(source)) | DbErr::Query(sea_orm::RuntimeErr::SqlxError(source))) =
        error
    else {
        return false;
    };
    let code = source.as_database_error().and_then(|it| it.code());
    code.is_some_and(|it| it == "40001" || it == "40P01")
}

/// The domain's transaction: the repositories of one database transaction.
pub(super) struct DbUnitOfWork {
    pub(super) session: Session<DatabaseTransaction>,
    pub(super) committed: Arc<Notify>,
}

#[async_trait]
impl UnitOfWork for DbUnitOfWork {
    fn carts(&self) -> &dyn CartRepository {
        &self.session
    }

    fn cart_queries(&self) -> &dyn CartQueries {
        &self.session
    }

    fn handoffs(&self) -> &dyn HandoffRepository {
        &self.session
    }

    fn products(&self) -> &dyn ProductRepository {
        &self.session
    }

    fn codes(&self) -> &dyn CodeRepository {
        &self.session
    }

    fn code_queries(&self) -> &dyn CodeQueries {
        &self.session
    }

    fn budgets(&self) -> &dyn BudgetRepository {
        &self.session
    }

    fn budget_queries(&self) -> &dyn BudgetQueries {
        &self.session
    }

    fn catalog(&self) -> &dyn CatalogQueries {
        &self.session
    }

    fn collections(&self) -> &dyn CollectionRepository {
        &self.session
    }

    fn collection_queries(&self) -> &dyn CollectionQueries {
        &self.session
    }

    fn merchandising(&self) -> &dyn MerchandisingRepository {
        &self.session
    }

    fn prices(&self) -> &dyn PriceRepository {
        &self.session
    }

    fn price_queries(&self) -> &dyn PriceQueries {
        &self.session
    }

    fn tax_rates(&self) -> &dyn TaxRateRepository {
        &self.session
    }

    fn promotions(&self) -> &dyn PromotionRepository {
        &self.session
    }

    fn promotion_queries(&self) -> &dyn PromotionQueries {
        &self.session
    }

    fn stock(&self) -> &dyn StockRepository {
        &self.session
    }

    fn holds(&self) -> &dyn HoldRepository {
        &self.session
    }

    fn hold_queries(&self) -> &dyn HoldQueries {
        &self.session
    }

    fn inventory(&self) -> &dyn InventoryQueries {
        &self.session
    }

    fn channels(&self) -> &dyn ChannelRepository {
        &self.session
    }

    fn settings(&self) -> &dyn SettingsRepository {
        &self.session
    }

    fn orders(&self) -> &dyn OrderRepository {
        &self.session
    }

    fn order_queries(&self) -> &dyn OrderQueries {
        &self.session
    }

    fn customers(&self) -> &dyn CustomerRepository {
        &self.session
    }

    fn customer_queries(&self) -> &dyn CustomerQueries {
        &self.session
    }

    fn devices(&self) -> &dyn DeviceRepository {
        &self.session
    }

    fn sign_ins(&self) -> &dyn SignInRepository {
        &self.session
    }

    fn pins(&self) -> &dyn PinRepository {
        &self.session
    }

    fn staff(&self) -> &dyn StaffRepository {
        &self.session
    }

    fn idempotency(&self) -> &dyn IdempotencyRepository {
        &self.session
    }

    fn outbox(&self) -> &dyn Outbox {
        &self.session
    }

    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        let Self { session, committed } = *self;
        if session.failed.load(Ordering::Relaxed) {
            return Err(StorageError::Corrupt("commit after a failed statement".to_owned()));
        }
        session.conn.commit().await.map_err(storage_error)?;
        committed.notify_waiters();
        Ok(())
    }
}

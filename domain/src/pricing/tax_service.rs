//! The administration of tax rates.

use std::sync::Arc;

use async_trait::async_trait;

use super::tax::{RateFileError, TaxRate, read_tax_rates};
use crate::{
    access::{AccessError, Actor, Permission},
    clock::{Clock, Timestamp},
    settings::SettingsCache,
    storage::{Storage, StorageError},
};

/// Stores tax rates. They are read with the [settings](crate::settings).
#[async_trait]
pub trait TaxRateRepository: Send + Sync {
    /// Stores rates; each replaces the one of its zone, category and first day.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_tax_rates(&self, rates: &[TaxRate], now: Timestamp) -> Result<(), StorageError>;

    /// How many rates there are.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn tax_rate_count(&self) -> Result<u64, StorageError>;
}

/// Why tax rates were not imported.
#[derive(Debug, thiserror::Error)]
pub enum TaxRateError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A file of too many bytes.
    #[error("a file of tax rates has at most {max} bytes")]
    TooLarge {
        /// The most.
        max: usize,
    },
    /// A line that is no rate.
    #[error(transparent)]
    File(#[from] RateFileError),
    /// Enough rates.
    #[error("there are at most {max} tax rates beside those built in")]
    TooMany {
        /// The most.
        max: usize,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The use cases of tax rates.
pub struct TaxRateService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl TaxRateService {
    /// The most bytes of a file.
    pub const FILE_BYTES_MAX: usize = 1_000_000;
    /// The most rates that are stored.
    pub const RATES_MAX: usize = 10_000;

    /// Imports rates as [`read_tax_rates`] reads them, all or none. Each takes the place of the one of its zone, category and
    /// first day, stored or built in. Returns them.
    ///
    /// # Errors
    /// [`TaxRateError`].
    pub async fn import(&self, actor: &Actor, file: &str) -> Result<Vec<TaxRate>, TaxRateError> {
        actor.require(Permission::ManageSettings)?;
        if Self::FILE_BYTES_MAX < file.len() {
            return Err(TaxRateError::TooLarge { max: Self::FILE_BYTES_MAX });
        }
        let rates = read_tax_rates(file)?;
        let uow = self.storage.begin().await?;
        uow.settings().changed().await?;
        uow.tax_rates().save_tax_rates(&rates, self.clock.now()).await?;
        let is_too_many = Self::RATES_MAX as u64 <= uow.tax_rates().tax_rate_count().await?.saturating_sub(1);
        if is_too_many {
            return Err(TaxRateError::TooMany { max: Self::RATES_MAX });
        }
        self.settings.commit(uow).await?;
        Ok(rates)
    }

    /// All rates, the built-in ones too, by zone, category and first day.
    ///
    /// # Errors
    /// [`TaxRateError`]: no permission.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<TaxRate>, TaxRateError> {
        actor.require(Permission::ManageSettings)?;
        Ok(self.settings.latest().await?.taxes.rates())
    }
}

//! Stores prices and price lists.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::{PriceCursor, PriceFilter, PriceList, PriceListCursor, PriceRow, PriceView, StoredPriceList, Version};
use crate::{
    clock::{Timestamp, Window},
    ids::{PriceId, PriceListId, ProductId, VariantId},
    money::Currency,
    page::{Page, PageRequest},
    storage::StorageError,
};

/// Prices and price lists, to be changed. What is replaced or removed is kept as it was, with the time it was so: nobody can
/// change that any more.
#[async_trait]
pub trait PriceRepository: Send + Sync {
    /// All prices of these variants, those that have ended too, in no order. Nobody else changes any of them until the
    /// unit of work ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn lock_prices_of(&self, variants: &[VariantId]) -> Result<Vec<PriceRow>, StorageError>;

    /// Stores prices; each replaces the one of its id.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where there is another of the same variant, currency, list, scope and beginning.
    async fn save_prices(&self, rows: &[PriceRow], now: Timestamp) -> Result<(), StorageError>;

    /// Removes prices; those that are not there do not matter.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn remove_prices(&self, ids: &[PriceId], now: Timestamp) -> Result<(), StorageError>;

    /// Stores a new list.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn insert_list(&self, list: &StoredPriceList) -> Result<(), StorageError>;

    /// Stores a changed list.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where the stored one is not of the version before this one's.
    async fn update_list(&self, list: &StoredPriceList) -> Result<(), StorageError>;

    /// Removes a list with its prices.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn delete_list(&self, id: PriceListId, now: Timestamp) -> Result<(), StorageError>;

    /// Until when beginnings and ends of prices were told of. Nobody else tells of any until the unit of work ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn lock_told_until(&self) -> Result<Timestamp, StorageError>;

    /// Stores until when beginnings and ends of prices were told of.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_told_until(&self, moment: Timestamp) -> Result<(), StorageError>;
}

/// Reads prices and price lists; nothing that is asked for and missing is an error.
#[async_trait]
pub trait PriceQueries: Send + Sync {
    /// The prices of these variants in `currencies` that have not ended at `moment`, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn prices_of(
        &self,
        variants: &[VariantId],
        currencies: &[Currency],
        moment: Timestamp,
    ) -> Result<Vec<PriceRow>, StorageError>;

    /// The prices of these variants in all currencies that have not ended at `moment`, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn all_prices_of(&self, variants: &[VariantId], moment: Timestamp) -> Result<Vec<PriceRow>, StorageError>;

    /// Where any price holds for everybody who buys one.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn price_views(&self) -> Result<BTreeSet<PriceView>, StorageError>;

    /// The prices of these variants in `currencies` as they are and as they were after `since`, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn price_versions(
        &self,
        variants: &[VariantId],
        currencies: &[Currency],
        since: Timestamp,
    ) -> Result<Vec<Version<PriceRow>>, StorageError>;

    /// All lists as they are and as they were after `since`, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn price_list_versions(&self, since: Timestamp) -> Result<Vec<Version<PriceList>>, StorageError>;

    /// Prices by id, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn prices_by_id(&self, ids: &[PriceId]) -> Result<Vec<PriceRow>, StorageError>;

    /// A page of prices, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn prices(
        &self,
        filter: &PriceFilter,
        page: &PageRequest<PriceCursor>,
    ) -> Result<Page<PriceRow>, StorageError>;

    /// A list, if there is one.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn price_list(&self, id: PriceListId) -> Result<Option<StoredPriceList>, StorageError>;

    /// A page of lists, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn price_lists(&self, page: &PageRequest<PriceListCursor>) -> Result<Page<StoredPriceList>, StorageError>;

    /// How many lists there are.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn price_list_count(&self) -> Result<u64, StorageError>;

    /// Until when beginnings and ends of prices were told of.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn told_until(&self) -> Result<Timestamp, StorageError>;

    /// The products with a price that begins or ends in `period`.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn products_repriced_in(&self, period: Window) -> Result<BTreeSet<ProductId>, StorageError>;

    /// The products with a price in one of `lists`.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn products_of_lists(&self, lists: &[PriceListId]) -> Result<BTreeSet<ProductId>, StorageError>;
}

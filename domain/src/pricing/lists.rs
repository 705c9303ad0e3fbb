//! The administration of price lists.

use super::{PriceList, PriceListCursor, PriceListDraft, PricingError, PricingService, StoredPriceList, due::tell};
use crate::{
    access::{Actor, Permission},
    ids::PriceListId,
    page::{Page, PageRequest},
    storage::{StorageError, UnitOfWork},
};

/// The most price lists.
const LISTS_MAX: usize = 1_000;

/// The most characters of a list's name.
const NAME_LENGTH_MAX: usize = 255;

/// A change of a list holds for every price: at once on this server, within a second on others.
impl PricingService {
    /// A list, if there is one.
    ///
    /// # Errors
    /// [`PricingError`]: no permission.
    pub async fn list(&self, actor: &Actor, id: PriceListId) -> Result<Option<StoredPriceList>, PricingError> {
        actor.require(Permission::ManagePrices)?;
        Ok(self.queries.price_list(id).await?)
    }

    /// A page of lists, newest first.
    ///
    /// # Errors
    /// [`PricingError`]: no permission.
    pub async fn lists(
        &self,
        actor: &Actor,
        page: &PageRequest<PriceListCursor>,
    ) -> Result<Page<StoredPriceList>, PricingError> {
        actor.require(Permission::ManagePrices)?;
        Ok(self.queries.price_lists(page).await?)
    }

    /// Creates a list, without prices.
    ///
    /// # Errors
    /// [`PricingError`].
    pub async fn create_list(&self, actor: &Actor, draft: PriceListDraft) -> Result<StoredPriceList, PricingError> {
        actor.require(Permission::ManagePrices)?;
        let list = draft.into_list(PriceListId::new(&*self.ids));
        check(&list)?;
        let now = self.clock.now();
        let uow = self.begin().await?;
        if LISTS_MAX as u64 <= uow.price_queries().price_list_count().await? {
            return Err(PricingError::TooManyLists { max: LISTS_MAX });
        }
        let stored = StoredPriceList { list, version: 1, created_at: now, updated_at: now };
        uow.prices().insert_list(&stored).await?;
        self.settings.commit(uow).await?;
        Ok(stored)
    }

    /// Changes a list; `expected_version` is what the client saw last. What is as it was stays at its version.
    ///
    /// # Errors
    /// [`PricingError`].
    pub async fn update_list(
        &self,
        actor: &Actor,
        id: PriceListId,
        expected_version: Option<u32>,
        draft: PriceListDraft,
    ) -> Result<StoredPriceList, PricingError> {
        actor.require(Permission::ManagePrices)?;
        let uow = self.begin().await?;
        let before = expected(uow.price_queries().price_list(id).await?, expected_version)?;
        let mut list = before.list.clone();
        draft.apply(&mut list);
        if list == before.list {
            return Ok(before);
        }
        check(&list)?;
        let after = StoredPriceList { list, version: before.version + 1, updated_at: self.clock.now(), ..before };
        uow.prices().update_list(&after).await?;
        if !after.list.prices_as(&before.list) {
            tell(&*uow, uow.price_queries().products_of_lists(&[id]).await?, after.updated_at).await?;
        }
        self.settings.commit(uow).await?;
        Ok(after)
    }

    /// Removes a list with its prices; `expected_version` is what the client saw last.
    ///
    /// # Errors
    /// [`PricingError`].
    pub async fn delete_list(
        &self,
        actor: &Actor,
        id: PriceListId,
        expected_version: Option<u32>,
    ) -> Result<(), PricingError> {
        actor.require(Permission::ManagePrices)?;
        let uow = self.begin().await?;
        expected(uow.price_queries().price_list(id).await?, expected_version)?;
        let (products, now) = (uow.price_queries().products_of_lists(&[id]).await?, self.clock.now());
        uow.prices().delete_list(id, now).await?;
        tell(&*uow, products, now).await?;
        self.settings.commit(uow).await?;
        Ok(())
    }

    /// Begins a change. Of two at once, the later waits for the earlier and sees what it did.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let uow = self.storage.begin().await?;
        uow.settings().changed().await?;
        Ok(uow)
    }
}

fn expected(found: Option<StoredPriceList>, expected_version: Option<u32>) -> Result<StoredPriceList, PricingError> {
    let found = found.ok_or(PricingError::ListNotFound)?;
    match expected_version {
        Some(version) if version != found.version => Err(PricingError::VersionConflict { current: Box::new(found) }),
        _ => Ok(found),
    }
}

fn check(list: &PriceList) -> Result<(), PricingError> {
    let is_named = !list.name.trim().is_empty() && list.name.chars().count() <= NAME_LENGTH_MAX;
    if !is_named || list.name.chars().any(char::is_control) {
        return Err(PricingError::InvalidName { max: NAME_LENGTH_MAX });
    }
    if list.window.is_empty() { Err(PricingError::EmptyWindow) } else { Ok(()) }
}

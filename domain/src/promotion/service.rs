//! The administration of promotions.

use std::sync::Arc;

use super::{
    CodeQueries, PROMOTION_NAME_LENGTH_MAX, Promotion, PromotionCursor, PromotionDraft, PromotionError, PromotionGroup,
    PromotionQueries, PromotionState, StoredPromotion, references::References,
};
use crate::{
    access::{Actor, Permission, Tokens},
    clock::{Clock, Timestamp},
    ids::{IdSource, PromotionId},
    page::{Page, PageRequest},
    settings::{Settings, SettingsCache},
    storage::{Storage, StorageError, UnitOfWork},
};

/// The most promotions that have not ended.
const COUNT_MAX: usize = 10_000;

/// The most different things that promotions which have not ended give away: every cart is priced with all of them at hand.
const GIFTS_MAX: usize = 100;

/// The administration of promotions and groups. A change holds for every cart: at once on this server, within a second
/// on others.
pub struct PromotionService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) queries: Arc<dyn PromotionQueries>,
    pub(crate) codes: Arc<dyn CodeQueries>,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
}

impl PromotionService {
    /// A promotion, if there is one.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission.
    pub async fn find(&self, actor: &Actor, id: PromotionId) -> Result<Option<StoredPromotion>, PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        Ok(self.queries.promotion(id).await?)
    }

    /// A page of promotions, newest first: all, or those that are in a state now.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission.
    pub async fn list(
        &self,
        actor: &Actor,
        state: Option<PromotionState>,
        page: &PageRequest<PromotionCursor>,
    ) -> Result<Page<StoredPromotion>, PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        let now = self.clock.now();
        Ok(self.queries.promotions(state.map(|it| (it, now)), page).await?)
    }

    /// Creates a promotion.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission, or all that is wrong with it.
    pub async fn create(&self, actor: &Actor, draft: PromotionDraft) -> Result<StoredPromotion, PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        let settings = self.settings.latest().await?;
        let uow = self.begin().await?;
        let promotion = draft.into_promotion(PromotionId::new(&*self.ids));
        let references = References::of(promotion.condition.as_ref(), &promotion.actions);
        check(&promotion, references, &*uow, &settings).await?;
        self.insert(uow, promotion).await
    }

    /// Changes a promotion; `expected_version` is what the client saw last. What is as it was stays at its version.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission, no such promotion, another version, or all that is wrong with it.
    pub async fn update(
        &self,
        actor: &Actor,
        id: PromotionId,
        expected_version: Option<u32>,
        draft: PromotionDraft,
    ) -> Result<StoredPromotion, PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        let settings = self.settings.latest().await?;
        let uow = self.begin().await?;
        let before = expected(uow.promotion_queries().promotion(id).await?, expected_version)?;
        // What is left as it is may name what has gone since.
        let condition = draft.condition.as_ref().and_then(Option::as_ref);
        let references = References::of(condition, draft.actions.as_deref().unwrap_or_default());
        let mut promotion = before.promotion.clone();
        draft.apply(&mut promotion);
        if promotion == before.promotion {
            return Ok(before);
        }
        check(&promotion, references, &*uow, &settings).await?;
        let now = self.clock.now();
        if before.promotion.has_ended(now) && !promotion.has_ended(now) {
            check_count(&*uow, now).await?;
        }
        let after = StoredPromotion { promotion, version: before.version + 1, updated_at: now, ..before };
        uow.promotions().update(&after).await?;
        self.settings.commit(uow).await?;
        Ok(after)
    }

    /// Creates a promotion like another one: paused, and without the other's codes.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission, or no such promotion.
    pub async fn duplicate(&self, actor: &Actor, id: PromotionId) -> Result<StoredPromotion, PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        let uow = self.begin().await?;
        let of = uow.promotion_queries().promotion(id).await?.ok_or(PromotionError::NotFound)?.promotion;
        let name = format!("Copy of {}", of.name).chars().take(PROMOTION_NAME_LENGTH_MAX).collect();
        let copy = Promotion { id: PromotionId::new(&*self.ids), name, is_paused: true, ..of };
        self.insert(uow, copy).await
    }

    /// Removes a promotion; `expected_version` is what the client saw last. What it gave to orders stays theirs.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission, no such promotion, or another version.
    pub async fn delete(
        &self,
        actor: &Actor,
        id: PromotionId,
        expected_version: Option<u32>,
    ) -> Result<(), PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        let uow = self.begin().await?;
        expected(uow.promotion_queries().promotion(id).await?, expected_version)?;
        uow.promotions().delete(id).await?;
        self.settings.commit(uow).await?;
        Ok(())
    }

    /// Begins a change. Of two at once, the later waits for the earlier and sees what it did.
    pub(super) async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let uow = self.storage.begin().await?;
        uow.settings().changed().await?;
        Ok(uow)
    }

    async fn insert(&self, uow: Box<dyn UnitOfWork>, promotion: Promotion) -> Result<StoredPromotion, PromotionError> {
        let now = self.clock.now();
        check_count(&*uow, now).await?;
        let stored = StoredPromotion { promotion, version: 1, created_at: now, updated_at: now };
        uow.promotions().insert(&stored).await?;
        self.settings.commit(uow).await?;
        Ok(stored)
    }
}

fn expected(found: Option<StoredPromotion>, expected_version: Option<u32>) -> Result<StoredPromotion, PromotionError> {
    let found = found.ok_or(PromotionError::NotFound)?;
    match expected_version {
        Some(version) if version != found.version => Err(PromotionError::VersionConflict { current: Box::new(found) }),
        _ => Ok(found),
    }
}

async fn check_count(uow: &dyn UnitOfWork, now: Timestamp) -> Result<(), PromotionError> {
    let is_full = COUNT_MAX as u64 <= uow.promotion_queries().open_promotion_count(now).await?;
    if is_full { Err(PromotionError::TooMany { max: COUNT_MAX }) } else { Ok(()) }
}

/// Checks a promotion by itself, and that all it names is there.
async fn check(
    promotion: &Promotion,
    references: References,
    uow: &dyn UnitOfWork,
    settings: &Settings,
) -> Result<(), PromotionError> {
    if GIFTS_MAX < settings.promotions.gift_count_with(promotion) && promotion.gifts().next().is_some() {
        return Err(PromotionError::TooManyGifts { max: GIFTS_MAX });
    }
    let groups: Vec<PromotionGroup> = uow.promotion_queries().promotion_groups().await?;
    let mut issues = promotion.check(&groups).err().unwrap_or_default();
    issues.extend(references.unknown(uow, settings).await?);
    if issues.is_empty() { Ok(()) } else { Err(PromotionError::Invalid(issues)) }
}

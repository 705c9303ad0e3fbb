//! Stores promotions and their groups.

use async_trait::async_trait;

use super::{Promotion, PromotionCursor, PromotionGroup, PromotionState, StoredPromotion};
use crate::{
    clock::Timestamp,
    ids::{PromotionGroupId, PromotionId},
    page::{Page, PageRequest},
    storage::StorageError,
};

/// Writes promotions and groups.
#[async_trait]
pub trait PromotionRepository: Send + Sync {
    /// Inserts a new promotion.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn insert(&self, promotion: &StoredPromotion) -> Result<(), StorageError>;

    /// Replaces the promotion of the version before.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where it is at another version or gone.
    async fn update(&self, promotion: &StoredPromotion) -> Result<(), StorageError>;

    /// Removes a promotion; whether there was one.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn delete(&self, id: PromotionId) -> Result<bool, StorageError>;

    /// Creates the group, or replaces the one of its id.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_group(&self, group: &PromotionGroup) -> Result<(), StorageError>;

    /// Removes a group.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn delete_group(&self, id: PromotionGroupId) -> Result<(), StorageError>;
}

/// Reads promotions and groups.
#[async_trait]
pub trait PromotionQueries: Send + Sync {
    /// The promotion of this id.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn promotion(&self, id: PromotionId) -> Result<Option<StoredPromotion>, StorageError>;

    /// A page of promotions, newest first: all, or those that are in a state at a moment.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn promotions(
        &self,
        state: Option<(PromotionState, Timestamp)>,
        page: &PageRequest<PromotionCursor>,
    ) -> Result<Page<StoredPromotion>, StorageError>;

    /// How many promotions have not ended at a moment.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn open_promotion_count(&self, moment: Timestamp) -> Result<u64, StorageError>;

    /// The promotions that stand in these groups, ended ones too, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn promotions_in(&self, groups: &[PromotionGroupId]) -> Result<Vec<Promotion>, StorageError>;

    /// All groups, by id, which is by age.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn promotion_groups(&self) -> Result<Vec<PromotionGroup>, StorageError>;
}

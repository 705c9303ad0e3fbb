//! Stores rules and synonyms.

use async_trait::async_trait;

use super::{RuleCode, SearchRule, Synonyms};
use crate::storage::StorageError;

/// Writes rules and synonyms.
#[async_trait]
pub trait MerchandisingRepository: Send + Sync {
    /// Creates the rule, or replaces the one of its code.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_rule(&self, rule: &SearchRule) -> Result<(), StorageError>;

    /// Removes a rule; whether there was one.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn delete_rule(&self, code: &RuleCode) -> Result<bool, StorageError>;

    /// Creates the set, or replaces the one of its code.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_synonyms(&self, synonyms: &Synonyms) -> Result<(), StorageError>;

    /// Removes a set; whether there was one.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn delete_synonyms(&self, code: &RuleCode) -> Result<bool, StorageError>;
}

/// Reads rules and synonyms.
#[async_trait]
pub trait MerchandisingQueries: Send + Sync {
    /// All sets, by code; there are at most [`Synonyms::COUNT_MAX`].
    ///
    /// # Errors
    /// [`StorageError`].
    async fn synonyms(&self) -> Result<Vec<Synonyms>, StorageError>;
}

//! Stores collections.

use async_trait::async_trait;

use super::{Collection, CollectionCursor};
use crate::{
    catalog::{Product, Slug, Viewpoint},
    ids::{CollectionId, ProductId},
    page::{Page, PageRequest},
    storage::StorageError,
};

/// Writes collections.
#[async_trait]
pub trait CollectionRepository: Send + Sync {
    /// Creates the collection, or replaces the one of its id.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where its slug was taken meanwhile.
    async fn save_collection(&self, collection: &Collection) -> Result<(), StorageError>;

    /// Removes a collection and the places in it.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn delete_collection(&self, id: CollectionId) -> Result<(), StorageError>;

    /// The products of a collection, in order; nobody else changes them until the unit of work ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn lock_products(&self, id: CollectionId) -> Result<Vec<ProductId>, StorageError>;

    /// Makes `products` those of the collection, in this order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn set_products(&self, id: CollectionId, products: &[ProductId]) -> Result<(), StorageError>;
}

/// Reads collections.
#[async_trait]
pub trait CollectionQueries: Send + Sync {
    /// Collections by id, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn collections_by_id(&self, ids: &[CollectionId]) -> Result<Vec<Collection>, StorageError>;

    /// Collections by slug, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn collections_by_slug(&self, slugs: &[Slug]) -> Result<Vec<Collection>, StorageError>;

    /// Collections by slug, the first `limit` of those that are published, or of all.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn collections(&self, published_only: bool, limit: u32) -> Result<Vec<Collection>, StorageError>;

    /// A page of a collection's products in its order, with their positions; those that shoppers see from there, or all.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn products_of_collection(
        &self,
        id: CollectionId,
        seen_from: Option<&Viewpoint>,
        page: &PageRequest<CollectionCursor>,
    ) -> Result<Page<(CollectionCursor, Product)>, StorageError>;

    /// The places of these products in collections, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn places_of(&self, products: &[ProductId]) -> Result<Vec<(ProductId, CollectionId, u32)>, StorageError>;
}

//! Writes products.

use async_trait::async_trait;

use super::{Product, Sku, Slug, Variant};
use crate::{
    ids::{ProductId, VariantId},
    storage::StorageError,
};

/// Who has a SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkuOwner {
    /// The SKU.
    pub sku: Sku,
    /// The variant.
    pub variant_id: VariantId,
    /// The variant's product.
    pub product_id: ProductId,
}

/// Products with their variants, to be changed.
#[async_trait]
pub trait ProductRepository: Send + Sync {
    /// The products of these slugs, each with its variants in order of position.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn find_by_slugs(&self, slugs: &[Slug]) -> Result<Vec<(Product, Vec<Variant>)>, StorageError>;

    /// Who has these SKUs.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn sku_owners(&self, skus: &[Sku]) -> Result<Vec<SkuOwner>, StorageError>;

    /// These variants, in no order; nobody else changes them until the unit of work ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn lock_variants(&self, ids: &[VariantId]) -> Result<Vec<Variant>, StorageError>;

    /// Replaces the components of these stored variants by those they have now.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_components(&self, bundles: &[&Variant]) -> Result<(), StorageError>;

    /// Stores a product and these variants, of it, without their components; its other variants stay as they are.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where the stored product is not of the version before `product`'s, or a slug or SKU was taken meanwhile.
    async fn save(&self, product: &Product, variants: &[Variant]) -> Result<(), StorageError>;
}

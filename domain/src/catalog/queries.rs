//! Reads of the catalog, in batches.

use async_trait::async_trait;

use super::{Attribute, ComponentUse, Product, ProductStatus, Publication, Sku, Slug, Variant, Viewpoint};
use crate::{
    clock::Timestamp,
    codes::TaxCategory,
    ids::{ProductId, VariantId},
    page::{Page, PageRequest},
    storage::StorageError,
};

/// The place of a product in the list: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ProductCursor {
    /// When it was created.
    pub created_at: Timestamp,
    /// Which of those created then.
    pub id: ProductId,
}

impl ProductCursor {
    /// The place of `product`.
    #[must_use]
    pub fn of(product: &Product) -> Self {
        Self { created_at: product.created_at, id: product.id }
    }
}

/// Which products a list has; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductFilter {
    /// Only of this status.
    pub status: Option<ProductStatus>,
    /// Only of this type.
    pub product_type: Option<String>,
    /// Only of this brand.
    pub brand: Option<String>,
    /// Only what is published there and then.
    pub seen_from: Option<Viewpoint>,
}

/// A variant as it can be bought, whatever it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What.
    pub variant: Variant,
    /// The status of its product.
    pub product_status: ProductStatus,
    /// Where and when its product is published.
    pub publication: Publication,
    /// Who makes it.
    pub brand: Option<String>,
    /// What its product is.
    pub attributes: Vec<Attribute>,
    /// How it is taxed; none: at the standard rate.
    pub tax_category: Option<TaxCategory>,
}

impl Offer {
    /// Whether shoppers may buy it there and then.
    #[must_use]
    pub fn is_for_sale(&self, from: &Viewpoint) -> bool {
        self.product_status == ProductStatus::Active && self.publication.is_open(from)
    }
}

/// Reads products and variants; nothing that is asked for and missing is an error.
#[async_trait]
pub trait CatalogQueries: Send + Sync {
    /// A page of products, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn products(
        &self,
        filter: &ProductFilter,
        page: &PageRequest<ProductCursor>,
    ) -> Result<Page<Product>, StorageError>;

    /// How many products the filter finds.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn product_count(&self, filter: &ProductFilter) -> Result<u64, StorageError>;

    /// Products by id, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn products_by_id(&self, ids: &[ProductId]) -> Result<Vec<Product>, StorageError>;

    /// Products by slug, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn products_by_slug(&self, slugs: &[Slug]) -> Result<Vec<Product>, StorageError>;

    /// Variants by id, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn variants_by_id(&self, ids: &[VariantId]) -> Result<Vec<Variant>, StorageError>;

    /// Variants by SKU, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn variants_by_sku(&self, skus: &[Sku]) -> Result<Vec<Variant>, StorageError>;

    /// Variants by the code on the pack, as it is stored, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn variants_by_barcode(&self, barcodes: &[String]) -> Result<Vec<Variant>, StorageError>;

    /// All variants of these products, by product and position.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn variants_of(&self, products: &[ProductId]) -> Result<Vec<Variant>, StorageError>;

    /// The bundles that have any of these variants as a component, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn bundles_of(&self, components: &[VariantId]) -> Result<Vec<ComponentUse>, StorageError>;

    /// These variants as they can be bought, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn offers(&self, variants: &[VariantId]) -> Result<Vec<Offer>, StorageError>;
}

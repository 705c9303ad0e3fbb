//! Reads of products for those who may see them: shoppers see what is active, staff for products sees all.

use super::{
    CatalogService, Product, ProductCursor, ProductFilter, ProductStatus, Sku, Slug, Variant, draft::is_short_text,
};
use crate::{
    access::{Actor, Permission},
    ids::ProductId,
    page::{Page, PageRequest},
    storage::StorageError,
};

impl Product {
    /// Whether `actor` may see it.
    #[must_use]
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        self.status == ProductStatus::Active || actor.has(Permission::ManageProducts)
    }
}

impl CatalogService {
    /// A page of products, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn list(
        &self,
        actor: &Actor,
        filter: ProductFilter,
        page: &PageRequest<ProductCursor>,
    ) -> Result<Page<Product>, StorageError> {
        if !filter.can_match() {
            return Ok(Page { items: Vec::new(), has_previous: false, has_next: false });
        }
        self.queries.products(&visible(actor, filter), page).await
    }

    /// How many products the filter finds.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn count(&self, actor: &Actor, filter: ProductFilter) -> Result<u64, StorageError> {
        if !filter.can_match() {
            return Ok(0);
        }
        self.queries.product_count(&visible(actor, filter)).await
    }

    /// Products by id, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn by_ids(&self, actor: &Actor, ids: &[ProductId]) -> Result<Vec<Product>, StorageError> {
        let mut products = self.queries.products_by_id(ids).await?;
        products.retain(|it| it.is_visible_to(actor));
        Ok(products)
    }

    /// The product of a slug.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn by_slug(&self, actor: &Actor, slug: Slug) -> Result<Option<Product>, StorageError> {
        let mut products = self.queries.products_by_slug(&[slug]).await?;
        Ok(products.pop().filter(|it| it.is_visible_to(actor)))
    }

    /// The variant of a SKU.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn variant_by_sku(&self, actor: &Actor, sku: Sku) -> Result<Option<Variant>, StorageError> {
        let Some(variant) = self.queries.variants_by_sku(&[sku]).await?.pop() else {
            return Ok(None);
        };
        let products = self.by_ids(actor, &[variant.product_id]).await?;
        Ok((!products.is_empty()).then_some(variant))
    }
}

impl ProductFilter {
    /// Whether a product can be of this type and brand at all; what cannot need not be asked of the storage.
    fn can_match(&self) -> bool {
        self.product_type.iter().chain(&self.brand).all(|it| is_short_text(it))
    }
}

/// What shoppers ask for is what they may see.
fn visible(actor: &Actor, filter: ProductFilter) -> ProductFilter {
    if actor.has(Permission::ManageProducts) {
        return filter;
    }
    ProductFilter { status: Some(ProductStatus::Active), ..filter }
}

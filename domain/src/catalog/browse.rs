//! Reads of products for those who may see them: shoppers see what is active and published in their channel now, staff for products sees all.

use super::{
    CatalogService, Product, ProductCursor, ProductFilter, ProductStatus, Sku, Slug, Variant, Viewpoint,
    draft::is_short_text,
};
use crate::{
    access::{Actor, Permission},
    codes::ChannelCode,
    ids::ProductId,
    page::{Page, PageRequest},
    storage::StorageError,
};

impl Product {
    /// Whether `actor` may see it, looking from there.
    #[must_use]
    pub fn is_visible_to(&self, actor: &Actor, from: &Viewpoint) -> bool {
        let is_published = self.status == ProductStatus::Active && self.publication.is_open(from);
        is_published || actor.has(Permission::ManageProducts)
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
        channel: &ChannelCode,
        filter: ProductFilter,
        page: &PageRequest<ProductCursor>,
    ) -> Result<Page<Product>, StorageError> {
        if !filter.can_match() {
            return Ok(Page { items: Vec::new(), has_previous: false, has_next: false });
        }
        self.queries.products(&self.visible(actor, channel, filter), page).await
    }

    /// How many products the filter finds.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn count(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        filter: ProductFilter,
    ) -> Result<u64, StorageError> {
        if !filter.can_match() {
            return Ok(0);
        }
        self.queries.product_count(&self.visible(actor, channel, filter)).await
    }

    /// Products by id, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn by_ids(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        ids: &[ProductId],
    ) -> Result<Vec<Product>, StorageError> {
        let mut products = self.queries.products_by_id(ids).await?;
        let from = self.viewpoint(channel);
        products.retain(|it| it.is_visible_to(actor, &from));
        Ok(products)
    }

    /// The product of a slug.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn by_slug(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        slug: Slug,
    ) -> Result<Option<Product>, StorageError> {
        let mut products = self.queries.products_by_slug(&[slug]).await?;
        let from = self.viewpoint(channel);
        Ok(products.pop().filter(|it| it.is_visible_to(actor, &from)))
    }

    /// The variant of a SKU.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn variant_by_sku(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        sku: Sku,
    ) -> Result<Option<Variant>, StorageError> {
        let Some(variant) = self.queries.variants_by_sku(&[sku]).await?.pop() else {
            return Ok(None);
        };
        let products = self.by_ids(actor, channel, &[variant.product_id]).await?;
        Ok((!products.is_empty()).then_some(variant))
    }

    /// What shoppers ask for is what they may see.
    fn visible(&self, actor: &Actor, channel: &ChannelCode, filter: ProductFilter) -> ProductFilter {
        if actor.has(Permission::ManageProducts) {
            return filter;
        }
        ProductFilter { status: Some(ProductStatus::Active), seen_from: Some(self.viewpoint(channel)), ..filter }
    }

    /// Where somebody looks from now.
    pub(super) fn viewpoint(&self, channel: &ChannelCode) -> Viewpoint {
        Viewpoint { channel: channel.clone(), now: self.clock.now() }
    }
}

impl ProductFilter {
    /// Whether a product can be of this type and brand at all; what cannot need not be asked of the storage.
    fn can_match(&self) -> bool {
        self.product_type.iter().chain(&self.brand).all(|it| is_short_text(it))
    }
}

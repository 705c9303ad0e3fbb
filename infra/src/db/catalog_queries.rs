//! Reads of the catalog.

use async_trait::async_trait;
use comptoir_domain::{
    catalog::{
        Attribute, CatalogQueries, ComponentUse, Offer, Product, ProductCursor, ProductFilter, Sku, Slug, Variant,
    },
    clock::Timestamp,
    ids::{Id as _, ProductId, VariantId},
    page::{Page, PageRequest},
    storage::StorageError,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, RelationTrait, Select,
};

use super::{
    Session,
    catalog::{product_from_row, tax_category, variant_from_row},
    codec::{from_name, to_name},
    component::Components,
    document::Document,
    entity::{product, variant},
    keyset::newest_first,
    publication::{publication_from_columns, seen_from},
    session::{CHUNK, distinct},
};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> CatalogQueries for Session<C> {
    async fn products(
        &self,
        filter: &ProductFilter,
        page: &PageRequest<ProductCursor>,
    ) -> Result<Page<Product>, StorageError> {
        let columns = [product::Column::CreatedAt, product::Column::Id];
        let find = newest_first(filtered(filter)?, columns, page, |it| (it.created_at, it.id.uuid()));
        let products = self.all(find.all(&self.conn).await, product_from_row)?;
        Ok(Page::from_rows(products, page))
    }

    async fn product_count(&self, filter: &ProductFilter) -> Result<u64, StorageError> {
        filtered(filter)?.count(&self.conn).await.map_err(|it| self.failed(it))
    }

    async fn products_by_id(&self, ids: &[ProductId]) -> Result<Vec<Product>, StorageError> {
        let mut products = Vec::with_capacity(ids.len());
        for ids in distinct(ids).chunks(CHUNK) {
            let find = product::Entity::find().filter(product::Column::Id.is_in(ids.iter().copied()));
            products.extend(self.all(find.all(&self.conn).await, product_from_row)?);
        }
        Ok(products)
    }

    async fn products_by_slug(&self, slugs: &[Slug]) -> Result<Vec<Product>, StorageError> {
        let mut products = Vec::with_capacity(slugs.len());
        for slugs in slugs.chunks(CHUNK) {
            let find = product::Entity::find().filter(product::Column::Slug.is_in(slugs.iter().map(Slug::as_str)));
            products.extend(self.all(find.all(&self.conn).await, product_from_row)?);
        }
        Ok(products)
    }

    async fn variants_by_id(&self, ids: &[VariantId]) -> Result<Vec<Variant>, StorageError> {
        let mut variants = Vec::with_capacity(ids.len());
        for ids in distinct(ids).chunks(CHUNK) {
            let find = variant::Entity::find().filter(variant::Column::Id.is_in(ids.iter().copied()));
            variants.extend(self.variants(find).await?);
        }
        Ok(variants)
    }

    async fn variants_by_sku(&self, skus: &[Sku]) -> Result<Vec<Variant>, StorageError> {
        let mut variants = Vec::with_capacity(skus.len());
        for skus in skus.chunks(CHUNK) {
            let find = variant::Entity::find().filter(variant::Column::Sku.is_in(skus.iter().map(Sku::as_str)));
            variants.extend(self.variants(find).await?);
        }
        Ok(variants)
    }

    async fn variants_by_barcode(&self, barcodes: &[String]) -> Result<Vec<Variant>, StorageError> {
        let mut variants = Vec::with_capacity(barcodes.len());
        for barcodes in barcodes.chunks(CHUNK) {
            let find =
                variant::Entity::find().filter(variant::Column::Barcode.is_in(barcodes.iter().map(String::as_str)));
            variants.extend(self.variants(find).await?);
        }
        Ok(variants)
    }

    async fn variants_of(&self, products: &[ProductId]) -> Result<Vec<Variant>, StorageError> {
        let mut variants = Vec::new();
        for ids in distinct(products).chunks(CHUNK) {
            let find = variant::Entity::find()
                .filter(variant::Column::ProductId.is_in(ids.iter().copied()))
                .order_by_asc(variant::Column::ProductId)
                .order_by_asc(variant::Column::Position);
            variants.extend(self.variants(find).await?);
        }
        Ok(variants)
    }

    async fn bundles_of(&self, components: &[VariantId]) -> Result<Vec<ComponentUse>, StorageError> {
        self.uses_of(components).await
    }

    async fn offers(&self, variants: &[VariantId]) -> Result<Vec<Offer>, StorageError> {
        let mut offers = Vec::with_capacity(variants.len());
        for ids in distinct(variants).chunks(CHUNK) {
            let rows = variant::Entity::find()
                .filter(variant::Column::Id.is_in(ids.iter().copied()))
                .join(JoinType::InnerJoin, variant::Relation::Product.def())
                .column_as(product::Column::Status, "product_status")
                .column(product::Column::PublishedFrom)
                .column(product::Column::PublishedUntil)
                .column(product::Column::Channels)
                .column_as(product::Column::Brand, "brand")
                .column_as(product::Column::Attributes, "attributes")
                .column_as(product::Column::TaxCategory, "tax_category")
                .into_model::<OfferRow>()
                .all(&self.conn)
                .await
                .map_err(|it| self.failed(it))?;
            let mut components = self.components_of(rows.iter().map(|it| &it.variant)).await?;
            let found = rows.into_iter().map(|it| it.into_offer(&mut components)).collect::<Result<Vec<_>, _>>();
            offers.extend(found.map_err(|it| self.refuse(it))?);
        }
        Ok(offers)
    }
}

/// A variant with what its product says of it.
struct OfferRow {
    variant: variant::Model,
    product_status: String,
    published_from: Option<Timestamp>,
    published_until: Option<Timestamp>,
    channels: Option<String>,
    brand: Option<String>,
    attributes: Document<Vec<Attribute>>,
    tax_category: Option<String>,
}

impl FromQueryResult for OfferRow {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            variant: variant::Model::from_query_result(row, prefix)?,
            product_status: row.try_get(prefix, "product_status")?,
            published_from: row.try_get(prefix, "published_from")?,
            published_until: row.try_get(prefix, "published_until")?,
            channels: row.try_get(prefix, "channels")?,
            brand: row.try_get(prefix, "brand")?,
            attributes: row.try_get(prefix, "attributes")?,
            tax_category: row.try_get(prefix, "tax_category")?,
        })
    }
}

impl OfferRow {
    fn into_offer(self, components: &mut Components) -> Result<Offer, StorageError> {
        Ok(Offer {
            product_status: from_name("product.status", self.product_status)?,
            publication: publication_from_columns(self.published_from, self.published_until, self.channels)?,
            brand: self.brand,
            attributes: self.attributes.0,
            tax_category: tax_category(self.tax_category)?,
            variant: variant_from_row(self.variant, components)?,
        })
    }
}

fn filtered(filter: &ProductFilter) -> Result<Select<product::Entity>, StorageError> {
    let mut find = product::Entity::find();
    if let Some(status) = &filter.status {
        find = find.filter(product::Column::Status.eq(to_name(status)?));
    }
    if let Some(product_type) = &filter.product_type {
        find = find.filter(product::Column::ProductType.eq(product_type.as_str()));
    }
    if let Some(brand) = &filter.brand {
        find = find.filter(product::Column::Brand.eq(brand.as_str()));
    }
    if let Some(from) = &filter.seen_from {
        find = find.filter(seen_from(from));
    }
    Ok(find)
}

//! Products and variants, to be changed.

use std::collections::BTreeMap;

use async_trait::async_trait;
use comptoir_domain::{
    catalog::{CatalogQueries as _, Product, ProductRepository, Sku, SkuOwner, Slug, Variant},
    codes::TaxCategory,
    ids::{Id as _, ProductId, VariantId},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, EntityTrait, JsonValue, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    Session,
    codec::{from_json, from_name, to_i32, to_name, to_u32},
    component::Components,
    document::Document,
    entity::{product, variant},
    publication::{channels_to_column, publication_from_columns},
    session::CHUNK,
};

#[async_trait]
impl ProductRepository for Session<DatabaseTransaction> {
    async fn find_by_slugs(&self, slugs: &[Slug]) -> Result<Vec<(Product, Vec<Variant>)>, StorageError> {
        let products = self.products_by_slug(slugs).await?;
        let ids: Vec<ProductId> = products.iter().map(|it| it.id).collect();
        let mut variants: BTreeMap<ProductId, Vec<Variant>> = BTreeMap::new();
        for it in self.variants_of(&ids).await? {
            variants.entry(it.product_id).or_default().push(it);
        }
        let with_variants = |it: Product| {
            let variants = variants.remove(&it.id).unwrap_or_default();
            (it, variants)
        };
        Ok(products.into_iter().map(with_variants).collect())
    }

    async fn sku_owners(&self, skus: &[Sku]) -> Result<Vec<SkuOwner>, StorageError> {
        let variants = self.variants_by_sku(skus).await?;
        let owner = |it: Variant| Some(SkuOwner { sku: it.sku?, variant_id: it.id, product_id: it.product_id });
        Ok(variants.into_iter().filter_map(owner).collect())
    }

    async fn lock_variants(&self, ids: &[VariantId]) -> Result<Vec<Variant>, StorageError> {
        self.locked_variants(ids).await
    }

    async fn save_components(&self, bundles: &[&Variant]) -> Result<(), StorageError> {
        self.replace_components(bundles).await
    }

    async fn save(&self, product: &Product, variants: &[Variant]) -> Result<(), StorageError> {
        if product.version == 1 {
            let inserted = product::Entity::insert(product_to_row(product)?).exec_without_returning(&self.conn).await;
            inserted.map_err(|it| self.failed(it))?;
        } else {
            let updated = product::Entity::update_many()
                .set(product_to_row(product)?)
                .filter(product::Column::Id.eq(product.id.uuid()))
                .filter(product::Column::Version.eq(to_i32(product.version - 1)?))
                .exec(&self.conn)
                .await
                .map_err(|it| self.failed(it))?;
            if updated.rows_affected != 1 {
                return Err(self.refuse(StorageError::Conflict));
            }
            if 1 < variants.len() {
                self.free_skus(variants).await?;
            }
        }
        for variants in variants.chunks(CHUNK) {
            let rows: Vec<variant::ActiveModel> = variants.iter().map(variant_to_row).collect::<Result<_, _>>()?;
            let replace = OnConflict::column(variant::Column::Id)
                .update_columns([
                    variant::Column::Position,
                    variant::Column::Sku,
                    variant::Column::Barcode,
                    variant::Column::Options,
                    variant::Column::WeightGrams,
                    variant::Column::RequiresShipping,
                    variant::Column::StockPolicy,
                    variant::Column::MediaIndex,
                    variant::Column::MaxPerCustomer,
                    variant::Column::RequiresComponents,
                ])
                .to_owned();
            let stored =
                variant::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(&self.conn).await;
            stored.map_err(|it| self.failed(it))?;
        }
        Ok(())
    }
}

impl Session<DatabaseTransaction> {
    /// Takes SKUs from variants whose SKU another variant of the same save gets: rows are written one by one, and each must find its SKU free.
    async fn free_skus(&self, variants: &[Variant]) -> Result<(), StorageError> {
        let next: BTreeMap<VariantId, Option<&Sku>> = variants.iter().map(|it| (it.id, it.sku.as_ref())).collect();
        let skus: Vec<Sku> = variants.iter().filter_map(|it| it.sku.clone()).collect();
        let gives_up = |it: &SkuOwner| next.get(&it.variant_id).is_some_and(|sku| *sku != Some(&it.sku));
        let owners = self.sku_owners(&skus).await?;
        let giving_up: Vec<Uuid> = owners.iter().filter(|it| gives_up(it)).map(|it| it.variant_id.uuid()).collect();
        for ids in giving_up.chunks(CHUNK) {
            let update = variant::Entity::update_many()
                .col_expr(variant::Column::Sku, Expr::value(None::<String>))
                .filter(variant::Column::Id.is_in(ids.iter().copied()));
            update.exec(&self.conn).await.map_err(|it| self.failed(it))?;
        }
        Ok(())
    }
}

fn product_to_row(product: &Product) -> Result<product::ActiveModel, StorageError> {
    Ok(product::ActiveModel {
        id: Set(product.id.uuid()),
        slug: Set(product.slug.to_string()),
        status: Set(to_name(&product.status)?),
        published_from: Set(product.publication.window.from),
        published_until: Set(product.publication.window.until),
        channels: Set(channels_to_column(&product.publication)),
        brand: Set(product.brand.clone()),
        product_type: Set(product.product_type.clone()),
        tax_category: Set(product.tax_category.as_ref().map(ToString::to_string)),
        tags: Set(Document(product.tags.clone())),
        texts: Set(Document(product.texts.clone())),
        attributes: Set(Document(product.attributes.clone())),
        options: Set(Document(product.options.clone())),
        media: Set(Document(product.media.clone())),
        created_at: Set(product.created_at),
        updated_at: Set(product.updated_at),
        version: Set(to_i32(product.version)?),
    })
}

fn variant_to_row(variant: &Variant) -> Result<variant::ActiveModel, StorageError> {
    Ok(variant::ActiveModel {
        id: Set(variant.id.uuid()),
        product_id: Set(variant.product_id.uuid()),
        position: Set(to_i32(variant.position)?),
        sku: Set(variant.sku.as_ref().map(ToString::to_string)),
        barcode: Set(variant.barcode.clone()),
        options: Set(Document(variant.options.clone())),
        weight_grams: Set(to_i32(variant.weight_grams)?),
        requires_shipping: Set(variant.requires_shipping),
        stock_policy: Set(to_name(&variant.stock_policy)?),
        media_index: Set(variant.media_index.map(to_i32).transpose()?),
        max_per_customer: Set(variant.max_per_customer.map(to_i32).transpose()?),
        requires_components: Set(variant.is_bundle()),
    })
}

/// How a product is taxed, as it was stored.
pub(super) fn tax_category(stored: Option<String>) -> Result<Option<TaxCategory>, StorageError> {
    let corrupt = |_| StorageError::Corrupt("product.tax_category".to_owned());
    stored.map(|it| it.try_into().map_err(corrupt)).transpose()
}

pub(super) fn product_from_row(row: product::Model) -> Result<Product, StorageError> {
    Ok(Product {
        id: ProductId::from_uuid(row.id),
        slug: from_json("product.slug", JsonValue::String(row.slug))?,
        status: from_name("product.status", row.status)?,
        publication: publication_from_columns(row.published_from, row.published_until, row.channels)?,
        brand: row.brand,
        product_type: row.product_type,
        tax_category: tax_category(row.tax_category)?,
        tags: row.tags.0,
        texts: row.texts.0,
        attributes: row.attributes.0,
        options: row.options.0,
        media: row.media.0,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: to_u32("product.version", row.version)?,
    })
}

pub(super) fn variant_from_row(row: variant::Model, components: &mut Components) -> Result<Variant, StorageError> {
    Ok(Variant {
        id: VariantId::from_uuid(row.id),
        product_id: ProductId::from_uuid(row.product_id),
        position: to_u32("variant.position", row.position)?,
        sku: row.sku.map(|it| from_json("variant.sku", JsonValue::String(it))).transpose()?,
        barcode: row.barcode,
        options: row.options.0,
        weight_grams: to_u32("variant.weight_grams", row.weight_grams)?,
        requires_shipping: row.requires_shipping,
        stock_policy: from_name("variant.stock_policy", row.stock_policy)?,
        media_index: row.media_index.map(|it| to_u32("variant.media_index", it)).transpose()?,
        max_per_customer: row.max_per_customer.map(|it| to_u32("variant.max_per_customer", it)).transpose()?,
        components: components.remove(&row.id).unwrap_or_default(),
    })
}

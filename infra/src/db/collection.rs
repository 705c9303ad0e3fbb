//! Collections.

use async_trait::async_trait;
use comptoir_domain::{
    catalog::{
        Collection, CollectionCursor, CollectionQueries, CollectionRepository, Product, ProductStatus, Slug, Viewpoint,
    },
    ids::{CollectionId, Id as _, ProductId},
    page::{Direction, Page, PageRequest},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, JsonValue, Order, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};

use super::{
    Session,
    catalog::product_from_row,
    codec::{from_json, to_i32, to_json, to_name, to_u32},
    entity::{collection, collection_product, product},
    publication::seen_from,
    session::{CHUNK, distinct},
};

#[async_trait]
impl CollectionRepository for Session<DatabaseTransaction> {
    async fn save_collection(&self, collection: &Collection) -> Result<(), StorageError> {
        let row = collection::ActiveModel {
            id: Set(collection.id.uuid()),
            slug: Set(collection.slug.to_string()),
            texts: Set(to_json(&collection.texts)?),
            is_published: Set(collection.is_published),
            created_at: Set(collection.created_at),
        };
        let replace = OnConflict::column(collection::Column::Id)
            .update_columns([collection::Column::Slug, collection::Column::Texts, collection::Column::IsPublished])
            .to_owned();
        let stored = collection::Entity::insert(row).on_conflict(replace).exec_without_returning(&self.conn).await;
        stored.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn delete_collection(&self, id: CollectionId) -> Result<(), StorageError> {
        self.set_products(id, &[]).await?;
        let deleted = collection::Entity::delete_by_id(id.uuid()).exec(&self.conn).await;
        deleted.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn lock_products(&self, id: CollectionId) -> Result<Vec<ProductId>, StorageError> {
        let lock = collection::Entity::find_by_id(id.uuid()).lock_exclusive().one(&self.conn).await;
        lock.map_err(|it| self.failed(it))?;
        let find = collection_product::Entity::find()
            .filter(collection_product::Column::CollectionId.eq(id.uuid()))
            .order_by_asc(collection_product::Column::Position);
        self.all(find.all(&self.conn).await, |it| Ok(ProductId::from_uuid(it.product_id)))
    }

    async fn set_products(&self, id: CollectionId, products: &[ProductId]) -> Result<(), StorageError> {
        let of_it = collection_product::Column::CollectionId.eq(id.uuid());
        let deleted = collection_product::Entity::delete_many().filter(of_it).exec(&self.conn).await;
        deleted.map_err(|it| self.failed(it))?;
        let row = |(position, product): (i32, &ProductId)| collection_product::ActiveModel {
            collection_id: Set(id.uuid()),
            product_id: Set(product.uuid()),
            position: Set(position),
        };
        let rows: Vec<_> = (0..).zip(products).map(row).collect();
        for rows in rows.chunks(CHUNK) {
            let insert = collection_product::Entity::insert_many(rows.to_vec());
            insert.exec_without_returning(&self.conn).await.map_err(|it| self.failed(it))?;
        }
        Ok(())
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> CollectionQueries for Session<C> {
    async fn collections_by_id(&self, ids: &[CollectionId]) -> Result<Vec<Collection>, StorageError> {
        let mut collections = Vec::with_capacity(ids.len());
        for ids in distinct(ids).chunks(CHUNK) {
            let find = collection::Entity::find().filter(collection::Column::Id.is_in(ids.iter().copied()));
            collections.extend(self.all(find.all(&self.conn).await, from_row)?);
        }
        Ok(collections)
    }

    async fn collections_by_slug(&self, slugs: &[Slug]) -> Result<Vec<Collection>, StorageError> {
        let mut collections = Vec::with_capacity(slugs.len());
        for slugs in slugs.chunks(CHUNK) {
            let find =
                collection::Entity::find().filter(collection::Column::Slug.is_in(slugs.iter().map(Slug::as_str)));
            collections.extend(self.all(find.all(&self.conn).await, from_row)?);
        }
        Ok(collections)
    }

    async fn collections(&self, published_only: bool, limit: u32) -> Result<Vec<Collection>, StorageError> {
        let mut find = collection::Entity::find().order_by_asc(collection::Column::Slug).limit(u64::from(limit));
        if published_only {
            find = find.filter(collection::Column::IsPublished.eq(true));
        }
        self.all(find.all(&self.conn).await, from_row)
    }

    async fn products_of_collection(
        &self,
        id: CollectionId,
        from: Option<&Viewpoint>,
        page: &PageRequest<CollectionCursor>,
    ) -> Result<Page<(CollectionCursor, Product)>, StorageError> {
        let position = collection_product::Column::Position;
        let is_forward = page.direction == Direction::Forward;
        let mut find = collection_product::Entity::find()
            .filter(collection_product::Column::CollectionId.eq(id.uuid()))
            .find_also_related(product::Entity)
            .order_by(position, if is_forward { Order::Asc } else { Order::Desc })
            .limit(u64::from(page.size.get()) + 1);
        if let Some(cursor) = page.cursor {
            let place = to_i32(cursor.position)?;
            find = find.filter(if is_forward { position.gt(place) } else { position.lt(place) });
        }
        if let Some(from) = from {
            find = find.filter(product::Column::Status.eq(to_name(&ProductStatus::Active)?)).filter(seen_from(from));
        }
        let rows = self.all(find.all(&self.conn).await, |(place, found)| {
            let position = to_u32("collection_product.position", place.position)?;
            Ok(found.map(product_from_row).transpose()?.map(|it| (CollectionCursor { position }, it)))
        })?;
        Ok(Page::from_rows(rows.into_iter().flatten().collect(), page))
    }

    async fn places_of(&self, products: &[ProductId]) -> Result<Vec<(ProductId, CollectionId, u32)>, StorageError> {
        let mut places = Vec::new();
        for ids in distinct(products).chunks(CHUNK) {
            let in_these = collection_product::Column::ProductId.is_in(ids.iter().copied());
            let rows = collection_product::Entity::find().filter(in_these).all(&self.conn).await;
            places.extend(self.all(rows, |it| {
                let position = to_u32("collection_product.position", it.position)?;
                Ok((ProductId::from_uuid(it.product_id), CollectionId::from_uuid(it.collection_id), position))
            })?);
        }
        Ok(places)
    }
}

fn from_row(row: collection::Model) -> Result<Collection, StorageError> {
    Ok(Collection {
        id: CollectionId::from_uuid(row.id),
        slug: from_json("collection.slug", JsonValue::String(row.slug))?,
        texts: from_json("collection.texts", row.texts)?,
        is_published: row.is_published,
        created_at: row.created_at,
    })
}

//! The use cases of collections.

use std::collections::BTreeSet;

use super::{
    Collection, CollectionCursor, CollectionDraft, CollectionError, CollectionText,
    order::{moved, placed, without},
};
use crate::{
    access::{Actor, Permission},
    catalog::{CatalogService, Product, Slug, draft::check_texts},
    codes::ChannelCode,
    event::{EventKind, append_product_events},
    ids::{CollectionId, ProductId},
    page::{Page, PageRequest},
    storage::{StorageError, UnitOfWork},
};

impl CatalogService {
    /// Creates a collection, or changes the one of its slug.
    ///
    /// # Errors
    /// [`CollectionError`].
    pub async fn save_collection(&self, actor: &Actor, draft: CollectionDraft) -> Result<Collection, CollectionError> {
        actor.require(Permission::ManageProducts)?;
        check_texts(&draft.texts)?;
        let uow = self.storage.begin().await?;
        let stored = uow.collection_queries().collections_by_slug(std::slice::from_ref(&draft.slug)).await?.pop();
        let mut collection = match stored {
            Some(stored) => stored,
            None => self.new_collection(&*uow, draft.slug).await?,
        };
        for text in draft.texts {
            let kept = collection.texts.get(&text.language).map(|it| it.description_html.clone());
            let description_html = text.description_html.or(kept).unwrap_or_default();
            collection.texts.insert(text.language, CollectionText { name: text.name, description_html });
        }
        if collection.texts.is_empty() {
            return Err(CollectionError::NameMissing);
        }
        collection.is_published = draft.is_published.unwrap_or(collection.is_published);
        uow.collections().save_collection(&collection).await?;
        uow.commit().await?;
        Ok(collection)
    }

    async fn new_collection(&self, uow: &dyn UnitOfWork, slug: Slug) -> Result<Collection, CollectionError> {
        let all = uow.collection_queries().collections(false, Collection::COUNT_MAX).await?;
        if Collection::COUNT_MAX as usize <= all.len() {
            return Err(CollectionError::TooMany);
        }
        let id = CollectionId::new(&*self.ids);
        let texts = crate::language::Translated::default();
        Ok(Collection { id, slug, texts, is_published: true, created_at: self.clock.now() })
    }

    /// Removes a collection; its products stay.
    ///
    /// # Errors
    /// [`CollectionError`].
    pub async fn delete_collection(&self, actor: &Actor, id: CollectionId) -> Result<(), CollectionError> {
        let change = |_: &[ProductId]| Ok(Vec::new());
        self.change_products(actor, id, &[], change, true).await.map(|_| ())
    }

    /// Makes `products` those of a collection, in this order.
    ///
    /// # Errors
    /// [`CollectionError`].
    pub async fn set_collection_products(
        &self,
        actor: &Actor,
        id: CollectionId,
        products: &[ProductId],
    ) -> Result<Collection, CollectionError> {
        if Collection::BATCH_MAX < products.len() {
            return Err(CollectionError::BatchSize);
        }
        self.change_products(actor, id, products, |_| Ok(placed(&[], products, None)), false).await
    }

    /// Puts products to a place of a collection, from 0, or to its end; those that are in it already move.
    ///
    /// # Errors
    /// [`CollectionError`].
    pub async fn add_collection_products(
        &self,
        actor: &Actor,
        id: CollectionId,
        products: &[ProductId],
        position: Option<usize>,
    ) -> Result<Collection, CollectionError> {
        check_batch(products)?;
        let change = |order: &[ProductId]| {
            let order = placed(order, products, position);
            if Collection::PRODUCTS_MAX < order.len() { Err(CollectionError::TooManyProducts) } else { Ok(order) }
        };
        self.change_products(actor, id, products, change, false).await
    }

    /// Takes products out of a collection.
    ///
    /// # Errors
    /// [`CollectionError`].
    pub async fn remove_collection_products(
        &self,
        actor: &Actor,
        id: CollectionId,
        products: &[ProductId],
    ) -> Result<Collection, CollectionError> {
        check_batch(products)?;
        self.change_products(actor, id, &[], |order| Ok(without(order, products)), false).await
    }

    async fn change_products(
        &self,
        actor: &Actor,
        id: CollectionId,
        named: &[ProductId],
        change: impl FnOnce(&[ProductId]) -> Result<Vec<ProductId>, CollectionError> + Send,
        is_end: bool,
    ) -> Result<Collection, CollectionError> {
        actor.require(Permission::ManageProducts)?;
        let uow = self.storage.begin().await?;
        let before = uow.collections().lock_products(id).await?;
        let found = uow.collection_queries().collections_by_id(&[id]).await?.pop();
        let collection = found.ok_or(CollectionError::NotFound)?;
        let known: BTreeSet<ProductId> = uow.catalog().products_by_id(named).await?.iter().map(|it| it.id).collect();
        if let Some(index) = named.iter().position(|it| !known.contains(it)) {
            return Err(CollectionError::UnknownProduct { index });
        }
        let after = change(&before)?;
        let moved = moved(&before, &after);
        if !moved.is_empty() {
            uow.collections().set_products(id, &after).await?;
            append_product_events(&*uow, moved, EventKind::ProductCollectionsChanged, self.clock.now()).await?;
        }
        if is_end {
            uow.collections().delete_collection(id).await?;
        }
        uow.commit().await?;
        Ok(collection)
    }

    /// The collection of an id or slug.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn collection_by_slug(&self, actor: &Actor, slug: Slug) -> Result<Option<Collection>, StorageError> {
        let found = self.collections.collections_by_slug(&[slug]).await?.pop();
        Ok(found.filter(|it| it.is_visible_to(actor)))
    }

    /// Collections by id, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn collections_by_id(
        &self,
        actor: &Actor,
        ids: &[CollectionId],
    ) -> Result<Vec<Collection>, StorageError> {
        let mut found = self.collections.collections_by_id(ids).await?;
        found.retain(|it| it.is_visible_to(actor));
        Ok(found)
    }

    /// All collections, by slug; there are at most [`Collection::COUNT_MAX`].
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn collections(&self, actor: &Actor) -> Result<Vec<Collection>, StorageError> {
        self.collections.collections(!actor.has(Permission::ManageProducts), Collection::COUNT_MAX).await
    }

    /// A page of a collection's products, in the merchant's order.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn collection_products(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        id: CollectionId,
        page: &PageRequest<CollectionCursor>,
    ) -> Result<Page<(CollectionCursor, Product)>, StorageError> {
        let from = (!actor.has(Permission::ManageProducts)).then(|| self.viewpoint(channel));
        self.collections.products_of_collection(id, from.as_ref(), page).await
    }
}

impl Collection {
    /// Whether `actor` may see it.
    #[must_use]
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        self.is_published || actor.has(Permission::ManageProducts)
    }
}

fn check_batch(products: &[ProductId]) -> Result<(), CollectionError> {
    if (1..=Collection::BATCH_MAX).contains(&products.len()) { Ok(()) } else { Err(CollectionError::BatchSize) }
}

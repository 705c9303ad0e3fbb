//! Commands on collections.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::{
    catalog::{self, CollectionDraft, CollectionError, ProductError, TextDraft},
    ids::{CollectionId, ProductId},
};

use super::{
    super::super::{
        context::{ContextExt as _, may_manage_products},
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
        id::{parse_id, parse_ids},
        scalar::LanguageTag,
    },
    Collection,
};

/// A collection's texts in one language.
#[derive(InputObject)]
struct CollectionTextInput {
    /// The language.
    language: LanguageTag,
    /// What it is called.
    name: String,
    /// What it is, as HTML.
    description_html: Option<String>,
}

/// A collection as it shall be: the one of this slug is changed, or created where there is none. What is left out stays as it is.
#[derive(InputObject)]
struct CollectionSaveInput {
    /// Its name in addresses.
    slug: String,
    /// Texts; other languages stay.
    texts: Option<Vec<CollectionTextInput>>,
    /// Whether shoppers see it; they see a new one unless this says otherwise.
    is_published: Option<bool>,
}

/// A collection to remove.
#[derive(InputObject)]
struct CollectionDeleteInput {
    /// Which.
    collection_id: ID,
}

/// The products of a collection.
#[derive(InputObject)]
struct CollectionProductsSetInput {
    /// Which collection.
    collection_id: ID,
    /// All of its products in their order: at most 250. More are added with `collectionProductsAdd`.
    product_ids: Vec<ID>,
}

/// Products for a collection.
#[derive(InputObject)]
struct CollectionProductsAddInput {
    /// Which collection.
    collection_id: ID,
    /// 1 to 250 products. Those that are in it already move.
    product_ids: Vec<ID>,
    /// The place of the first of them, from 0; left out: the end.
    position: Option<u32>,
}

/// Products to take out of a collection.
#[derive(InputObject)]
struct CollectionProductsRemoveInput {
    /// Which collection.
    collection_id: ID,
    /// 1 to 250 products.
    product_ids: Vec<ID>,
}

/// The answer to commands on collections.
#[derive(SimpleObject)]
struct CollectionPayload {
    /// The collection as it is now; null where the command was refused, or the collection removed.
    collection: Option<Collection>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on collections.
#[derive(Default)]
pub(in crate::graphql) struct CollectionMutation;

#[Object]
impl CollectionMutation {
    /// Creates a collection, or changes the one of its slug. Needs `MANAGE_PRODUCTS`.
    #[graphql(visible = "may_manage_products")]
    async fn collection_save(&self, ctx: &Context<'_>, input: CollectionSaveInput) -> Result<CollectionPayload> {
        payload(ctx, save(ctx, input).await.map(Some))
    }

    /// Removes a collection; its products stay. Needs `MANAGE_PRODUCTS`.
    #[graphql(visible = "may_manage_products")]
    async fn collection_delete(&self, ctx: &Context<'_>, input: CollectionDeleteInput) -> Result<CollectionPayload> {
        payload(ctx, delete(ctx, input).await.map(|()| None))
    }

    /// Makes products those of a collection, in this order. Needs `MANAGE_PRODUCTS`.
    #[graphql(visible = "may_manage_products")]
    async fn collection_products_set(
        &self,
        ctx: &Context<'_>,
        input: CollectionProductsSetInput,
    ) -> Result<CollectionPayload> {
        payload(ctx, set(ctx, input).await.map(Some))
    }

    /// Puts products into a collection, or to another place in it. Needs `MANAGE_PRODUCTS`.
    #[graphql(visible = "may_manage_products")]
    async fn collection_products_add(
        &self,
        ctx: &Context<'_>,
        input: CollectionProductsAddInput,
    ) -> Result<CollectionPayload> {
        payload(ctx, add(ctx, input).await.map(Some))
    }

    /// Takes products out of a collection. Needs `MANAGE_PRODUCTS`.
    #[graphql(visible = "may_manage_products")]
    async fn collection_products_remove(
        &self,
        ctx: &Context<'_>,
        input: CollectionProductsRemoveInput,
    ) -> Result<CollectionPayload> {
        payload(ctx, remove(ctx, input).await.map(Some))
    }
}

fn payload(ctx: &Context<'_>, done: Result<Option<catalog::Collection>, Refusal>) -> Result<CollectionPayload> {
    let sales = ctx.request()?.sales.clone();
    let (collection, user_errors) = match done {
        Ok(collection) => (collection, vec![]),
        Err(refusal) => (None, refusal.into_user_errors()?),
    };
    let collection = collection.map(|it| Collection { collection: Arc::new(it), sales });
    Ok(CollectionPayload { collection, user_errors })
}

fn at() -> Path {
    Path::argument("input")
}

async fn save(ctx: &Context<'_>, input: CollectionSaveInput) -> Result<catalog::Collection, Refusal> {
    let request = ctx.request()?;
    let text = |(index, it): (usize, CollectionTextInput)| {
        let language = it.language.parse(Path::input("texts").index(index).field("language"))?;
        Ok(TextDraft { language, name: it.name, description_html: it.description_html })
    };
    let draft = CollectionDraft {
        slug: input.slug.parse().map_err(|it: ProductError| it.refuse(at()))?,
        texts: input.texts.unwrap_or_default().into_iter().enumerate().map(text).collect::<Result<_, Refusal>>()?,
        is_published: input.is_published,
    };
    request.app.catalog.save_collection(&request.actor, draft).await.map_err(|it| it.refuse(at()))
}

async fn delete(ctx: &Context<'_>, input: CollectionDeleteInput) -> Result<(), Refusal> {
    let request = ctx.request()?;
    let id = collection_id(&input.collection_id)?;
    request.app.catalog.delete_collection(&request.actor, id).await.map_err(|it| it.refuse(at()))
}

async fn set(ctx: &Context<'_>, input: CollectionProductsSetInput) -> Result<catalog::Collection, Refusal> {
    let request = ctx.request()?;
    let (id, products) = (collection_id(&input.collection_id)?, product_ids(&input.product_ids)?);
    let done = request.app.catalog.set_collection_products(&request.actor, id, &products).await;
    done.map_err(|it| it.refuse(at()))
}

async fn add(ctx: &Context<'_>, input: CollectionProductsAddInput) -> Result<catalog::Collection, Refusal> {
    let request = ctx.request()?;
    let (id, products) = (collection_id(&input.collection_id)?, product_ids(&input.product_ids)?);
    let position = input.position.map(|it| it as usize);
    let done = request.app.catalog.add_collection_products(&request.actor, id, &products, position).await;
    done.map_err(|it| it.refuse(at()))
}

async fn remove(ctx: &Context<'_>, input: CollectionProductsRemoveInput) -> Result<catalog::Collection, Refusal> {
    let request = ctx.request()?;
    let (id, products) = (collection_id(&input.collection_id)?, product_ids(&input.product_ids)?);
    let done = request.app.catalog.remove_collection_products(&request.actor, id, &products).await;
    done.map_err(|it| it.refuse(at()))
}

fn collection_id(id: &ID) -> Result<CollectionId, Refusal> {
    parse_id(id, Path::input("collectionId"))
}

/// No more ids are read than a command may have.
fn product_ids(ids: &[ID]) -> Result<Vec<ProductId>, Refusal> {
    if catalog::Collection::BATCH_MAX < ids.len() {
        return Err(CollectionError::BatchSize.refuse(at()));
    }
    parse_ids(ids, &Path::input("productIds"))
}

impl super::super::super::error::Refuse for CollectionError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        let products = || Path::input("productIds");
        match self {
            Self::Access(error) => error.refuse(at),
            Self::Text(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
            Self::NameMissing => UserError::input(ErrorCode::InvalidInput, message, at.field("texts")).into(),
            Self::NotFound => UserError::input(ErrorCode::NotFound, message, at.field("collectionId")).into(),
            Self::UnknownProduct { index } => {
                UserError::input(ErrorCode::NotFound, message, products().index(index)).into()
            }
            Self::BatchSize => UserError::limit(catalog::Collection::BATCH_MAX, &message, products()).into(),
            Self::TooManyProducts => UserError::limit(catalog::Collection::PRODUCTS_MAX, &message, products()).into(),
            Self::TooMany => {
                UserError::limit(catalog::Collection::COUNT_MAX as usize, &message, at.field("slug")).into()
            }
        }
    }
}

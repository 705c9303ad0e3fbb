//! Collections on the wire.

mod mutation;

use std::sync::Arc;

use async_graphql::{
    Context, ID, Object, Result,
    connection::{Connection, Edge, EmptyFields, OpaqueCursor},
};
use comptoir_domain::{
    catalog::{self, CollectionCursor, Slug},
    channel::SalesContext,
};

pub(in crate::graphql) use self::mutation::CollectionMutation;
use super::{
    super::{
        channel::{ContextInput, sales_context},
        context::ContextExt as _,
        error::{Path, Refuse as _},
        id::to_id,
        page::{PageArguments, slice},
        scalar::DateTime,
    },
    Product,
};

/// Names the connection after what it is.
pub(in crate::graphql) struct CollectionProductConnectionName;

impl async_graphql::connection::ConnectionNameType for CollectionProductConnectionName {
    fn type_name<T: async_graphql::OutputType>() -> String {
        "CollectionProductConnection".to_owned()
    }
}

/// Names the edges after what they are.
pub(in crate::graphql) struct CollectionProductEdgeName;

impl async_graphql::connection::EdgeNameType for CollectionProductEdgeName {
    fn type_name<T: async_graphql::OutputType>() -> String {
        "CollectionProductEdge".to_owned()
    }
}

type CollectionProductConnection = Connection<
    OpaqueCursor<CollectionCursor>,
    Product,
    EmptyFields,
    EmptyFields,
    CollectionProductConnectionName,
    CollectionProductEdgeName,
>;

/// Products that the merchant put together, in the merchant's order.
pub(in crate::graphql) struct Collection {
    pub(in crate::graphql) collection: Arc<catalog::Collection>,
    pub(in crate::graphql) sales: Arc<SalesContext>,
}

/// Products that the merchant put together, in the merchant's order.
#[Object]
impl Collection {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        to_id(self.collection.id)
    }

    /// Its name in addresses.
    async fn slug(&self) -> &str {
        self.collection.slug.as_str()
    }

    /// What it is called, in the context's language.
    async fn name(&self) -> &str {
        let text = self.collection.texts.best(&self.sales.languages);
        text.map_or(self.collection.slug.as_str(), |it| it.name.as_str())
    }

    /// What it is, as the merchant's HTML.
    async fn description_html(&self) -> &str {
        self.collection.texts.best(&self.sales.languages).map_or("", |it| it.description_html.as_str())
    }

    /// Whether shoppers see it.
    async fn is_published(&self) -> bool {
        self.collection.is_published
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.collection.created_at)
    }

    /// Its products in the merchant's order. To filter them or to count facets, use `search` with `filter.collectionId`.
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<CollectionProductConnection> {
        let request = ctx.request()?;
        let page = PageArguments { first, after, last, before }.parse()?;
        let found = request
            .app
            .catalog
            .collection_products(&request.actor, &self.sales.channel.code, self.collection.id, &page)
            .await;
        let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
        let mut connection = CollectionProductConnection::new(found.has_previous, found.has_next);
        let node = |it| Product::new(it, self.sales.clone());
        connection.edges =
            found.items.into_iter().map(|(place, it)| Edge::new(OpaqueCursor(place), node(it))).collect();
        Ok(connection)
    }
}

/// Reads of collections.
#[derive(Default)]
pub(in crate::graphql) struct CollectionQuery;

#[Object]
impl CollectionQuery {
    /// The collection of a slug; null where there is none that the caller may see.
    async fn collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its name in addresses.")] slug: String,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Option<Result<Collection>> {
        let found = async {
            let request = ctx.request()?;
            let sales = sales_context(ctx, context).await?;
            let Ok(slug) = slug.parse::<Slug>() else { return Ok(None) };
            let found = request.app.catalog.collection_by_slug(&request.actor, slug).await;
            let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
            Ok(found.map(|it| Collection { collection: Arc::new(it), sales }))
        };
        found.await.transpose()
    }

    /// All collections that the caller may see, by slug.
    #[expect(clippy::too_many_arguments, reason = "Relay's arguments")]
    async fn collections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Result<Connection<OpaqueCursor<usize>, Collection>> {
        let request = ctx.request()?;
        let sales = sales_context(ctx, context).await?;
        let found = request.app.catalog.collections(&request.actor).await;
        let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
        let node = |it| Collection { collection: Arc::new(it), sales: sales.clone() };
        slice(found.into_iter().map(node).collect(), PageArguments { first, after, last, before })
    }
}

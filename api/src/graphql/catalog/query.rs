//! Reads of the catalog.

use async_graphql::{
    Context, InputObject, Object, Result,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::{
    catalog::{ProductCursor, ProductFilter, Sku, Slug},
    codes::ChannelCode,
};

use super::{
    super::{
        channel::{ContextInput, sales_context},
        context::ContextExt as _,
        eager::Eager,
        error::{ErrorCode, Path, Refuse as _, UserError},
        page::{PageArguments, edges},
        scalar::LanguageTag,
    },
    Product, Variant,
    object::ProductStatus,
};

/// Which products a list has; what is left out does not matter.
#[derive(InputObject, Default)]
struct ProductFilterInput {
    /// Only of this type.
    product_type: Option<String>,
    /// Only of this brand.
    brand: Option<String>,
    /// Only of this status; shoppers see `ACTIVE` alone.
    status: Option<ProductStatus>,
}

/// What a list of products has beside them.
struct ProductListFields {
    channel: ChannelCode,
    filter: ProductFilter,
}

#[Object]
impl ProductListFields {
    /// How many there are in all.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        let count = request.app.catalog.count(&request.actor, &self.channel, self.filter.clone()).await;
        count.map_err(|it| it.refuse(Path::default()).into_error())
    }
}

/// Reads of the catalog.
#[derive(Default)]
pub(in crate::graphql) struct CatalogQuery;

#[Object]
impl CatalogQuery {
    /// All products, newest first.
    #[expect(clippy::too_many_arguments, reason = "Relay's arguments")]
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
        #[graphql(desc = "Which products.")] filter: Option<ProductFilterInput>,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Result<Connection<OpaqueCursor<ProductCursor>, Eager<Product>, ProductListFields>> {
        let request = ctx.request()?;
        let sales = sales_context(ctx, context).await?;
        let channel = &sales.channel.code;
        let page = PageArguments { first, after, last, before }.parse()?;
        let filter = filter.unwrap_or_default();
        let filter = ProductFilter {
            status: filter.status.map(Into::into),
            product_type: filter.product_type,
            brand: filter.brand,
            seen_from: None,
        };
        let found = request.app.catalog.list(&request.actor, channel, filter.clone(), &page).await;
        let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
        let fields = ProductListFields { channel: channel.clone(), filter };
        let mut connection = Connection::with_additional_fields(found.has_previous, found.has_next, fields);
        let node = |it| Eager(Product::new(it, sales.clone()));
        connection.edges = edges(found, ProductCursor::of, node);
        Ok(connection)
    }

    /// The product of a slug; null where there is none that the caller may see.
    async fn product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its name in addresses.")] slug: String,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Option<Result<Eager<Product>>> {
        let found = async {
            let request = ctx.request()?;
            let sales = sales_context(ctx, context).await?;
            let Ok(slug) = slug.parse::<Slug>() else { return Ok(None) };
            let product = request.app.catalog.by_slug(&request.actor, &sales.channel.code, slug).await;
            let product = product.map_err(|it| it.refuse(Path::default()).into_error())?;
            Ok(product.map(|it| Eager(Product::new(it, sales))))
        };
        found.await.transpose()
    }

    /// The variant of a SKU; null where there is none that the caller may see.
    async fn variant_by_sku(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The merchant's own number.")] sku: String,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Option<Result<Variant>> {
        let found = async {
            let request = ctx.request()?;
            let sales = sales_context(ctx, context).await?;
            let Ok(sku) = sku.parse::<Sku>() else { return Ok(None) };
            let variant = request.app.catalog.variant_by_sku(&request.actor, &sales.channel.code, sku).await;
            let variant = variant.map_err(|it| it.refuse(Path::default()).into_error())?;
            Ok(variant.map(|it| Variant::new(it, sales)))
        };
        found.await.transpose()
    }
}

impl LanguageTag {
    /// The language, or what is wrong with it.
    pub(in crate::graphql) fn parse(
        &self,
        at: Path,
    ) -> Result<comptoir_domain::language::Language, super::super::error::Refusal> {
        let parsed = self.0.parse();
        parsed.map_err(|it: comptoir_domain::language::LanguageError| {
            UserError::input(ErrorCode::InvalidInput, it.to_string(), at).into()
        })
    }
}

//! What goes with a product, and what was looked at before.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::{channel::SalesContext, customer::Customer, ids::ProductId, search::SearchService};

use super::super::{
    catalog::Product,
    channel::{ContextInput, sales_context},
    context::{ContextExt as _, is_customer},
    error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
    id::{parse_id, parse_ids},
};

/// A product that is bought together with another.
#[derive(SimpleObject)]
struct BoughtTogether {
    /// The product.
    product: Product,
    /// How many times likelier an order with the other product has this one than any order; above 1.
    lift: f64,
}

/// Recommendations.
#[derive(Default)]
pub(in crate::graphql) struct RecommendationQuery;

#[Object]
impl RecommendationQuery {
    /// Products like this one, the likest first: of its type, in its collections, with its tags. Empty for a product that the caller does
    /// not see; null with an error `SEARCH_UNAVAILABLE` while the search engine is down.
    async fn related_products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product.")] product_id: ID,
        #[graphql(desc = "How many: 1 to 20.", default = 8)] first: i32,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Option<Result<Vec<Product>>> {
        let find = async {
            let (request, sales) = (ctx.request()?, sales_context(ctx, context).await?);
            let id = parse_id(&product_id, Path::argument("productId")).map_err(|it| it.into_error())?;
            let found =
                request.app.search.related_products(&request.actor, &sales.channel.code, id, limit(first)?).await;
            let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
            Ok(found.into_iter().map(|it| product(it, &sales)).collect())
        };
        Some(find.await)
    }

    /// What is bought together with this product more often than by chance, by lift, the highest first: P(both) / (P(one) · P(other)) over
    /// the orders of the last year that were not cancelled. At least three orders must have both. Empty where nothing is, and for a
    /// product that the caller does not see.
    async fn frequently_bought_together(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product.")] product_id: ID,
        #[graphql(desc = "How many: 1 to 20.", default = 4)] first: i32,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Result<Vec<BoughtTogether>> {
        let (request, sales) = (ctx.request()?, sales_context(ctx, context).await?);
        let id = parse_id(&product_id, Path::argument("productId")).map_err(|it| it.into_error())?;
        let found =
            request.app.search.frequently_bought_together(&request.actor, &sales.channel.code, id, limit(first)?).await;
        let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
        Ok(found
            .into_iter()
            .map(|(it, together)| BoughtTogether { product: product(it, &sales), lift: together.lift })
            .collect())
    }

    /// What was looked at, the last first: of the customer who signed in and allows it, or of those that the client names, without
    /// those that the caller does not see.
    async fn recently_viewed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 20.", default = 8)] first: i32,
        #[graphql(desc = "What the client itself remembers, the last first: at most 50. Nothing of it is kept.")]
        product_ids: Option<Vec<ID>>,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Result<Vec<Product>> {
        let (request, sales) = (ctx.request()?, sales_context(ctx, context).await?);
        let (limit, at) = (limit(first)?, Path::argument("productIds"));
        let ids: Vec<ProductId> = match product_ids {
            Some(ids) => viewed_ids(&ids, &at).map_err(|it| it.into_error())?,
            None => {
                let viewed = request.app.customers.viewed(&request.actor).await;
                viewed.map_err(|it| it.refuse(Path::default()).into_error())?
            }
        };
        let found = request.app.search.recently_viewed(&request.actor, &sales.channel.code, &ids).await;
        let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
        Ok(found.into_iter().take(limit).map(|it| product(it, &sales)).collect())
    }
}

fn product(product: comptoir_domain::catalog::Product, sales: &Arc<SalesContext>) -> Product {
    Product::new(product, sales.clone())
}

/// How many recommendations are wanted.
fn limit(first: i32) -> Result<usize> {
    let max = SearchService::RECOMMENDATIONS_MAX;
    usize::try_from(first).ok().filter(|it| (1..=max).contains(it)).ok_or_else(|| {
        UserError::input(ErrorCode::LimitExceeded, format!("1 to {max}"), Path::argument("first")).into_error()
    })
}

/// A product that was looked at.
#[derive(InputObject)]
struct ProductViewRecordInput {
    /// The product.
    product_id: ID,
}

/// What to forget.
#[derive(InputObject, Default)]
struct RecentlyViewedClearInput {
    /// The products, at most 50; left out: all.
    product_ids: Option<Vec<ID>>,
}

/// The answer to a command on what a customer looked at.
#[derive(SimpleObject)]
struct ProductViewsPayload {
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on what a customer looked at.
#[derive(Default)]
pub(in crate::graphql) struct ProductViewMutation;

#[Object]
impl ProductViewMutation {
    /// Remembers that the customer who signed in looked at a product; the last 50 are kept. Refused with `CONSENT_MISSING` where they do
    /// not allow personalization: `customerUpdate` says so.
    #[graphql(visible = "is_customer")]
    async fn product_view_record(
        &self,
        ctx: &Context<'_>,
        input: ProductViewRecordInput,
    ) -> Result<ProductViewsPayload> {
        answered(record(ctx, &input.product_id).await)
    }

    /// Forgets what the customer who signed in looked at.
    #[graphql(visible = "is_customer")]
    async fn recently_viewed_clear(
        &self,
        ctx: &Context<'_>,
        input: Option<RecentlyViewedClearInput>,
    ) -> Result<ProductViewsPayload> {
        answered(clear(ctx, input.unwrap_or_default()).await)
    }
}

async fn clear(ctx: &Context<'_>, input: RecentlyViewedClearInput) -> Result<(), Refusal> {
    let (request, at) = (ctx.request()?, Path::input("productIds"));
    let ids = input.product_ids.map(|it| viewed_ids(&it, &at)).transpose()?;
    let cleared = request.app.customers.forget_views(&request.actor, ids.as_deref()).await;
    cleared.map_err(|it| it.refuse(Path::argument("input")))
}

/// The products of a list that a client holds.
fn viewed_ids(ids: &[ID], at: &Path) -> Result<Vec<ProductId>, Refusal> {
    let max = Customer::VIEWS_MAX;
    if max < ids.len() {
        return Err(UserError::limit(max, &format!("at most {max} products"), at.clone()).into());
    }
    parse_ids(ids, at)
}

async fn record(ctx: &Context<'_>, product: &ID) -> Result<(), Refusal> {
    let request = ctx.request()?;
    let id = parse_id(product, Path::input("productId"))?;
    let viewed = request.app.customers.view_product(&request.actor, &request.sales.channel.code, id).await;
    viewed.map_err(|it| it.refuse(Path::argument("input")))
}

fn answered(result: Result<(), Refusal>) -> Result<ProductViewsPayload> {
    match result {
        Ok(()) => Ok(ProductViewsPayload { user_errors: vec![] }),
        Err(refusal) => Ok(ProductViewsPayload { user_errors: refusal.into_user_errors()? }),
    }
}

//! Suggestions while a shopper types.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};
use comptoir_domain::{
    language::Language,
    search::{self, SuggestRequest},
};

use super::{
    super::{
        catalog::{Collection, Product},
        channel::{ContextInput, sales_context},
        context::ContextExt as _,
        error::{ErrorCode, Path, Refuse as _, UserError},
    },
    answer::FacetValue,
};

/// What a shopper may mean who has not finished typing; of each kind the likeliest first.
#[derive(SimpleObject)]
struct SearchSuggestions {
    /// Texts that were searched for at least three times, and found something.
    queries: Vec<String>,
    /// Products.
    products: Vec<Product>,
    /// Collections.
    collections: Vec<Collection>,
    /// Brands.
    brands: Vec<FacetValue>,
    /// Types of products.
    product_types: Vec<FacetValue>,
}

/// Suggestions.
#[derive(Default)]
pub(in crate::graphql) struct SuggestionQuery;

#[Object]
impl SuggestionQuery {
    /// Queries, products, collections, brands and types of products for what was typed so far, in one answer.
    /// Null with an error `SEARCH_UNAVAILABLE` while the search engine is down.
    async fn search_suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was typed so far: at most 200 characters. Empty: what is searched for most.")]
        query: String,
        #[graphql(desc = "How many of each kind: 1 to 10.", default = 5)] first: i32,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Option<Result<SearchSuggestions>> {
        let suggest = async {
            let (request, sales) = (ctx.request()?, sales_context(ctx, context).await?);
            let wrong = || {
                let message = format!("1 to {} of each kind", SuggestRequest::LIMIT_MAX);
                UserError::input(ErrorCode::LimitExceeded, message, Path::argument("first")).into_error()
            };
            let limit = u32::try_from(first).ok().filter(|it| (1..=SuggestRequest::LIMIT_MAX).contains(it));
            let asked = SuggestRequest {
                text: query,
                language: sales.languages.first().cloned().unwrap_or_else(Language::english),
                channel: sales.channel.code.clone(),
                limit: limit.ok_or_else(wrong)?,
            };
            let found = request.app.search.suggest(&request.actor, &asked).await;
            let found = found.map_err(|it| it.refuse(Path::argument("query")).into_error())?;
            let products = request.app.catalog.by_ids(&request.actor, &sales.channel.code, &found.products).await;
            let mut products = products.map_err(|it| it.refuse(Path::default()).into_error())?;
            products.sort_by_key(|product| found.products.iter().position(|it| *it == product.id));
            let value = |key: &'static str| move |it: search::FacetValue| FacetValue::new(key, it, false);
            Ok(SearchSuggestions {
                queries: found.queries,
                products: products.into_iter().map(|it| Product::new(it, sales.clone())).collect(),
                collections: found
                    .collections
                    .into_iter()
                    .map(|it| Collection { collection: Arc::new(it), sales: sales.clone() })
                    .collect(),
                brands: found.brands.into_iter().map(value("brand")).collect(),
                product_types: found.product_types.into_iter().map(value("productType")).collect(),
            })
        };
        Some(suggest.await)
    }
}

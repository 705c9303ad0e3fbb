//! Search on the wire.

mod answer;
mod feedback;
mod filter;
mod personal;
mod preview;
mod recommend;
mod refuse;
mod rule;
mod rule_mutation;
mod suggest;

use async_graphql::{Context, Enum, Object, Result};
use comptoir_domain::{
    language::Language,
    search::{self, FacetRequest},
};

use self::{
    answer::{Found, SearchConnection},
    filter::SearchFilterInput,
    personal::SearchPersonalizationInput,
};
pub(super) use self::{
    feedback::{SearchFeedbackMutation, SearchReportQuery},
    preview::SearchPreviewQuery,
    recommend::{ProductViewMutation, RecommendationQuery},
    rule::MerchandisingQuery,
    rule_mutation::MerchandisingMutation,
    suggest::SuggestionQuery,
};
use super::{
    channel::{ContextInput, sales_context},
    context::ContextExt as _,
    error::{ErrorCode, Path, Refuse as _, UserError},
    page::{page_size, parse_cursor},
};

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "search::SearchSort")]
enum SearchSort {
    /// Best match first; without a text the merchant's order in a collection, otherwise newest first.
    Relevance,
    /// Cheapest first, by the lowest price of each product that everybody pays in the context's market and channel. Products without
    /// one come last.
    PriceAscending,
    /// Dearest first, by the lowest price of each product that everybody pays in the context's market and channel. Products without
    /// one come last.
    PriceDescending,
    /// Newest first.
    Newest,
    /// As the merchant put the products of the collection that is searched in; as `RELEVANCE` where none is.
    Collection,
}

/// Search.
#[derive(Default)]
pub(super) struct SearchQuery;

#[Object]
impl SearchQuery {
    /// Finds products. Null with an error `SEARCH_UNAVAILABLE` while the search engine is down; lists of products go on without it.
    #[expect(clippy::too_many_arguments, reason = "a search has that many sides")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the shopper typed: at most 200 characters. Empty: all products.", default)]
        query: String,
        #[graphql(desc = "What products must satisfy.")] filter: Option<SearchFilterInput>,
        #[graphql(desc = "The order of hits.", default_with = "SearchSort::Relevance")] sort: SearchSort,
        #[graphql(desc = "The keys of the facets to count, at most 20; left out: all of them. Fewer are faster.")]
        facets: Option<Vec<String>>,
        #[graphql(desc = "How many: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many to leave out at the beginning, for pages by number; not together with `after`.")]
        offset: Option<i64>,
        #[graphql(
            desc = "What the shopper allows to be used of them; left out: what the account of who signed in says, nothing of others."
        )]
        personalization: Option<SearchPersonalizationInput>,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Option<Result<SearchConnection>> {
        let asked = Asked { query, filter, sort, facets, first, after, offset, personalization, context };
        Some(
            async {
                let (request, found) = (ctx.request()?, asked.parse(ctx).await?);
                let answer = request.app.search.search(&request.actor, &found.request).await;
                found.connection(ctx, answer.map_err(|it| it.refuse(Path::argument("query")).into_error())?).await
            }
            .await,
        )
    }
}

/// The arguments of a search.
struct Asked {
    query: String,
    filter: Option<SearchFilterInput>,
    sort: SearchSort,
    facets: Option<Vec<String>>,
    first: Option<i64>,
    after: Option<String>,
    offset: Option<i64>,
    personalization: Option<SearchPersonalizationInput>,
    context: Option<ContextInput>,
}

impl Asked {
    /// What is meant.
    ///
    /// # Errors
    /// What is wrong with an argument.
    async fn parse(self, ctx: &Context<'_>) -> Result<Found> {
        let sales = sales_context(ctx, self.context).await?;
        let offset = offset_of(self.after.as_deref(), self.offset)?;
        let max = search::SearchQuery::FILTERS_MAX;
        if self.facets.as_ref().is_some_and(|it| max < it.len()) {
            let message = format!("at most {max} facets are counted by key");
            return Err(UserError::limit(max, &message, Path::argument("facets")).into_error());
        }
        let (filter, near) = self.filter.unwrap_or_default().parse(&sales).map_err(|it| it.into_error())?;
        let query = search::SearchQuery {
            text: self.query,
            language: sales.languages.first().cloned().unwrap_or_else(Language::english),
            view: sales.price_view(),
            filter,
            facets: self.facets.map_or(FacetRequest::All, FacetRequest::Keys),
            sort: self.sort.into(),
            offset,
            limit: page_size(self.first, "first")?.get(),
        };
        let channel = sales.channel.code.clone();
        let personal = self.personalization.map(SearchPersonalizationInput::parse).transpose()?.unwrap_or_default();
        Ok(Found { request: search::SearchRequest { query, near, channel, personal }, sales })
    }
}

/// How many hits are before the page.
///
/// # Errors
/// Both ways to say it, or one that is too far; with the argument that said it.
fn offset_of(after: Option<&str>, offset: Option<i64>) -> Result<u32> {
    let max = search::SearchQuery::OFFSET_MAX;
    let (asked, argument) = match (after, offset) {
        (Some(_), Some(_)) => {
            let message = "page with `after`, or with `offset`";
            return Err(UserError::input(ErrorCode::InvalidInput, message, Path::argument("offset")).into_error());
        }
        (Some(cursor), None) => (i64::from(parse_cursor::<u32>(cursor, "after")?).saturating_add(1), "after"),
        (None, offset) => (offset.unwrap_or_default(), "offset"),
    };
    u32::try_from(asked).ok().filter(|it| *it <= max).ok_or_else(|| {
        let message = search::SearchError::TooFar.to_string();
        UserError::input(ErrorCode::LimitExceeded, message, Path::argument(argument)).into_error()
    })
}

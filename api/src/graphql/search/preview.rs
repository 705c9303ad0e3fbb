//! What a search shows, and why each hit is where it is.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use comptoir_domain::search;

use super::{
    super::{
        catalog::Product,
        channel::ContextInput,
        context::{ContextExt as _, may_manage_search},
        error::{Path, Refuse as _},
        scalar::DateTime,
    },
    Asked, SearchSort,
    filter::SearchFilterInput,
    personal::{PersonalBoost, SearchPersonalization, SearchPersonalizationInput},
};

/// What a rule did to a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "search::Effect")]
enum SearchEffect {
    /// It stands at its place whatever the text.
    Pinned,
    /// It comes before others.
    Boosted,
    /// It comes behind others.
    Buried,
}

/// A hit, and why it is where it is.
#[derive(SimpleObject)]
struct SearchPreviewHit {
    /// Its place, from 1.
    position: u32,
    /// The product.
    product: Product,
    /// How well it matches the text, by the engine's own measure: only to be compared within one answer. Null for pinned products,
    /// for searches without words, and in another order than relevance.
    text_score: Option<f64>,
    /// What a rule did to it; null: none did anything.
    effect: Option<SearchEffect>,
    /// The code of that rule.
    rule_code: Option<String>,
    /// What of the shopper moved it up; null: nothing did.
    personal_boost: Option<PersonalBoost>,
}

/// What a search shows.
#[derive(SimpleObject)]
struct SearchPreview {
    /// How many products are found in all.
    total_count: u64,
    /// The hits; those that are not published are not among them.
    hits: Vec<SearchPreviewHit>,
    /// Where shoppers are sent.
    redirect_url: Option<String>,
    /// The text that is looked for instead where nothing is found.
    relaxed_query: Option<String>,
    /// What of the shopper would be used; null without their consent.
    personalization: Option<SearchPersonalization>,
}

/// Previews.
#[derive(Default)]
pub(in crate::graphql) struct SearchPreviewQuery;

#[Object]
impl SearchPreviewQuery {
    /// What shoppers would be shown, with the reason for each position. It is not counted as a search. Needs `MANAGE_SEARCH`.
    #[graphql(visible = "may_manage_search")]
    #[expect(clippy::too_many_arguments, reason = "a search has that many sides")]
    async fn search_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the shopper types.", default)] query: String,
        #[graphql(desc = "What products must satisfy.")] filter: Option<SearchFilterInput>,
        #[graphql(desc = "The order of hits.", default_with = "SearchSort::Relevance")] sort: SearchSort,
        #[graphql(desc = "How many: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "How many to leave out at the beginning.")] offset: Option<i64>,
        #[graphql(desc = "The moment whose rules are used; left out: now.")] at: Option<DateTime>,
        #[graphql(desc = "What a shopper would allow, and what they would have looked at.")] personalization: Option<
            SearchPersonalizationInput,
        >,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Option<Result<SearchPreview>> {
        let facets = Some(Vec::new());
        let asked = Asked { query, filter, sort, facets, first, after: None, offset, personalization, context };
        let preview = async {
            let (request, found) = (ctx.request()?, asked.parse(ctx).await?);
            let answer = request.app.search.preview(&request.actor, &found.request, at.map(|it| it.0)).await;
            let answer = answer.map_err(|it| it.refuse(Path::argument("query")).into_error())?;
            let products = found.products(ctx, &answer.hits).await?;
            let first = found.request.query.offset.saturating_add(1);
            let hits = (first..).zip(answer.hits).filter_map(|(position, it)| {
                let product = Product::new(products.get(&it.hit.id)?.clone(), found.sales.clone());
                let (effect, rule_code) = it.placement.map(|it| (it.effect.into(), it.rule.to_string())).unzip();
                let personal_boost = it.boost.map(PersonalBoost::from);
                Some(SearchPreviewHit {
                    position,
                    product,
                    text_score: it.hit.score,
                    effect,
                    rule_code,
                    personal_boost,
                })
            });
            Ok(SearchPreview {
                total_count: answer.summary.total,
                hits: hits.collect(),
                redirect_url: answer.redirect,
                relaxed_query: answer.relaxation.map(|it| it.text),
                personalization: answer.personalization.map(SearchPersonalization::from),
            })
        };
        Some(preview.await)
    }
}

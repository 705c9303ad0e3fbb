//! What becomes of searches: feedback from shoppers, reports for staff.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::{
    ids::SearchId,
    search::{self, ReportRequest},
};

use super::super::{
    channel::parse_channel,
    context::{ContextExt as _, may_manage_search},
    error::{Path, Refuse as _, UserError},
    id::parse_id,
    page::page_size,
    scalar::DateTime,
};

/// What a shopper did with what a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "search::FeedbackKind")]
enum SearchFeedbackKind {
    /// Looked at a product.
    Click,
    /// Put one into the cart.
    AddToCart,
}

/// What became of a search.
#[derive(InputObject)]
struct SearchFeedbackInput {
    /// The search, as its answer names it.
    search_id: ID,
    /// What the shopper did.
    kind: SearchFeedbackKind,
}

/// The answer to `searchFeedback`.
#[derive(SimpleObject)]
struct SearchFeedbackPayload {
    /// Why the command was refused; empty: it was not. A search that is no longer known is no error.
    user_errors: Vec<UserError>,
}

/// Feedback.
#[derive(Default)]
pub(in crate::graphql) struct SearchFeedbackMutation;

#[Object]
impl SearchFeedbackMutation {
    /// Tells what a shopper did with what a search found. Nothing of who it was is kept.
    async fn search_feedback(&self, ctx: &Context<'_>, input: SearchFeedbackInput) -> Result<SearchFeedbackPayload> {
        let request = ctx.request()?;
        match parse_id::<SearchId>(&input.search_id, Path::input("searchId")) {
            Ok(id) => {
                request.app.search.feedback(&request.actor, id, input.kind.into());
                Ok(SearchFeedbackPayload { user_errors: vec![] })
            }
            Err(refusal) => Ok(SearchFeedbackPayload { user_errors: refusal.into_user_errors()? }),
        }
    }
}

/// Which searches a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "search::ReportKind")]
enum SearchReportKind {
    /// All, the most frequent first.
    Popular,
    /// Those that found nothing as they were typed.
    ZeroResults,
    /// Those that found something that nobody looked at.
    Abandoned,
}

/// A text that was searched for, in lower case and without accents.
#[derive(SimpleObject)]
struct SearchReportLine {
    /// The text.
    query: String,
    /// How often it was searched for.
    searches: u64,
    /// How often it found nothing as it was typed.
    zero_results: u64,
    /// How often it found something that nobody looked at.
    abandoned: u64,
    /// How many products were looked at.
    clicks: u64,
    /// How many were put into carts.
    adds_to_cart: u64,
}

/// Reports.
#[derive(Default)]
pub(in crate::graphql) struct SearchReportQuery;

#[Object]
impl SearchReportQuery {
    /// What shoppers search for, the most frequent first. Searches are counted within seconds, and kept for 90 days. Needs `MANAGE_SEARCH`.
    #[graphql(visible = "may_manage_search")]
    async fn search_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which searches.")] kind: SearchReportKind,
        #[graphql(desc = "From when on.")] since: DateTime,
        #[graphql(desc = "Only of the channel of this code.")] channel: Option<String>,
        #[graphql(desc = "How many: 1 to 100, 20 by default.")] first: Option<i64>,
    ) -> Result<Vec<SearchReportLine>> {
        let request = ctx.request()?;
        let limit = page_size(first, "first")?.get();
        let channel = channel.map(|it| parse_channel(it, Path::argument("channel"))).transpose();
        let channel = channel.map_err(|it| it.into_error())?;
        let asked = ReportRequest { kind: kind.into(), since: since.0, channel, limit };
        let lines = request.app.search.report(&request.actor, &asked).await;
        let lines = lines.map_err(|it| it.refuse(Path::default()).into_error())?;
        let line = |it: search::ReportLine| SearchReportLine {
            query: it.text,
            searches: it.searches,
            zero_results: it.zero_results,
            abandoned: it.abandoned,
            clicks: it.clicks,
            adds_to_cart: it.adds_to_cart,
        };
        Ok(lines.into_iter().map(line).collect())
    }
}

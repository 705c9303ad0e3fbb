//! Rules and synonyms, as staff sees them.

use async_graphql::{
    Context, Enum, ID, Object, Result, SimpleObject,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::{
    codes::ChannelCode,
    search::{self, RuleAction, Target},
};

use super::super::{
    catalog::Product,
    context::{ContextExt as _, may_manage_search},
    error::{Path, Refuse as _},
    id::to_id,
    loader::{ProductIn, load},
    page::{PageArguments, slice},
    scalar::DateTime,
};

/// How a text is compared with what shoppers type; case, accents and articles with an apostrophe do not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "search::QueryMatching")]
pub(super) enum QueryMatching {
    /// They typed these words, and no others.
    Exact,
    /// They typed these words, one after the other, among others.
    Contains,
}

/// What shoppers type.
#[derive(SimpleObject)]
struct QueryCondition {
    /// The words.
    text: String,
    /// How they are compared.
    matching: QueryMatching,
}

/// What an action does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum SearchRuleActionKind {
    /// Puts a product to a place.
    Pin,
    /// Puts products before all others.
    Boost,
    /// Puts products behind all others.
    Bury,
    /// Takes products out.
    Hide,
    /// Sends the shopper elsewhere.
    Redirect,
}

/// A value of a facet.
#[derive(SimpleObject)]
struct TargetFacet {
    /// The facet's key.
    key: String,
    /// The value.
    value: String,
}

/// Something that a rule does.
struct SearchRuleAction(RuleAction);

impl SearchRuleAction {
    fn target(&self) -> Option<&Target> {
        match &self.0 {
            RuleAction::Boost(target) | RuleAction::Bury(target) | RuleAction::Hide(target) => Some(target),
            RuleAction::Pin { .. } | RuleAction::Redirect { .. } => None,
        }
    }
}

/// Something that a rule does.
#[Object]
impl SearchRuleAction {
    /// What it does.
    async fn kind(&self) -> SearchRuleActionKind {
        match self.0 {
            RuleAction::Pin { .. } => SearchRuleActionKind::Pin,
            RuleAction::Boost(_) => SearchRuleActionKind::Boost,
            RuleAction::Bury(_) => SearchRuleActionKind::Bury,
            RuleAction::Hide(_) => SearchRuleActionKind::Hide,
            RuleAction::Redirect { .. } => SearchRuleActionKind::Redirect,
        }
    }

    /// The place of a pin, from 1.
    async fn position(&self) -> Option<u32> {
        if let RuleAction::Pin { position, .. } = self.0 { Some(position) } else { None }
    }

    /// The product it is about.
    async fn product(&self, ctx: &Context<'_>) -> Option<Result<Product>> {
        let id = match (&self.0, self.target()) {
            (RuleAction::Pin { product, .. }, _) | (_, Some(Target::Product(product))) => *product,
            _ => return None,
        };
        let find = async {
            let sales = ctx.request()?.sales.clone();
            Ok(load(ctx, ProductIn::new(id, &sales)).await?.map(|product| Product::new(product, sales)))
        };
        find.await.transpose()
    }

    /// The products it is about, by what they are.
    async fn facet(&self) -> Option<TargetFacet> {
        match self.target() {
            Some(Target::Facet { key, value }) => Some(TargetFacet { key: key.clone(), value: value.clone() }),
            _ => None,
        }
    }

    /// Where the shopper is sent.
    async fn url(&self) -> Option<&str> {
        if let RuleAction::Redirect { url } = &self.0 { Some(url) } else { None }
    }
}

/// What staff wants shown for some searches.
pub(super) struct SearchRule(pub(super) search::SearchRule);

/// What staff wants shown for some searches.
#[Object]
impl SearchRule {
    /// What staff calls it in files and commands.
    async fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// What staff calls it on screen.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What shoppers type; null: anything.
    async fn query(&self) -> Option<QueryCondition> {
        let query = self.0.condition.query.as_ref()?;
        Some(QueryCondition { text: query.text.clone(), matching: query.matching.into() })
    }

    /// The collection they search in; null: any, or none.
    async fn collection_id(&self) -> Option<ID> {
        self.0.condition.collection.map(to_id)
    }

    /// The group of customers they belong to, who allow personal search; null: anybody.
    async fn customer_group_id(&self) -> Option<ID> {
        self.0.condition.customer_group.map(to_id)
    }

    /// The code of the channel it is for; null: all.
    async fn channel(&self) -> Option<&str> {
        self.0.channel.as_ref().map(ChannelCode::as_str)
    }

    /// When it begins; null: it has.
    async fn starts_at(&self) -> Option<DateTime> {
        self.0.starts_at.map(DateTime)
    }

    /// When it ends; null: never.
    async fn ends_at(&self) -> Option<DateTime> {
        self.0.ends_at.map(DateTime)
    }

    /// Of several rules, the one of the highest priority comes first; among equals, by code.
    async fn priority(&self) -> i32 {
        self.0.priority
    }

    /// What it does; at most 50.
    async fn actions(&self) -> Vec<SearchRuleAction> {
        self.0.actions.iter().cloned().map(SearchRuleAction).collect()
    }
}

/// Texts that find the same.
pub(super) struct SynonymSet(pub(super) search::Synonyms);

/// Texts that find the same.
#[Object]
impl SynonymSet {
    /// What staff calls it.
    async fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// The texts; 2 to 20.
    async fn terms(&self) -> &[String] {
        &self.0.terms
    }

    /// Whether only the first finds the others.
    async fn is_one_way(&self) -> bool {
        self.0.is_one_way
    }
}

/// Reads of merchandising.
#[derive(Default)]
pub(in crate::graphql) struct MerchandisingQuery;

#[Object]
impl MerchandisingQuery {
    /// The rules of search, by code. Needs `MANAGE_SEARCH`.
    #[graphql(visible = "may_manage_search")]
    async fn search_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<usize>, SearchRule>> {
        let request = ctx.request()?;
        let rules = request.app.search.rules(&request.actor).await;
        let rules = rules.map_err(|it| it.refuse(Path::default()).into_error())?;
        slice(rules.into_iter().map(SearchRule).collect(), PageArguments { first, after, last, before })
    }

    /// The sets of synonyms, by code. Needs `MANAGE_SEARCH`.
    #[graphql(visible = "may_manage_search")]
    async fn synonym_sets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<usize>, SynonymSet>> {
        let request = ctx.request()?;
        let sets = request.app.search.synonyms(&request.actor).await;
        let sets = sets.map_err(|it| it.refuse(Path::default()).into_error())?;
        slice(sets.into_iter().map(SynonymSet).collect(), PageArguments { first, after, last, before })
    }
}

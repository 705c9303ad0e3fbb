//! Commands on rules and synonyms.

use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result, SimpleObject};
use comptoir_domain::search::{
    self, MerchandisingError, QueryCondition, RuleAction, RuleCode, RuleCondition, Synonyms, Target,
};

use super::{
    super::{
        channel::parse_channel,
        context::{ContextExt as _, may_manage_search},
        error::{Path, Refusal, Refuse as _, UserError},
        id::parse_id,
        scalar::DateTime,
    },
    rule::{QueryMatching, SearchRule, SynonymSet},
};

/// What shoppers type.
#[derive(InputObject)]
struct QueryConditionInput {
    /// The words: at most 200 characters.
    text: String,
    /// How they are compared.
    #[graphql(default_with = "QueryMatching::Exact")]
    matching: QueryMatching,
}

/// A product and its place.
#[derive(InputObject)]
struct PinInput {
    /// The product.
    product_id: ID,
    /// The place, from 1 to 100.
    position: i32,
}

/// A value of a facet.
#[derive(InputObject)]
struct TargetFacetInput {
    /// The facet's key, such as `brand`.
    key: String,
    /// The value.
    value: String,
}

/// Which products an action is about.
#[derive(OneofObject)]
enum TargetInput {
    /// This one.
    ProductId(ID),
    /// Those that have a value of a facet.
    Facet(TargetFacetInput),
}

/// What a rule does.
#[derive(OneofObject)]
enum SearchRuleActionInput {
    /// Puts a product to a place, whether the text finds it or not; the shopper's filters still do.
    Pin(PinInput),
    /// Puts what was found of these before all others.
    Boost(TargetInput),
    /// Puts what was found of these behind all others.
    Bury(TargetInput),
    /// Takes these out.
    Hide(TargetInput),
    /// Sends the shopper to a path, or an address with https://.
    Redirect(String),
}

/// A rule as it shall be; the one of this code is replaced. It is for a query, a collection, a group of customers, or what is all of those
/// that are named.
#[derive(InputObject)]
struct SearchRuleSaveInput {
    /// What staff calls it in files and commands: lower-case letters, digits, hyphens.
    code: String,
    /// What staff calls it on screen.
    name: String,
    /// What shoppers type.
    query: Option<QueryConditionInput>,
    /// The collection they search in.
    collection_id: Option<ID>,
    /// The group of customers they belong to: those who allow personal search alone.
    customer_group_id: Option<ID>,
    /// The code of the channel it is for; left out: all.
    channel: Option<String>,
    /// When it begins; left out: now.
    starts_at: Option<DateTime>,
    /// When it ends; left out: never.
    ends_at: Option<DateTime>,
    /// Of several rules, the one of the highest priority comes first.
    #[graphql(default)]
    priority: i32,
    /// What it does: 1 to 50. Pins, boosts and buries count where hits come by relevance or in a collection's order.
    actions: Vec<SearchRuleActionInput>,
}

/// The answer to `searchRuleSave`.
#[derive(SimpleObject)]
struct SearchRuleSavePayload {
    /// The rule as it is now; null where the command was refused.
    search_rule: Option<SearchRule>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// A rule to remove.
#[derive(InputObject)]
struct SearchRuleDeleteInput {
    /// Its code.
    code: String,
}

/// Synonyms as they shall be; the set of this code is replaced.
#[derive(InputObject)]
struct SynonymSetSaveInput {
    /// What staff calls it: lower-case letters, digits, hyphens.
    code: String,
    /// 2 to 20 texts of one or more words.
    terms: Vec<String>,
    /// Whether only the first finds the others.
    #[graphql(default)]
    is_one_way: bool,
}

/// The answer to `synonymSetSave`.
#[derive(SimpleObject)]
struct SynonymSetSavePayload {
    /// The set as it is now; null where the command was refused.
    synonym_set: Option<SynonymSet>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// A set of synonyms to remove.
#[derive(InputObject)]
struct SynonymSetDeleteInput {
    /// Its code.
    code: String,
}

/// The answer to commands that remove something by its code.
#[derive(SimpleObject)]
struct SearchDeletePayload {
    /// The code of what was removed; null where the command was refused.
    deleted_code: Option<String>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on merchandising.
#[derive(Default)]
pub(in crate::graphql) struct MerchandisingMutation;

#[Object]
impl MerchandisingMutation {
    /// Creates a rule of search, or replaces the one of its code: at once on this server, within a second on others. Needs `MANAGE_SEARCH`.
    #[graphql(visible = "may_manage_search")]
    async fn search_rule_save(&self, ctx: &Context<'_>, input: SearchRuleSaveInput) -> Result<SearchRuleSavePayload> {
        match save_rule(ctx, input).await {
            Ok(rule) => Ok(SearchRuleSavePayload { search_rule: Some(SearchRule(rule)), user_errors: vec![] }),
            Err(refusal) => Ok(SearchRuleSavePayload { search_rule: None, user_errors: refusal.into_user_errors()? }),
        }
    }

    /// Removes a rule of search. Needs `MANAGE_SEARCH`.
    #[graphql(visible = "may_manage_search")]
    async fn search_rule_delete(&self, ctx: &Context<'_>, input: SearchRuleDeleteInput) -> Result<SearchDeletePayload> {
        let delete = async {
            let request = ctx.request()?;
            let code = parse_code(&input.code)?;
            request.app.search.delete_rule(&request.actor, &code).await.map_err(|it| it.refuse(at()))
        };
        deleted(delete.await, &input.code)
    }

    /// Creates a set of synonyms, or replaces the one of its code; searches use it within seconds. Needs `MANAGE_SEARCH`.
    #[graphql(visible = "may_manage_search")]
    async fn synonym_set_save(&self, ctx: &Context<'_>, input: SynonymSetSaveInput) -> Result<SynonymSetSavePayload> {
        match save_synonyms(ctx, input).await {
            Ok(set) => Ok(SynonymSetSavePayload { synonym_set: Some(SynonymSet(set)), user_errors: vec![] }),
            Err(refusal) => Ok(SynonymSetSavePayload { synonym_set: None, user_errors: refusal.into_user_errors()? }),
        }
    }

    /// Removes a set of synonyms. Needs `MANAGE_SEARCH`.
    #[graphql(visible = "may_manage_search")]
    async fn synonym_set_delete(&self, ctx: &Context<'_>, input: SynonymSetDeleteInput) -> Result<SearchDeletePayload> {
        let delete = async {
            let request = ctx.request()?;
            let code = parse_code(&input.code)?;
            request.app.search.delete_synonyms(&request.actor, &code).await.map_err(|it| it.refuse(at()))
        };
        deleted(delete.await, &input.code)
    }
}

fn at() -> Path {
    Path::argument("input")
}

fn deleted(done: Result<(), Refusal>, code: &str) -> Result<SearchDeletePayload> {
    match done {
        Ok(()) => Ok(SearchDeletePayload { deleted_code: Some(code.to_owned()), user_errors: vec![] }),
        Err(refusal) => Ok(SearchDeletePayload { deleted_code: None, user_errors: refusal.into_user_errors()? }),
    }
}

fn parse_code(code: &str) -> Result<RuleCode, Refusal> {
    code.parse().map_err(|it: MerchandisingError| it.refuse(at()))
}

async fn save_rule(ctx: &Context<'_>, input: SearchRuleSaveInput) -> Result<search::SearchRule, Refusal> {
    let request = ctx.request()?;
    if search::SearchRule::ACTIONS_MAX < input.actions.len() {
        return Err(MerchandisingError::ActionCount.refuse(at()));
    }
    let query = input.query.map(|it| QueryCondition { text: it.text, matching: it.matching.into() });
    let collection = input.collection_id.map(|it| parse_id(&it, Path::input("collectionId"))).transpose()?;
    let customer_group = input.customer_group_id.map(|it| parse_id(&it, Path::input("customerGroupId"))).transpose()?;
    let action = |(index, it): (usize, SearchRuleActionInput)| it.parse(&Path::input("actions").index(index));
    let rule = search::SearchRule {
        code: parse_code(&input.code)?,
        name: input.name,
        condition: RuleCondition { query, collection, customer_group },
        channel: input.channel.map(|it| parse_channel(it, Path::input("channel"))).transpose()?,
        starts_at: input.starts_at.map(|it| it.0),
        ends_at: input.ends_at.map(|it| it.0),
        priority: input.priority,
        actions: input.actions.into_iter().enumerate().map(action).collect::<Result<_, _>>()?,
    };
    request.app.search.save_rule(&request.actor, rule).await.map_err(|it| it.refuse(at()))
}

impl SearchRuleActionInput {
    fn parse(self, at: &Path) -> Result<RuleAction, Refusal> {
        let at = |field: &str| at.clone().field(field);
        Ok(match self {
            Self::Pin(PinInput { product_id, position }) => {
                let product = parse_id(&product_id, at("pin").field("productId"))?;
                // A negative place is as wrong as the place 0.
                RuleAction::Pin { product, position: u32::try_from(position).unwrap_or_default() }
            }
            Self::Boost(target) => RuleAction::Boost(target.parse(at("boost"))?),
            Self::Bury(target) => RuleAction::Bury(target.parse(at("bury"))?),
            Self::Hide(target) => RuleAction::Hide(target.parse(at("hide"))?),
            Self::Redirect(url) => RuleAction::Redirect { url },
        })
    }
}

impl TargetInput {
    fn parse(self, at: Path) -> Result<Target, Refusal> {
        Ok(match self {
            Self::ProductId(id) => Target::Product(parse_id(&id, at.field("productId"))?),
            Self::Facet(TargetFacetInput { key, value }) => Target::Facet { key, value },
        })
    }
}

async fn save_synonyms(ctx: &Context<'_>, input: SynonymSetSaveInput) -> Result<Synonyms, Refusal> {
    let request = ctx.request()?;
    let set = Synonyms { code: parse_code(&input.code)?, terms: input.terms, is_one_way: input.is_one_way };
    request.app.search.save_synonyms(&request.actor, set).await.map_err(|it| it.refuse(at()))
}

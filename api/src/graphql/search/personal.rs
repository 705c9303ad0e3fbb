//! What a search uses of its shopper.

use async_graphql::{Enum, ID, InputObject, Result, SimpleObject};
use comptoir_domain::search::{self, PersonalConsent};

use super::super::{
    error::{Path, UserError},
    id::parse_ids,
};

/// What of a shopper can move hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "search::PersonalFact")]
pub(super) enum PersonalFact {
    /// The types of products that they looked at or bought lately.
    RecentCategory,
    /// The groups that staff has put them in, by search rules for these.
    CustomerGroup,
    /// Their loyalty tier.
    LoyaltyTier,
}

/// What the shopper allows for one search.
#[derive(InputObject)]
pub(super) struct SearchPersonalizationInput {
    /// Whether the shopper consents to what they look at and buy being used for this search. It counts more than what their account says.
    consent: bool,
    /// What the client itself remembers that they looked at, the last first: at most 50. Nothing of it is kept.
    recent_product_ids: Option<Vec<ID>>,
}

impl SearchPersonalizationInput {
    pub(super) fn parse(self) -> Result<PersonalConsent> {
        let at = Path::argument("personalization").field("recentProductIds");
        let ids = self.recent_product_ids.unwrap_or_default();
        let max = PersonalConsent::PRODUCTS_MAX;
        if max < ids.len() {
            return Err(UserError::limit(max, &format!("at most {max} products"), at).into_error());
        }
        let recent_products = parse_ids(&ids, &at).map_err(|it| it.into_error())?;
        Ok(PersonalConsent { is_given: Some(self.consent), recent_products })
    }
}

/// Something of the shopper that moves hits: a category three places up at most, a group as its rules say.
#[derive(SimpleObject)]
pub(super) struct PersonalBoost {
    /// What of the shopper.
    fact: PersonalFact,
    /// What hits have that it is for: a type of products; null of a group, which is staff's to know.
    value: Option<String>,
}

impl From<search::PersonalBoost> for PersonalBoost {
    fn from(boost: search::PersonalBoost) -> Self {
        Self { fact: boost.fact.into(), value: boost.value }
    }
}

/// What a search uses of its shopper, with their consent.
#[derive(SimpleObject)]
pub(super) struct SearchPersonalization {
    /// What moves hits up, the strongest first; empty where nothing is known of the shopper, and in other orders than relevance.
    boosts: Vec<PersonalBoost>,
    /// What would, and is not known of any shopper yet.
    unknown: Vec<PersonalFact>,
}

impl From<search::Personalization> for SearchPersonalization {
    fn from(it: search::Personalization) -> Self {
        Self {
            boosts: it.boosts.into_iter().map(PersonalBoost::from).collect(),
            unknown: it.unknown.into_iter().map(PersonalFact::from).collect(),
        }
    }
}

//! Rules: for which searches, when, and what they do to the hits.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::MerchandisingError;
use crate::{
    clock::Timestamp,
    codes::{ChannelCode, is_code},
    ids::{CollectionId, CustomerGroupId, ProductId},
    search::{FacetFilter, SearchQuery, Selection, normalised},
};

/// What staff calls a rule or a set of synonyms: lower case, digits, hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleCode(String);

impl RuleCode {
    /// The most characters.
    pub const LENGTH_MAX: usize = 64;

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RuleCode {
    type Err = MerchandisingError;

    fn from_str(text: &str) -> Result<Self, MerchandisingError> {
        if is_code(text, Self::LENGTH_MAX) { Ok(Self(text.to_owned())) } else { Err(MerchandisingError::InvalidCode) }
    }
}

impl fmt::Display for RuleCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a text is compared with what shoppers type; case, accents and articles with an apostrophe do not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QueryMatching {
    /// They typed these words, and no others.
    Exact,
    /// They typed these words, one after the other, among others.
    Contains,
}

/// What shoppers type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryCondition {
    /// The words.
    pub text: String,
    /// How they are compared.
    pub matching: QueryMatching,
}

/// Which searches a rule is for; all of what is named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCondition {
    /// Those of these words.
    pub query: Option<QueryCondition>,
    /// Those in this collection.
    pub collection: Option<CollectionId>,
    /// Those of customers in this group who allow themselves to be known by it.
    #[serde(default)]
    pub customer_group: Option<CustomerGroupId>,
}

/// Which products an action is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// This one.
    Product(ProductId),
    /// Those that have a value of a facet.
    Facet {
        /// The facet.
        key: String,
        /// The value.
        value: String,
    },
}

impl Target {
    fn add_to(&self, selection: &mut Selection) {
        match self {
            Self::Product(id) => selection.products.push(*id),
            Self::Facet { key, value } => {
                selection.facets.push(FacetFilter { key: key.clone(), values: vec![value.clone()] });
            }
        }
    }

    /// What all `targets` are about.
    pub(super) fn selection<'a>(targets: impl IntoIterator<Item = &'a Self>) -> Selection {
        let mut selection = Selection::default();
        targets.into_iter().for_each(|it| it.add_to(&mut selection));
        selection
    }
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleAction {
    /// Puts a product to a place, whether the text finds it or not; the shopper's filters still do.
    Pin {
        /// The product.
        product: ProductId,
        /// The place, from 1.
        position: u32,
    },
    /// Puts what was found of these before all others.
    Boost(Target),
    /// Puts what was found of these behind all others.
    Bury(Target),
    /// Takes these out.
    Hide(Target),
    /// Sends the shopper elsewhere.
    Redirect {
        /// A path, or an address.
        url: String,
    },
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchRule {
    /// What staff calls it in files and commands.
    pub code: RuleCode,
    /// What staff calls it on screen.
    pub name: String,
    /// Which searches it is for.
    pub condition: RuleCondition,
    /// The channel it is for; none: all.
    pub channel: Option<ChannelCode>,
    /// When it begins; none: it has.
    pub starts_at: Option<Timestamp>,
    /// When it ends, that moment left out; none: never.
    pub ends_at: Option<Timestamp>,
    /// Of several rules, the one of the highest priority comes first; among equals, by code.
    pub priority: i32,
    /// What it does.
    pub actions: Vec<RuleAction>,
}

/// What rules are compared with.
#[derive(Debug, Clone)]
pub(crate) struct Occasion {
    /// What was typed, normalised.
    pub(crate) text: String,
    /// The collection that is searched.
    pub(crate) collection: Option<CollectionId>,
    /// The groups of who searches, with their consent.
    pub(crate) customer_groups: Vec<CustomerGroupId>,
    /// The channel.
    pub(crate) channel: ChannelCode,
    /// When.
    pub(crate) now: Timestamp,
}

impl SearchRule {
    /// The most actions.
    pub const ACTIONS_MAX: usize = 50;
    /// The last place to pin to.
    pub const POSITION_MAX: u32 = 100;
    /// The most rules of a shop.
    pub const COUNT_MAX: usize = 500;

    /// Checks all that can be.
    ///
    /// # Errors
    /// The first [`MerchandisingError`].
    pub fn check(&self) -> Result<(), MerchandisingError> {
        let name_length = self.name.chars().count();
        if self.name.trim().is_empty() || 120 < name_length || self.name.chars().any(char::is_control) {
            return Err(MerchandisingError::InvalidName);
        }
        let has_words = |it: &QueryCondition| {
            !normalised(&it.text).is_empty() && it.text.chars().count() <= SearchQuery::TEXT_LENGTH_MAX
        };
        if self.condition == RuleCondition::default() || !self.condition.query.as_ref().is_none_or(has_words) {
            return Err(MerchandisingError::InvalidCondition);
        }
        if self.starts_at.zip(self.ends_at).is_some_and(|(start, end)| end <= start) {
            return Err(MerchandisingError::InvalidWindow);
        }
        if !(1..=Self::ACTIONS_MAX).contains(&self.actions.len()) {
            return Err(MerchandisingError::ActionCount);
        }
        self.actions.iter().enumerate().try_for_each(|(index, it)| it.check(index))?;
        let is_at_odds =
            |(index, it): &(usize, &RuleAction)| self.actions.iter().take(*index).any(|e| e.is_at_odds(it));
        match self.actions.iter().enumerate().find(is_at_odds) {
            Some((index, _)) => Err(MerchandisingError::Contradiction { index }),
            None => Ok(()),
        }
    }

    /// The products that its actions name, by action.
    pub(super) fn products(&self) -> impl Iterator<Item = (usize, ProductId)> {
        self.actions.iter().enumerate().filter_map(|(index, it)| match it.target()? {
            Target::Product(id) => Some((index, id)),
            Target::Facet { .. } => None,
        })
    }

    pub(super) fn applies_to(&self, occasion: &Occasion) -> bool {
        let Occasion { text, collection, customer_groups, channel, now } = occasion;
        let is_query = |it: &QueryCondition| {
            let wanted = normalised(&it.text);
            match it.matching {
                QueryMatching::Exact => *text == wanted,
                QueryMatching::Contains => format!(" {text} ").contains(&format!(" {wanted} ")),
            }
        };
        self.condition.query.as_ref().is_none_or(is_query)
            && self.condition.collection.is_none_or(|it| *collection == Some(it))
            && self.condition.customer_group.is_none_or(|it| customer_groups.contains(&it))
            && self.channel.as_ref().is_none_or(|it| it == channel)
            && self.starts_at.is_none_or(|it| it <= *now)
            && self.ends_at.is_none_or(|it| *now < it)
    }
}

impl RuleAction {
    /// Which products it is about; none for a redirect.
    fn target(&self) -> Option<Target> {
        match self {
            Self::Pin { product, .. } => Some(Target::Product(*product)),
            Self::Boost(target) | Self::Bury(target) | Self::Hide(target) => Some(target.clone()),
            Self::Redirect { .. } => None,
        }
    }

    /// Whether no rule can want both: of the same products two things, two products at one place, or two ways to go.
    fn is_at_odds(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Redirect { .. }, Self::Redirect { .. }) => true,
            (Self::Pin { position: left, .. }, Self::Pin { position: right, .. }) if left == right => true,
            _ => self.target().is_some_and(|it| Some(it) == other.target()),
        }
    }

    fn check(&self, index: usize) -> Result<(), MerchandisingError> {
        match self {
            Self::Pin { position, .. } if !(1..=SearchRule::POSITION_MAX).contains(position) => {
                Err(MerchandisingError::InvalidPosition { index })
            }
            Self::Boost(Target::Facet { key, value })
            | Self::Bury(Target::Facet { key, value })
            | Self::Hide(Target::Facet { key, value })
                if [key, value].iter().any(|it| !(1..=255).contains(&it.chars().count())) =>
            {
                Err(MerchandisingError::InvalidTarget { index })
            }
            Self::Redirect { url } => {
                // `//host` would be an address of another host.
                let is_path = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
                let is_address = is_path || url.strip_prefix("https://").is_some_and(|it| !it.is_empty());
                let is_clean = url.len() <= 2_048 && !url.chars().any(|it| it.is_control() || it == ' ');
                if is_address && is_clean { Ok(()) } else { Err(MerchandisingError::InvalidRedirect { index }) }
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone as _, Utc};

    use super::*;
    use crate::ids::Id as _;

    fn now() -> Timestamp {
        Utc.with_ymd_and_hms(2026, 11, 24, 12, 0, 0).unwrap()
    }

    fn rule(text: &str, matching: QueryMatching) -> SearchRule {
        SearchRule {
            code: "rule".parse().unwrap(),
            name: "Rule".to_owned(),
            condition: RuleCondition {
                query: Some(QueryCondition { text: text.to_owned(), matching }),
                ..RuleCondition::default()
            },
            channel: None,
            starts_at: None,
            ends_at: None,
            priority: 0,
            actions: vec![RuleAction::Redirect { url: "/sale".to_owned() }],
        }
    }

    fn occasion(text: &str) -> Occasion {
        let channel = "web".parse().unwrap();
        Occasion { text: normalised(text), collection: None, customer_groups: Vec::new(), channel, now: now() }
    }

    #[test]
    fn words_are_compared_as_words() {
        let exact = rule("Théière", QueryMatching::Exact);
        assert!(exact.applies_to(&occasion("theiere")));
        assert!(!exact.applies_to(&occasion("theiere rouge")));
        let contains = rule("tea pot", QueryMatching::Contains);
        assert!(contains.applies_to(&occasion("blue tea pot")));
        assert!(!contains.applies_to(&occasion("tea potter")));
        assert!(!contains.applies_to(&occasion("pot tea")));
    }

    #[test]
    fn a_window_a_channel_and_a_collection_narrow_it() {
        let window = |start: i64, end: i64| SearchRule {
            starts_at: Some(now() + TimeDelta::seconds(start)),
            ends_at: Some(now() + TimeDelta::seconds(end)),
            ..rule("sale", QueryMatching::Exact)
        };
        let at = occasion("sale");
        assert!(window(0, 1).applies_to(&at));
        assert!(!window(-1, 0).applies_to(&at));
        assert!(!window(1, 2).applies_to(&at));
        let kiosk = SearchRule { channel: Some("kiosk".parse().unwrap()), ..rule("sale", QueryMatching::Exact) };
        assert!(!kiosk.applies_to(&at));
        assert!(kiosk.applies_to(&Occasion { channel: "kiosk".parse().unwrap(), ..at.clone() }));
        let collection = CollectionId::from_uuid(uuid::Uuid::from_u128(7));
        let condition = RuleCondition { collection: Some(collection), ..RuleCondition::default() };
        let in_collection = SearchRule { condition, ..rule("x", QueryMatching::Exact) };
        assert!(!in_collection.applies_to(&at));
        assert!(in_collection.applies_to(&Occasion { collection: Some(collection), ..at.clone() }));
        let groups = [1, 2].map(|it| CustomerGroupId::from_uuid(uuid::Uuid::from_u128(it)));
        let condition = RuleCondition { customer_group: Some(groups[0]), ..RuleCondition::default() };
        let of_group = SearchRule { condition, ..rule("x", QueryMatching::Exact) };
        of_group.check().unwrap();
        assert!(!of_group.applies_to(&at));
        assert!(!of_group.applies_to(&Occasion { customer_groups: vec![groups[1]], ..at.clone() }));
        assert!(of_group.applies_to(&Occasion { customer_groups: groups.to_vec(), ..at }));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let good = rule("sale", QueryMatching::Exact);
        good.check().unwrap();
        let acting = |action| SearchRule { actions: vec![action], ..good.clone() };
        let redirect = |url: &str| acting(RuleAction::Redirect { url: url.to_owned() });
        let product = ProductId::from_uuid(uuid::Uuid::nil());
        let facet = |key: &str| Target::Facet { key: key.to_owned(), value: "x".to_owned() };
        for bad in [
            SearchRule { name: " ".to_owned(), ..good.clone() },
            SearchRule { condition: RuleCondition::default(), ..good.clone() },
            rule(" ’ ", QueryMatching::Contains),
            SearchRule { starts_at: Some(now()), ends_at: Some(now()), ..good.clone() },
            SearchRule { actions: Vec::new(), ..good.clone() },
            SearchRule { actions: vec![RuleAction::Hide(Target::Product(product)); 51], ..good.clone() },
            acting(RuleAction::Pin { product, position: 0 }),
            acting(RuleAction::Pin { product, position: 101 }),
            acting(RuleAction::Boost(facet(""))),
            redirect("javascript:alert(1)"),
            redirect("//evil.example"),
            redirect("/\\evil.example"),
            redirect("http://plain.example"),
            redirect("https://"),
            redirect("/a b"),
        ] {
            assert!(bad.check().is_err(), "{bad:?}");
        }
        redirect("https://shop.example/sale").check().unwrap();
    }

    #[test]
    fn a_rule_is_not_at_odds_with_itself() {
        let product = |number| ProductId::from_uuid(uuid::Uuid::from_u128(number));
        let one = |number| Target::Product(product(number));
        let red = || Target::Facet { key: "color".to_owned(), value: "Red".to_owned() };
        let pin = |number, position| RuleAction::Pin { product: product(number), position };
        let redirect = || RuleAction::Redirect { url: "/sale".to_owned() };
        for actions in [
            vec![redirect(), pin(1, 1), redirect()],
            vec![pin(1, 1), redirect(), pin(2, 1)],
            vec![pin(1, 1), redirect(), pin(1, 2)],
            vec![pin(1, 1), redirect(), RuleAction::Hide(one(1))],
            vec![RuleAction::Boost(red()), redirect(), RuleAction::Bury(red())],
        ] {
            let rule = SearchRule { actions, ..rule("sale", QueryMatching::Exact) };
            assert!(matches!(rule.check(), Err(MerchandisingError::Contradiction { index: 2 })), "{rule:?}");
        }
        let actions = vec![
            redirect(),
            pin(1, 1),
            pin(2, 2),
            RuleAction::Boost(red()),
            RuleAction::Bury(one(3)),
            RuleAction::Hide(one(4)),
        ];
        let rule = SearchRule { actions, ..rule("sale", QueryMatching::Exact) };
        rule.check().unwrap();
        assert_eq!(
            rule.products().collect::<Vec<_>>(),
            [(1, product(1)), (2, product(2)), (4, product(3)), (5, product(4))]
        );
    }
}

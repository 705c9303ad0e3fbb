//! What staff wants shown: rules, synonyms, and how they order what was found.

mod error;
mod merge;
mod plan;
mod repository;
mod rule;
mod service;
mod synonyms;

pub use self::{
    error::MerchandisingError,
    plan::{Effect, Placement},
    repository::{MerchandisingQueries, MerchandisingRepository},
    rule::{QueryCondition, QueryMatching, RuleAction, RuleCode, RuleCondition, SearchRule, Target},
    synonyms::Synonyms,
};
pub(super) use self::{
    merge::{in_places, merge},
    plan::{Partition, Plan, Slots},
    rule::Occasion,
};

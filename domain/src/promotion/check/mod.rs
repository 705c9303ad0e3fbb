//! Whether a promotion can be: what is wrong with it, each with its path, before anybody relies on it.

mod action;
mod conjunction;
mod group;
mod tree;

pub use group::check_groups;

use super::{Combination, GroupMode, Promotion, PromotionBudget, PromotionGroup};
use crate::money::{Amounts, Currency};

/// The most nodes and facts of a condition.
pub const CONDITION_NODES_MAX: usize = 100;
/// The most levels of a condition.
pub const CONDITION_DEPTH_MAX: usize = 6;
/// The most values of a set: ids, codes, names.
pub const CONDITION_VALUES_MAX: usize = 1_000;
/// The most actions of a promotion.
pub const ACTIONS_MAX: usize = 10;
/// The most tiers of an action.
pub const TIERS_MAX: usize = 50;
/// The most levels of groups.
pub const GROUP_DEPTH_MAX: usize = 5;
/// The most characters of a name, of a promotion or of what its conditions name.
pub const PROMOTION_NAME_LENGTH_MAX: usize = 255;

/// The most issues that are told at once.
const ISSUES_MAX: usize = 100;

/// Something that is wrong with a promotion.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct PromotionIssue {
    /// Where, such as `condition.all[1].subtotal` or `actions[0].cap.units`.
    pub path: String,
    /// What.
    pub problem: Problem,
}

/// What can be wrong with a promotion or a group.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// There has to be something.
    #[error("there has to be at least one")]
    Empty,
    /// There is too much.
    #[error("there are at most {max}")]
    TooMany {
        /// The most.
        max: usize,
    },
    /// It is nested too deeply.
    #[error("there are at most {max} levels")]
    TooDeep {
        /// The most.
        max: usize,
    },
    /// No name, too long a one, or control characters.
    #[error("this has 1 to {max} characters, and no control characters")]
    Text {
        /// The most characters.
        max: usize,
    },
    /// A value is there more than once.
    #[error("`{value}` is there twice")]
    Twice {
        /// Which.
        value: String,
    },
    /// The stretch of time is empty.
    #[error("it would never be open: it ends before it begins")]
    NeverOpens,
    /// Never together with something else.
    #[error("it can never hold together with `{with}`")]
    Contradiction {
        /// The other one's path.
        with: String,
    },
    /// Never at all.
    #[error("it can never hold")]
    NeverHolds,
    /// An amount below zero.
    #[error("an amount cannot be below zero")]
    NegativeAmount,
    /// Something that does nothing.
    #[error("it would do nothing")]
    NoEffect,
    /// A percentage of more than all.
    #[error("a discount is more than 0 and at most 100 percent")]
    Percentage,
    /// A factor that makes no sense.
    #[error("a factor is more than 0 and at most {max}")]
    Factor {
        /// The highest.
        max: u32,
    },
    /// Not at least so many.
    #[error("it is at least {min}")]
    TooSmall {
        /// The least.
        min: u32,
    },
    /// Amounts in different currencies.
    #[error("there is no amount in {currency}, in which `{with}` has one")]
    CurrencyMissing {
        /// The currency's code.
        currency: &'static str,
        /// Where there is one.
        with: String,
    },
    /// A cap below what a single deal does.
    #[error("the cap allows {cap} units, but the deal makes {needed} cheaper at once, so it would never happen")]
    CapBelowDeal {
        /// What the cap allows.
        cap: u32,
        /// What one deal needs.
        needed: u32,
    },
    /// A cap where there is nothing to cap.
    #[error("there are no units to choose here")]
    CapWithoutUnits,
    /// Tiers that overlap.
    #[error("it overlaps with `{with}`: each tier begins above the one before it")]
    TiersOverlap {
        /// The tier before.
        with: String,
    },
    /// There is no such group.
    #[error("there is no such group")]
    UnknownGroup,
    /// There is no such thing.
    #[error("there is no {what} `{id}`")]
    Unknown {
        /// What it would be, such as a product.
        what: &'static str,
        /// What was given.
        id: String,
    },
    /// Groups in a circle.
    #[error("a group cannot stand in itself")]
    Circle,
    /// Always combining, and giving way.
    #[error("what always combines cannot stand in a group of which not all members apply")]
    AlwaysInChoice,
}

/// Gathers issues.
#[derive(Default)]
struct Issues(Vec<PromotionIssue>);

impl Issues {
    fn add(&mut self, path: impl Into<String>, problem: Problem) {
        if self.0.len() < ISSUES_MAX {
            self.0.push(PromotionIssue { path: path.into(), problem });
        }
    }

    /// Adds the problem, if it is one.
    fn add_if(&mut self, is_wrong: bool, path: impl Into<String>, problem: Problem) {
        if is_wrong {
            self.add(path, problem);
        }
    }

    fn into_result(self) -> Result<(), Vec<PromotionIssue>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

/// Whether a text can be a name: not blank, not too long, no control characters.
fn is_name(text: &str) -> bool {
    let is_good = !text.trim().is_empty() && !text.chars().any(char::is_control);
    is_good && text.chars().count() <= PROMOTION_NAME_LENGTH_MAX
}

impl Promotion {
    /// Checks what staff entered. `groups` are all groups there are.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn check(&self, groups: &[PromotionGroup]) -> Result<(), Vec<PromotionIssue>> {
        let mut issues = Issues::default();
        let max = PROMOTION_NAME_LENGTH_MAX;
        issues.add_if(!is_name(&self.name), "name", Problem::Text { max });
        issues.add_if(self.window.is_empty(), "window", Problem::NeverOpens);
        if let Some(condition) = &self.condition {
            tree::check(condition, &mut issues);
            conjunction::check(condition, self, &mut issues);
        }
        issues.add_if(self.actions.is_empty(), "actions", Problem::Empty);
        issues.add_if(ACTIONS_MAX < self.actions.len(), "actions", Problem::TooMany { max: ACTIONS_MAX });
        for (index, it) in self.actions.iter().enumerate() {
            action::check(it, &format!("actions[{index}]"), &mut issues);
        }
        self.check_budget(&mut issues);
        self.check_currencies(&mut issues);
        self.check_group(groups, &mut issues);
        issues.into_result()
    }

    /// A budget limits something, and leaves something.
    fn check_budget(&self, issues: &mut Issues) {
        let Some(PromotionBudget { amounts, uses }) = &self.budget else { return };
        issues.add_if(amounts.is_none() && uses.is_none(), "budget", Problem::Empty);
        issues.add_if(*uses == Some(0), "budget.uses", Problem::TooSmall { min: 1 });
        let is_nothing = amounts.iter().flat_map(Amounts::iter).any(|it| it.minor() == 0);
        issues.add_if(is_nothing, "budget.amounts", Problem::NoEffect);
    }

    /// Each amount is there in every currency that another one is in: otherwise the promotion would apply in none of them.
    fn check_currencies(&self, issues: &mut Issues) {
        let amounts = self.amounts();
        for (path, _) in amounts.iter().filter(|(_, it)| it.iter().any(|it| it.minor() < 0)) {
            issues.add(path.as_str(), Problem::NegativeAmount);
        }
        let mut currencies: Vec<(Currency, &String)> = Vec::new();
        for (path, currency) in amounts.iter().flat_map(|(path, it)| it.iter().map(move |it| (path, it.currency()))) {
            if !currencies.iter().any(|it| it.0 == currency) {
                currencies.push((currency, path));
            }
        }
        for (path, of_path) in &amounts {
            for (currency, with) in currencies.iter().filter(|it| of_path.get(it.0).is_none()) {
                let problem = Problem::CurrencyMissing { currency: currency.code(), with: (*with).clone() };
                issues.add(path.as_str(), problem);
            }
        }
    }

    fn check_group(&self, groups: &[PromotionGroup], issues: &mut Issues) {
        let Some(group_id) = self.group_id else { return };
        let mut at = groups.iter().find(|it| it.id == group_id);
        issues.add_if(at.is_none(), "groupId", Problem::UnknownGroup);
        // Groups that were checked are few and in no circle.
        for _ in 0..=GROUP_DEPTH_MAX {
            let Some(group) = at else { return };
            if self.combination == Combination::Always && group.mode != GroupMode::Stack {
                issues.add("combination", Problem::AlwaysInChoice);
                return;
            }
            at = group.parent_id.and_then(|id| groups.iter().find(|it| it.id == id));
        }
    }
}

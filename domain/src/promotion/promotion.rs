//! Promotions, and the groups in which they stand in each other's way.

use serde::{Deserialize, Serialize};

use super::{Action, ActionKind, Condition, PromotionBudget};
use crate::{
    clock::Window,
    ids::{PromotionGroupId, PromotionId, VariantId},
    money::Amounts,
};

/// A promise: under these conditions, something costs less.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    /// Its id.
    pub id: PromotionId,
    /// What staff calls it.
    pub name: String,
    /// Whether staff has paused it.
    pub is_paused: bool,
    /// When it runs.
    pub window: Window,
    /// Which comes first within a class and a group: the one with the higher priority, then the older one.
    pub priority: i32,
    /// The group it stands in; none: it stands beside the groups, and combines with all that is not exclusive.
    pub group_id: Option<PromotionGroupId>,
    /// Which others it goes together with.
    pub combination: Combination,
    /// Which amounts its conditions and actions see.
    pub basis: Basis,
    /// How much it gives altogether; none: as much as it takes.
    #[serde(default)]
    pub budget: Option<PromotionBudget>,
    /// When it applies; none: always.
    pub condition: Option<Condition>,
    /// What it does, at least one thing.
    pub actions: Vec<Action>,
}

impl Promotion {
    /// What it may give away.
    pub fn gifts(&self) -> impl Iterator<Item = VariantId> {
        self.actions.iter().filter_map(|it| match it.kind {
            ActionKind::Gift { variant_id, .. } => Some(variant_id),
            _ => None,
        })
    }

    /// All amounts of its budget, condition and actions, with where they are.
    pub(super) fn amounts(&self) -> Vec<(String, &Amounts)> {
        let mut amounts = Vec::new();
        if let Some(budget) = self.budget.as_ref().and_then(|it| it.amounts.as_ref()) {
            amounts.push(("budget.amounts".to_owned(), budget));
        }
        if let Some(condition) = &self.condition {
            condition.amounts("condition", &mut amounts);
        }
        for (index, action) in self.actions.iter().enumerate() {
            let of_action = action.amounts();
            amounts.extend(of_action.into_iter().map(|(part, it)| (format!("actions[{index}].{part}"), it)));
        }
        amounts
    }
}

/// Which others a promotion goes together with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Combination {
    /// All that are not exclusive, as the groups say.
    #[default]
    Common,
    /// Only those that always combine. Of several that apply, the first alone holds.
    Exclusive,
    /// All, exclusive ones too.
    Always,
}

/// Which amounts a promotion sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Basis {
    /// What is left after the promotions before it.
    #[default]
    Running,
    /// What the price lists say, before any promotion.
    Original,
}

/// Promotions, and further groups, of which not all may apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionGroup {
    /// Its id.
    pub id: PromotionGroupId,
    /// What staff calls it.
    pub name: String,
    /// The group it stands in.
    pub parent_id: Option<PromotionGroupId>,
    /// Which of its members apply.
    pub mode: GroupMode,
    /// Its place among its siblings, as a promotion's.
    pub priority: i32,
}

/// Which members of a group apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GroupMode {
    /// All, one after the other.
    #[default]
    Stack,
    /// The first one that applies, in the order of calculation.
    First,
    /// The one with which the whole cart costs least; of equal ones, the first.
    Best,
}

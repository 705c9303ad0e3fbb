//! Promotions as staff keeps them.

use super::{Action, Basis, Combination, Condition, GroupMode, Promotion, PromotionBudget};
use crate::{
    clock::{Timestamp, Window, to_micros},
    ids::{PromotionGroupId, PromotionId},
};

/// A promotion with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPromotion {
    /// What it promises.
    pub promotion: Promotion,
    /// Grows with each change, from 1.
    pub version: u32,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Whether a promotion runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PromotionState {
    /// It has not begun.
    Scheduled,
    /// It runs.
    Active,
    /// Staff has paused it, before it ended.
    Paused,
    /// It is over.
    Ended,
}

impl Promotion {
    /// Whether it runs at a moment.
    #[must_use]
    pub fn state(&self, moment: Timestamp) -> PromotionState {
        match self.window {
            Window { until: Some(until), .. } if until <= moment => PromotionState::Ended,
            _ if self.is_paused => PromotionState::Paused,
            Window { from: Some(from), .. } if moment < from => PromotionState::Scheduled,
            _ => PromotionState::Active,
        }
    }

    /// Whether it is over at a moment.
    #[must_use]
    pub fn has_ended(&self, moment: Timestamp) -> bool {
        self.state(moment) == PromotionState::Ended
    }
}

/// The place of a promotion in the list: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PromotionCursor {
    /// When it was created.
    pub created_at: Timestamp,
    /// Which of those created then.
    pub id: PromotionId,
}

impl PromotionCursor {
    /// The place of `stored`.
    #[must_use]
    pub fn of(stored: &StoredPromotion) -> Self {
        Self { created_at: stored.created_at, id: stored.promotion.id }
    }
}

/// What staff says of a promotion. What is none stays as it is; in a new one it is the usual.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PromotionDraft {
    /// What it is called.
    pub name: Option<String>,
    /// Whether it is paused; it usually is not.
    pub is_paused: Option<bool>,
    /// When it begins; usually it has begun.
    pub starts_at: Option<Option<Timestamp>>,
    /// When it is over; usually never.
    pub ends_at: Option<Option<Timestamp>>,
    /// Which comes first; usually 0.
    pub priority: Option<i32>,
    /// The group it stands in; usually none.
    pub group_id: Option<Option<PromotionGroupId>>,
    /// Which others it goes together with.
    pub combination: Option<Combination>,
    /// Which amounts it sees.
    pub basis: Option<Basis>,
    /// How much it gives altogether; usually as much as it takes.
    pub budget: Option<Option<PromotionBudget>>,
    /// When it applies; usually always.
    pub condition: Option<Option<Condition>>,
    /// What it does.
    pub actions: Option<Vec<Action>>,
}

impl PromotionDraft {
    /// A new promotion.
    #[must_use]
    pub fn into_promotion(self, id: PromotionId) -> Promotion {
        let mut promotion = Promotion {
            id,
            name: String::new(),
            is_paused: false,
            window: Window::ALWAYS,
            priority: 0,
            group_id: None,
            combination: Combination::default(),
            basis: Basis::default(),
            budget: None,
            condition: None,
            actions: Vec::new(),
        };
        self.apply(&mut promotion);
        promotion
    }

    /// Changes a promotion.
    pub fn apply(self, promotion: &mut Promotion) {
        set(&mut promotion.name, self.name);
        set(&mut promotion.is_paused, self.is_paused);
        set(&mut promotion.window.from, self.starts_at.map(|it| it.map(to_micros)));
        set(&mut promotion.window.until, self.ends_at.map(|it| it.map(to_micros)));
        set(&mut promotion.priority, self.priority);
        set(&mut promotion.group_id, self.group_id);
        set(&mut promotion.combination, self.combination);
        set(&mut promotion.basis, self.basis);
        set(&mut promotion.budget, self.budget);
        set(&mut promotion.condition, self.condition);
        set(&mut promotion.actions, self.actions);
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// What staff says of a group: all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromotionGroupDraft {
    /// Which group; none: a new one.
    pub id: Option<PromotionGroupId>,
    /// What it is called.
    pub name: String,
    /// The group it stands in.
    pub parent_id: Option<PromotionGroupId>,
    /// Which of its members apply.
    pub mode: GroupMode,
    /// Its place among its siblings.
    pub priority: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_has_ended_though_it_is_paused() {
        let at = |second| Timestamp::from_timestamp(second, 0).unwrap();
        let draft =
            PromotionDraft { starts_at: Some(Some(at(10))), ends_at: Some(Some(at(20))), ..PromotionDraft::default() };
        let id: PromotionId = crate::ids::Id::from_uuid(uuid::Uuid::nil());
        let running = draft.clone().into_promotion(id);
        let paused = PromotionDraft { is_paused: Some(true), ..draft }.into_promotion(id);
        let states = |it: &Promotion| [9, 10, 19, 20].map(|second| it.state(at(second)));
        use PromotionState::{Active, Ended, Paused, Scheduled};
        assert_eq!(states(&running), [Scheduled, Active, Active, Ended]);
        assert_eq!(states(&paused), [Paused, Paused, Paused, Ended]);
    }

    #[test]
    fn what_a_draft_leaves_out_stays() {
        let id: PromotionId = crate::ids::Id::from_uuid(uuid::Uuid::nil());
        let named = PromotionDraft { name: Some("a".to_owned()), priority: Some(7), ..PromotionDraft::default() };
        let before = PromotionDraft { condition: Some(Some(Condition::Code)), ..named }.into_promotion(id);
        let mut after = before.clone();
        PromotionDraft::default().apply(&mut after);
        assert_eq!(after, before);
        PromotionDraft { condition: Some(None), ..PromotionDraft::default() }.apply(&mut after);
        assert_eq!(after, Promotion { condition: None, ..before });
    }
}

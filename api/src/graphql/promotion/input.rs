//! Commands on promotions, as they are written.

use async_graphql::{ID, InputObject, MaybeUndefined};
use comptoir_domain::promotion::{Action, Condition, PromotionBudget, PromotionDraft};

use super::{
    super::{
        error::{Path, Refusal},
        id::parse_id,
        money::MoneyInput,
        scalar::DateTime,
    },
    action_input::PromotionActionInput,
    amount::parse_amounts,
    condition_input::PromotionConditionInput,
    object::{PromotionBasis, PromotionCombination},
};

/// How much a promotion may give altogether: `amounts`, `uses` or both.
#[derive(InputObject)]
pub(super) struct PromotionBudgetInput {
    /// How much money, in each currency; left out: as much as it takes.
    amounts: Option<Vec<MoneyInput>>,
    /// To how many carts; left out: to any number.
    uses: Option<u32>,
}

impl PromotionBudgetInput {
    fn parse(self) -> Result<PromotionBudget, Refusal> {
        let at = Path::input("budget").field("amounts");
        let amounts = self.amounts.map(|it| parse_amounts(&it, &at)).transpose()?;
        Ok(PromotionBudget { amounts, uses: self.uses })
    }
}

/// A new promotion.
#[derive(InputObject)]
pub(super) struct PromotionCreateInput {
    /// What staff calls it: at most 255 characters.
    name: String,
    /// Whether it is paused until `promotionResume`.
    #[graphql(default)]
    is_paused: bool,
    /// When it begins; left out: now.
    starts_at: Option<DateTime>,
    /// When it is over; left out: never.
    ends_at: Option<DateTime>,
    /// Which comes first within a class and a group: the one with the higher priority, then the older one.
    #[graphql(default)]
    priority: i32,
    /// The group it stands in.
    group_id: Option<ID>,
    /// Which others it goes together with.
    #[graphql(default_with = "PromotionCombination::Common")]
    combination: PromotionCombination,
    /// Which amounts its conditions and actions see.
    #[graphql(default_with = "PromotionBasis::Running")]
    basis: PromotionBasis,
    /// How much it may give altogether; left out: as much as it takes.
    budget: Option<PromotionBudgetInput>,
    /// When it applies; left out: always.
    condition: Option<PromotionConditionInput>,
    /// What it does: 1 to 10 things.
    actions: Vec<PromotionActionInput>,
}

/// What changes of a promotion; what is left out stays as it is.
#[derive(InputObject)]
pub(super) struct PromotionUpdateInput {
    /// Which.
    pub(super) promotion_id: ID,
    /// The version that the client last saw; the command is refused where it is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// What staff calls it.
    name: Option<String>,
    /// When it begins; null: it has.
    starts_at: MaybeUndefined<DateTime>,
    /// When it is over; null: never.
    ends_at: MaybeUndefined<DateTime>,
    /// Which comes first.
    priority: Option<i32>,
    /// The group it stands in; null: none.
    group_id: MaybeUndefined<ID>,
    /// Which others it goes together with.
    combination: Option<PromotionCombination>,
    /// Which amounts its conditions and actions see.
    basis: Option<PromotionBasis>,
    /// How much it may give altogether, what it gave already included; null: as much as it takes.
    budget: MaybeUndefined<PromotionBudgetInput>,
    /// When it applies, the whole tree; null: always.
    condition: MaybeUndefined<PromotionConditionInput>,
    /// All that it does.
    actions: Option<Vec<PromotionActionInput>>,
}

/// When a promotion shall run.
#[derive(InputObject)]
pub(super) struct PromotionScheduleInput {
    /// Which.
    pub(super) promotion_id: ID,
    /// The version that the client last saw; the command is refused where it is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// When it begins; left out: at once.
    starts_at: Option<DateTime>,
    /// When it is over; left out: never.
    ends_at: Option<DateTime>,
}

/// Which promotion a command is about.
#[derive(InputObject)]
pub(super) struct PromotionCommandInput {
    /// Which.
    pub(super) promotion_id: ID,
    /// The version that the client last saw; the command is refused where it is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
}

/// A promotion to copy.
#[derive(InputObject)]
pub(super) struct PromotionDuplicateInput {
    /// Which.
    pub(super) promotion_id: ID,
}

impl PromotionCreateInput {
    /// The draft, or what is wrong with it.
    pub(super) fn parse(self) -> Result<PromotionDraft, Refusal> {
        let group_id = self.group_id.map(|it| parse_id(&it, Path::input("groupId"))).transpose()?;
        Ok(PromotionDraft {
            name: Some(self.name),
            is_paused: Some(self.is_paused),
            starts_at: Some(self.starts_at.map(|it| it.0)),
            ends_at: Some(self.ends_at.map(|it| it.0)),
            priority: Some(self.priority),
            group_id: Some(group_id),
            combination: Some(self.combination.into()),
            basis: Some(self.basis.into()),
            budget: Some(self.budget.map(PromotionBudgetInput::parse).transpose()?),
            condition: Some(self.condition.map(parse_condition).transpose()?),
            actions: Some(parse_actions(self.actions)?),
        })
    }
}

impl PromotionUpdateInput {
    /// The draft, or what is wrong with it.
    pub(super) fn parse(self) -> Result<PromotionDraft, Refusal> {
        let group_id = known(self.group_id).map(|it| it.map(|it| parse_id(&it, Path::input("groupId"))).transpose());
        Ok(PromotionDraft {
            name: self.name,
            is_paused: None,
            starts_at: known(self.starts_at).map(|it| it.map(|it| it.0)),
            ends_at: known(self.ends_at).map(|it| it.map(|it| it.0)),
            priority: self.priority,
            group_id: group_id.transpose()?,
            combination: self.combination.map(Into::into),
            basis: self.basis.map(Into::into),
            budget: known(self.budget).map(|it| it.map(PromotionBudgetInput::parse).transpose()).transpose()?,
            condition: known(self.condition).map(|it| it.map(parse_condition).transpose()).transpose()?,
            actions: self.actions.map(parse_actions).transpose()?,
        })
    }
}

impl PromotionScheduleInput {
    /// The draft.
    pub(super) fn draft(&self) -> PromotionDraft {
        PromotionDraft {
            starts_at: Some(self.starts_at.map(|it| it.0)),
            ends_at: Some(self.ends_at.map(|it| it.0)),
            ..PromotionDraft::default()
        }
    }
}

/// What was said, if anything was.
fn known<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

fn parse_condition(condition: PromotionConditionInput) -> Result<Condition, Refusal> {
    condition.parse(&Path::input("condition"))
}

fn parse_actions(actions: Vec<PromotionActionInput>) -> Result<Vec<Action>, Refusal> {
    let action = |(index, it): (usize, PromotionActionInput)| it.parse(&Path::input("actions").index(index));
    actions.into_iter().enumerate().map(action).collect()
}

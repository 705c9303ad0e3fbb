//! Promotions and groups, as staff sees them.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use comptoir_domain::{
    clock::Timestamp,
    ids::PromotionGroupId,
    promotion::{self, BudgetTaken},
};

use super::{
    super::{
        channel::settings,
        id::to_id,
        loader::{TakenOf, load},
        money::Money,
        scalar::DateTime,
    },
    action::PromotionAction,
    amount::to_amounts,
    condition::PromotionCondition,
};

/// Whether a promotion runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::PromotionState")]
pub(super) enum PromotionState {
    /// It has not begun.
    Scheduled,
    /// It runs.
    Active,
    /// Staff has paused it, before it ended.
    Paused,
    /// It is over.
    Ended,
}

/// Which others a promotion goes together with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::Combination")]
pub(super) enum PromotionCombination {
    /// All that are not exclusive, as the groups say.
    Common,
    /// Only those that always combine. Of several that apply, the first alone holds.
    Exclusive,
    /// All, exclusive ones too.
    Always,
}

/// Which amounts a promotion sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::Basis")]
pub(super) enum PromotionBasis {
    /// What is left after the promotions before it.
    Running,
    /// What the price lists say, before any promotion.
    Original,
}

/// Which members of a group apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::GroupMode")]
pub(super) enum PromotionGroupMode {
    /// All, one after the other.
    Stack,
    /// The first one that applies, in the order of calculation.
    First,
    /// The one with which the whole cart costs least; of equal ones, the first.
    Best,
}

/// How much a promotion may give altogether.
#[derive(SimpleObject)]
struct PromotionBudget {
    /// How much money, in each currency; null: as much as it takes.
    amounts: Option<Vec<Money>>,
    /// To how many carts; null: to any number.
    uses: Option<u32>,
}

/// What carts and orders have of a promotion's budget.
#[derive(SimpleObject)]
struct PromotionBudgetUse {
    /// How many orders have something of it, and carts for which it is set aside.
    uses: u64,
    /// How much they have; at most one amount in each currency.
    amounts: Vec<Money>,
}

/// A promotion, seen at a moment.
pub(super) struct Promotion {
    pub(super) stored: promotion::StoredPromotion,
    pub(super) now: Timestamp,
}

/// A promise: under these conditions, something costs less.
#[Object]
impl Promotion {
    /// Its id.
    async fn id(&self) -> ID {
        to_id(self.stored.promotion.id)
    }

    /// Grows with each change, from 1.
    async fn version(&self) -> u32 {
        self.stored.version
    }

    /// What staff calls it.
    async fn name(&self) -> &str {
        &self.stored.promotion.name
    }

    /// Whether it runs.
    async fn state(&self) -> PromotionState {
        self.stored.promotion.state(self.now).into()
    }

    /// Whether staff has paused it.
    async fn is_paused(&self) -> bool {
        self.stored.promotion.is_paused
    }

    /// When it begins; that moment belongs to it. Null: it has.
    async fn starts_at(&self) -> Option<DateTime> {
        self.stored.promotion.window.from.map(DateTime)
    }

    /// When it is over; that moment does not belong to it. Null: never.
    async fn ends_at(&self) -> Option<DateTime> {
        self.stored.promotion.window.until.map(DateTime)
    }

    /// Which comes first within a class and a group: the one with the higher priority, then the older one.
    async fn priority(&self) -> i32 {
        self.stored.promotion.priority
    }

    /// The group it stands in.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<PromotionGroup>> {
        group(ctx, self.stored.promotion.group_id).await
    }

    /// Which others it goes together with.
    async fn combination(&self) -> PromotionCombination {
        self.stored.promotion.combination.into()
    }

    /// Which amounts its conditions and actions see.
    async fn basis(&self) -> PromotionBasis {
        self.stored.promotion.basis.into()
    }

    /// How much it may give altogether; null: as much as it takes.
    async fn budget(&self) -> Option<PromotionBudget> {
        let budget = self.stored.promotion.budget.as_ref()?;
        Some(PromotionBudget { amounts: budget.amounts.as_ref().map(to_amounts), uses: budget.uses })
    }

    /// What carts and orders have of its budget now; null where it has none.
    async fn budget_use(&self, ctx: &Context<'_>) -> Option<Result<PromotionBudgetUse>> {
        self.stored.promotion.budget.as_ref()?;
        let taken = load(ctx, TakenOf(self.stored.promotion.id)).await;
        let amounts = |it: &BudgetTaken| it.amounts.iter().copied().map(Money::from).collect();
        Some(taken.map(|it| match it {
            Some(it) => PromotionBudgetUse { uses: it.uses, amounts: amounts(&it) },
            None => PromotionBudgetUse { uses: 0, amounts: Vec::new() },
        }))
    }

    /// When it applies: the conditions of the tree, each before those inside of it; at most 100. Empty: always.
    async fn conditions(&self) -> Vec<PromotionCondition> {
        self.stored.promotion.condition.as_ref().map(PromotionCondition::of).unwrap_or_default()
    }

    /// What it does; at most 10.
    async fn actions(&self) -> Vec<PromotionAction> {
        self.stored.promotion.actions.iter().map(PromotionAction::from).collect()
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.stored.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.stored.updated_at)
    }
}

/// Promotions, and further groups, of which not all may apply.
pub(super) struct PromotionGroup(pub(super) promotion::PromotionGroup);

/// Promotions, and further groups, of which not all may apply.
#[Object]
impl PromotionGroup {
    /// Its id.
    async fn id(&self) -> ID {
        to_id(self.0.id)
    }

    /// What staff calls it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Which of its members apply.
    async fn mode(&self) -> PromotionGroupMode {
        self.0.mode.into()
    }

    /// Its place among its siblings, as a promotion's.
    async fn priority(&self) -> i32 {
        self.0.priority
    }

    /// The group it stands in.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<PromotionGroup>> {
        group(ctx, self.0.parent_id).await
    }
}

async fn group(ctx: &Context<'_>, id: Option<PromotionGroupId>) -> Result<Option<PromotionGroup>> {
    let Some(id) = id else { return Ok(None) };
    Ok(settings(ctx).await?.promotions.group(id).cloned().map(PromotionGroup))
}

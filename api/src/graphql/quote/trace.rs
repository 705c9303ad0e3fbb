//! Why promotions and codes apply, or do not, and what is missing.

use async_graphql::{Enum, ID, SimpleObject};
use comptoir_domain::{
    promotion::{self, CodeState, FactValue, Outcome, Precedence, Rejection},
    settings::Settings,
};

use super::super::{id::to_id, money::Money, scalar::DateTime};

/// What became of a promotion or a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum PromotionOutcome {
    /// It applies.
    Applied,
    /// It does not; `reason` says why.
    Rejected,
    /// It would, but for another one that takes precedence.
    Superseded,
}

/// Why a promotion or a code does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum PromotionReason {
    /// Staff has paused it.
    Paused,
    /// It has not begun.
    NotStarted,
    /// It has ended.
    Ended,
    /// Its condition is not fulfilled: see `gaps`.
    NotMet,
    /// It has nothing to take off.
    NothingToDiscount,
    /// It has no amount in the cart's currency.
    NoAmountInCurrency,
    /// All uses of its budget are taken.
    UsesExhausted,
    /// It would give more than is left of its budget: see `budgetGap`.
    BudgetExhausted,
    /// There are not enough of its gift.
    GiftUnavailable,
    /// Its gift waits to be accepted.
    GiftOffered,
    /// Its gift was refused.
    GiftRefused,
    /// There is no such code.
    CodeUnknown,
    /// The code does not count yet.
    CodeNotYetActive,
    /// The code has expired.
    CodeExpired,
    /// Staff has paused the code.
    CodePaused,
    /// All uses of the code are taken.
    CodeUsesExhausted,
    /// This customer has used the code as often as anybody may.
    CodeCustomerUsesExhausted,
    /// The code is for others, or for those who are signed in.
    CodeNotForThisCustomer,
    /// The use that was set aside is void, because nothing came of it in time: enter the code again.
    CodeReservationExpired,
    /// The promotion of the code is not there any more.
    PromotionInactive,
    /// An exclusive promotion applies.
    Exclusive,
    /// Another of its group comes first.
    FirstOfGroup,
    /// Another of its group takes off more.
    BestOfGroup,
    /// The promotion applies by another code.
    SamePromotion,
}

/// What a condition asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::Fact")]
enum PromotionFact {
    Subtotal,
    Quantity,
    LineQuantity,
    Products,
    Variants,
    Collections,
    Attributes,
    Brands,
    CustomerGroup,
    Segment,
    LoyaltyTier,
    FirstOrder,
    Channel,
    Market,
    Location,
    Device,
    LiveShow,
    TimeWindow,
    Daypart,
    FulfillmentKind,
    PaymentMeans,
    Code,
}

/// How a fact has to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::Test")]
enum PromotionTest {
    /// The same or more.
    AtLeast,
    /// More.
    MoreThan,
    /// The same or less.
    AtMost,
    /// Less.
    LessThan,
    /// The same.
    Equal,
    /// Another.
    NotEqual,
    /// At least one of them.
    AnyOf,
    /// Each of them.
    AllOf,
    /// Not one of them.
    NoneOf,
    /// Not all of them.
    NotAllOf,
    /// Inside.
    Within,
    /// Outside.
    NotWithin,
}

/// A value of a fact: one of its fields is there; none where it is not known.
#[derive(Debug, Default, SimpleObject)]
struct PromotionFactValue {
    /// An amount, as prices are entered.
    amount: Option<Money>,
    /// A number of units.
    count: Option<u32>,
    /// Ids, codes or names; the first ones, where there are many.
    values: Option<Vec<String>>,
    /// Yes or no.
    flag: Option<bool>,
    /// A moment, or when a stretch of time begins.
    from: Option<DateTime>,
    /// When a stretch of time ends.
    until: Option<DateTime>,
}

impl From<&FactValue> for PromotionFactValue {
    fn from(value: &FactValue) -> Self {
        let none = Self::default();
        match value {
            FactValue::Amount(amount) => Self { amount: Some((*amount).into()), ..none },
            FactValue::Count(count) => Self { count: Some(*count), ..none },
            FactValue::Values(values) => Self { values: Some(values.clone()), ..none },
            FactValue::Flag(flag) => Self { flag: Some(*flag), ..none },
            FactValue::Moment(at) => Self { from: Some(DateTime(*at)), ..none },
            FactValue::Window(it) => Self { from: it.from.map(DateTime), until: it.until.map(DateTime), ..none },
            FactValue::Daypart(it) => Self { values: Some(hours(it)), ..none },
            FactValue::Absent => none,
        }
    }
}

/// Days, hours and their time zone, such as `Mon`, `09:00-12:00`, `Europe/Paris`.
fn hours(it: &promotion::Daypart) -> Vec<String> {
    let days = it.weekdays.iter().map(ToString::to_string);
    let hours = it.hours.map(|it| format!("{}-{}", it.from.format("%H:%M"), it.until.format("%H:%M")));
    days.chain(hours).chain([it.time_zone.name().to_owned()]).collect()
}

/// A part of a condition that is not fulfilled.
#[derive(SimpleObject)]
struct PromotionGap {
    /// Where in the condition, such as `condition.all[1].subtotal`.
    path: String,
    /// What it asks about.
    fact: PromotionFact,
    /// How it has to compare.
    test: PromotionTest,
    /// With what.
    required: PromotionFactValue,
    /// What the cart has.
    actual: PromotionFactValue,
    /// What has to be added; null where adding does not help.
    missing: Option<PromotionFactValue>,
}

impl From<&promotion::Gap> for PromotionGap {
    fn from(gap: &promotion::Gap) -> Self {
        Self {
            path: gap.path.clone(),
            fact: gap.fact.into(),
            test: gap.test.into(),
            required: (&gap.required).into(),
            actual: (&gap.actual).into(),
            missing: gap.missing.as_ref().map(Into::into),
        }
    }
}

/// Why a promotion's money does not suffice.
#[derive(SimpleObject)]
struct PromotionBudgetGap {
    /// What it would give.
    needed: Money,
    /// What is left.
    left: Money,
}

/// What became of a promotion, and why.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PromotionTrace {
    /// Which.
    promotion_id: ID,
    /// What it is called; null where it is gone.
    name: Option<String>,
    #[graphql(flatten)]
    verdict: Verdict,
}

/// What became of a code, and why.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CodeTrace {
    /// The code, in capitals.
    code: String,
    /// The promotion it is for; null: there is no such code.
    promotion_id: Option<ID>,
    #[graphql(flatten)]
    verdict: Verdict,
}

/// What became of something, and why.
#[derive(SimpleObject)]
struct Verdict {
    /// What became of it.
    outcome: PromotionOutcome,
    /// What it takes off, as prices are entered; null where it does not apply.
    amount: Option<Money>,
    /// Why it does not apply.
    reason: Option<PromotionReason>,
    /// What is not fulfilled; where it applies, what would make it take off more.
    gaps: Vec<PromotionGap>,
    /// What it would give and what is left, where `reason` is `BUDGET_EXHAUSTED`.
    budget_gap: Option<PromotionBudgetGap>,
    /// The promotion that takes precedence.
    superseded_by: Option<ID>,
}

impl From<&Outcome> for Verdict {
    fn from(outcome: &Outcome) -> Self {
        let verdict = |outcome, reason| Self {
            outcome,
            amount: None,
            reason,
            gaps: Vec::new(),
            budget_gap: None,
            superseded_by: None,
        };
        match outcome {
            Outcome::Applied { amount, next } => Self {
                amount: Some((*amount).into()),
                gaps: next.iter().map(|it| (&**it).into()).collect(),
                ..verdict(PromotionOutcome::Applied, None)
            },
            Outcome::Rejected { reason } => {
                let budget_gap = match reason {
                    Rejection::BudgetExhausted { needed, left } => {
                        Some(PromotionBudgetGap { needed: (*needed).into(), left: (*left).into() })
                    }
                    _ => None,
                };
                let rejected = verdict(PromotionOutcome::Rejected, Some(rejected(reason)));
                Self { gaps: gaps(reason), budget_gap, ..rejected }
            }
            Outcome::Superseded { by, reason } => {
                let reason = match reason {
                    Precedence::Exclusive => PromotionReason::Exclusive,
                    Precedence::FirstOfGroup(_) => PromotionReason::FirstOfGroup,
                    Precedence::BestOfGroup(_) => PromotionReason::BestOfGroup,
                    Precedence::SamePromotion => PromotionReason::SamePromotion,
                };
                Self { superseded_by: Some(to_id(*by)), ..verdict(PromotionOutcome::Superseded, Some(reason)) }
            }
        }
    }
}

fn gaps(reason: &Rejection) -> Vec<PromotionGap> {
    if let Rejection::NotMet { gaps } = reason { gaps.iter().map(Into::into).collect() } else { Vec::new() }
}

/// Why something does not apply.
pub(in crate::graphql) fn rejected(reason: &Rejection) -> PromotionReason {
    match reason {
        Rejection::Paused => PromotionReason::Paused,
        Rejection::NotStarted { .. } => PromotionReason::NotStarted,
        Rejection::Ended { .. } => PromotionReason::Ended,
        Rejection::NotMet { .. } => PromotionReason::NotMet,
        Rejection::NothingToDiscount => PromotionReason::NothingToDiscount,
        Rejection::NoAmountInCurrency => PromotionReason::NoAmountInCurrency,
        Rejection::UsesExhausted => PromotionReason::UsesExhausted,
        Rejection::BudgetExhausted { .. } => PromotionReason::BudgetExhausted,
        Rejection::GiftUnavailable { .. } => PromotionReason::GiftUnavailable,
        Rejection::GiftOffered { .. } => PromotionReason::GiftOffered,
        Rejection::GiftRefused { .. } => PromotionReason::GiftRefused,
        Rejection::PromotionInactive => PromotionReason::PromotionInactive,
        Rejection::Code(state) => match state {
            CodeState::Usable => PromotionReason::NotMet,
            CodeState::Unknown => PromotionReason::CodeUnknown,
            CodeState::NotYetActive { .. } => PromotionReason::CodeNotYetActive,
            CodeState::Expired { .. } => PromotionReason::CodeExpired,
            CodeState::Paused => PromotionReason::CodePaused,
            CodeState::UsesExhausted { .. } => PromotionReason::CodeUsesExhausted,
            CodeState::CustomerUsesExhausted { .. } => PromotionReason::CodeCustomerUsesExhausted,
            CodeState::NotForThisCustomer => PromotionReason::CodeNotForThisCustomer,
            CodeState::ReservationExpired => PromotionReason::CodeReservationExpired,
        },
    }
}

impl PromotionTrace {
    pub(in crate::graphql) fn of(it: &promotion::PromotionTrace, settings: &Settings) -> Self {
        let name = settings.promotions.find(it.promotion_id).map(|it| it.name.clone());
        Self { promotion_id: to_id(it.promotion_id), name, verdict: (&it.outcome).into() }
    }
}

impl From<&promotion::CodeTrace> for CodeTrace {
    fn from(it: &promotion::CodeTrace) -> Self {
        let promotion_id = it.promotion_id.map(to_id);
        Self { code: it.code.to_string(), promotion_id, verdict: (&it.outcome).into() }
    }
}

/// A promotion that adding to the cart would make apply, or take off more.
#[derive(SimpleObject)]
pub(in crate::graphql) struct NearestOffer {
    /// Which.
    promotion_id: ID,
    /// What it is called.
    name: Option<String>,
    /// Whether it applies already, and this is the next of its tiers.
    is_upgrade: bool,
    /// What has to be added, all of it.
    needs: Vec<PromotionGap>,
}

impl NearestOffer {
    pub(in crate::graphql) fn of(it: &promotion::NearestOffer, settings: &Settings) -> Self {
        let name = settings.promotions.find(it.promotion_id).map(|it| it.name.clone());
        let needs = it.needs.iter().map(PromotionGap::from).collect();
        Self { promotion_id: to_id(it.promotion_id), name, is_upgrade: it.is_upgrade, needs }
    }
}

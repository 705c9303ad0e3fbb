//! The trace: what became of each promotion and each code, and why.

use serde::{Deserialize, Serialize};

use super::{CodeState, Comparison, Daypart, DiscountCode};
use crate::{
    clock::{Timestamp, Window},
    ids::{PromotionGroupId, PromotionId, VariantId},
    money::Money,
};

/// What became of each promotion and each code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The promotions that were considered, in the order of calculation, then those that could not apply at all.
    pub promotions: Vec<PromotionTrace>,
    /// The codes, in the order they were entered.
    pub codes: Vec<CodeTrace>,
    /// How thoroughly the groups with the mode `BEST` were searched.
    pub search: Search,
}

/// What became of a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionTrace {
    /// Which.
    pub promotion_id: PromotionId,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeTrace {
    /// Which.
    pub code: DiscountCode,
    /// The promotion it is for.
    pub promotion_id: Option<PromotionId>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a promotion, or of the code that asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// It applies.
    Applied {
        /// What it takes off; the value of a gift; nothing for points alone.
        amount: Money,
        /// What would make it take off more: the next of its tiers.
        next: Option<Box<Gap>>,
    },
    /// It does not.
    Rejected {
        /// Why not.
        reason: Rejection,
    },
    /// It would, but another takes precedence.
    Superseded {
        /// Which.
        by: PromotionId,
        /// Why.
        reason: Precedence,
    },
}

/// Why a promotion does not apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rejection {
    /// Staff has paused it.
    Paused,
    /// It has not begun.
    NotStarted {
        /// When it does.
        from: Timestamp,
    },
    /// It is over.
    Ended {
        /// Since when.
        until: Timestamp,
    },
    /// Conditions are not met, or a deal or a tier has not enough to work on. All of these are needed.
    NotMet {
        /// What is missing.
        gaps: Vec<Gap>,
    },
    /// There is nothing that it would make cheaper.
    NothingToDiscount,
    /// It has no amount in the cart's currency.
    NoAmountInCurrency,
    /// It has been used as often as its budget allows.
    UsesExhausted,
    /// It would give more than is left of its budget.
    BudgetExhausted {
        /// What it would give.
        needed: Money,
        /// What is left.
        left: Money,
    },
    /// There is not enough of the gift.
    GiftUnavailable {
        /// The gift.
        variant_id: VariantId,
    },
    /// The gift waits to be accepted.
    GiftOffered {
        /// The gift.
        variant_id: VariantId,
    },
    /// The shopper does not want the gift.
    GiftRefused {
        /// The gift.
        variant_id: VariantId,
    },
    /// The code cannot be used.
    Code(CodeState),
    /// The code is for a promotion that does not run.
    PromotionInactive,
}

/// Why another promotion takes precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Precedence {
    /// The other one is exclusive.
    Exclusive,
    /// The other one came first in this group.
    FirstOfGroup(PromotionGroupId),
    /// The cart costs less with the other one of this group, or the same.
    BestOfGroup(PromotionGroupId),
    /// Another code of the same promotion was entered before.
    SamePromotion,
}

/// Something that a promotion needs and the cart does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Where in the promotion, such as `condition.all[1].subtotal` or `actions[0].buy`.
    pub path: String,
    /// What is asked about.
    pub fact: Fact,
    /// How it has to compare.
    pub test: Test,
    /// With what.
    pub required: FactValue,
    /// What the cart has.
    pub actual: FactValue,
    /// What would have to be added; none where adding does not help.
    pub missing: Option<FactValue>,
}

/// What a condition asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "each is the condition of the same name")]
pub enum Fact {
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Test {
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

impl From<Comparison> for Test {
    fn from(comparison: Comparison) -> Self {
        match comparison {
            Comparison::AtLeast => Self::AtLeast,
            Comparison::MoreThan => Self::MoreThan,
            Comparison::AtMost => Self::AtMost,
            Comparison::LessThan => Self::LessThan,
            Comparison::Equal => Self::Equal,
        }
    }
}

impl Test {
    /// The opposite: what a `none` asks for.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::AtLeast => Self::LessThan,
            Self::MoreThan => Self::AtMost,
            Self::AtMost => Self::MoreThan,
            Self::LessThan => Self::AtLeast,
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::AnyOf => Self::NoneOf,
            Self::AllOf => Self::NotAllOf,
            Self::NoneOf => Self::AnyOf,
            Self::NotAllOf => Self::AllOf,
            Self::Within => Self::NotWithin,
            Self::NotWithin => Self::Within,
        }
    }
}

/// A value of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FactValue {
    /// An amount, as prices are entered.
    Amount(Money),
    /// A number of units.
    Count(u32),
    /// Ids, codes or names; the first ones, where there are many.
    Values(Vec<String>),
    /// Yes or no.
    Flag(bool),
    /// A moment.
    Moment(Timestamp),
    /// A stretch of time.
    Window(Window),
    /// Days and hours.
    Daypart(Daypart),
    /// It is not known.
    Absent,
}

/// How thoroughly the groups with the mode `BEST` were searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Whether every combination was tried. If not, each group was decided by itself, one after the other.
    pub is_exhaustive: bool,
    /// How many combinations were tried.
    pub combinations: u32,
}

//! Promotions.

mod action;
mod apply;
mod basket;
mod check;
mod choose;
mod code;
mod condition;
mod cut;
mod daypart;
mod discount;
mod effect;
mod facts;
mod gap;
mod index;
mod items;
mod manual;
mod outcome;
mod promotion;
mod reckon;
mod set;
#[cfg(test)]
pub(crate) mod tests;
mod trace;
mod view;

pub use action::{
    Action, ActionClass, ActionKind, Benefit, Cap, Deal, GiftOffer, QuantityTier, Slot, SpendTier, Spread, Target,
    TierBenefit, UnitChoice,
};
pub use check::{
    ACTIONS_MAX, CONDITION_DEPTH_MAX, CONDITION_NODES_MAX, CONDITION_VALUES_MAX, GROUP_DEPTH_MAX,
    PROMOTION_NAME_LENGTH_MAX, Problem, PromotionIssue, TIERS_MAX, check_groups,
};
pub use code::{CodeState, DiscountCode, DiscountCodeError, EnteredCode};
pub use condition::{Comparison, Condition, Presence, Quantifier};
pub use daypart::{Daypart, Hours};
pub use discount::{DiscountRequest, discount};
pub use facts::{Budget, Delivery, DeviceKind, Facts, GiftChoice, GiftItem};
pub use items::{Item, ItemFilter};
pub use manual::{ManualDiscount, ManualDiscountError, ManualLimit, ManualTarget, ManualValue};
pub use outcome::{
    Allocation, AllocationTarget, Discount, DiscountSource, DiscountedDelivery, DiscountedLine, Discounts, Gift,
    GiftState, PointsBoost, PricedUnits,
};
pub use promotion::{Basis, Combination, GroupMode, Promotion, PromotionGroup};
pub use set::PromotionSet;
pub use trace::{CodeTrace, Fact, FactValue, Gap, Outcome, Precedence, PromotionTrace, Rejection, Search, Test, Trace};

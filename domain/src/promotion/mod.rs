//! Promotions: what a cart is promised, what that comes to, and why.
//!
//! [`discount()`] reckons the promotions of a cart. It is a pure function of plain data: the same for every channel, for a
//! preview at another time or for another customer, and for a refund that reads back what it gave. Amounts are as prices
//! are entered, with tax or without; taxes come after ([`pricing::quote`](crate::pricing::quote)).
//!
//! # The order of calculation
//!
//! 1. **Candidates.** The index (`index.rs`) leaves out promotions of which it is certain that they cannot apply: no such
//!    product in the cart, another channel, no such code. So the work grows with what could apply. A code that was entered
//!    makes its promotion a candidate whatever else.
//! 2. **Who is let in** (`choose.rs`). [Exclusive](Combination::Exclusive) promotions are tried first, in their order: the
//!    first that applies shuts out all but those that [always](Combination::Always) combine. Of a group with the mode
//!    [`Best`](GroupMode::Best) one branch is let in: that with which the whole cart costs least (`best.rs`).
//! 3. **Turns** (`reckon.rs`). Three classes follow each other: [product](ActionClass::Product) (lines and units),
//!    [order](ActionClass::Order) (the sum of lines, gifts, points), [delivery](ActionClass::Delivery). Within a class,
//!    promotions take turns in the order of the tree: siblings by priority, the higher first, then by id, which is by age.
//!    After the promotions of a class come the discounts that staff gives by hand.
//! 4. **A turn.** At its first turn a promotion is decided: running, in the cart's currency, within its budget, its
//!    condition fulfilled, and no other branch of a group with the mode [`First`](GroupMode::First) before it. It stays
//!    decided for its actions in later classes. Conditions and actions see what is left by then, or with
//!    [`Basis::Original`] what was there in the beginning.
//! 5. **An action** (`apply/`) proposes cuts: so much off these units, this line's share, this delivery. Its cap shrinks
//!    them, its promotion's budget may refuse them; then they are made true (`cut.rs`).
//! 6. **The trace** tells of every candidate and every code: applied, rejected with what is missing, or superseded and by
//!    what. Of promotions that could not apply at all, the first hundred are explained too, but for those that wait for
//!    a code. [`nearest_offers`] reads nudges from it.
//!
//! # Rules that hold throughout
//!
//! - **Units.** A line is runs of units that cost the same by now (`basket.rs`). A deal marks the units it takes, those
//!   bought and those made cheaper, and no other deal takes them again unless it says so. Units that cost nothing take
//!   part in no deal.
//! - **Rounding.** A percentage off lines is rounded once a line, or for each unit where the cart is rounded so; a
//!   percentage off the order once for the sum. An amount over several lines is split by largest remainder, and no line
//!   goes below nothing: what one cannot take, the others share.
//! - **Order.** Nothing depends on the order in which lines, promotions or groups come. Ties go to the line whose variant
//!   is older, then to the dearer, then the larger line; between promotions to the older one.
//! - **Allocations.** What a promotion took off is the sum of what it took off each line, delivery and gift. It is kept
//!   with the order; refunds read it, and never reckon it anew.
//! - **Absence.** A fact that is not known satisfies no condition, and so every `none` over it.

mod action;
mod apply;
mod basket;
mod best;
mod budget;
mod check;
mod choose;
mod code;
mod code_service;
mod code_use;
mod condition;
mod cut;
mod daypart;
mod discount;
mod effect;
mod error;
mod facts;
mod gap;
mod group_service;
mod index;
mod issue_codes;
mod items;
mod manual;
mod nearest;
mod outcome;
#[expect(clippy::module_inception, reason = "the aggregate has the context's name")]
mod promotion;
mod reckon;
mod references;
mod repository;
mod service;
mod set;
mod stored;
#[cfg(test)]
pub(crate) mod tests;
mod trace;
mod view;

pub use action::{
    Action, ActionClass, ActionKind, Benefit, Cap, Deal, GiftOffer, QuantityTier, Slot, SpendTier, Spread, Target,
    TierBenefit, UnitChoice,
};
pub use budget::{BUDGET_RESERVATION, BudgetQueries, BudgetRepository, BudgetTaken, BudgetUse, PromotionBudget};
pub use check::{
    ACTIONS_MAX, CONDITION_DEPTH_MAX, CONDITION_NODES_MAX, CONDITION_VALUES_MAX, GROUP_DEPTH_MAX,
    PROMOTION_NAME_LENGTH_MAX, Problem, PromotionIssue, TIERS_MAX, check_groups,
};
pub use code::{CodeState, DiscountCode, DiscountCodeError, EnteredCode};
pub use code_service::{CodeChange, CodeCounts, CodeCursor, CodeFilter, CodeReport};
pub use code_use::{CODE_RESERVATION, CodeQueries, CodeRepository, CodeUsage, CodeUse, IssuedCode, entered_codes};
pub use condition::{Comparison, Condition, Presence, Quantifier};
pub use daypart::{Daypart, Hours};
pub use discount::{DiscountRequest, discount};
pub use error::PromotionError;
pub use facts::{Budget, Delivery, DeviceKind, Facts, GiftChoice, GiftItem};
pub use issue_codes::CodesToIssue;
pub use items::{Item, ItemFilter};
pub(crate) use manual::check_limit;
pub use manual::{ManualDiscount, ManualDiscountError, ManualLimit, ManualTarget, ManualValue};
pub use nearest::{NearestOffer, nearest_offers};
pub use outcome::{
    Allocation, AllocationTarget, Discount, DiscountSource, DiscountedDelivery, DiscountedLine, Discounts, Gift,
    GiftState, PointsBoost, PricedUnits,
};
pub use promotion::{Basis, Combination, GroupMode, Promotion, PromotionGroup};
pub use repository::{PromotionQueries, PromotionRepository};
pub use service::PromotionService;
pub use set::PromotionSet;
pub use stored::{PromotionCursor, PromotionDraft, PromotionGroupDraft, PromotionState, StoredPromotion};
pub use trace::{CodeTrace, Fact, FactValue, Gap, Outcome, Precedence, PromotionTrace, Rejection, Search, Test, Trace};

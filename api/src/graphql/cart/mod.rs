//! Carts on the wire.

mod component;
mod gift;
mod handoff;
mod holder;
mod input;
mod life_mutation;
mod line_mutation;
mod line_object;
mod manual;
mod merge;
mod mutation;
mod object;
mod payload;
mod place_order;
mod preview;
mod problem;
mod query;
mod subscription;
mod sync;

pub(super) use handoff::CartHandoffMutation;
pub(super) use life_mutation::CartLifeMutation;
pub(super) use line_mutation::CartLineMutation;
pub(super) use line_object::LineAttribute;
pub(super) use manual::ManualDiscountMutation;
pub(super) use merge::{CartMergeMutation, CartMergePayload, SignInCartInput, merge_at_sign_in};
pub(super) use mutation::CartMutation;
pub(super) use object::Cart;
pub(super) use preview::PromotionPreviewQuery;
pub(super) use problem::CartProblem;
pub(super) use query::CartQuery;
pub(super) use subscription::CartSubscription;
pub(super) use sync::CartSyncMutation;

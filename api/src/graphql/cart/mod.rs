//! Carts on the wire.

mod gift;
mod input;
mod line_mutation;
mod line_object;
mod manual;
mod mutation;
mod object;
mod payload;
mod place_order;
mod preview;
mod problem;
mod query;
mod subscription;

pub(super) use line_mutation::CartLineMutation;
pub(super) use line_object::LineAttribute;
pub(super) use manual::ManualDiscountMutation;
pub(super) use mutation::CartMutation;
pub(super) use object::Cart;
pub(super) use preview::PromotionPreviewQuery;
pub(super) use query::CartQuery;
pub(super) use subscription::CartSubscription;

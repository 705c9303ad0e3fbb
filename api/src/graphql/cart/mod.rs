//! Carts on the wire.

mod gift;
mod input;
mod manual;
mod mutation;
mod object;
mod place_order;
mod preview;
mod query;
mod subscription;

pub(super) use manual::ManualDiscountMutation;
pub(super) use mutation::CartMutation;
pub(super) use object::Cart;
pub(super) use preview::PromotionPreviewQuery;
pub(super) use query::CartQuery;
pub(super) use subscription::CartSubscription;

//! Carts on the wire.

mod handoff;
mod input;
mod mutation;
mod object;
mod place_order;
mod query;
mod subscription;

pub(super) use handoff::CartHandoffMutation;
pub(super) use mutation::CartMutation;
pub(super) use object::Cart;
pub(super) use query::CartQuery;
pub(super) use subscription::CartSubscription;

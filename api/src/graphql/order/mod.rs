//! Orders on the wire.

mod mutation;
mod object;
mod query;
mod subscription;

pub(super) use mutation::OrderMutation;
pub(super) use object::Order;
pub(super) use query::OrderQuery;
pub(super) use subscription::OrderSubscription;

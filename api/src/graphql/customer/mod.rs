//! Customers on the wire.

mod exemption;
mod group;
mod mutation;
mod object;
mod query;

pub(super) use exemption::TaxExemptionMutation;
pub(super) use group::CustomerGroupMutation;
pub(super) use mutation::CustomerMutation;
pub(super) use object::Customer;
pub(super) use query::CustomerQuery;

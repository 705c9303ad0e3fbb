//! Who acts, on the wire: staff, and whoever signed in.

mod sign_in;
mod staff;

pub(super) use sign_in::{SignInMutation, Tokens};
pub(super) use staff::{DiscountLimitMutation, StaffMutation, StaffQuery};

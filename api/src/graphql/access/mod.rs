//! Who acts, on the wire: staff, and whoever signed in.

mod device;
mod pin;
mod sign_in;
mod staff;

pub(super) use device::{DeviceMutation, DeviceQuery, parse_one_time_code};
pub(super) use pin::PinMutation;
pub(super) use sign_in::{SignInMutation, Tokens};
pub(super) use staff::{DiscountLimitMutation, StaffMutation, StaffQuery};

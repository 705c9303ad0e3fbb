//! Who acts, and what they may do.

mod actor;
mod device;
mod device_service;
mod error;
mod one_time_code;
mod permission;
mod pin;
mod service;
mod sign_in;
mod sign_in_service;
mod staff;
mod step_up;
mod tokens;

pub use actor::{Actor, Principal};
pub use device::{Device, DeviceCursor, DeviceError, DevicePlace, DeviceQueries, DeviceRepository, DeviceState};
pub use device_service::{DeviceEnrolment, DeviceService};
pub use error::{AccessError, PasswordError, SignInError, StaffError};
pub use one_time_code::{OneTimeCode, OneTimeCodeError};
pub use permission::{Permission, Permissions};
pub use pin::{Pin, PinError, PinRepository, StaffPin};
pub use service::{NewStaff, StaffService, SteppedUp};
pub use sign_in::{SignIn, SignInEnd, SignInQueries, SignInRepository, SignInTokens, SignedIn, Subject};
pub use sign_in_service::SignInService;
pub(crate) use sign_in_service::{begin as begin_sign_in, end_all as end_sign_ins};
pub use staff::{Email, EmailError, Staff, StaffQueries, StaffRepository};
pub use step_up::at_the_counter;
pub use tokens::{
    AccessClaims, AccessToken, CartSecret, CartSecretError, DeviceToken, OrderToken, Password, PasswordHash, Passwords,
    RefreshToken, SecretHash, TokenError, Tokens,
};

//! Payment providers that are built in.

mod manual;
mod test;

pub use manual::ManualPayment;
pub use test::TestPayment;

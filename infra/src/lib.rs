//! Placeholder.

pub mod bus;
pub mod payment;
pub mod security;
pub mod system;

//! Placeholder.

pub mod payment;
pub mod security;
pub mod system;

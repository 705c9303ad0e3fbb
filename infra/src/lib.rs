//! Placeholder.

pub mod security;
pub mod system;

//! Placeholder.

pub mod system;

//! The adapters of Comptoir's ports: databases, search engines, event buses, payment, secrets and the clock.

pub mod db;
pub mod relay;
pub mod search;

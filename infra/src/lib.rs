//! The adapters of Comptoir's ports: databases, search engines, event buses, payment, secrets and the clock.

pub mod bus;
pub mod db;
pub mod demo;
pub mod payment;
pub mod relay;
pub mod search;
pub mod security;
pub mod system;
pub mod tax;
pub mod telemetry;

//! The rules of Comptoir, and the ports through which they meet the world. No I/O, no clock, no chance in here.

pub mod access;
pub mod app;
pub mod cart;
pub mod catalog;
pub mod channel;
pub mod checkout;
pub mod clock;
pub mod codes;
pub mod customer;
pub mod event;
pub mod idempotency;
pub mod ids;
pub mod inventory;
pub mod language;
pub mod money;
pub mod order;
pub mod page;
pub mod pricing;
pub mod promotion;
pub mod search;
pub mod settings;
pub mod storage;

pub use app::{App, Ports};

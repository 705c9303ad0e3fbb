//! The databases: one code base for SQLite and PostgreSQL.

mod cart;
mod catalog;
mod catalog_queries;
mod channel;
mod codec;
mod connect;
mod customer;
mod entity;
mod idempotency;
mod inventory;
mod keyset;
mod order;
mod outbox;
mod price;
mod session;
mod settings;
mod sign_in;
mod staff;

pub use connect::{ConnectError, DbOptions, DbStorage};
pub use session::Session;

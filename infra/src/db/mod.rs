//! The databases: one code base for SQLite and PostgreSQL.

mod budget;
mod cart;
mod catalog;
mod catalog_queries;
mod channel;
mod codec;
mod collection;
mod connect;
mod customer;
mod device;
mod discount_code;
mod document;
mod entity;
mod handoff;
mod idempotency;
mod inventory;
mod keyset;
mod merchandising;
mod order;
mod outbox;
mod pin;
mod price;
mod price_list;
mod promotion;
mod publication;
mod purchase;
mod search_log;
mod session;
mod settings;
mod sign_in;
mod staff;
mod statements;
mod tax_rate;

pub use connect::{ConnectError, DbOptions, DbStorage};
pub use session::Session;
pub use statements::in_background;

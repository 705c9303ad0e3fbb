//! What the tests of the storage ports share: databases, a shop over them, and samples.

mod database;
mod doubles;
mod samples;
mod shop;

pub(crate) use database::{TestDatabase, on_each_database, on_postgres, on_sqlite};
pub(crate) use doubles::{Bus, ManualClock, PlainTokens, Provider, SequentialIds, start};
pub(crate) use samples::{TEXT, address, cart, id, location, order, price, product, text, variant};
pub(crate) use shop::Shop;

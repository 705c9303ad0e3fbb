//! A client's view of Comptoir: starts the real binary, and talks to it over HTTP, WebSocket and server-sent events.
//!
//! It depends on nothing of the server but `schema.graphql` and the files of the demo shop. A test takes a [`TestShop`]
//! and asks [`Client`]s; [`both_databases!`] runs it on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is not there fails the test that needs it")]

mod binary;
mod cart;
mod client;
mod database;
mod demo;
mod device;
mod documents;
mod event_stream;
mod installation;
mod jwt;
mod server;
mod shop;
mod socket;
mod wait;
mod webhook;

pub use cart::TestCart;
pub use client::{Answer, Client, Payload};
pub use database::Db;
pub use demo::{DemoProduct, DemoVariant, amount, cents, demo_products, demo_variant};
pub use device::TestDevice;
pub use documents::{command, input_type, root};
pub use event_stream::EventStream;
pub use installation::{Finished, Installation, finished};
pub use jwt::{is_signed_by, read_token};
pub use server::Server;
pub use shop::TestShop;
pub use socket::Socket;
pub use wait::{eventually, within};
pub use webhook::{WEBHOOK_SECRET, sign};

/// A new idempotency key.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a client makes its keys by chance")]
pub fn new_key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Runs each of the functions (`async fn(TestShop)`) on a demo shop of its own, once with each database.
#[macro_export]
macro_rules! both_databases {
    ($($name:ident,)+) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                $crate::TestShop::run($crate::Db::Sqlite, super::$name).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                $crate::TestShop::run($crate::Db::Postgres, super::$name).await;
            })+
        }
    };
}

//! The contracts of the ports: one suite for each, run on every adapter.

#![expect(clippy::unwrap_used, reason = "tests")]

mod access;
mod cart;
mod catalog;
mod channel;
mod checkout;
mod concurrency;
mod inventory;
mod order;
mod outbox;
mod paging;
mod payment;
mod relay;
mod statements;
mod storage;
mod support;

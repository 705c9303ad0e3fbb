//! The contracts of the ports: one suite for each, run on every adapter.

mod access;
mod bus;
mod cart;
mod catalog;
mod channel;
mod checkout;
mod concurrency;
mod inventory;
mod nats;
mod order;
mod outbox;
mod paging;
mod payment;
mod relay;
mod search;
mod statements;
mod storage;
mod support;

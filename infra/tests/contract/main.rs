//! The contracts of the ports: one suite for each, run on every adapter.

mod access;
mod budget;
mod bus;
mod cart;
mod catalog;
mod channel;
mod checkout;
mod concurrency;
mod customer;
mod inventory;
mod nats;
mod order;
mod outbox;
mod paging;
mod payment;
mod promotion;
mod relay;
mod search;
mod sign_in;
mod statements;
mod storage;
mod support;

//! The contracts of the ports: one suite for each, run on every adapter.

mod bus;
mod nats;
mod search;

//! Contracts of ports, run against every adapter.

mod bus;
mod nats;

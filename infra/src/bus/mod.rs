//! Event buses: within the process, and between replicas over NATS.

mod fanout;
mod in_process;
mod nats;

pub use in_process::InProcessBus;
pub use nats::NatsBus;

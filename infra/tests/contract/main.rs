//! The contracts of the ports: one suite for each, run on every adapter.

#![expect(clippy::unwrap_used, reason = "tests")]

mod search;

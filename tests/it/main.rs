//! Journeys over the wire, and the rules the workspace keeps.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is not there fails the test that needs it")]

mod access;
mod architecture;
mod bad_input;
mod budget;
mod cli;
mod crash;
mod discount;
mod discount_code;
mod federation;
mod gift;
mod hostile;
mod identity;
mod journey;
mod limits;
mod manual_discount;
mod market;
mod policy;
mod preview;
mod promotion;
mod realtime;
mod statements;
mod stock;
mod watch;
mod workspace;

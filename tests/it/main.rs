//! Journeys over the wire, and the rules the workspace keeps.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is not there fails the test that needs it")]

mod access;
mod architecture;
mod bad_input;
mod budget;
mod bundle;
mod cli;
mod counter;
mod crash;
mod device;
mod discount;
mod discount_code;
mod federation;
mod gift;
mod handoff;
mod hold;
mod hostile;
mod identity;
mod journey;
mod kiosk;
mod limits;
mod manual_discount;
mod market;
mod policy;
mod preview;
mod price;
mod promotion;
mod push;
mod realtime;
mod statements;
mod stock;
mod tax;
mod tax_provider;
mod watch;
mod workspace;

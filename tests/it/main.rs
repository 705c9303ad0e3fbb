//! Journeys over the wire, and the rules the workspace keeps.

mod architecture;
mod policy;
mod workspace;

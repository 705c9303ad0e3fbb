//! The GraphQL API of Comptoir: its HTTP layer, the commerce schema on top of it, and the configuration of both.

pub mod auth;
pub mod config;
pub mod graphql;
pub mod http;
pub mod routes;
pub mod watch;

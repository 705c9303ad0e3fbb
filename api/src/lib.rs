//! The GraphQL API of Comptoir: its HTTP layer and, on top of it, the commerce schema.

pub mod graphql;
pub mod http;

//! Customers: who buys, with an account.

#[expect(clippy::module_inception, reason = "the aggregate has the context's name")]
mod customer;
mod error;
mod group;
mod group_service;
mod repository;
mod service;
mod views;

pub use customer::{Customer, CustomerName, CustomerTerms};
pub use error::CustomerError;
pub use group::CustomerGroup;
pub use repository::{CustomerCursor, CustomerQueries, CustomerRepository};
pub use service::{CustomerChange, CustomerService, NewCustomer};

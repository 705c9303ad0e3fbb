//! Customers: who buys, with an account.

#[expect(clippy::module_inception, reason = "the aggregate has the context's name")]
mod customer;
mod error;
mod repository;
mod service;
mod views;

pub use customer::{Customer, CustomerName};
pub use error::CustomerError;
pub use repository::{CustomerCursor, CustomerQueries, CustomerRepository};
pub use service::{CustomerChange, CustomerService, NewCustomer};

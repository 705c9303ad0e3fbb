//! Stores customers.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Customer, CustomerGroup, CustomerTerms};
use crate::{
    access::Email,
    clock::Timestamp,
    ids::{CustomerGroupId, CustomerId, ProductId},
    page::{Page, PageRequest},
    storage::StorageError,
};

/// The place of a customer in the list: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerCursor {
    /// When they signed up.
    pub created_at: Timestamp,
    /// Which of those who did then.
    pub id: CustomerId,
}

impl CustomerCursor {
    /// The place of `customer`.
    #[must_use]
    pub fn of(customer: &Customer) -> Self {
        Self { created_at: customer.created_at, id: customer.id }
    }
}

/// Customers, to be changed.
#[async_trait]
pub trait CustomerRepository: Send + Sync {
    /// The customer; nobody else changes it until the unit of work ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn find(&self, id: CustomerId) -> Result<Option<Customer>, StorageError>;

    /// Stores a new customer; `false` where the e-mail address is taken, whatever its case.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn insert(&self, customer: &Customer) -> Result<bool, StorageError>;

    /// Stores a changed customer; the address stays.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where the stored customer is not of the version before this one's.
    async fn save(&self, customer: &Customer) -> Result<(), StorageError>;

    /// Remembers that the customer looked at a product, and forgets all but the last [`Customer::VIEWS_MAX`].
    ///
    /// # Errors
    /// [`StorageError`].
    async fn add_view(&self, id: CustomerId, product: ProductId, at: Timestamp) -> Result<(), StorageError>;

    /// Forgets that the customer looked at `products`; at anything where that is none.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn clear_views(&self, id: CustomerId, products: Option<&[ProductId]>) -> Result<(), StorageError>;

    /// Stores a group, in place of the one of its id.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn save_group(&self, group: &CustomerGroup) -> Result<(), StorageError>;

    /// Removes a group; whether it was there.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn delete_group(&self, id: CustomerGroupId) -> Result<bool, StorageError>;
}

/// Reads customers.
#[async_trait]
pub trait CustomerQueries: Send + Sync {
    /// By id, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn customers_by_id(&self, ids: &[CustomerId]) -> Result<Vec<Customer>, StorageError>;

    /// By e-mail address, whatever its case.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn customer_by_email(&self, email: &Email) -> Result<Option<Customer>, StorageError>;

    /// What the prices and taxes of these customers depend on, in no order; nothing of those for whom nothing was set.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn customer_terms(&self, ids: &[CustomerId]) -> Result<Vec<(CustomerId, CustomerTerms)>, StorageError>;

    /// All groups, the oldest first.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn customer_groups(&self) -> Result<Vec<CustomerGroup>, StorageError>;

    /// What the customer looked at, the last first, each product once; at most [`Customer::VIEWS_MAX`].
    ///
    /// # Errors
    /// [`StorageError`].
    async fn viewed_products(&self, id: CustomerId) -> Result<Vec<ProductId>, StorageError>;

    /// A page of customers, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn customers(&self, page: &PageRequest<CustomerCursor>) -> Result<Page<Customer>, StorageError>;
}

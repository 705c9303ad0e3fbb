//! Stores orders.

use async_trait::async_trait;

use super::{Order, OrderNumber};
use crate::{
    access::Email,
    clock::Timestamp,
    ids::{CustomerId, OrderId, PaymentId, ProductId, VariantId},
    page::{Page, PageRequest},
    search::PurchaseCounts,
    storage::StorageError,
};

/// The place of an order in the list: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OrderCursor {
    /// When it was placed.
    pub placed_at: Timestamp,
    /// Which of those placed then.
    pub id: OrderId,
}

impl OrderCursor {
    /// The place of `order`.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        Self { placed_at: order.placed_at, id: order.id }
    }
}

/// How many of a variant a customer has bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bought {
    /// Who.
    pub customer_id: CustomerId,
    /// What.
    pub variant_id: VariantId,
    /// How many, over all orders.
    pub quantity: u32,
}

/// When somebody ordered first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstOrder {
    /// The customer, where that was somebody with an account.
    pub customer_id: Option<CustomerId>,
    /// The address that the confirmation went to.
    pub email: Email,
    /// When it was placed.
    pub placed_at: Timestamp,
}

/// Orders, to be changed.
#[async_trait]
pub trait OrderRepository: Send + Sync {
    /// A number that no other order has. Numbers grow; one is missing where an order was not stored after all.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn next_number(&self) -> Result<OrderNumber, StorageError>;

    /// The order; nobody else changes it until the unit of work ends.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn find(&self, id: OrderId) -> Result<Option<Order>, StorageError>;

    /// Stores a new order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn insert(&self, order: &Order) -> Result<(), StorageError>;

    /// Stores a changed order.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where the stored order is not of the version before this one's.
    async fn save(&self, order: &Order) -> Result<(), StorageError>;
}

/// Reads orders.
#[async_trait]
pub trait OrderQueries: Send + Sync {
    /// By id, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn orders_by_id(&self, ids: &[OrderId]) -> Result<Vec<Order>, StorageError>;

    /// By number.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn order_by_number(&self, number: &OrderNumber) -> Result<Option<Order>, StorageError>;

    /// The order that a payment belongs to.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn order_of_payment(&self, payment: PaymentId) -> Result<Option<OrderId>, StorageError>;

    /// A page of orders, newest first; all, or those of one customer.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn orders(
        &self,
        of: Option<CustomerId>,
        page: &PageRequest<OrderCursor>,
    ) -> Result<Page<Order>, StorageError>;

    /// Up to `limit` orders that have waited for their payment since before `moment`, oldest first.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn pending_since(&self, moment: Timestamp, limit: u32) -> Result<Vec<Order>, StorageError>;

    /// How many of the variants of these products these customers have bought; cancelled orders do not count.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn bought_by(&self, customers: &[CustomerId], products: &[ProductId]) -> Result<Vec<Bought>, StorageError>;

    /// When each of these customers, and whoever has one of these e-mail addresses, ordered first; cancelled orders do not
    /// count. In no order, and one for each address that a customer ordered with.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn first_orders(&self, customers: &[CustomerId], emails: &[Email]) -> Result<Vec<FirstOrder>, StorageError>;

    /// What orders placed since `since` say of what is bought with `product`: cancelled ones do not count, companions below
    /// [`PurchaseCounts::SUPPORT_MIN`] are left out, and the most frequent hundred of the others are in it. Takes three statements.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn purchase_counts(&self, product: ProductId, since: Timestamp) -> Result<PurchaseCounts, StorageError>;
}

//! What happened: events, the outbox they are stored in, the bus that carries them.

mod bus;
mod outbox;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use bus::{BusError, EventBus, EventStream};
pub use outbox::{Outbox, OutboxQueries, RecordedEvent};

use crate::{
    catalog::Product,
    clock::Timestamp,
    ids::{CartId, CustomerId, DeviceId, OrderId, ProductId, SignInId},
    storage::{StorageError, UnitOfWork},
};

/// What an event is about; those who follow one thing subscribe to its topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum Topic {
    /// One cart.
    Cart(CartId),
    /// One customer.
    Customer(CustomerId),
    /// One device.
    Device(DeviceId),
    /// One order.
    Order(OrderId),
    /// One product, its variants, prices and stock included.
    Product(ProductId),
    /// Search: its synonyms.
    Search,
    /// One sign-in.
    SignIn(SignInId),
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A cart was created.
    CartCreated,
    /// A cart's lines, addresses or choices changed, or it was reopened.
    CartUpdated,
    /// A cart became an order.
    CartOrdered,
    /// What a cart held went into another.
    CartMerged,
    /// Nobody goes on with a cart that has something in it.
    CartAbandoned,
    /// A cart was forgotten, because nobody had changed it for long.
    CartExpired,
    /// A customer signed up.
    CustomerCreated,
    /// What is known of a customer changed.
    CustomerUpdated,
    /// A device was revoked: its token opens nothing any more.
    DeviceRevoked,
    /// An order was placed; its stock is allocated.
    OrderPlaced,
    /// An order's payment changed.
    OrderPaymentUpdated,
    /// An order left, or was handed over.
    OrderFulfilled,
    /// An order was cancelled; its stock is free again.
    OrderCancelled,
    /// A product or its variants were created or changed.
    ProductSaved,
    /// A price of a product changed.
    ProductPriceChanged,
    /// What is available of a product changed.
    ProductStockChanged,
    /// A product went into a collection, out of one, or to another place in one.
    ProductCollectionsChanged,
    /// Texts that mean the same changed.
    SynonymsChanged,
    /// A sign-in has ended: its tokens open nothing any more.
    SignInEnded,
}

/// A change of state, as the aggregate tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainEvent {
    /// What it is about.
    pub topic: Topic,
    /// What happened.
    pub kind: EventKind,
    /// The aggregate's version after the change; a stock or price change has the version of the product it found.
    pub sequence: u32,
    /// When.
    pub occurred_at: Timestamp,
}

/// Tells that something about these products changed that is not the products themselves: a price, what is available.
pub(crate) async fn append_product_events(
    uow: &dyn UnitOfWork,
    products: BTreeSet<ProductId>,
    kind: EventKind,
    occurred_at: Timestamp,
) -> Result<(), StorageError> {
    let ids: Vec<ProductId> = products.into_iter().collect();
    let products = uow.catalog().products_by_id(&ids).await?;
    let event = |it: &Product| DomainEvent { topic: Topic::Product(it.id), kind, sequence: it.version, occurred_at };
    uow.outbox().append(&products.iter().map(event).collect::<Vec<_>>()).await
}

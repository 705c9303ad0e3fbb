//! Orders: what was bought, frozen, and how far paying and delivering it got.

mod error;
#[expect(clippy::module_inception, reason = "the aggregate has the context's name")]
mod order;
mod payment;
mod repository;
mod service;
mod status;

pub use error::OrderError;
pub use order::{Order, OrderDelivery, OrderLine, OrderLineComponent, OrderNumber};
pub use payment::{Payment, PaymentState};
pub use repository::{Bought, FirstOrder, OrderCursor, OrderQueries, OrderRepository};
pub use service::{OrderCommand, OrderService};
pub use status::{CancelReason, FulfillmentState, OrderStatus};

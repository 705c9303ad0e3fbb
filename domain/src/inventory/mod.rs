//! Stock: what is where, what of it can be promised, and from where an order is served.

mod error;
mod hold;
mod repository;
mod service;
mod sourcing;
mod stock;

pub use error::InventoryError;
pub use hold::{
    CartHold, HoldError, HoldPolicy, HoldQueries, HoldRepository, StockHold, holds_of_order, plan_holds, with_own,
};
pub use repository::{Count, InventoryQueries, MovementCause, StockRepository};
pub use service::{InventoryService, StockAdjustment, StockChange};
pub use sourcing::{Allocation, Demand, Shortage, Site, source};
pub use stock::{StockLevel, available};

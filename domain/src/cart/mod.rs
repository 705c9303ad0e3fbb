//! Carts: what a shopper means to buy, and how far they got.

mod budgets;
mod buyers;
#[expect(clippy::module_inception, reason = "the aggregate has the context's name")]
mod cart;
mod codes;
mod error;
mod manual;
mod preview;
mod repository;
mod service;
mod shelf;

pub(crate) use budgets::budgeted;
pub(crate) use buyers::{BuyerSources, Buyers};
pub use cart::{Cart, CartLine, CartState, Contact, DeliveryChoice, LineChange, NewLine, Quantity};
pub(crate) use codes::use_codes;
pub use error::{CartError, LineError};
pub use manual::{LimitedDiscount, NewDiscount};
pub use preview::PreviewRequest;
pub use repository::{CartQueries, CartRepository};
pub use service::{CartCreated, CartEdit, CartService, CartView, NewCart};
pub use shelf::Shelf;
pub(crate) use shelf::places_of;

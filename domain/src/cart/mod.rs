//! Carts: what a shopper means to buy, and how far they got.

mod attributes;
mod budgets;
mod buyers;
#[expect(clippy::module_inception, reason = "the aggregate has the context's name")]
mod cart;
mod codes;
mod delivery_choice;
mod edit;
mod error;
mod given;
mod line;
mod lines;
mod manual;
mod preview;
mod problem;
mod repository;
mod saved;
mod service;
mod shelf;
#[cfg(test)]
mod tests;
mod view;

pub use attributes::{LineAttributes, Note, ShopperTextError};
pub(crate) use budgets::budgeted;
pub(crate) use buyers::{BuyerSources, Buyers};
pub use cart::{Cart, CartState, Contact};
pub(crate) use codes::use_codes;
pub use delivery_choice::DeliveryChoice;
pub use edit::CartEdit;
pub use error::{CartError, CartRefusal, LineError};
pub use line::{CartLine, Quantity};
pub use lines::{Clamped, LineChange, LineRef, NewLine, OnInsufficientStock, QuantityChange};
pub use manual::{LimitedDiscount, NewDiscount};
pub use preview::PreviewRequest;
pub use problem::{CartNotice, CartProblem};
pub use repository::{CartQueries, CartRepository};
pub use service::{CartCreated, CartService, EditedCart, NewCart};
pub use shelf::Shelf;
pub(crate) use shelf::places_of;
pub use view::CartView;

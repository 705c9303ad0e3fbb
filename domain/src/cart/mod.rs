//! Carts: what a shopper means to buy, and how far they got.

mod ask_taxes;
mod attributes;
#[expect(clippy::module_inception, reason = "the aggregate has the context's name")]
mod cart;
mod codes;
mod delivery_choice;
mod edit;
mod error;
mod line;
mod lines;
mod problem;
mod repository;
mod saved;
mod service;
mod shelf;
mod terms;
#[cfg(test)]
mod tests;
mod view;

pub use attributes::{LineAttributes, Note, ShopperTextError};
pub use cart::{Cart, CartState, Contact};
pub(crate) use codes::{Buyers, use_codes};
pub use delivery_choice::DeliveryChoice;
pub use edit::CartEdit;
pub use error::{CartError, CartRefusal, LineError};
pub use line::{CartLine, Quantity};
pub use lines::{Clamped, LineChange, LineRef, NewLine, OnInsufficientStock, QuantityChange};
pub use problem::{CartNotice, CartProblem};
pub use repository::{CartQueries, CartRepository};
pub use service::{CartCreated, CartService, EditedCart, NewCart};
pub(crate) use shelf::places_of;
pub use shelf::{Shelf, ShelfQueries};
pub(crate) use terms::{Terms, TermsQueries};
pub use view::CartView;

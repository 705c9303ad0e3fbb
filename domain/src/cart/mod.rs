//! Carts: what a shopper means to buy, and how far they got.

mod ask_taxes;
#[expect(clippy::module_inception, reason = "the aggregate has the context's name")]
mod cart;
mod codes;
mod error;
mod repository;
mod service;
mod shelf;
mod terms;

pub use cart::{Cart, CartLine, CartState, Contact, DeliveryChoice, LineChange, NewLine, Quantity};
pub(crate) use codes::{Buyers, use_codes};
pub use error::{CartError, LineError};
pub use repository::{CartQueries, CartRepository};
pub use service::{CartCreated, CartEdit, CartService, CartView, NewCart};
pub(crate) use shelf::places_of;
pub use shelf::{Shelf, ShelfQueries};
pub(crate) use terms::{Terms, TermsQueries};

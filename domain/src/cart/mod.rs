//! Carts: what a shopper means to buy, and how far they got.

mod attributes;
#[expect(clippy::module_inception, reason = "the aggregate has the context's name")]
mod cart;
mod codes;
mod delivery_choice;
mod device;
mod edit;
mod error;
mod handoff;
mod holder;
mod line;
mod lines;
mod problem;
mod repository;
mod saved;
mod service;
mod shelf;
#[cfg(test)]
mod tests;
mod view;

pub use attributes::{LineAttributes, Note, ShopperTextError};
pub use cart::{Cart, CartState, Contact};
pub(crate) use codes::{Buyers, use_codes};
pub use delivery_choice::DeliveryChoice;
pub(crate) use device::release_carts_of;
pub use edit::CartEdit;
pub use error::{CartError, CartRefusal, LineError};
pub use handoff::{CartHandoff, HandoffAccepted, HandoffCreated, HandoffMode, HandoffRepository};
pub use holder::{CartAuthor, CartShare};
pub use line::{CartLine, Quantity};
pub use lines::{Clamped, LineChange, LineRef, NewLine, OnInsufficientStock, QuantityChange};
pub use problem::{CartNotice, CartProblem};
pub use repository::{CartQueries, CartRepository};
pub use service::{CartCreated, CartService, EditedCart, NewCart};
pub use shelf::Shelf;
pub(crate) use shelf::places_of;
pub use view::CartView;

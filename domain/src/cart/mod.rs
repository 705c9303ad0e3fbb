//! Carts: what a shopper means to buy, and how far they got.

#[expect(clippy::module_inception, reason = "the aggregate has the context's name")]
mod cart;
mod codes;
mod device;
mod error;
mod handoff;
mod holder;
mod repository;
mod service;
mod shelf;

pub use cart::{Cart, CartLine, CartState, Contact, DeliveryChoice, LineChange, NewLine, Quantity};
pub(crate) use codes::{Buyers, use_codes};
pub(crate) use device::release_carts_of;
pub use error::{CartError, LineError};
pub use handoff::{CartHandoff, HandoffCreated, HandoffMode, HandoffRepository};
pub use holder::{CartAuthor, CartShare};
pub use repository::{CartQueries, CartRepository};
pub use service::{CartCreated, CartEdit, CartService, CartView, NewCart};
pub use shelf::Shelf;
pub(crate) use shelf::places_of;

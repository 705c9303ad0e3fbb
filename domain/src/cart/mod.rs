//! Carts: what a shopper means to buy, and how far they got.

mod ask_taxes;
mod attributes;
mod budgets;
mod buyers;
#[expect(clippy::module_inception, reason = "the aggregate has the context's name")]
mod cart;
mod codes;
mod delivery_choice;
mod device;
mod edit;
mod error;
mod given;
mod handoff;
mod hold;
mod holder;
mod life;
mod line;
mod lines;
mod manual;
mod merge;
mod merge_service;
mod preview;
mod problem;
mod repository;
mod saved;
mod service;
mod shelf;
mod sync;
mod terms;
#[cfg(test)]
mod tests;
mod view;

pub use attributes::{LineAttributes, Note, ShopperTextError};
pub(crate) use budgets::budgeted;
pub(crate) use buyers::{BuyerSources, Buyers};
pub use cart::{Cart, CartState, Contact};
pub(crate) use codes::use_codes;
pub use delivery_choice::DeliveryChoice;
pub(crate) use device::release_carts_of;
pub use edit::CartEdit;
pub use error::{CartError, CartRefusal, LineError};
pub use handoff::{CartHandoff, HandoffAccepted, HandoffCreated, HandoffMode, HandoffRepository};
pub use holder::{CartAuthor, CartShare};
pub use life::{CartPolicy, Reordered};
pub use line::{CartLine, Quantity};
pub use lines::{Clamped, LineChange, LineRef, NewLine, OnInsufficientStock, QuantityChange};
pub use manual::{LimitedDiscount, NewDiscount};
pub use merge::{
    CombinedLine, DropReason, DroppedLine, MergeMoment, MergeOutcome, MergePolicy, MergeReport, MergeStrategy,
    MergedLine,
};
pub use merge_service::{CartMerge, MergedCart};
pub use preview::PreviewRequest;
pub use problem::{CartNotice, CartProblem};
pub use repository::{CartQueries, CartRepository};
pub use service::{CartCreated, CartService, EditedCart, NewCart};
#[cfg(test)]
pub(crate) use shelf::tests::shelf_with;
pub use shelf::{Shelf, ShelfQueries};
pub(crate) use shelf::{offers_of, places_of, with_parts};
pub use sync::{OfflineCommand, RecordedCommand, SyncedCart, SyncedCommand};
pub(crate) use terms::{Terms, TermsQueries};
pub use view::CartView;

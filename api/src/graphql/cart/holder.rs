//! Who holds a cart and changed it, and what stock it holds.

use async_graphql::{Context, Enum, Result, SimpleObject};
use comptoir_domain::{
    cart::{self, CartView},
    inventory,
};

use super::super::{context::ContextExt as _, scalar::DateTime};

/// Who somebody is to a cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum CartAuthorKind {
    /// Whoever has the cart's first secret.
    Holder,
    /// Whoever a hand-off shared it with.
    Share,
    /// A customer who signed in.
    Customer,
    /// Whoever stands at a kiosk or a point of sale.
    Device,
    /// A member of staff.
    Staff,
    /// The shop itself.
    System,
}

/// Who changed something of a cart.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CartAuthor {
    /// Who they are to the cart.
    kind: CartAuthorKind,
    /// Which of those it is shared with, from 1; null for others.
    share: Option<u32>,
    /// Whether it is who asks.
    is_me: bool,
}

impl CartAuthor {
    /// The author of something of a cart, as who asks sees them.
    pub(super) fn of(ctx: &Context<'_>, view: &CartView, author: Option<cart::CartAuthor>) -> Result<Option<Self>> {
        let Some(author) = author else { return Ok(None) };
        let (kind, share) = match author {
            cart::CartAuthor::Holder => (CartAuthorKind::Holder, None),
            cart::CartAuthor::Share(number) => (CartAuthorKind::Share, Some(number)),
            cart::CartAuthor::Customer(_) => (CartAuthorKind::Customer, None),
            cart::CartAuthor::Device(_) => (CartAuthorKind::Device, None),
            cart::CartAuthor::Staff(_) => (CartAuthorKind::Staff, None),
            cart::CartAuthor::System => (CartAuthorKind::System, None),
        };
        let is_me = view.cart.author(&ctx.request()?.actor) == author;
        Ok(Some(Self { kind, share, is_me }))
    }
}

/// Stock that is set aside for a cart.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CartHold {
    /// When it can be had by others again. Neither reads nor changes of the cart put that off; `cartHoldRenew` does.
    expires_at: DateTime,
    /// Whether that is past.
    is_expired: bool,
    /// How often it can be set aside for another time.
    renewals_left: u32,
}

impl CartHold {
    /// What a cart holds, if anything.
    pub(super) fn of(view: &CartView) -> Option<Self> {
        let hold = view.cart.hold;
        let until = hold.until?;
        Some(Self {
            expires_at: DateTime(until),
            is_expired: hold.is_expired(view.at),
            renewals_left: inventory::CartHold::TAKEN_MAX.saturating_sub(hold.taken),
        })
    }
}

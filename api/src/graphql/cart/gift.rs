//! What promotions give to a cart.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};
use comptoir_domain::{cart::CartView, promotion};

use super::super::{catalog::Variant, channel::cart_context, id::to_id, money::Money};

/// Whether the shopper gets a gift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::GiftState")]
enum GiftState {
    /// It comes with the order; `cartGiftChoose` can refuse it.
    Added,
    /// It waits to be accepted by `cartGiftChoose`.
    Offered,
    /// The shopper does not want it.
    Refused,
}

/// What a promotion gives to a cart: it costs nothing, and goes when the promotion applies no more.
pub(super) struct CartGift {
    pub(super) view: Arc<CartView>,
    pub(super) gift: promotion::Gift,
}

/// What a promotion gives to a cart: it costs nothing, and goes when the promotion applies no more.
#[Object]
impl CartGift {
    /// The promotion that gives it.
    async fn promotion_id(&self) -> ID {
        to_id(self.gift.promotion_id)
    }

    /// What; null where it is gone.
    async fn variant(&self, ctx: &Context<'_>) -> Option<Result<Variant>> {
        let variant = Arc::new(self.view.shelf.offer(self.gift.variant_id)?.variant.clone());
        Some(cart_context(ctx, &self.view.cart).await.map(|sales| Variant::new(variant, sales)))
    }

    /// How many.
    async fn quantity(&self) -> u32 {
        self.gift.quantity
    }

    /// What all would cost, as prices are entered: the discount. Nobody pays it.
    async fn value(&self) -> Money {
        self.gift.value.into()
    }

    /// Whether the shopper gets it.
    async fn state(&self) -> GiftState {
        self.gift.state.into()
    }
}

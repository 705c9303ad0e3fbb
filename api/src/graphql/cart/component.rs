//! What a bundle in a cart is made of, and costs part by part.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};
use comptoir_domain::{cart::CartView, pricing::quote::QuotedComponent};

use super::super::{
    catalog::{Variant, visible_part},
    channel::cart_context,
    eager::Eager,
    quote::TaxedMoney,
};

/// A part of the bundles of a line.
pub(super) struct CartLineComponent {
    pub(super) view: Arc<CartView>,
    pub(super) component: QuotedComponent,
}

/// A part of the bundles of a line.
#[Object]
impl CartLineComponent {
    /// What; null where the caller may not see its product.
    async fn variant(&self, ctx: &Context<'_>) -> Option<Result<Eager<Variant>>> {
        let find = async {
            let sales = cart_context(ctx, &self.view.cart).await?;
            visible_part(ctx, self.component.variant_id, sales).await
        };
        find.await.transpose()
    }

    /// How many, in all bundles of the line.
    async fn quantity(&self) -> u32 {
        self.component.quantity
    }

    /// Its share of the line's total, taxed in its own way. The total is shared by what the components cost by themselves, in the
    /// least unit of the currency (largest remainder); by their number, where one of them has no price in the cart's currency.
    async fn total(&self) -> TaxedMoney {
        TaxedMoney::shown(self.component.total, self.view.priced.display)
    }
}

//! What a cart would cost at another time or for another customer.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use comptoir_domain::{
    cart::{CartError, CartView, PreviewRequest},
    clock::Timestamp,
};

use super::{
    super::{
        channel::settings,
        context::{ContextExt as _, may_manage_promotions},
        error::{Path, Refuse as _},
        id::parse_id,
        quote::{CodeTrace, Discount, PointsMultiplier, PromotionTrace},
        scalar::DateTime,
    },
    gift::CartGift,
    line_object::CartLine,
    object::CartCost,
};

/// What a cart would cost, and why; nothing has changed by it.
struct PromotionPreview {
    at: Timestamp,
    view: Arc<CartView>,
}

/// What a cart would cost, and why; nothing has changed by it.
#[Object]
impl PromotionPreview {
    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.at)
    }

    /// The lines; at most 250.
    async fn lines(&self) -> Vec<CartLine> {
        let lines = self.view.cart.lines.iter();
        lines.map(|it| CartLine { view: self.view.clone(), line_id: it.id }).collect()
    }

    /// What it would cost.
    async fn cost(&self) -> CartCost {
        CartCost::of(&self.view.priced)
    }

    /// What would be taken off, in the order of calculation; at most one entry for each promotion.
    async fn discounts(&self, ctx: &Context<'_>) -> Result<Vec<Discount>> {
        let settings = settings(ctx).await?;
        Ok(self.view.priced.quote.discounts.iter().map(|it| Discount::of(it, &settings)).collect())
    }

    /// What promotions would give.
    async fn gifts(&self) -> Vec<CartGift> {
        let gifts = self.view.priced.quote.gifts.iter();
        gifts.map(|it| CartGift { view: self.view.clone(), gift: it.clone() }).collect()
    }

    /// What would multiply the points that its lines earn.
    async fn points_multipliers(&self) -> Vec<PointsMultiplier> {
        self.view.priced.quote.points.iter().map(PointsMultiplier::from).collect()
    }

    /// What would become of each code that was entered, and why; at most 10.
    async fn codes(&self) -> Vec<CodeTrace> {
        self.view.priced.quote.trace.codes.iter().map(CodeTrace::from).collect()
    }

    /// What would become of the promotions, and why: those that could apply, and at most a hundred others.
    async fn promotions(&self, ctx: &Context<'_>) -> Result<Vec<PromotionTrace>> {
        let settings = settings(ctx).await?;
        Ok(self.view.priced.quote.trace.promotions.iter().map(|it| PromotionTrace::of(it, &settings)).collect())
    }
}

/// What carts would cost.
#[derive(Default)]
pub(in crate::graphql) struct PromotionPreviewQuery;

#[Object]
impl PromotionPreviewQuery {
    /// What a cart would cost at another time or if another customer bought it, by the promotions that are set up now; null
    /// where there is no such cart. Its codes count as if they were entered again. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn promotion_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart.")] cart_id: ID,
        #[graphql(desc = "When; left out: now.")] at: Option<DateTime>,
        #[graphql(desc = "The customer who buys; left out: whose cart it is.", name = "as")] customer_id: Option<ID>,
    ) -> Option<Result<PromotionPreview>> {
        let preview = async {
            let request = ctx.request()?;
            let at = at.map_or_else(|| request.ports.clock.now(), |it| it.0);
            let id = parse_id(&cart_id, Path::argument("cartId")).map_err(|it| it.into_error())?;
            let customer_id = customer_id.map(|it| parse_id(&it, Path::argument("as"))).transpose();
            let customer_id = customer_id.map_err(|it| it.into_error())?;
            let suppose = PreviewRequest { at: Some(at), customer_id };
            match request.app.carts.preview(&request.actor, id, suppose).await {
                Ok(view) => Ok(Some(PromotionPreview { at, view: Arc::new(view) })),
                Err(CartError::NotFound) => Ok(None),
                Err(error) => Err(error.refuse(Path::argument("cartId")).into_error()),
            }
        };
        preview.await.transpose()
    }
}

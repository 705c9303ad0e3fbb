//! Lines of carts, and what is saved for later.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use comptoir_domain::{
    cart::{self, CartView, LineAttributes},
    ids::{CartLineId, VariantId},
    pricing::{
        self,
        quote::{QuotedComponent, QuotedLine},
        tax,
    },
};

use super::{
    super::{
        catalog::Variant,
        channel::cart_context,
        eager::Eager,
        id::to_id,
        loader::PricesOf,
        money::Money,
        pricing::{PriceBreak, PriceSource, ReferencePrice},
        quote::TaxedMoney,
    },
    component::CartLineComponent,
    holder::CartAuthor,
    problem::CartProblem,
};

/// What a shopper wants of a line, such as an engraving.
#[derive(SimpleObject)]
pub(in crate::graphql) struct LineAttribute {
    /// What it is.
    key: String,
    /// What is wanted.
    value: String,
}

impl LineAttribute {
    /// The attributes of a line, by key.
    pub(in crate::graphql) fn all(attributes: &LineAttributes) -> Vec<Self> {
        attributes.iter().map(|(key, value)| Self { key: key.to_owned(), value: value.to_owned() }).collect()
    }
}

/// A price that is another than before.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PriceChange {
    /// What one cost.
    was: Money,
    /// What one costs.
    now: Money,
}

/// What a line costs.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(in crate::graphql) struct CartLineCost {
    /// What one costs before discounts, as prices are entered; null where it has no price any more.
    unit_price: Option<Money>,
    /// What one would cost without the reduction of its price.
    compare_at: Option<Money>,
    /// Which price it is, and why; null where it has none any more.
    price_source: Option<PriceSource>,
    /// What one costs before discounts where more of them are bought; at most 250 steps.
    price_breaks: Vec<PriceBreak>,
    /// What all cost before discounts.
    subtotal: TaxedMoney,
    /// What discounts take off.
    discount: TaxedMoney,
    /// What all cost.
    total: TaxedMoney,
    #[graphql(skip)]
    view: Arc<CartView>,
    #[graphql(skip)]
    line: Option<(VariantId, u32)>,
}

#[ComplexObject]
impl CartLineCost {
    /// What the reduction of its price is measured by; null where it is not reduced, or had no price before.
    async fn reference_price(&self, ctx: &Context<'_>) -> Option<Result<ReferencePrice>> {
        let (variant, quantity) = self.line?;
        let price = self.view.shelf.price(variant, quantity).filter(pricing::SelectedPrice::is_reduced)?;
        let pricing = self.view.shelf.pricing.as_ref()?;
        let load = async {
            let of = PricesOf(variant, cart_context(ctx, &self.view.cart).await?);
            ReferencePrice::load(ctx, of, &pricing.context, price.amount).await
        };
        load.await.transpose()
    }
}

/// One line of a cart: a variant and how many.
pub(in crate::graphql) struct CartLine {
    pub(super) view: Arc<CartView>,
    pub(super) line_id: CartLineId,
}

impl CartLine {
    fn line(&self) -> Option<&pricing::PricedLine> {
        self.view.priced.lines.iter().find(|it| it.line_id == self.line_id)
    }

    fn price_breaks(&self) -> Vec<PriceBreak> {
        let shelf = &self.view.shelf;
        let Some((line, pricing)) = self.line().zip(shelf.pricing.as_ref()) else { return Vec::new() };
        pricing.breaks(shelf.prices_of(line.variant_id)).iter().map(PriceBreak::from).collect()
    }

    fn asked(&self) -> Option<&cart::CartLine> {
        self.view.cart.lines.iter().find(|it| it.id == self.line_id)
    }
}

/// One line of a cart: a variant and how many.
#[Object]
impl CartLine {
    /// Its id.
    async fn id(&self) -> ID {
        to_id(self.line_id)
    }

    /// How many.
    async fn quantity(&self) -> u32 {
        self.line().map_or(0, |it| it.quantity)
    }

    /// What; null where it is gone.
    async fn variant(&self, ctx: &Context<'_>) -> Option<Result<Eager<Variant>>> {
        variant_of(ctx, &self.view, self.line()?.variant_id).await
    }

    /// What it costs.
    async fn cost(&self) -> Eager<CartLineCost> {
        let quoted = self.line().and_then(|it| it.quoted.as_ref());
        let zero = tax::TaxedMoney::zero(self.view.cart.currency);
        let shown = |amount: fn(&QuotedLine) -> tax::TaxedMoney| {
            TaxedMoney::shown(quoted.map_or(zero, amount), self.view.priced.display)
        };
        Eager(CartLineCost {
            unit_price: quoted.map(|it| it.unit_price.into()),
            compare_at: quoted.and_then(|it| it.compare_at).map(Money::from),
            price_source: quoted.and_then(|it| it.source.as_ref()).map(PriceSource::from),
            price_breaks: self.price_breaks(),
            subtotal: shown(|it| it.original),
            discount: shown(|it| it.discount),
            total: shown(|it| it.total),
            view: self.view.clone(),
            line: self.line().map(|it| (it.variant_id, it.quantity)),
        })
    }

    /// What its bundles are made of, at most 30; empty where it is none, or has no price any more.
    async fn components(&self) -> Vec<CartLineComponent> {
        let quoted = self.line().and_then(|it| it.quoted.as_ref());
        let component = |it: &QuotedComponent| CartLineComponent { view: self.view.clone(), component: it.clone() };
        quoted.iter().flat_map(|it| &it.components).map(component).collect()
    }

    /// What is wanted of it, by key; at most 20. The same variant with other attributes is another line.
    async fn attributes(&self) -> Vec<LineAttribute> {
        self.asked().map(|it| LineAttribute::all(&it.attributes)).unwrap_or_default()
    }

    /// What the shopper writes of it.
    async fn note(&self) -> Option<&str> {
        self.asked()?.note.as_ref().map(cart::Note::as_str)
    }

    /// What one cost when the shopper last said how many, and what it costs now; null where that is the same.
    async fn price_change(&self) -> Option<PriceChange> {
        let now = self.line()?.quoted.as_ref()?.unit_price;
        let was = self.asked()?.seen_price.filter(|it| *it != now)?;
        Some(PriceChange { was: was.into(), now: now.into() })
    }

    /// Who put it into the cart; null where nobody noted that.
    async fn added_by(&self, ctx: &Context<'_>) -> Result<Option<CartAuthor>> {
        CartAuthor::of(ctx, &self.view, self.asked().and_then(|it| it.added_by))
    }

    /// Who changed it last; null where nobody noted that.
    async fn last_changed_by(&self, ctx: &Context<'_>) -> Result<Option<CartAuthor>> {
        CartAuthor::of(ctx, &self.view, self.asked().and_then(|it| it.changed_by))
    }

    /// Why it cannot be ordered as it is; null: it can.
    async fn problem(&self) -> Option<CartProblem> {
        let line = self.line()?;
        line.problem.map(|it| CartProblem::of_line(line.line_id, it))
    }
}

/// The variant of a line as the cart's shelf has it.
async fn variant_of(ctx: &Context<'_>, view: &CartView, id: VariantId) -> Option<Result<Eager<Variant>>> {
    let offer = view.shelf.offer(id)?;
    let variant = Arc::new(offer.variant.clone());
    Some(cart_context(ctx, &view.cart).await.map(|sales| Eager(Variant::new(variant, sales))))
}

/// A line that is saved for later: it stays with the cart, and is neither counted, priced nor delivered.
pub(in crate::graphql) struct SavedCartLine {
    pub(super) view: Arc<CartView>,
    pub(super) line: cart::CartLine,
}

/// A line that is saved for later: it stays with the cart, and is neither counted, priced nor delivered.
#[Object]
impl SavedCartLine {
    /// Its id.
    async fn id(&self) -> ID {
        to_id(self.line.id)
    }

    /// How many.
    async fn quantity(&self) -> u32 {
        self.line.quantity.get()
    }

    /// What; null where it is gone.
    async fn variant(&self, ctx: &Context<'_>) -> Option<Result<Eager<Variant>>> {
        variant_of(ctx, &self.view, self.line.variant_id).await
    }

    /// What is wanted of it, by key; at most 20.
    async fn attributes(&self) -> Vec<LineAttribute> {
        LineAttribute::all(&self.line.attributes)
    }

    /// What the shopper writes of it.
    async fn note(&self) -> Option<&str> {
        self.line.note.as_ref().map(cart::Note::as_str)
    }

    /// What one cost when it was put aside; null where it had no price.
    async fn saved_price(&self) -> Option<Money> {
        self.line.seen_price.map(Money::from)
    }

    /// What one costs; null where it has no price any more.
    async fn price(&self) -> Option<Money> {
        self.view.shelf.unit_price(self.line.variant_id, self.line.quantity).map(Money::from)
    }

    /// What one cost and costs, where that is less; null: it is not.
    async fn price_drop(&self) -> Option<PriceChange> {
        let (was, now) = self.view.price_drop(&self.line)?;
        Some(PriceChange { was: was.into(), now: now.into() })
    }
}

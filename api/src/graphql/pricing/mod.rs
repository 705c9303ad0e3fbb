//! Prices on the wire.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::pricing::PriceChange;

use super::{
    catalog::Variant,
    context::{ContextExt as _, may_manage_prices},
    error::{Path, Refusal, Refuse as _, UserError},
    id::parse_id,
    money::MoneyInput,
};

/// A price to set.
#[derive(InputObject)]
struct PriceSetInput {
    /// Of what.
    variant_id: ID,
    /// What one costs.
    amount: MoneyInput,
    /// What one cost before; above `amount`, in its currency. Left out: nothing is struck through.
    compare_at: Option<MoneyInput>,
}

/// Prices to set; those in other currencies stay.
#[derive(InputObject)]
struct PricesSetInput {
    /// At most 100.
    prices: Vec<PriceSetInput>,
}

/// The answer to `pricesSet`.
#[derive(SimpleObject)]
struct PricesSetPayload {
    /// The variants of the prices, in their order; null where the command was refused.
    variants: Option<Vec<Variant>>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on prices.
#[derive(Default)]
pub(super) struct PricingMutation;

#[Object]
impl PricingMutation {
    /// Sets prices, all or none. Needs `MANAGE_PRICES`.
    #[graphql(visible = "may_manage_prices")]
    async fn prices_set(&self, ctx: &Context<'_>, input: PricesSetInput) -> Result<PricesSetPayload> {
        match set(ctx, &input).await {
            Ok(variants) => Ok(PricesSetPayload { variants: Some(variants), user_errors: vec![] }),
            Err(refusal) => Ok(PricesSetPayload { variants: None, user_errors: refusal.into_user_errors()? }),
        }
    }
}

async fn set(ctx: &Context<'_>, input: &PricesSetInput) -> Result<Vec<Variant>, Refusal> {
    let request = ctx.request()?;
    let mut changes = Vec::with_capacity(input.prices.len());
    for (index, it) in input.prices.iter().enumerate() {
        let at = Path::input("prices").index(index);
        changes.push(PriceChange {
            variant_id: parse_id(&it.variant_id, at.clone().field("variantId"))?,
            amount: it.amount.parse(at.clone().field("amount"))?,
            compare_at: it.compare_at.as_ref().map(|it| it.parse(at.field("compareAt"))).transpose()?,
        });
    }
    let set = request.app.pricing.set_prices(&request.actor, &changes).await;
    let variants = set.map_err(|it| it.refuse(Path::input("prices")))?;
    Ok(variants.into_iter().map(|it| Variant::new(it, request.sales.clone())).collect())
}

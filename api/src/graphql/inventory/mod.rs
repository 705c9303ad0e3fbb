//! Stock on the wire.

use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result, SimpleObject};
use comptoir_domain::inventory::{StockAdjustment, StockChange};

use super::{
    catalog::Variant,
    context::{ContextExt as _, may_manage_stock},
    error::{Path, Refusal, Refuse as _, UserError},
    id::{parse_id, parse_key},
    scalar::Uuid,
};

/// How a level changes.
#[derive(OneofObject)]
enum StockChangeInput {
    /// So many more, or fewer where it is negative.
    By(i64),
    /// So many were counted.
    To(i64),
}

/// One change at one location.
#[derive(InputObject)]
struct StockAdjustmentInput {
    /// What.
    variant_id: ID,
    /// Where.
    location_id: ID,
    /// How.
    change: StockChangeInput,
}

/// Stock to adjust.
#[derive(InputObject)]
struct InventoryAdjustInput {
    /// A key that the client makes for this command and sends again when it tries again: stock moves once.
    idempotency_key: Uuid,
    /// At most 100, each for another variant or location.
    adjustments: Vec<StockAdjustmentInput>,
}

/// The answer to `inventoryAdjust`.
#[derive(SimpleObject)]
struct InventoryAdjustPayload {
    /// The variants of the adjustments, in their order; null where the command was refused.
    variants: Option<Vec<Variant>>,
    /// Whether the key had run before.
    is_replay: bool,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on stock.
#[derive(Default)]
pub(super) struct InventoryMutation;

#[Object]
impl InventoryMutation {
    /// Changes what is on hand, all or nothing, once per key. Needs `MANAGE_STOCK`.
    #[graphql(visible = "may_manage_stock")]
    async fn inventory_adjust(&self, ctx: &Context<'_>, input: InventoryAdjustInput) -> Result<InventoryAdjustPayload> {
        match adjust(ctx, &input).await {
            Ok((variants, is_replay)) => {
                Ok(InventoryAdjustPayload { variants: Some(variants), is_replay, user_errors: vec![] })
            }
            Err(refusal) => Ok(InventoryAdjustPayload {
                variants: None,
                is_replay: false,
                user_errors: refusal.into_user_errors()?,
            }),
        }
    }
}

async fn adjust(ctx: &Context<'_>, input: &InventoryAdjustInput) -> Result<(Vec<Variant>, bool), Refusal> {
    let request = ctx.request()?;
    let key = parse_key(&input.idempotency_key, Path::input("idempotencyKey"))?;
    let mut adjustments = Vec::with_capacity(input.adjustments.len());
    for (index, it) in input.adjustments.iter().enumerate() {
        let at = Path::input("adjustments").index(index);
        adjustments.push(StockAdjustment {
            variant_id: parse_id(&it.variant_id, at.clone().field("variantId"))?,
            location_id: parse_id(&it.location_id, at.field("locationId"))?,
            change: match it.change {
                StockChangeInput::By(delta) => StockChange::By(delta),
                StockChangeInput::To(quantity) => StockChange::To(quantity),
            },
        });
    }
    let adjusted = request.app.inventory.adjust(&request.actor, key, &adjustments).await;
    let (variants, is_replay) = adjusted.map_err(|it| it.refuse(Path::input("adjustments")))?;
    let variants = variants.into_iter().map(|it| Variant::new(it, request.sales.clone()));
    Ok((variants.collect(), is_replay))
}

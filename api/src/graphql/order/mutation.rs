//! What staff does with orders.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::order::{self, OrderCommand};

use super::{
    super::{
        context::{ContextExt as _, may_manage_orders},
        error::{Path, Refusal, Refuse as _, UserError},
        id::{parse_id, parse_key},
        scalar::Uuid,
    },
    Order,
};

/// Which order, and a key that makes the command run once.
#[derive(InputObject)]
struct OrderCommandInput {
    /// The order.
    order_id: ID,
    /// A key that the client makes for this command and sends again when it tries again.
    idempotency_key: Uuid,
}

/// The answer to a command on an order.
#[derive(SimpleObject)]
struct OrderPayload {
    /// The order as it is now; null where the command was refused.
    order: Option<Order>,
    /// Whether the key had run before.
    is_replay: bool,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// What staff does with orders.
#[derive(Default)]
pub(in crate::graphql) struct OrderMutation;

#[Object]
impl OrderMutation {
    /// Takes note that the buyer paid what was due. Needs `MANAGE_ORDERS`.
    #[graphql(visible = "may_manage_orders")]
    async fn order_mark_paid(&self, ctx: &Context<'_>, input: OrderCommandInput) -> Result<OrderPayload> {
        answer(run(ctx, input, OrderCommand::MarkPaid).await)
    }

    /// Takes note that the goods left; they leave the stock. Needs `MANAGE_ORDERS`.
    #[graphql(visible = "may_manage_orders")]
    async fn order_fulfill(&self, ctx: &Context<'_>, input: OrderCommandInput) -> Result<OrderPayload> {
        answer(run(ctx, input, OrderCommand::Fulfill).await)
    }

    /// Cancels an order that is neither paid nor fulfilled; its stock is free again. Needs `MANAGE_ORDERS`.
    #[graphql(visible = "may_manage_orders")]
    async fn order_cancel(&self, ctx: &Context<'_>, input: OrderCommandInput) -> Result<OrderPayload> {
        answer(run(ctx, input, OrderCommand::Cancel).await)
    }
}

async fn run(
    ctx: &Context<'_>,
    input: OrderCommandInput,
    command: OrderCommand,
) -> Result<(order::Order, bool), Refusal> {
    let request = ctx.request()?;
    let id = parse_id(&input.order_id, Path::input("orderId"))?;
    let key = parse_key(&input.idempotency_key, Path::input("idempotencyKey"))?;
    request.app.orders.run(&request.actor, id, key, command).await.map_err(|it| it.refuse(Path::input("orderId")))
}

fn answer(result: Result<(order::Order, bool), Refusal>) -> Result<OrderPayload> {
    match result {
        Ok((order, is_replay)) => {
            Ok(OrderPayload { order: Some(Order(Arc::new(order))), is_replay, user_errors: vec![] })
        }
        Err(refusal) => Ok(OrderPayload { order: None, is_replay: false, user_errors: refusal.into_user_errors()? }),
    }
}

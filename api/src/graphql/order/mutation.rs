//! What staff does with orders.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::order::{self, OrderCommand, OrderError};

use super::{
    super::{
        context::{ContextExt as _, may_manage_orders},
        error::{Path, Refusal, Refuse as _, UserError},
        id::{parse_id, parse_key},
        news::seen_version,
        scalar::Uuid,
    },
    Order,
};

/// Which order, and a key that makes the command run once.
#[derive(InputObject)]
struct OrderCommandInput {
    /// The order.
    order_id: ID,
    /// The version that the client last saw; the command is refused where the order is at another. Left out: at any.
    expected_version: Option<i64>,
    /// A key that the client makes for this command and sends again when it tries again.
    idempotency_key: Uuid,
}

/// The answer to a command on an order.
#[derive(SimpleObject)]
struct OrderPayload {
    /// The order as it is now; null where the command was refused, except for a version that does not match.
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
        run(ctx, input, OrderCommand::MarkPaid).await
    }

    /// Takes note that the goods left; they leave the stock. Needs `MANAGE_ORDERS`.
    #[graphql(visible = "may_manage_orders")]
    async fn order_fulfill(&self, ctx: &Context<'_>, input: OrderCommandInput) -> Result<OrderPayload> {
        run(ctx, input, OrderCommand::Fulfill).await
    }

    /// Cancels an order that is neither paid nor fulfilled; its stock is free again. Needs `MANAGE_ORDERS`.
    #[graphql(visible = "may_manage_orders")]
    async fn order_cancel(&self, ctx: &Context<'_>, input: OrderCommandInput) -> Result<OrderPayload> {
        run(ctx, input, OrderCommand::Cancel).await
    }
}

/// Runs `command`; a refusal comes with the order where the client has seen another version of it.
async fn run(ctx: &Context<'_>, input: OrderCommandInput, command: OrderCommand) -> Result<OrderPayload> {
    let result = async {
        let request = ctx.request()?;
        let id = parse_id(&input.order_id, Path::input("orderId"))?;
        let key = parse_key(&input.idempotency_key, Path::input("idempotencyKey"))?;
        let version = seen_version(input.expected_version);
        match request.app.orders.run(&request.actor, id, version, key, command).await {
            Ok((order, is_replay)) => Ok(payload(Some(order), is_replay, vec![])),
            Err(OrderError::VersionConflict { current }) => {
                let order = (*current).clone();
                let refusal = OrderError::VersionConflict { current }.refuse(Path::input("orderId"));
                Ok(payload(Some(order), false, refusal.into_user_errors()?))
            }
            Err(error) => Err(error.refuse(Path::input("orderId"))),
        }
    };
    result.await.or_else(|refusal: Refusal| Ok(payload(None, false, refusal.into_user_errors()?)))
}

fn payload(order: Option<order::Order>, is_replay: bool, user_errors: Vec<UserError>) -> OrderPayload {
    OrderPayload { order: order.map(|it| Order(Arc::new(it))), is_replay, user_errors }
}

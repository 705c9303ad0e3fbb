//! Placing an order, on the wire.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Result, SimpleObject};
use comptoir_domain::checkout::{OrderPlacement, PlacedOrder, ProviderCode};

use super::super::{
    context::ContextExt as _,
    error::{Path, Refusal, Refuse as _, UserError},
    id::{parse_id, parse_key},
    money::MoneyInput,
    news::seen_version,
    order::Order,
    scalar::Uuid,
};

/// How to pay.
#[derive(InputObject)]
struct PaymentInput {
    /// Who takes the money: one of `paymentProviders`. `manual` is paid when the goods are handed over.
    provider: String,
    /// What the provider's own page or reader gave the client. For `test`: `approve`, `decline` or `pending`.
    #[graphql(secret)]
    token: Option<String>,
}

/// What it takes to place an order.
#[derive(InputObject)]
pub(super) struct OrderPlaceInput {
    /// The cart that becomes an order.
    cart_id: ID,
    /// A key that the client makes for this order and sends again when it tries again: the order is placed once.
    idempotency_key: Uuid,
    /// How to pay.
    payment: PaymentInput,
    /// What the buyer was shown; the order is refused where it costs anything else. Left out: it costs what it costs.
    expected_total: Option<MoneyInput>,
    /// The version of the cart that the buyer saw; the order is refused where it is at another. Left out: at any.
    expected_version: Option<i64>,
}

/// The answer to `orderPlace`.
#[derive(SimpleObject)]
pub(super) struct OrderPlacePayload {
    /// The order; null where it was refused.
    order: Option<Order>,
    /// What opens the order, in `order(number, token)`.
    order_token: Option<String>,
    /// Whether the key had placed this order before.
    is_replay: bool,
    /// Why the order was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Runs `orderPlace`.
pub(super) async fn place_order(ctx: &Context<'_>, input: OrderPlaceInput) -> Result<OrderPlacePayload> {
    match place(ctx, input).await {
        Ok(placed) => Ok(OrderPlacePayload {
            order: Some(Order(Arc::new(placed.order))),
            order_token: Some(placed.token.expose().to_owned()),
            is_replay: placed.is_replay,
            user_errors: vec![],
        }),
        Err(refusal) => Ok(OrderPlacePayload {
            order: None,
            order_token: None,
            is_replay: false,
            user_errors: refusal.into_user_errors()?,
        }),
    }
}

async fn place(ctx: &Context<'_>, input: OrderPlaceInput) -> Result<PlacedOrder, Refusal> {
    let request = ctx.request()?;
    let placement = OrderPlacement {
        cart_id: parse_id(&input.cart_id, Path::input("cartId"))?,
        key: parse_key(&input.idempotency_key, Path::input("idempotencyKey"))?,
        provider: ProviderCode::new(&input.payment.provider),
        token: input.payment.token,
        expected_total: input.expected_total.map(|it| it.parse(Path::input("expectedTotal"))).transpose()?,
        expected_version: seen_version(input.expected_version),
    };
    request.app.checkout.place(&request.actor, placement).await.map_err(|it| it.refuse(Path::input("cartId")))
}

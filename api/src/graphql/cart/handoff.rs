//! Handing carts over, on the wire.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::cart::{self, HandoffAccepted, HandoffCreated};

use super::{
    super::{
        access::parse_one_time_code,
        context::ContextExt as _,
        error::{Path, Refusal, Refuse as _, UserError},
        id::parse_id,
        scalar::DateTime,
    },
    Cart,
};

/// What becomes of who held the cart before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "cart::HandoffMode")]
enum CartHandoffMode {
    /// They hold it no longer: from the kiosk to the phone. Their subscriptions are told by `NOT_FOUND`, and end.
    Transfer,
    /// They hold it, too: an advisor and a customer.
    Share,
}

/// A cart to hand over.
#[derive(InputObject)]
struct CartHandoffCreateInput {
    /// The cart.
    cart_id: ID,
    /// What becomes of who holds it now.
    mode: CartHandoffMode,
}

/// What to enter or to scan elsewhere.
#[derive(SimpleObject)]
struct CartHandoff {
    /// To be typed, in `cartHandoffAccept`: ten letters and digits. Case and hyphens do not matter.
    code: String,
    /// To be shown as a QR code: the shop's address for hand-offs with the code; null where none is configured.
    url: Option<String>,
    /// What becomes of who holds it now.
    mode: CartHandoffMode,
    /// When the code ends; it is good once.
    expires_at: DateTime,
}

/// The answer to `cartHandoffCreate`.
#[derive(SimpleObject)]
struct CartHandoffCreatePayload {
    /// What to enter or to scan elsewhere; it is told once. Null where the command was refused.
    handoff: Option<CartHandoff>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// A code that was typed or scanned.
#[derive(InputObject)]
struct CartHandoffAcceptInput {
    /// The code; case and hyphens do not matter.
    #[graphql(secret)]
    code: String,
}

/// The answer to `cartHandoffAccept`.
#[derive(SimpleObject)]
struct CartHandoffAcceptPayload {
    /// The cart; null where the command was refused.
    cart: Option<Cart>,
    /// What opens the cart from now on, for this holder. It is told once: keep it.
    cart_secret: Option<String>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands that hand carts over.
#[derive(Default)]
pub(in crate::graphql) struct CartHandoffMutation;

#[Object]
impl CartHandoffMutation {
    /// Gives a code by which somebody else can take the cart, or hold it, too, within five minutes; one that was given for it
    /// before is void. Who the cart is only shared with can share it further, but not hand it over.
    async fn cart_handoff_create(
        &self,
        ctx: &Context<'_>,
        input: CartHandoffCreateInput,
    ) -> Result<CartHandoffCreatePayload> {
        match create(ctx, &input).await {
            Ok(HandoffCreated { handoff, code }) => {
                let base = ctx.request()?.shop.handoff_url.as_ref();
                let handoff = CartHandoff {
                    url: base.map(|it| format!("{it}{}", code.expose())),
                    code: code.shown(),
                    mode: handoff.mode.into(),
                    expires_at: DateTime(handoff.expires_at),
                };
                Ok(CartHandoffCreatePayload { handoff: Some(handoff), user_errors: vec![] })
            }
            Err(refusal) => Ok(CartHandoffCreatePayload { handoff: None, user_errors: refusal.into_user_errors()? }),
        }
    }

    /// Takes the cart that waits under a code, which is used up. Codes are tried at most as often as passwords.
    async fn cart_handoff_accept(
        &self,
        ctx: &Context<'_>,
        input: CartHandoffAcceptInput,
    ) -> Result<CartHandoffAcceptPayload> {
        match accept(ctx, &input.code).await {
            Ok(HandoffAccepted { view, secret }) => Ok(CartHandoffAcceptPayload {
                cart: Some(Cart(Arc::new(view))),
                cart_secret: Some(secret.expose().to_owned()),
                user_errors: vec![],
            }),
            Err(refusal) => {
                let user_errors = refusal.into_user_errors()?;
                Ok(CartHandoffAcceptPayload { cart: None, cart_secret: None, user_errors })
            }
        }
    }
}

async fn create(ctx: &Context<'_>, input: &CartHandoffCreateInput) -> Result<HandoffCreated, Refusal> {
    let request = ctx.request()?;
    let id = parse_id(&input.cart_id, Path::input("cartId"))?;
    let created = request.app.carts.create_handoff(&request.actor, id, input.mode.into()).await;
    created.map_err(|it| it.refuse(Path::input("cartId")))
}

async fn accept(ctx: &Context<'_>, code: &str) -> Result<HandoffAccepted, Refusal> {
    let request = ctx.request()?;
    let accepted = request.app.carts.accept_handoff(&request.actor, &parse_one_time_code(code)?).await;
    accepted.map_err(|it| it.refuse(Path::input("code")))
}

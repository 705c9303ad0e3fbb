//! Commands that begin and end carts, or change who holds them.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::{
    access::OrderToken,
    cart::{CartCreated, CartError, Clamped, EditedCart},
    ids::CartId,
    language::Language,
};

use super::{
    super::{
        channel::{ContextInput, sales_context},
        context::ContextExt as _,
        error::{Path, Refusal, Refuse as _, UserError},
        id::parse_id,
        news::seen_version,
    },
    merge::DroppedCartLine,
    object::Cart,
    payload::{CartPayload, current},
};

/// Whose secret is to change.
#[derive(InputObject)]
struct CartSecretRotateInput {
    /// The cart.
    cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    expected_version: Option<i64>,
}

/// A cart to begin anew with.
#[derive(InputObject)]
struct CartCopyInput {
    /// The cart whose lines are copied.
    cart_id: ID,
}

/// A cart whose personal data is to go.
#[derive(InputObject)]
struct CartPurgeInput {
    /// The cart.
    cart_id: ID,
}

/// An order to buy again.
#[derive(InputObject)]
struct OrderReorderInput {
    /// The order.
    order_id: ID,
    /// What opens the order, for who has no account; left out: who is signed in.
    #[graphql(secret)]
    order_token: Option<String>,
}

/// A cart with its secret.
#[derive(SimpleObject)]
struct CartSecretPayload {
    /// The cart. Null where the command was refused; with a `VERSION_CONFLICT` as it is.
    cart: Option<Cart>,
    /// What opens the cart, in the header `Comptoir-Cart-Secret` or as a bearer token. It is told once: keep it.
    cart_secret: Option<String>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// The answer to `orderReorder`.
#[derive(SimpleObject)]
struct OrderReorderPayload {
    /// The new cart; null where the command was refused.
    cart: Option<Cart>,
    /// What opens the cart, in the header `Comptoir-Cart-Secret` or as a bearer token. It is told once: keep it.
    cart_secret: Option<String>,
    /// What of the order is not in the cart, and why; at most 250.
    dropped_lines: Vec<DroppedCartLine>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands that begin and end carts, or change who holds them.
#[derive(Default)]
pub(in crate::graphql) struct CartLifeMutation;

#[Object]
impl CartLifeMutation {
    /// Gives a cart another secret in place of the first one or, for those whom it was shared with, of theirs. The old one opens
    /// nothing any more, at once; who follows the cart by it is cut off, and a code of a hand-off that waits is void.
    async fn cart_secret_rotate(&self, ctx: &Context<'_>, input: CartSecretRotateInput) -> Result<CartSecretPayload> {
        let request = ctx.request()?;
        let id: CartId = match parse_id(&input.cart_id, Path::input("cartId")) {
            Ok(id) => id,
            Err(refusal) => return with_secret(Err(refusal)),
        };
        let expected = seen_version(input.expected_version);
        let rotated = request.app.carts.rotate_secret(&request.actor, id, expected).await;
        let is_conflict = matches!(rotated, Err(CartError::VersionConflict { .. }));
        let rotated = rotated.map(|(view, secret)| (Cart(Arc::new(view)), secret.expose().to_owned()));
        let payload = with_secret(rotated.map_err(|it| it.refuse(Path::input("cartId"))))?;
        if !is_conflict {
            return Ok(payload);
        }
        Ok(CartSecretPayload { cart: current(ctx, id).await?, ..payload })
    }

    /// A new cart with the lines and the note of another. Codes, contact and addresses are not copied.
    async fn cart_copy(&self, ctx: &Context<'_>, input: CartCopyInput) -> Result<CartSecretPayload> {
        let request = ctx.request()?;
        let copied = async {
            let id = parse_id(&input.cart_id, Path::input("cartId"))?;
            let copied = request.app.carts.copy(&request.actor, id).await;
            copied.map_err(|it| it.refuse(Path::input("cartId")))
        };
        with_secret(copied.await.map(opened))
    }

    /// A new cart with what was bought with an order, as far as it can be bought now, at today's prices. `droppedLines` says
    /// what cannot.
    async fn order_reorder(
        &self,
        ctx: &Context<'_>,
        input: OrderReorderInput,
        #[graphql(desc = "Where it is sold, and to whom; what it leaves out comes from the request's headers.")]
        context: Option<ContextInput>,
    ) -> Result<OrderReorderPayload> {
        let request = ctx.request()?;
        let sales = sales_context(ctx, context).await?;
        let reordered = async {
            let id = parse_id(&input.order_id, Path::input("orderId"))?;
            let token = input.order_token.map(OrderToken::new);
            let language = sales.languages.first().cloned().unwrap_or_else(Language::english);
            let reordered = request.app.carts.reorder(&request.actor, id, token.as_ref(), sales, language).await;
            reordered.map_err(|it| it.refuse(Path::input("orderId")))
        };
        Ok(match reordered.await {
            Ok(reordered) => {
                let dropped_lines = reordered.dropped.iter().map(DroppedCartLine::from).collect();
                let (cart, secret) = opened(reordered.created);
                OrderReorderPayload { cart: Some(cart), cart_secret: Some(secret), dropped_lines, user_errors: vec![] }
            }
            Err(refusal) => {
                let refusal: Refusal = refusal;
                let user_errors = refusal.into_user_errors()?;
                OrderReorderPayload { cart: None, cart_secret: None, dropped_lines: vec![], user_errors }
            }
        })
    }

    /// Forgets all that a cart knows of a person: its owner, contact, addresses, notes, attributes of lines, codes, and what
    /// devices sent for it. Nobody but staff opens it any more. For who holds the cart, its customer, and `MANAGE_CARTS`; not
    /// for who it is only shared with.
    async fn cart_purge(&self, ctx: &Context<'_>, input: CartPurgeInput) -> Result<CartPayload> {
        let request = ctx.request()?;
        let purged = async {
            let id = parse_id(&input.cart_id, Path::input("cartId"))?;
            let purged = request.app.carts.purge(&request.actor, id).await;
            purged.map_err(|it| it.refuse(Path::input("cartId")))
        };
        CartPayload::of(purged.await.map(|view| EditedCart { view, clamped: Vec::<Clamped>::new() }))
    }
}

fn opened(created: CartCreated) -> (Cart, String) {
    (Cart(Arc::new(created.view)), created.secret.expose().to_owned())
}

fn with_secret(opened: Result<(Cart, String), Refusal>) -> Result<CartSecretPayload> {
    Ok(match opened {
        Ok((cart, secret)) => CartSecretPayload { cart: Some(cart), cart_secret: Some(secret), user_errors: vec![] },
        Err(refusal) => CartSecretPayload { cart: None, cart_secret: None, user_errors: refusal.into_user_errors()? },
    })
}

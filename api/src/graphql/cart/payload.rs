//! The answer to commands on carts, and how they run.

use std::sync::Arc;

use async_graphql::{Context, ID, Result, SimpleObject};
use comptoir_domain::{
    cart::{CartEdit, CartError, EditedCart},
    ids::CartId,
};

use super::{
    super::{
        context::ContextExt as _,
        error::{Path, Refusal, Refuse as _, UserError},
        id::parse_id,
        news::seen_version,
    },
    object::Cart,
    problem::CartNotice,
};

/// The answer to a command on a cart.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CartPayload {
    /// The cart as it is now; null where the command was refused, except for a version that does not match.
    cart: Option<Cart>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
    /// What to tell the shopper although the command was accepted: lines that got less than was wanted.
    warnings: Vec<CartNotice>,
}

impl CartPayload {
    /// The answer to a command that was accepted or refused.
    ///
    /// # Errors
    /// What is not for a payload.
    pub(super) fn of(edited: Result<EditedCart, Refusal>) -> Result<Self> {
        Ok(match edited {
            Ok(EditedCart { view, clamped }) => Self {
                cart: Some(Cart(Arc::new(view))),
                user_errors: vec![],
                warnings: clamped.iter().map(CartNotice::from).collect(),
            },
            Err(refusal) => Self { cart: None, user_errors: refusal.into_user_errors()?, warnings: vec![] },
        })
    }
}

/// Runs one command on a cart. A version that does not match is refused with the cart as it is.
pub(super) async fn run(
    ctx: &Context<'_>,
    cart_id: &ID,
    expected_version: Option<i64>,
    edit: Result<CartEdit, Refusal>,
) -> Result<CartPayload> {
    let request = ctx.request()?;
    let (id, expected) = match parse_id(cart_id, Path::input("cartId")) {
        Ok(id) => (id, seen_version(expected_version)),
        Err(refusal) => return CartPayload::of(Err(refusal)),
    };
    match edit {
        Ok(edit) => answer(ctx, Ok((id, request.app.carts.edit(&request.actor, id, expected, edit).await))).await,
        Err(refusal) => {
            // Who saw another cart is told that first, whatever they say of it.
            let seen = if expected.is_some() { current(ctx, id).await? } else { None };
            match seen.filter(|it| Some(it.0.cart.version) != expected) {
                Some(cart) => {
                    let conflict = CartError::VersionConflict { current_version: cart.0.cart.version };
                    let payload = CartPayload::of(Err(conflict.refuse(Path::input("cartId"))))?;
                    Ok(CartPayload { cart: Some(cart), ..payload })
                }
                None => CartPayload::of(Err(refusal)),
            }
        }
    }
}

/// The answer to a command on a cart, or why it did not run.
pub(super) async fn answer(
    ctx: &Context<'_>,
    done: Result<(CartId, Result<EditedCart, CartError>), Refusal>,
) -> Result<CartPayload> {
    let (id, edited) = match done {
        Ok(done) => done,
        Err(refusal) => return CartPayload::of(Err(refusal)),
    };
    let is_conflict = matches!(edited, Err(CartError::VersionConflict { .. }));
    let payload = CartPayload::of(edited.map_err(|it| it.refuse(Path::input("cartId"))))?;
    if !is_conflict {
        return Ok(payload);
    }
    Ok(CartPayload { cart: current(ctx, id).await?, ..payload })
}

/// A cart as it is, for who saw it otherwise.
pub(super) async fn current(ctx: &Context<'_>, id: CartId) -> Result<Option<Cart>> {
    let request = ctx.request()?;
    let view = request.app.carts.view(&request.actor, id).await.ok();
    Ok(view.map(|it| Cart(Arc::new(it))))
}

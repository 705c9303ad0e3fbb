//! The codes of carts: entered, taken away, and used.

use std::collections::BTreeSet;

use super::{Cart, CartError, CartRefusal};
use crate::{
    clock::Timestamp,
    ids::{CartId, CustomerId},
    promotion::{CODE_RESERVATION, CodeState, CodeUse, DiscountCode},
    storage::{StorageError, UnitOfWork},
};

/// Enters a code into a cart, and sets a use of it aside.
///
/// # Errors
/// [`CartRefusal::Code`] says why it cannot be used.
pub(super) async fn apply_code(
    uow: &dyn UnitOfWork,
    cart: &mut Cart,
    code: &DiscountCode,
    actor: Option<CustomerId>,
    now: Timestamp,
) -> Result<(), CartError> {
    let refused = |state| CartRefusal::Code { code: code.clone(), state };
    if !cart.codes.contains(code) && Cart::CODES_MAX <= cart.codes.len() {
        return Err(CartRefusal::TooManyCodes { max: Cart::CODES_MAX }.into());
    }
    // Locked before it is counted, so that of those who come at once each sees what the others have.
    let issued = uow.codes().lock_code(code).await?.ok_or_else(|| refused(CodeState::Unknown))?;
    let customer_id = cart.customer_id.or(actor);
    let usage = uow.code_queries().code_usage(code, cart.id, customer_id, now).await?;
    issued.check(usage, customer_id).map_err(refused)?;
    let until = Some(now + CODE_RESERVATION);
    uow.codes().set_code_aside(&CodeUse { code: code.clone(), cart_id: cart.id, customer_id, until }).await?;
    if !cart.codes.contains(code) {
        cart.codes.push(code.clone());
    }
    Ok(())
}

/// Takes a code out of a cart, and frees its use.
///
/// # Errors
/// [`CartRefusal::Code`] where the cart has no such code.
pub(super) async fn remove_code(uow: &dyn UnitOfWork, cart: &mut Cart, code: &DiscountCode) -> Result<(), CartError> {
    let Some(place) = cart.codes.iter().position(|it| it == code) else {
        return Err(CartRefusal::Code { code: code.clone(), state: CodeState::Unknown }.into());
    };
    cart.codes.remove(place);
    uow.codes().free_code(cart.id, code).await?;
    Ok(())
}

/// Moves what a cart that went into another set aside of codes: of those that it gave the other, the uses go along, and of the
/// others they are free again.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn move_codes(
    uow: &dyn UnitOfWork,
    source: CartId,
    target: &Cart,
    held: &[DiscountCode],
    moved: &[DiscountCode],
) -> Result<(), StorageError> {
    for code in held.iter().filter(|it| !moved.contains(it)) {
        uow.codes().free_code(source, code).await?;
    }
    if moved.is_empty() {
        Ok(())
    } else {
        uow.codes().move_code_uses(source, target.id, moved, target.customer_id).await
    }
}

/// Makes the uses that a cart set aside: it is ordered.
///
/// # Errors
/// [`CartRefusal::Code`] where others took a use whose time was over.
pub(crate) async fn use_codes(
    uow: &dyn UnitOfWork,
    cart: CartId,
    codes: &[DiscountCode],
    customer: Option<CustomerId>,
    now: Timestamp,
) -> Result<(), CartError> {
    if codes.is_empty() {
        return Ok(());
    }
    // In one order for all, so that two orders never wait for each other.
    let in_order: BTreeSet<&DiscountCode> = codes.iter().collect();
    for code in in_order {
        let refused = |state| CartRefusal::Code { code: code.clone(), state };
        let issued = uow.codes().lock_code(code).await?.ok_or_else(|| refused(CodeState::Unknown))?;
        let usage = uow.code_queries().code_usage(code, cart, customer, now).await?;
        issued.check(usage, customer).map_err(refused)?;
    }
    uow.codes().use_codes(cart, codes, customer).await?;
    Ok(())
}

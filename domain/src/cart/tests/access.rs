//! Who gets in, and what is still open.

use uuid::Uuid;

use super::cart;
use crate::{
    access::{Actor, Principal, SecretHash},
    cart::{CartError, CartState},
    ids::{CustomerId, Id, OrderId, SignInId},
};

#[test]
fn only_the_holder_the_owner_and_staff_for_carts_get_in() {
    let mut cart = cart();
    let customer = |n: u128| {
        let (id, sign_in) = (CustomerId::from_uuid(Uuid::from_u128(n)), SignInId::from_uuid(Uuid::nil()));
        Actor { principal: Principal::Customer { id, sign_in, device: None }, cart_secret: None, network: None }
    };
    assert!(matches!(cart.check_access(&customer(1)), Err(CartError::NotFound)), "nobody's cart");
    cart.customer_id = customer(1).customer();
    assert!(cart.check_access(&customer(1)).is_ok());
    assert!(matches!(cart.check_access(&customer(2)), Err(CartError::NotFound)));
    let secret = |text: &str| Actor::anonymous(Some(SecretHash(text.to_owned())));
    assert!(cart.check_access(&secret("hash")).is_ok());
    assert!(cart.check_access(&Actor::system()).is_ok());
    for actor in [secret("other"), Actor::anonymous(None)] {
        assert!(matches!(cart.check_access(&actor), Err(CartError::NotFound)));
    }
}

#[test]
fn an_ordered_cart_and_an_outdated_client_are_refused() {
    let mut cart = cart();
    assert!(cart.check_open(Some(1)).is_ok());
    assert!(matches!(cart.check_open(Some(2)), Err(CartError::VersionConflict { current_version: 1 })));
    cart.state = CartState::Ordered(OrderId::from_uuid(Uuid::nil()));
    assert!(matches!(cart.check_open(None), Err(CartError::AlreadyOrdered { .. })));
}

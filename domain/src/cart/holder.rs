//! Who holds a cart, and who changed it.

use serde::{Deserialize, Serialize};

use super::{Cart, CartError, CartLine};
use crate::{
    access::{Actor, Principal, SecretHash},
    clock::Timestamp,
    ids::{CustomerId, DeviceId, StaffId},
};

/// One who holds a cart beside its first holder: a hand-off shared it with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartShare {
    /// Which of those it was shared with, from 1.
    pub number: u32,
    /// What their secret hashes to.
    pub secret_hash: SecretHash,
    /// Since when they hold it.
    pub since: Timestamp,
    /// The device on which they took it, until its session ends.
    #[serde(default)]
    pub device_id: Option<DeviceId>,
}

/// Who changed a cart, as far as that is known of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum CartAuthor {
    /// Whoever has its first secret.
    Holder,
    /// Whoever a hand-off shared it with: which of them.
    Share(u32),
    /// A customer who signed in.
    Customer(CustomerId),
    /// Whoever stands at a device.
    Device(DeviceId),
    /// A member of staff.
    Staff(StaffId),
    /// Comptoir itself.
    System,
}

impl Cart {
    /// The most it can be shared with.
    pub const SHARES_MAX: usize = 10;

    /// Whether a secret that a hand-off gave came with the request.
    pub(super) fn is_shared_with(&self, actor: &Actor) -> bool {
        self.shares.iter().any(|it| Some(&it.secret_hash) == actor.cart_secret.as_ref())
    }

    /// Who acts, as the cart names them.
    #[must_use]
    pub fn author(&self, actor: &Actor) -> CartAuthor {
        match &actor.principal {
            Principal::Customer { id, .. } => CartAuthor::Customer(*id),
            Principal::Staff { id, .. } => CartAuthor::Staff(*id),
            Principal::Device(place) => CartAuthor::Device(place.id),
            Principal::System => CartAuthor::System,
            Principal::Anonymous => {
                let share = self.shares.iter().find(|it| Some(&it.secret_hash) == actor.cart_secret.as_ref());
                share.map_or(CartAuthor::Holder, |it| CartAuthor::Share(it.number))
            }
        }
    }

    /// Notes who made of the lines `before` those that it has now.
    pub(super) fn mark(&mut self, before: &[CartLine], author: CartAuthor) {
        for line in &mut self.lines {
            let earlier = before.iter().find(|it| it.id == line.id);
            if earlier.is_none() && line.added_by.is_none() {
                line.added_by = Some(author);
            }
            if earlier != Some(line) {
                line.changed_by = Some(author);
            }
        }
        self.changed_by = Some(author);
    }

    /// Lets somebody else hold it, too, with a secret of their own.
    ///
    /// # Errors
    /// [`CartError::TooManyShares`].
    pub(super) fn share(&mut self, secret_hash: SecretHash, with: &Actor, now: Timestamp) -> Result<(), CartError> {
        if Self::SHARES_MAX <= self.shares.len() {
            return Err(CartError::TooManyShares { max: Self::SHARES_MAX });
        }
        let number = self.shares.last().map_or(0, |it| it.number).saturating_add(1);
        self.shares.push(CartShare { number, secret_hash, since: now, device_id: with.device_id() });
        Ok(())
    }

    /// Gives who acts another secret in place of theirs: the one that it was shared with them by, the first, or both where they are
    /// the same. Who acts without one gets the first. A device that has the first holds the cart.
    pub(super) fn rotate_secret(&mut self, actor: &Actor, secret_hash: SecretHash) {
        let is_first = self.is_held_by(actor) || !self.is_shared_with(actor);
        if let Some(share) = self.shares.iter_mut().find(|it| Some(&it.secret_hash) == actor.cart_secret.as_ref()) {
            share.secret_hash = secret_hash.clone();
        }
        if is_first {
            self.secret_hash = secret_hash;
            self.device_id = self.device_id.or(actor.device_id());
        }
    }

    /// Hands it over: who held it before by a secret or as a device, holds it no longer. A customer whose it is keeps it, and
    /// shares it with another customer who takes it; one that is nobody's becomes the customer's who takes it.
    pub(super) fn transfer(&mut self, secret_hash: SecretHash, to: &Actor, now: Timestamp) {
        self.shares.clear();
        if self.is_of_another(to) {
            let (secret_hash, device_id) = (secret_hash.clone(), to.device_id());
            self.shares.push(CartShare { number: 1, secret_hash, since: now, device_id });
        }
        self.secret_hash = secret_hash;
        self.device_id = to.device_id();
        self.customer_id = self.customer_id.or(to.customer());
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::{
        access::DevicePlace,
        cart::{Quantity, tests::cart},
        ids::{Id, LocationId, SignInId},
    };

    fn hash(text: &str) -> SecretHash {
        SecretHash(text.to_owned())
    }

    fn holder(text: &str) -> Actor {
        Actor::anonymous(Some(hash(text)))
    }

    fn id<I: Id>(n: u128) -> I {
        I::from_uuid(Uuid::from_u128(n))
    }

    fn device(n: u128) -> Actor {
        let place = DevicePlace { id: id(n), channel: "kiosk".parse().unwrap(), location_id: id::<LocationId>(1) };
        Actor { principal: Principal::Device(place), cart_secret: None }
    }

    fn customer(n: u128) -> Actor {
        Actor {
            principal: Principal::Customer { id: id(n), sign_in: id::<SignInId>(1), device: None },
            cart_secret: None,
        }
    }

    #[test]
    fn each_who_shares_a_cart_has_a_secret_of_their_own() {
        let mut cart = cart();
        cart.share(hash("one"), &holder(""), DateTime::UNIX_EPOCH).unwrap();
        cart.share(hash("two"), &holder(""), DateTime::UNIX_EPOCH).unwrap();
        for secret in ["hash", "one", "two"] {
            assert!(cart.check_access(&holder(secret)).is_ok(), "{secret}");
        }
        assert!(matches!(cart.check_access(&holder("three")), Err(CartError::NotFound)));
        for n in 2..Cart::SHARES_MAX {
            cart.share(hash(&format!("more {n}")), &holder(""), DateTime::UNIX_EPOCH).unwrap();
        }
        let res = cart.share(hash("too many"), &holder(""), DateTime::UNIX_EPOCH);
        assert!(matches!(res, Err(CartError::TooManyShares { max: Cart::SHARES_MAX })));
    }

    #[test]
    fn who_shares_a_cart_takes_it_from_nobody_by_another_secret() {
        let mut cart = cart();
        cart.share(hash("shared"), &holder(""), DateTime::UNIX_EPOCH).unwrap();
        cart.rotate_secret(&holder("shared"), hash("shared anew"));
        assert!(cart.check_access(&holder("hash")).is_ok() && cart.check_access(&holder("shared anew")).is_ok());
        assert!(cart.check_access(&holder("shared")).is_err());
        cart.rotate_secret(&holder("hash"), hash("first anew"));
        assert!(cart.check_access(&holder("first anew")).is_ok() && cart.check_access(&holder("hash")).is_err());
        assert_eq!(cart.author(&holder("shared anew")), CartAuthor::Share(1));
    }

    #[test]
    fn who_has_a_secret_twice_changes_both() {
        let mut cart = cart();
        cart.customer_id = Some(id(1));
        cart.transfer(hash("taken"), &customer(2), DateTime::UNIX_EPOCH);
        cart.rotate_secret(&Actor { cart_secret: Some(hash("taken")), ..customer(2) }, hash("anew"));
        for actor in [holder("taken"), Actor { cart_secret: Some(hash("taken")), ..customer(2) }] {
            assert!(matches!(cart.check_access(&actor), Err(CartError::NotFound)), "{actor:?}");
        }
        assert!(cart.check_access(&Actor { cart_secret: Some(hash("anew")), ..customer(2) }).is_ok());
    }

    #[test]
    fn who_a_cart_is_only_shared_with_does_not_take_it_from_the_others() {
        let mut cart = cart();
        cart.device_id = Some(id(7));
        cart.share(hash("one"), &holder(""), DateTime::UNIX_EPOCH).unwrap();
        cart.share(hash("two"), &holder(""), DateTime::UNIX_EPOCH).unwrap();
        assert!(cart.check_own(&holder("hash")).is_ok() && cart.check_own(&device(7)).is_ok());
        for shared in ["one", "two"] {
            assert!(matches!(cart.check_own(&holder(shared)), Err(CartError::OnlyShared)), "{shared}");
        }
        assert!(matches!(cart.check_own(&holder("three")), Err(CartError::NotFound)));
        assert_eq!(cart.leave_device(id(7), hash("nobody's")), Some(false));
        assert!(cart.check_own(&holder("one")).is_ok(), "nobody held it before them");
        assert!(matches!(cart.check_own(&holder("two")), Err(CartError::OnlyShared)));
        assert!(cart.check_access(&holder("hash")).is_err() && cart.check_access(&device(7)).is_err());
        assert_eq!(cart.author(&holder("one")), CartAuthor::Share(1));
    }

    #[test]
    fn a_customers_cart_stays_theirs_where_a_device_lets_go_of_it() {
        let mut cart = cart();
        (cart.device_id, cart.customer_id) = (Some(id(7)), Some(id(1)));
        cart.share(hash("one"), &holder(""), DateTime::UNIX_EPOCH).unwrap();
        assert!(cart.check_access(&device(7)).is_ok());
        let at_device = |n| {
            let Principal::Device(place) = device(7).principal else { unreachable!() };
            Actor {
                principal: Principal::Customer { id: id(n), sign_in: id(2), device: Some(place) },
                cart_secret: None,
            }
        };
        assert!(cart.check_access(&at_device(1)).is_ok());
        assert!(cart.check_access(&at_device(2)).is_err(), "the next customer there finds nothing of it");
        assert_eq!(cart.leave_device(id(7), hash("nobody's")), Some(false));
        assert!(cart.check_own(&customer(1)).is_ok());
        assert!(matches!(cart.check_own(&holder("one")), Err(CartError::OnlyShared)));
    }

    #[test]
    fn a_device_that_shares_a_cart_leaves_it_to_the_others() {
        let mut cart = cart();
        cart.share(hash("phone"), &holder(""), DateTime::UNIX_EPOCH).unwrap();
        cart.share(hash("kiosk"), &device(7), DateTime::UNIX_EPOCH).unwrap();
        cart.share(hash("till"), &device(8), DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(cart.leave_device(id(9), hash("nobody's")), None, "it never held it");
        assert_eq!(cart.leave_device(id(7), hash("nobody's")), Some(false));
        assert!(cart.check_access(&holder("kiosk")).is_err());
        for other in ["hash", "phone", "till"] {
            assert!(cart.check_access(&holder(other)).is_ok(), "{other}");
        }
        assert_eq!(cart.leave_device(id(7), hash("nobody's")), None);
    }

    #[test]
    fn nobody_holds_a_cart_that_only_its_device_held() {
        let mut begun = Cart { device_id: Some(id(7)), ..cart() };
        begun.share(hash("again"), &device(7), DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(begun.leave_device(id(7), hash("nobody's")), Some(true));
        for secret in ["hash", "again"] {
            assert!(begun.check_access(&holder(secret)).is_err(), "{secret}");
        }
        // A customer who asks for a secret at a device leaves it there.
        let mut theirs = Cart { customer_id: Some(id(1)), ..cart() };
        theirs.rotate_secret(&device(7), hash("seen there"));
        assert_eq!((theirs.device_id, theirs.leave_device(id(7), hash("nobody's"))), (Some(id(7)), Some(false)));
        assert!(theirs.check_access(&holder("seen there")).is_err() && theirs.check_access(&customer(1)).is_ok());
    }

    #[test]
    fn each_line_tells_who_added_and_who_changed_it() {
        let line = |n: u128, quantity| CartLine::new(id(n), id(n), Quantity::parse(quantity).unwrap());
        let (ada, advisor) = (CartAuthor::Customer(id(1)), CartAuthor::Staff(id(2)));
        let mut cart = cart();
        cart.lines = vec![line(1, 1), line(2, 1)];
        cart.mark(&[], ada);
        let before = cart.lines.clone();
        cart.lines[1].set_quantity(Quantity::parse(3).unwrap(), None);
        cart.lines.push(line(3, 1));
        cart.mark(&before, advisor);
        let authors: Vec<_> = cart.lines.iter().map(|it| (it.added_by, it.changed_by)).collect();
        assert_eq!(authors, [(Some(ada), Some(ada)), (Some(ada), Some(advisor)), (Some(advisor), Some(advisor))]);
        assert_eq!(cart.changed_by, Some(advisor));
        let before = cart.lines.clone();
        cart.mark(&before, ada);
        assert_eq!((cart.lines == before, cart.changed_by), (true, Some(ada)), "an address is no line");
    }

    #[test]
    fn who_hands_a_cart_over_has_it_no_longer() {
        let mut cart = cart();
        cart.device_id = Some(id(7));
        cart.share(hash("shared"), &holder(""), DateTime::UNIX_EPOCH).unwrap();
        assert!(cart.check_access(&device(7)).is_ok() && cart.check_access(&device(8)).is_err());
        cart.transfer(hash("phone"), &customer(1), DateTime::UNIX_EPOCH);
        for before in [holder("hash"), holder("shared"), device(7)] {
            assert!(matches!(cart.check_access(&before), Err(CartError::NotFound)), "{before:?}");
        }
        assert!(cart.check_access(&holder("phone")).is_ok() && cart.check_access(&customer(1)).is_ok());
        cart.transfer(hash("till"), &device(9), DateTime::UNIX_EPOCH);
        assert!(cart.check_access(&device(9)).is_ok());
        assert!(cart.check_access(&customer(1)).is_ok(), "whose it is, keeps it");
        assert!(cart.check_access(&holder("phone")).is_err());
    }
}

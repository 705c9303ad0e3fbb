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
        self.check_room_for_share()?;
        let number = self.next_number();
        self.is_forgotten = false;
        self.shares.push(CartShare { number, secret_hash, since: now, device_id: with.device_id() });
        Ok(())
    }

    /// Insists that somebody else can hold it, too.
    ///
    /// # Errors
    /// [`CartError::TooManyShares`].
    pub(super) fn check_room_for_share(&self) -> Result<(), CartError> {
        let max = Self::SHARES_MAX;
        if max <= self.shares.len() { Err(CartError::TooManyShares { max }) } else { Ok(()) }
    }

    /// Gives who acts another secret in place of theirs: the one that it was shared with them by, the first, or both where they are
    /// the same. Who acts without one gets the first. A device that has the first holds the cart, and
    /// none that had it before.
    pub(super) fn rotate_secret(&mut self, actor: &Actor, secret_hash: SecretHash) {
        let is_first = self.is_held_by(actor) || !self.is_shared_with(actor);
        if let Some(share) = self.shares.iter_mut().find(|it| Some(&it.secret_hash) == actor.cart_secret.as_ref()) {
            share.secret_hash = secret_hash.clone();
            share.device_id = actor.device_id().or(share.device_id);
        }
        if is_first {
            self.secret_hash = secret_hash;
            self.device_id = actor.device_id().or(self.device_id);
        }
        self.is_forgotten = false;
    }

    /// Hands it over: who held it before by a secret or as a device, holds it no longer. A customer whose it is keeps it, and
    /// shares it with another customer who takes it; one that is nobody's becomes the customer's who takes it. Who held it first
    /// goes on as one of those it was shared with in what they did, and nobody else is taken for them.
    pub(super) fn transfer(&mut self, secret_hash: SecretHash, to: &Actor, now: Timestamp) {
        let former = CartAuthor::Share(self.next_number());
        self.rename_authors(|it| if it == CartAuthor::Holder { former } else { it });
        self.shares.clear();
        if self.is_of_another(to) {
            let (number, secret_hash, device_id) = (self.next_number(), secret_hash.clone(), to.device_id());
            self.shares.push(CartShare { number, secret_hash, since: now, device_id });
        }
        self.is_forgotten = false;
        self.secret_hash = secret_hash;
        self.device_id = to.device_id();
        self.customer_id = self.customer_id.or(to.customer());
    }
}

impl Cart {
    /// A number that nobody had here before.
    fn next_number(&mut self) -> u32 {
        let given = self.shares.iter().map(|it| it.number).max().unwrap_or(0).max(self.share_numbers);
        self.share_numbers = given.saturating_add(1);
        self.share_numbers
    }

    /// Gives those who held a cart that goes into this one numbers of their own here; its first holder is known as `holder`, if at all.
    pub(super) fn introduce(&mut self, guest: &mut Self, holder: Option<CartAuthor>) {
        let first = self.next_number();
        let last = guest.next_number();
        self.share_numbers = first.saturating_add(last);
        guest.rename_authors(|it| match it {
            CartAuthor::Holder => holder.unwrap_or(CartAuthor::Share(first)),
            CartAuthor::Share(number) => CartAuthor::Share(first.saturating_add(number)),
            known => known,
        });
    }

    /// Makes it a customer's, who comes as `actor`: with its first secret, they are who held it until now. A device on which they
    /// do has that secret, too.
    pub(super) fn adopt(&mut self, customer: CustomerId, actor: &Actor) {
        if self.is_held_by(actor) {
            self.rename_authors(|it| if it == CartAuthor::Holder { CartAuthor::Customer(customer) } else { it });
        }
        self.device_id = self.device_id.or(actor.device_id());
        self.customer_id = Some(customer);
    }

    fn rename_authors(&mut self, rename: impl Fn(CartAuthor) -> CartAuthor) {
        let lines = self.lines.iter_mut().chain(&mut self.saved);
        let of_lines = lines.flat_map(|it| [&mut it.added_by, &mut it.changed_by]);
        for author in of_lines.chain([&mut self.changed_by]).filter_map(Option::as_mut) {
            *author = rename(*author);
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::{
        access::DevicePlace,
        cart::{Quantity, device::LeftTo, tests::cart},
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
        Actor { principal: Principal::Device(place), cart_secret: None, network: None }
    }

    fn customer(n: u128) -> Actor {
        Actor {
            principal: Principal::Customer { id: id(n), sign_in: id::<SignInId>(1), device: None },
            cart_secret: None,
            network: None,
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
        assert_eq!(cart.leave_device(id(7), hash("nobody's")), Some(LeftTo::Next));
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
                network: None,
            }
        };
        assert!(cart.check_access(&at_device(1)).is_ok());
        assert!(cart.check_access(&at_device(2)).is_err(), "the next customer there finds nothing of it");
        assert_eq!(cart.leave_device(id(7), hash("nobody's")), Some(LeftTo::Next));
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
        assert_eq!(cart.leave_device(id(7), hash("nobody's")), Some(LeftTo::Others));
        assert!(cart.check_access(&holder("kiosk")).is_err());
        for other in ["hash", "phone", "till"] {
            assert!(cart.check_access(&holder(other)).is_ok(), "{other}");
        }
        assert_eq!(cart.leave_device(id(7), hash("nobody's")), None);
    }

    #[test]
    fn of_devices_that_leave_one_after_the_other_none_keeps_a_secret() {
        let mut begun = Cart { device_id: Some(id(7)), ..cart() };
        begun.share(hash("till"), &device(8), DateTime::UNIX_EPOCH).unwrap();
        begun.share(hash("desk"), &device(9), DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(begun.leave_device(id(7), hash("nobody's")), Some(LeftTo::Next));
        assert!(begun.check_own(&holder("till")).is_ok());
        assert_eq!(begun.leave_device(id(8), hash("nobody's")), Some(LeftTo::Next));
        assert!(begun.check_access(&holder("till")).is_err() && begun.check_own(&holder("desk")).is_ok());
        assert_eq!(begun.leave_device(id(9), hash("nobody's")), Some(LeftTo::Nobody), "nobody is left");
        for secret in ["hash", "till", "desk"] {
            assert!(begun.check_access(&holder(secret)).is_err(), "{secret}");
        }
    }

    #[test]
    fn a_secret_that_was_changed_on_a_device_ends_there() {
        let mut cart = Cart { device_id: Some(id(7)), customer_id: Some(id(1)), ..cart() };
        cart.rotate_secret(&device(8), hash("first"));
        assert!(cart.check_access(&device(7)).is_err(), "whose secret it was, has none");
        cart.share(hash("shared"), &holder(""), DateTime::UNIX_EPOCH).unwrap();
        cart.rotate_secret(&Actor { cart_secret: Some(hash("shared")), ..device(8) }, hash("shared anew"));
        assert_eq!(cart.leave_device(id(8), hash("nobody's")), Some(LeftTo::Next));
        for secret in ["first", "shared", "shared anew"] {
            assert!(cart.check_access(&holder(secret)).is_err(), "{secret}");
        }
    }

    #[test]
    fn nobody_holds_a_cart_that_only_its_device_held() {
        let mut begun = Cart { device_id: Some(id(7)), ..cart() };
        begun.share(hash("again"), &device(7), DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(begun.leave_device(id(7), hash("nobody's")), Some(LeftTo::Nobody));
        for secret in ["hash", "again"] {
            assert!(begun.check_access(&holder(secret)).is_err(), "{secret}");
        }
        // A customer who asks for a secret at a device leaves it there.
        let mut theirs = Cart { customer_id: Some(id(1)), ..cart() };
        theirs.rotate_secret(&device(7), hash("seen there"));
        assert_eq!((theirs.device_id, theirs.leave_device(id(7), hash("nobody's"))), (Some(id(7)), Some(LeftTo::Next)));
        assert!(theirs.check_access(&holder("seen there")).is_err() && theirs.check_access(&customer(1)).is_ok());
    }

    #[test]
    fn nobody_is_taken_for_who_held_it_before() {
        let line = |n| CartLine::new(id(n), id(n), Quantity::parse(1).unwrap());
        let mut cart = cart();
        cart.share(hash("one"), &holder(""), DateTime::UNIX_EPOCH).unwrap();
        cart.lines = vec![line(1), line(2)];
        cart.lines[0].added_by = Some(cart.author(&holder("hash")));
        cart.lines[1].added_by = Some(cart.author(&holder("one")));
        cart.transfer(hash("phone"), &holder(""), DateTime::UNIX_EPOCH);
        cart.share(hash("two"), &holder(""), DateTime::UNIX_EPOCH).unwrap();
        let now = [cart.author(&holder("phone")), cart.author(&holder("two"))];
        let then: Vec<_> = cart.lines.iter().filter_map(|it| it.added_by).collect();
        assert!(then.len() == 2 && then[0] != then[1] && then.iter().all(|it| !now.contains(it)), "{then:?} {now:?}");
        // Nor in a cart that another went into.
        let mut guests = cart.clone();
        guests.lines = vec![line(3), line(4), line(5)];
        let authors = [CartAuthor::Holder, CartAuthor::Share(1), CartAuthor::Customer(id(9))];
        for (line, author) in guests.lines.iter_mut().zip(authors) {
            line.added_by = Some(author);
        }
        let mut own = guests.clone();
        cart.introduce(&mut guests, None);
        let all: Vec<_> = guests.lines.iter().filter_map(|it| it.added_by).collect();
        assert!(all[..2].iter().all(|it| !now.contains(it) && !then.contains(it)), "{all:?}");
        assert_eq!(all[2], CartAuthor::Customer(id(9)));
        cart.introduce(&mut own, Some(CartAuthor::Customer(id(1))));
        assert_eq!(own.lines[0].added_by, Some(CartAuthor::Customer(id(1))), "whose it was before they signed in");
        assert!(!all.contains(&own.lines[1].added_by.unwrap()));
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

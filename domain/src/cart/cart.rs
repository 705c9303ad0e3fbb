//! The cart and its rules.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{CartError, LineError, Shelf};
use crate::{
    access::{Actor, Email, Permission, SecretHash},
    catalog::Viewpoint,
    channel::{Address, DeliveryMethodCode},
    clock::Timestamp,
    codes::{ChannelCode, MarketCode, PaymentMeans},
    event::{DomainEvent, EventKind, Topic},
    ids::{CartId, CartLineId, CustomerId, IdSource, LocationId, OrderId, VariantId},
    language::Language,
    money::Currency,
    promotion::{DiscountCode, GiftChoice, ManualDiscount, ManualTarget},
};

/// How many of a line, within [`Quantity::MIN`] and [`Quantity::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(u32);

impl Quantity {
    /// One line holds at least one.
    pub const MIN: u32 = 1;
    /// One line holds at most so many.
    pub const MAX: u32 = 999;

    /// Checks a quantity.
    ///
    /// # Errors
    /// [`LineError::QuantityOutOfRange`].
    pub fn parse(quantity: i64) -> Result<Self, LineError> {
        match u32::try_from(quantity) {
            Ok(quantity @ Self::MIN..=Self::MAX) => Ok(Self(quantity)),
            _ => Err(LineError::QuantityOutOfRange { min: Self::MIN, max: Self::MAX }),
        }
    }

    /// How many.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

/// How far a cart got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CartState {
    /// It can be changed.
    Active,
    /// It became this order. A payment that fails opens it again.
    Ordered(OrderId),
}

/// One line: a variant and how many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// Its id.
    pub id: CartLineId,
    /// What.
    pub variant_id: VariantId,
    /// How many.
    pub quantity: Quantity,
}

/// How to reach the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Where the confirmation goes.
    pub email: Email,
}

/// The delivery a shopper chose: a method, and for a pickup the store. Its text form is the option's handle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryChoice {
    /// The method.
    pub method: DeliveryMethodCode,
    /// The store of a pickup.
    pub location_id: Option<LocationId>,
}

impl fmt::Display for DeliveryChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.location_id {
            Some(location) => write!(f, "{}:{location}", self.method),
            None => write!(f, "{}", self.method),
        }
    }
}

impl FromStr for DeliveryChoice {
    type Err = CartError;

    fn from_str(handle: &str) -> Result<Self, CartError> {
        let (method, location) = match handle.split_once(':') {
            Some((method, location)) => (method, Some(location)),
            None => (handle, None),
        };
        let method = method.parse().map_err(|_| CartError::DeliveryUnavailable)?;
        let location_id = location.map(str::parse).transpose().map_err(|_| CartError::DeliveryUnavailable)?;
        Ok(Self { method, location_id })
    }
}

/// A line to add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewLine {
    /// What.
    pub variant_id: VariantId,
    /// How many more.
    pub quantity: i64,
}

/// A line's new quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineChange {
    /// Which line.
    pub line_id: CartLineId,
    /// How many; 0 removes the line.
    pub quantity: i64,
}

/// What a shopper means to buy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// Its id.
    pub id: CartId,
    /// Grows with each change.
    pub version: u32,
    /// How far it got.
    pub state: CartState,
    /// What its secret hashes to.
    pub secret_hash: SecretHash,
    /// Whose it is, where that is somebody with an account.
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
    /// Where it is sold.
    #[serde(default = "ChannelCode::web")]
    pub channel: ChannelCode,
    /// To whom.
    #[serde(default = "MarketCode::anywhere")]
    pub market: MarketCode,
    /// The currency of its prices; it never changes.
    pub currency: Currency,
    /// The language to write to the buyer in.
    pub language: Language,
    /// What it holds, oldest first.
    pub lines: Vec<CartLine>,
    /// How to reach the buyer.
    pub contact: Option<Contact>,
    /// Where it goes.
    pub shipping_address: Option<Address>,
    /// Whom to bill, where that is not the receiver.
    pub billing_address: Option<Address>,
    /// How it gets there.
    pub delivery: Option<DeliveryChoice>,
    /// The codes that were entered, in their order.
    #[serde(default)]
    pub codes: Vec<DiscountCode>,
    /// What was said to gifts, each once.
    #[serde(default)]
    pub gift_choices: Vec<GiftChoice>,
    /// What staff gives by hand, at most one off each thing.
    #[serde(default)]
    pub manual_discounts: Vec<ManualDiscount>,
    /// How it will be paid, once the shopper has said so.
    #[serde(default)]
    pub payment_means: Option<PaymentMeans>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Cart {
    /// The most lines.
    pub const LINES_MAX: usize = 250;
    /// The most codes.
    pub const CODES_MAX: usize = 10;
    /// The most discounts by hand.
    pub const MANUAL_DISCOUNTS_MAX: usize = 50;
    /// The most gifts of which it is kept what was said to them.
    pub const GIFT_CHOICES_MAX: usize = 100;

    /// Lets in those who hold the cart's secret, the customer whose it is, and staff that works on carts.
    ///
    /// # Errors
    /// [`CartError::NotFound`], as for a cart that does not exist, so that ids cannot be probed.
    pub fn check_access(&self, actor: &Actor) -> Result<(), CartError> {
        let is_holder = actor.cart_secret.as_ref() == Some(&self.secret_hash);
        let is_owner = self.customer_id.is_some() && actor.customer() == self.customer_id;
        if is_holder || is_owner || actor.has(Permission::ManageCarts) { Ok(()) } else { Err(CartError::NotFound) }
    }

    /// Insists that a command names no more lines than a cart can hold; asked before anything is read for them.
    ///
    /// # Errors
    /// [`CartError::TooManyLines`].
    pub fn check_line_count(count: usize) -> Result<(), CartError> {
        if Self::LINES_MAX < count { Err(CartError::TooManyLines { max: Self::LINES_MAX }) } else { Ok(()) }
    }

    /// Insists that the cart can be changed, and is as the client last saw it where the client says so.
    ///
    /// # Errors
    /// [`CartError::AlreadyOrdered`], [`CartError::VersionConflict`].
    pub fn check_open(&self, expected_version: Option<u32>) -> Result<(), CartError> {
        if let CartState::Ordered(order_id) = self.state {
            return Err(CartError::AlreadyOrdered { order_id });
        }
        match expected_version {
            Some(expected) if expected != self.version => {
                Err(CartError::VersionConflict { current_version: self.version })
            }
            _ => Ok(()),
        }
    }

    /// Adds lines; a variant that is there already gets more.
    ///
    /// # Errors
    /// [`CartError::Line`] with the place of the line in `new`: unknown, not for sale, without a price, out of range or short of stock.
    pub fn add_lines(&mut self, new: &[NewLine], shelf: &Shelf, ids: &dyn IdSource) -> Result<(), CartError> {
        for (index, it) in new.iter().enumerate() {
            let at = |error| CartError::Line { index, error };
            let added = Quantity::parse(it.quantity).map_err(at)?;
            let line = self.lines.iter().position(|line| line.variant_id == it.variant_id);
            let before = line.and_then(|line| self.lines.get(line)).map_or(0, |line| line.quantity.get());
            let total = Quantity::parse(i64::from(before) + i64::from(added.get())).map_err(at)?;
            shelf.check(it.variant_id, self.currency, total).map_err(at)?;
            if let Some(line) = line.and_then(|line| self.lines.get_mut(line)) {
                line.quantity = total;
            } else if self.lines.len() < Self::LINES_MAX {
                self.lines.push(CartLine { id: CartLineId::new(ids), variant_id: it.variant_id, quantity: total });
            } else {
                return Err(CartError::TooManyLines { max: Self::LINES_MAX });
            }
        }
        Ok(())
    }

    /// Sets quantities; 0 removes the line.
    ///
    /// # Errors
    /// [`CartError::Line`] with the place of the line in `changes`.
    pub fn update_lines(&mut self, changes: &[LineChange], shelf: &Shelf) -> Result<(), CartError> {
        for (index, it) in changes.iter().enumerate() {
            let at = |error| CartError::Line { index, error };
            let currency = self.currency;
            let place = self.lines.iter().position(|line| line.id == it.line_id).ok_or(at(LineError::NotFound))?;
            if it.quantity == 0 {
                self.lines.remove(place);
            } else if let Some(line) = self.lines.get_mut(place) {
                let quantity = Quantity::parse(it.quantity).map_err(at)?;
                if line.quantity < quantity {
                    shelf.check(line.variant_id, currency, quantity).map_err(at)?;
                }
                line.quantity = quantity;
            }
        }
        Ok(())
    }

    /// Removes lines.
    ///
    /// # Errors
    /// [`CartError::UnknownLine`] with its place in `lines`.
    pub fn remove_lines(&mut self, lines: &[CartLineId]) -> Result<(), CartError> {
        for (index, id) in lines.iter().enumerate() {
            let place = self.lines.iter().position(|line| line.id == *id);
            let place = place.ok_or(CartError::UnknownLine { index })?;
            self.lines.remove(place);
        }
        Ok(())
    }

    /// Takes a gift, or does not; the oldest answers are forgotten where there are too many.
    pub fn choose_gift(&mut self, choice: GiftChoice) {
        let is_same = |it: &GiftChoice| it.promotion_id == choice.promotion_id && it.variant_id == choice.variant_id;
        self.gift_choices.retain(|it| !is_same(it));
        self.gift_choices.push(choice);
        let excess = self.gift_choices.len().saturating_sub(Self::GIFT_CHOICES_MAX);
        self.gift_choices.drain(..excess);
    }

    /// Takes a discount by hand; it replaces the one off the same thing.
    ///
    /// # Errors
    /// [`CartError::TooManyDiscounts`], or [`CartError::DiscountLine`] where it is off a line that is not there.
    pub fn give_discount(&mut self, discount: ManualDiscount) -> Result<(), CartError> {
        if let ManualTarget::Line(line) = discount.target
            && !self.lines.iter().any(|it| it.id == line)
        {
            return Err(CartError::DiscountLine);
        }
        self.manual_discounts.retain(|it| it.target != discount.target);
        if Self::MANUAL_DISCOUNTS_MAX <= self.manual_discounts.len() {
            return Err(CartError::TooManyDiscounts { max: Self::MANUAL_DISCOUNTS_MAX });
        }
        self.manual_discounts.push(discount);
        Ok(())
    }

    /// Forgets discounts off lines that have gone.
    pub fn forget_stray_discounts(&mut self) {
        let lines = &self.lines;
        self.manual_discounts.retain(|it| match it.target {
            ManualTarget::Line(line) => lines.iter().any(|it| it.id == line),
            ManualTarget::Order | ManualTarget::Delivery => true,
        });
    }

    /// From where its buyer looks at the shelves.
    #[must_use]
    pub fn viewpoint(&self, now: Timestamp) -> Viewpoint {
        Viewpoint { channel: self.channel.clone(), now }
    }

    /// The variants in the cart.
    #[must_use]
    pub fn variant_ids(&self) -> Vec<VariantId> {
        self.lines.iter().map(|it| it.variant_id).collect()
    }

    /// Marks a change: a new version, and the event that tells of it.
    pub fn changed(&mut self, kind: EventKind, now: Timestamp) -> DomainEvent {
        self.version += 1;
        self.updated_at = now;
        DomainEvent { topic: Topic::Cart(self.id), kind, sequence: self.version, occurred_at: now }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use chrono::DateTime;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        access::Principal,
        cart::shelf::tests::shelf_with,
        ids::{Id, SignInId},
    };

    struct Counter(AtomicU64);

    impl IdSource for Counter {
        fn uuid(&self) -> Uuid {
            Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
        }
    }

    fn ids() -> Counter {
        Counter(AtomicU64::new(100))
    }

    fn variant(n: u128) -> VariantId {
        VariantId::from_uuid(Uuid::from_u128(n))
    }

    pub(in crate::cart) fn cart() -> Cart {
        let now = DateTime::UNIX_EPOCH;
        Cart {
            id: CartId::from_uuid(Uuid::nil()),
            version: 1,
            state: CartState::Active,
            secret_hash: SecretHash("hash".to_owned()),
            customer_id: None,
            channel: ChannelCode::web(),
            market: MarketCode::anywhere(),
            currency: Currency::EUR,
            language: Language::english(),
            lines: Vec::new(),
            contact: None,
            shipping_address: None,
            billing_address: None,
            delivery: None,
            codes: Vec::new(),
            gift_choices: Vec::new(),
            manual_discounts: Vec::new(),
            payment_means: None,
            created_at: now,
            updated_at: now,
        }
    }

    fn add(cart: &mut Cart, v: u128, quantity: i64, shelf: &Shelf) -> Result<(), CartError> {
        cart.add_lines(&[NewLine { variant_id: variant(v), quantity }], shelf, &ids())
    }

    #[test]
    fn only_the_holder_the_owner_and_staff_for_carts_get_in() {
        let mut cart = cart();
        let customer = |n: u128| {
            let (id, sign_in) = (CustomerId::from_uuid(Uuid::from_u128(n)), SignInId::from_uuid(Uuid::nil()));
            Actor { principal: Principal::Customer { id, sign_in }, cart_secret: None }
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
    fn a_quantity_out_of_range_is_refused_with_the_range() {
        let shelf = shelf_with(&[(1, 5_000)]);
        for quantity in [i64::MIN, -1, 0, 1_000, i64::MAX] {
            let res = add(&mut cart(), 1, quantity, &shelf);
            assert!(
                matches!(
                    res,
                    Err(CartError::Line { index: 0, error: LineError::QuantityOutOfRange { min: 1, max: 999 } })
                ),
                "{quantity}"
            );
        }
        let mut cart = cart();
        add(&mut cart, 1, 999, &shelf).unwrap();
        assert!(matches!(
            add(&mut cart, 1, 1, &shelf),
            Err(CartError::Line { error: LineError::QuantityOutOfRange { .. }, .. })
        ));
    }

    #[test]
    fn what_is_short_is_refused_with_what_there_is() {
        let shelf = shelf_with(&[(1, 3)]);
        let mut cart = cart();
        add(&mut cart, 1, 2, &shelf).unwrap();
        let res = add(&mut cart, 1, 2, &shelf);
        assert!(
            matches!(
                res,
                Err(CartError::Line { index: 0, error: LineError::InsufficientStock { available: 3, requested: 4 } })
            ),
            "{res:?}"
        );
    }

    #[test]
    fn a_line_can_always_shrink_and_zero_removes_it() {
        let mut cart = cart();
        add(&mut cart, 1, 3, &shelf_with(&[(1, 3)])).unwrap();
        let sold_out = shelf_with(&[(1, 0)]);
        let line_id = cart.lines[0].id;
        cart.update_lines(&[LineChange { line_id, quantity: 2 }], &sold_out).unwrap();
        assert_eq!(cart.lines[0].quantity.get(), 2);
        assert!(cart.update_lines(&[LineChange { line_id, quantity: 3 }], &sold_out).is_err());
        cart.update_lines(&[LineChange { line_id, quantity: 0 }], &sold_out).unwrap();
        assert!(cart.lines.is_empty());
        assert!(matches!(cart.remove_lines(&[line_id]), Err(CartError::UnknownLine { index: 0 })));
    }

    #[test]
    fn what_was_said_to_a_gift_last_counts() {
        let mut cart = cart();
        let choice = |n: u128, is_accepted| GiftChoice {
            promotion_id: Id::from_uuid(Uuid::from_u128(n)),
            variant_id: variant(n),
            is_accepted,
        };
        cart.choose_gift(choice(1, true));
        cart.choose_gift(choice(2, true));
        cart.choose_gift(choice(1, false));
        assert_eq!(cart.gift_choices, [choice(2, true), choice(1, false)]);
        (3..=200).for_each(|n| cart.choose_gift(choice(n, true)));
        assert_eq!(cart.gift_choices.len(), Cart::GIFT_CHOICES_MAX);
        assert_eq!(cart.gift_choices.last(), Some(&choice(200, true)));
    }

    #[test]
    fn an_ordered_cart_and_an_outdated_client_are_refused() {
        let mut cart = cart();
        assert!(cart.check_open(Some(1)).is_ok());
        assert!(matches!(cart.check_open(Some(2)), Err(CartError::VersionConflict { current_version: 1 })));
        cart.state = CartState::Ordered(OrderId::from_uuid(Uuid::nil()));
        assert!(matches!(cart.check_open(None), Err(CartError::AlreadyOrdered { .. })));
    }

    #[test]
    fn a_handle_is_a_method_and_perhaps_a_store() {
        let location = LocationId::from_uuid(Uuid::from_u128(7));
        for handle in ["standard".to_owned(), format!("pickup:{location}")] {
            assert_eq!(handle.parse::<DeliveryChoice>().unwrap().to_string(), handle);
        }
        for handle in ["", "Standard", "pickup:", "pickup:nowhere", ":"] {
            assert!(handle.parse::<DeliveryChoice>().is_err(), "{handle}");
        }
    }

    proptest! {
        #[test]
        fn adding_n_times_one_is_adding_n(n in 1i64..60, v in 1u128..4) {
            let shelf = shelf_with(&[(1, 100), (2, 100), (3, 100)]);
            let (mut one_by_one, mut at_once) = (cart(), cart());
            for _ in 0..n {
                add(&mut one_by_one, v, 1, &shelf).unwrap();
            }
            add(&mut at_once, v, n, &shelf).unwrap();
            prop_assert_eq!(one_by_one.lines, at_once.lines);
        }
    }
}

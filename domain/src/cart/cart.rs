//! The cart and its rules.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{CartAuthor, CartError, CartLine, CartRefusal, CartShare, DeliveryChoice, Note};
use crate::{
    access::{Actor, Email, Permission, SecretHash},
    catalog::Viewpoint,
    channel::Address,
    clock::Timestamp,
    codes::{ChannelCode, MarketCode, PaymentMeans},
    customer::CustomerTerms,
    event::{DomainEvent, EventKind, Topic},
    ids::{CartId, CustomerId, DeviceId, Id as _, OrderId, VariantId},
    inventory::CartHold,
    language::Language,
    money::Currency,
    pricing::{PriceContext, Pricing, tax::VatNumber},
    promotion::{DiscountCode, GiftChoice, ManualDiscount},
    settings::Settings,
};

/// How far a cart got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CartState {
    /// It can be changed.
    Active,
    /// It became this order. A payment that fails opens it again.
    Ordered(OrderId),
    /// What it held went into this cart.
    Merged(CartId),
}

/// How to reach the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Where the confirmation goes.
    pub email: Email,
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
    /// Who else holds it.
    #[serde(default)]
    pub shares: Vec<CartShare>,
    /// The highest number that any of those it was shared with, or taken from, was given.
    #[serde(default)]
    pub share_numbers: u32,
    /// Whether what it knew of a person was forgotten, and nobody took it since.
    #[serde(default)]
    pub is_forgotten: bool,
    /// On which device it was begun, which holds it until its session ends.
    #[serde(default)]
    pub device_id: Option<DeviceId>,
    /// Who changed it last.
    #[serde(default)]
    pub changed_by: Option<CartAuthor>,
    /// Until when stock is set aside for it.
    #[serde(default)]
    pub hold: CartHold,
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
    /// What is saved for later, oldest first; it is neither counted, priced nor delivered.
    #[serde(default)]
    pub saved: Vec<CartLine>,
    /// What the shopper writes to the shop.
    #[serde(default)]
    pub note: Option<Note>,
    /// How to reach the buyer.
    pub contact: Option<Contact>,
    /// Where it goes.
    pub shipping_address: Option<Address>,
    /// Whom to bill, where that is not the receiver.
    pub billing_address: Option<Address>,
    /// Under what number the buyer is registered for value added tax.
    #[serde(default)]
    pub vat_number: Option<VatNumber>,
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
    /// The most pieces, over all lines: one cart cannot ask for more than anybody buys.
    pub const PIECES_MAX: u32 = 9_999;
    /// The most lines that are saved for later.
    pub const SAVED_MAX: usize = 100;
    /// The most codes.
    pub const CODES_MAX: usize = 10;
    /// The most discounts by hand.
    pub const MANUAL_DISCOUNTS_MAX: usize = 50;
    /// The most gifts of which it is kept what was said to them.
    pub const GIFT_CHOICES_MAX: usize = 100;

    /// A cart with nothing in it, of nobody yet; its id and what opens it are still to be said.
    #[must_use]
    pub(super) fn empty(
        channel: ChannelCode,
        market: MarketCode,
        currency: Currency,
        language: Language,
        now: Timestamp,
    ) -> Self {
        Self {
            id: CartId::from_uuid(uuid::Uuid::nil()),
            version: 0,
            state: CartState::Active,
            secret_hash: SecretHash(String::new()),
            customer_id: None,
            shares: Vec::new(),
            share_numbers: 0,
            is_forgotten: false,
            device_id: None,
            changed_by: None,
            hold: CartHold::default(),
            channel,
            market,
            currency,
            language,
            lines: Vec::new(),
            saved: Vec::new(),
            note: None,
            contact: None,
            shipping_address: None,
            billing_address: None,
            vat_number: None,
            delivery: None,
            codes: Vec::new(),
            gift_choices: Vec::new(),
            manual_discounts: Vec::new(),
            payment_means: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Lets in those who hold a secret of the cart, the customer whose it is, the device it was begun on, and staff that works on
    /// carts. Another customer is not let in, though they have its first secret: who signs in on a device finds nothing of who
    /// was there before.
    ///
    /// # Errors
    /// [`CartError::NotFound`], as for a cart that does not exist, so that ids cannot be probed.
    pub fn check_access(&self, actor: &Actor) -> Result<(), CartError> {
        let may = self.is_own_of(actor) || self.is_shared_with(actor);
        if may { Ok(()) } else { Err(CartError::NotFound) }
    }

    /// Lets in those who may take the cart from all others: all of those who have access but who it was only shared with.
    ///
    /// # Errors
    /// [`CartError::OnlyShared`] for those, [`CartError::NotFound`] for who has no access.
    pub(super) fn check_own(&self, actor: &Actor) -> Result<(), CartError> {
        self.check_access(actor)?;
        if self.is_own_of(actor) { Ok(()) } else { Err(CartError::OnlyShared) }
    }

    fn is_own_of(&self, actor: &Actor) -> bool {
        let is_owner = self.customer_id.is_some() && actor.customer() == self.customer_id;
        let is_held = self.is_held_by(actor) && !self.is_of_another(actor);
        let is_at_device =
            self.device_id.is_some() && actor.device_id() == self.device_id && !self.is_of_another(actor);
        is_held || is_owner || is_at_device || actor.has(Permission::ManageCarts)
    }

    /// Lets in those who may merge the cart into another: who it was only shared with would take it from all others.
    ///
    /// # Errors
    /// [`CartError::NotFound`], [`CartError::OnlyShared`], or [`CartError::OfAnotherCustomer`] for who has its secret.
    pub(super) fn check_guest(&self, actor: &Actor) -> Result<(), CartError> {
        if self.is_held_by(actor) && self.is_of_another(actor) {
            return Err(CartError::OfAnotherCustomer);
        }
        self.check_own(actor)
    }

    pub(super) fn is_held_by(&self, actor: &Actor) -> bool {
        actor.cart_secret.as_ref() == Some(&self.secret_hash)
    }

    /// Whether it is a customer's, and the actor is another one.
    pub(super) fn is_of_another(&self, actor: &Actor) -> bool {
        matches!((self.customer_id, actor.customer()), (Some(owner), Some(actor)) if owner != actor)
    }

    /// Insists that a command names no more lines than a cart can hold; asked before anything is read for them.
    ///
    /// # Errors
    /// [`CartRefusal::TooManyLines`].
    pub fn check_line_count(count: usize) -> Result<(), CartRefusal> {
        if Self::LINES_MAX < count { Err(CartRefusal::TooManyLines { max: Self::LINES_MAX }) } else { Ok(()) }
    }

    /// Insists that the cart can be changed, and is as the client last saw it where the client says so.
    ///
    /// # Errors
    /// [`CartError::AlreadyOrdered`], [`CartError::Merged`], [`CartError::VersionConflict`].
    pub fn check_open(&self, expected_version: Option<u32>) -> Result<(), CartError> {
        match self.state {
            CartState::Active => {}
            CartState::Ordered(order_id) => return Err(CartError::AlreadyOrdered { order_id }),
            CartState::Merged(into) => return Err(CartError::Merged { into }),
        }
        self.check_version(expected_version)
    }

    /// Insists that the cart is as the client last saw it, where the client says so.
    ///
    /// # Errors
    /// [`CartError::VersionConflict`].
    pub(super) fn check_version(&self, expected_version: Option<u32>) -> Result<(), CartError> {
        match expected_version {
            Some(expected) if expected != self.version => {
                Err(CartError::VersionConflict { current_version: self.version })
            }
            _ => Ok(()),
        }
    }

    /// From where its buyer looks at the shelves.
    #[must_use]
    pub fn viewpoint(&self, now: Timestamp) -> Viewpoint {
        Viewpoint { channel: self.channel.clone(), now }
    }

    /// The prices that hold for its buyer.
    #[must_use]
    pub fn pricing(&self, settings: &Settings, terms: &CustomerTerms, now: Timestamp) -> Arc<Pricing> {
        Arc::new(settings.pricing(PriceContext {
            currency: self.currency,
            market: Some(self.market.clone()),
            channel: Some(self.channel.clone()),
            customer_group_ids: terms.group_ids.clone(),
            loyalty_tier_id: None,
            at: now,
        }))
    }

    /// The variants in the cart, without those that are saved for later.
    #[must_use]
    pub fn variant_ids(&self) -> Vec<VariantId> {
        self.lines.iter().map(|it| it.variant_id).collect()
    }

    /// All variants that the cart shows: in it, and saved for later.
    #[must_use]
    pub fn shown_variant_ids(&self) -> Vec<VariantId> {
        self.lines.iter().chain(&self.saved).map(|it| it.variant_id).collect()
    }

    /// How many of a variant the cart holds, over all its lines.
    #[must_use]
    pub fn quantity_of(&self, variant: VariantId) -> u32 {
        self.lines.iter().filter(|it| it.variant_id == variant).map(|it| it.quantity.get()).sum()
    }

    /// Marks a change: a new version, and the event that tells of it.
    pub fn changed(&mut self, kind: EventKind, now: Timestamp) -> DomainEvent {
        self.version += 1;
        self.updated_at = now;
        self.event(kind, now)
    }

    /// Whether nothing of it is other than `before`, but that somebody said it again.
    pub(super) fn is_still(&self, before: &Self) -> bool {
        let is_same_line = |(line, before): (&CartLine, &CartLine)| {
            CartLine { changed_by: before.changed_by, ..line.clone() } == *before
        };
        self.lines.len() == before.lines.len()
            && self.lines.iter().zip(&before.lines).all(is_same_line)
            && Self {
                lines: before.lines.clone(),
                version: before.version,
                updated_at: before.updated_at,
                changed_by: before.changed_by,
                ..self.clone()
            } == *before
    }

    /// An event of the cart as it is.
    pub(super) fn event(&self, kind: EventKind, now: Timestamp) -> DomainEvent {
        DomainEvent { topic: Topic::Cart(self.id), kind, sequence: self.version, occurred_at: now }
    }
}

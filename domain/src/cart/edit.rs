//! What can be done with a cart that is open.

use super::{
    Cart, CartError, CartRefusal, CartView, Clamped, Contact, DeliveryChoice, LimitedDiscount, LineChange, LineRef,
    NewLine, Note, OnInsufficientStock, Shelf,
    codes::{apply_code, remove_code},
    lines::Check,
};
use crate::{
    channel::Address,
    checkout::{PaymentProviders, ProviderCode, delivery_options},
    clock::Timestamp,
    ids::{CartLineId, CustomerId, IdSource, ManualDiscountId, VariantId},
    pricing::tax::VatNumber,
    promotion::{DiscountCode, Gift, GiftChoice},
    settings::Settings,
    storage::UnitOfWork,
};

/// What to do with a cart. Each is done whole or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CartEdit {
    /// Add lines.
    AddLines {
        /// The lines.
        lines: Vec<NewLine>,
        /// What to do where there is not enough.
        on_shortage: OnInsufficientStock,
    },
    /// Change lines.
    UpdateLines {
        /// The changes.
        changes: Vec<LineChange>,
        /// What to do where there is not enough.
        on_shortage: OnInsufficientStock,
    },
    /// Make these the lines.
    SetLines {
        /// The lines.
        lines: Vec<NewLine>,
        /// What to do where there is not enough.
        on_shortage: OnInsufficientStock,
    },
    /// Remove lines, also those that are saved for later.
    RemoveLines(Vec<CartLineId>),
    /// Save lines for later.
    SaveForLater(Vec<CartLineId>),
    /// Move lines that were saved for later back.
    MoveToCart {
        /// The lines.
        lines: Vec<CartLineId>,
        /// What to do where there is not enough.
        on_shortage: OnInsufficientStock,
    },
    /// Write to the shop; none removes the note.
    SetNote(Option<Note>),
    /// Say how to reach the buyer.
    SetContact(Contact),
    /// Say where it goes and whom to bill; the receiver is billed where nobody else is.
    SetAddresses {
        /// Where it goes.
        shipping: Option<Box<Address>>,
        /// Whom to bill.
        billing: Option<Box<Address>>,
    },
    /// Set its stock aside for another time.
    RenewHold,
    /// Say under what number the buyer is registered for value added tax.
    SetVatNumber(Option<VatNumber>),
    /// Choose a delivery option.
    SelectDelivery(DeliveryChoice),
    /// Enter a code: a use of it is set aside, again where it was before.
    ApplyCode(DiscountCode),
    /// Take a code away.
    RemoveCode(DiscountCode),
    /// Take a gift, or do without.
    ChooseGift(GiftChoice),
    /// Say how it will be paid.
    SelectPayment(ProviderCode),
    /// Take a discount that staff gives by hand.
    GiveDiscount(Box<LimitedDiscount>),
    /// Give one back.
    RemoveDiscount(ManualDiscountId),
}

/// What a change of a cart depends on.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) shelf: &'a Shelf,
    pub(super) settings: &'a Settings,
    /// Who changes it, where that is a customer.
    pub(super) customer: Option<CustomerId>,
    pub(super) ids: &'a dyn IdSource,
    pub(super) providers: &'a PaymentProviders,
    pub(super) now: Timestamp,
}

impl CartEdit {
    /// Lines to add, or nothing.
    #[must_use]
    pub fn add(lines: Vec<NewLine>) -> Self {
        Self::AddLines { lines, on_shortage: OnInsufficientStock::Reject }
    }

    /// Insists that it names no more lines than a cart can hold; asked before anything is read for it.
    ///
    /// # Errors
    /// [`CartRefusal::TooManyLines`], [`CartRefusal::TooManyLineIds`].
    pub(super) fn check_size(&self) -> Result<(), CartRefusal> {
        match self {
            Self::AddLines { lines, .. } | Self::SetLines { lines, .. } => Cart::check_line_count(lines.len()),
            Self::UpdateLines { changes, .. } => Cart::check_line_count(changes.len()),
            Self::RemoveLines(lines) | Self::SaveForLater(lines) | Self::MoveToCart { lines, .. } => {
                let max = Cart::LINES_MAX;
                if max < lines.len() { Err(CartRefusal::TooManyLineIds { max }) } else { Ok(()) }
            }
            Self::RenewHold
            | Self::SetNote(_)
            | Self::SetContact(_)
            | Self::SetAddresses { .. }
            | Self::SetVatNumber(_)
            | Self::SelectDelivery(_)
            | Self::ApplyCode(_)
            | Self::RemoveCode(_)
            | Self::ChooseGift(_)
            | Self::SelectPayment(_)
            | Self::GiveDiscount(_)
            | Self::RemoveDiscount(_) => Ok(()),
        }
    }

    /// Whether it does something beside the cart, also where that stays as it is.
    pub(super) fn always_counts(&self) -> bool {
        matches!(self, Self::ApplyCode(_) | Self::RenewHold)
    }

    /// The variants it names, which the shelf must have beside those of the cart.
    pub(super) fn variant_ids(&self) -> Vec<VariantId> {
        match self {
            Self::AddLines { lines, .. } | Self::SetLines { lines, .. } => {
                lines.iter().map(|it| it.variant_id).collect()
            }
            Self::UpdateLines { changes, .. } => changes.iter().filter_map(|it| it.line.variant_id()).collect(),
            _ => Vec::new(),
        }
    }

    /// Changes `cart`, and says which lines got less than was wanted. A cart whose change was refused is of no use any more.
    pub(super) async fn apply(
        &self,
        uow: &dyn UnitOfWork,
        cart: &mut Cart,
        around: Around<'_>,
    ) -> Result<Vec<Clamped>, CartError> {
        let Around { shelf, settings, ids, .. } = around;
        let check = |on_shortage: &OnInsufficientStock| Check { shelf, on_shortage: *on_shortage, ids };
        match self {
            Self::ApplyCode(code) => apply_code(uow, cart, code, around.customer, around.now).await?,
            Self::RemoveCode(code) => remove_code(uow, cart, code).await?,
            Self::AddLines { lines, on_shortage } => return Ok(cart.add_lines(lines, &check(on_shortage))?),
            Self::UpdateLines { changes, on_shortage } => return Ok(cart.update_lines(changes, &check(on_shortage))?),
            Self::SetLines { lines, on_shortage } => return Ok(cart.set_lines(lines, &check(on_shortage))?),
            Self::MoveToCart { lines, on_shortage } => return Ok(cart.move_to_cart(lines, &check(on_shortage))?),
            Self::RemoveLines(lines) => cart.remove_lines(lines)?,
            Self::SaveForLater(lines) => cart.save_for_later(lines, shelf)?,
            // What is set aside is decided when all else is done.
            Self::RenewHold => {}
            Self::SetNote(note) => cart.note.clone_from(note),
            Self::SetContact(contact) => cart.contact = Some(contact.clone()),
            Self::SetAddresses { shipping, billing } => {
                cart.shipping_address = shipping.as_deref().cloned();
                cart.billing_address = billing.as_deref().cloned();
            }
            Self::SetVatNumber(number) => cart.vat_number.clone_from(number),
            Self::ChooseGift(choice) => cart.choose_gift(*choice),
            Self::SelectPayment(provider) => {
                if around.providers.find(provider).is_none() {
                    let offered = around.providers.codes().map(ToString::to_string).collect();
                    return Err(CartRefusal::UnknownProvider { offered }.into());
                }
                cart.payment_means = provider.means();
            }
            Self::GiveDiscount(given) => cart.give_discount(given.checked(cart.currency)?)?,
            Self::RemoveDiscount(id) => {
                let place = cart.manual_discounts.iter().position(|it| it.id == *id);
                cart.manual_discounts.remove(place.ok_or(CartRefusal::UnknownDiscount)?);
            }
            Self::SelectDelivery(choice) => {
                if !delivery_options(cart, shelf, settings).iter().any(|it| it.choice == *choice) {
                    return Err(CartRefusal::DeliveryUnavailable.into());
                }
                cart.delivery = Some(choice.clone());
            }
        }
        Ok(Vec::new())
    }
}

impl CartView {
    /// Insists that what was done holds of the cart as it is priced with it.
    pub(super) fn check_edit(&self, edit: &CartEdit) -> Result<(), CartError> {
        match edit {
            CartEdit::ChooseGift(choice) => self.check_gift(*choice),
            CartEdit::GiveDiscount(given) => self.check_discount(given),
            _ => Ok(()),
        }
    }

    /// Insists that a promotion offers a gift to this cart, whatever was said to it.
    fn check_gift(&self, choice: GiftChoice) -> Result<(), CartError> {
        let is_meant = |it: &Gift| it.promotion_id == choice.promotion_id && it.variant_id == choice.variant_id;
        let is_offered = self.priced.quote.gifts.iter().any(is_meant);
        if is_offered { Ok(()) } else { Err(CartRefusal::GiftNotOffered.into()) }
    }
}

impl LineRef {
    fn variant_id(&self) -> Option<VariantId> {
        match self {
            Self::Id(_) => None,
            Self::Item { variant_id, .. } => Some(*variant_id),
        }
    }
}

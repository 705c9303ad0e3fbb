//! Discounts that staff gives to carts by hand, within the limits of who gives them.

use super::{CartEdit, CartError, CartRefusal, CartService, CartView, EditedCart};
use crate::{
    access::{Actor, Permission},
    ids::{CartId, CartLineId, ManualDiscountId, StaffId},
    money::{Currency, Money, MoneyError},
    promotion::{DiscountSource, ManualDiscount, ManualLimit, ManualTarget, ManualValue, check_limit},
};

/// What a member of staff gives.
#[derive(Debug, Clone)]
pub struct NewDiscount {
    /// Off which line; none: off all of them.
    pub line_id: Option<CartLineId>,
    /// How much.
    pub value: ManualValue,
    /// Why.
    pub reason: String,
}

/// A discount with the limit of who gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitedDiscount {
    pub(super) discount: ManualDiscount,
    pub(super) limit: Option<ManualLimit>,
}

impl CartService {
    /// Gives a discount by hand. It replaces the one off the same thing.
    ///
    /// # Errors
    /// [`CartError`]: no permission, [`CartRefusal::Discount`] with the figures where it is beyond what the member of staff may give.
    pub async fn give_discount(
        &self,
        actor: &Actor,
        id: CartId,
        expected_version: Option<u32>,
        new: NewDiscount,
    ) -> Result<EditedCart, CartError> {
        let staff_id = actor.require_staff(Permission::GiveDiscounts)?;
        let limit = self.staff.staff(staff_id).await?.and_then(|it| it.discount_limit);
        let NewDiscount { line_id, value, reason } = new;
        let target = line_id.map_or(ManualTarget::Order, ManualTarget::Line);
        let id_of_it = ManualDiscountId::new(&*self.ids);
        let discount = ManualDiscount { id: id_of_it, target, value, reason, staff_id, most: None };
        self.edit(actor, id, expected_version, CartEdit::GiveDiscount(Box::new(LimitedDiscount { discount, limit })))
            .await
    }

    /// Takes a discount back that was given by hand.
    ///
    /// # Errors
    /// [`CartError`]: no permission, or [`CartRefusal::UnknownDiscount`].
    pub async fn take_discount_back(
        &self,
        actor: &Actor,
        id: CartId,
        expected_version: Option<u32>,
        discount: ManualDiscountId,
    ) -> Result<EditedCart, CartError> {
        actor.require_staff(Permission::GiveDiscounts)?;
        self.edit(actor, id, expected_version, CartEdit::RemoveDiscount(discount)).await
    }
}

impl CartView {
    /// Insists that a discount that was just given is within its limit, alone and with all others that the member of staff
    /// gives to this cart. A limit is a share of what things cost before any discount.
    pub(super) fn check_discount(&self, given: &LimitedDiscount) -> Result<(), CartError> {
        let LimitedDiscount { discount, limit } = given;
        let (base, quantity) = self.base(discount.target)?;
        discount.check(base, quantity, limit.as_ref()).map_err(CartRefusal::Discount)?;
        let Some(limit) = limit else { return Ok(()) };
        let (together, goods) = (self.given_by(discount.staff_id)?, self.base(ManualTarget::Order)?.0);
        Ok(check_limit(together, goods, limit).map_err(CartRefusal::Discount)?)
    }

    /// What a discount off goods is taken off, before any discount, and how many units that are.
    fn base(&self, target: ManualTarget) -> Result<(Money, u32), CartError> {
        let zero = Money::zero(self.cart.currency);
        let mut lines = self.priced.lines.iter().filter_map(|it| it.quoted.as_ref());
        match target {
            ManualTarget::Line(line) => {
                let line = lines.find(|it| it.line_id == line).ok_or(CartRefusal::DiscountLine)?;
                Ok((line.unit_price.checked_mul(line.quantity)?, line.quantity))
            }
            ManualTarget::Order | ManualTarget::Delivery => {
                let mut costs = lines.map(|it| it.unit_price.checked_mul(it.quantity));
                Ok((costs.try_fold(zero, |sum, it| sum.checked_add(it?))?, 1))
            }
        }
    }

    /// What the discounts of one member of staff take off together.
    fn given_by(&self, staff: StaffId) -> Result<Money, MoneyError> {
        let is_theirs = |source: DiscountSource| {
            let mut manual = self.cart.manual_discounts.iter();
            manual.any(|it| it.staff_id == staff && source == DiscountSource::Manual(it.id))
        };
        let theirs = self.priced.quote.discounts.iter().filter(|it| is_theirs(it.source));
        Money::sum(theirs.map(|it| it.amount), self.cart.currency)
    }
}

impl LimitedDiscount {
    /// The discount, so that it never takes off more money than who gives it may.
    ///
    /// # Errors
    /// [`CartRefusal::Discount`] where it cannot be as it is.
    pub(super) fn checked(&self, currency: Currency) -> Result<ManualDiscount, CartRefusal> {
        self.discount.check_value(currency).map_err(CartRefusal::Discount)?;
        let most = self.limit.as_ref().and_then(|it| it.amount_in(currency));
        Ok(ManualDiscount { most, ..self.discount.clone() })
    }
}

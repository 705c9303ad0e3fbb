//! What is given to carts: gifts that are taken or refused, and discounts by hand.

use super::{Cart, CartRefusal};
use crate::promotion::{GiftChoice, ManualDiscount, ManualTarget};

impl Cart {
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
    /// [`CartRefusal::TooManyDiscounts`], or [`CartRefusal::DiscountLine`] where it is off a line that is not there.
    pub fn give_discount(&mut self, discount: ManualDiscount) -> Result<(), CartRefusal> {
        if let ManualTarget::Line(line) = discount.target
            && !self.lines.iter().any(|it| it.id == line)
        {
            return Err(CartRefusal::DiscountLine);
        }
        self.manual_discounts.retain(|it| it.target != discount.target);
        if Self::MANUAL_DISCOUNTS_MAX <= self.manual_discounts.len() {
            return Err(CartRefusal::TooManyDiscounts { max: Self::MANUAL_DISCOUNTS_MAX });
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
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        cart::tests::{cart, variant},
        ids::Id,
    };

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
}

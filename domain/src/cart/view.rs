//! A cart as it is read: priced, with what it was priced by.

use super::{Cart, Shelf};
use crate::{
    checkout::chosen_delivery,
    clock::Timestamp,
    inventory::{CartHold, HoldPolicy},
    money::MoneyError,
    pricing::{Buyer, CartToPrice, PricedCart, price_cart},
    settings::Settings,
};

/// A cart with what it costs now.
#[derive(Debug, Clone)]
pub struct CartView {
    /// The cart.
    pub cart: Cart,
    /// What it costs.
    pub priced: PricedCart,
    /// What it was priced by: its variants, with their prices and stock.
    pub shelf: Shelf,
    /// And what was known of the buyer.
    pub buyer: Buyer,
    /// And when that was.
    pub at: Timestamp,
}

impl CartView {
    /// The cart as it is priced now.
    ///
    /// # Errors
    /// [`MoneyError`] where it costs more than any money there is.
    pub fn of(
        mut cart: Cart,
        shelf: Shelf,
        settings: &Settings,
        buyer: Buyer,
        now: Timestamp,
    ) -> Result<Self, MoneyError> {
        let channel = settings.channel(cart.channel.as_str());
        if channel.is_none_or(|it| it.hold_policy == HoldPolicy::None) {
            // What was set aside in a channel that does so no more can only run out.
            let [until, at_order] = [cart.hold.until, cart.hold.at_order].map(|it| it.filter(|it| now < *it));
            cart.hold = CartHold { until, at_order, unheld: 0, ..cart.hold };
        }
        let delivery = chosen_delivery(&cart, &shelf, settings);
        let request =
            CartToPrice { cart: &cart, shelf: &shelf, settings, delivery: delivery.as_ref(), buyer: &buyer, now };
        let priced = price_cart(&request)?;
        Ok(Self { cart, priced, shelf, buyer, at: now })
    }

    /// The same, with the prices of lines whose price was not seen yet: who changed them is shown them now.
    pub(super) fn seen(mut self) -> Self {
        for line in self.cart.lines.iter_mut().filter(|it| it.seen_price.is_none()) {
            let priced = self.priced.lines.iter().find(|it| it.line_id == line.id);
            let quoted = priced.and_then(|it| it.quoted.as_ref());
            line.seen_price = quoted.map(|it| it.unit_price);
            line.seen_list_id = quoted.and_then(|it| it.source.as_ref()).and_then(|it| it.list_id);
        }
        self
    }
}

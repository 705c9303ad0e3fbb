//! What a cart costs: a pure function of the cart, the shelf and the delivery price.

use crate::{
    cart::{Cart, LineError, Shelf},
    ids::{CartLineId, VariantId},
    money::{Money, MoneyError},
};

/// A line with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedLine {
    /// Which line.
    pub line_id: CartLineId,
    /// What.
    pub variant_id: VariantId,
    /// How many.
    pub quantity: u32,
    /// What one costs; none where it has no price.
    pub unit_price: Option<Money>,
    /// What all cost; nothing where there is no price.
    pub total: Money,
    /// Why it cannot be ordered as it is.
    pub problem: Option<LineError>,
}

/// What a cart costs. `subtotal` is the sum of the lines' totals, and `total` is `subtotal` and `delivery`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedCart {
    /// Its lines, in its order.
    pub lines: Vec<PricedLine>,
    /// The goods.
    pub subtotal: Money,
    /// The delivery; none while none was chosen, or the chosen one is not available.
    pub delivery: Option<Money>,
    /// All of it.
    pub total: Money,
}

/// Prices a cart.
///
/// # Errors
/// [`MoneyError::Overflow`] where the sum is more than any money there is.
pub fn price_cart(cart: &Cart, shelf: &Shelf, delivery: Option<Money>) -> Result<PricedCart, MoneyError> {
    let mut lines = Vec::with_capacity(cart.lines.len());
    for line in &cart.lines {
        let price = shelf.offer(line.variant_id).and_then(|it| it.price).map(|it| it.amount);
        let total = price.unwrap_or(Money::zero(cart.currency)).checked_mul(line.quantity.get())?;
        lines.push(PricedLine {
            line_id: line.id,
            variant_id: line.variant_id,
            quantity: line.quantity.get(),
            unit_price: price,
            total,
            problem: shelf.check(line.variant_id, cart.currency, line.quantity).err(),
        });
    }
    let subtotal = Money::sum(lines.iter().map(|it| it.total), cart.currency)?;
    let total = Money::sum(delivery.into_iter().chain([subtotal]), cart.currency)?;
    Ok(PricedCart { lines, subtotal, delivery, total })
}

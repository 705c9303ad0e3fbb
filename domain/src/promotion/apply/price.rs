//! New prices: what costs more than they say is brought down to them.

use super::pick;
use crate::{
    channel::DeliveryMethodCode,
    promotion::{
        Cap, ItemFilter,
        cut::{Cut, Picked, Place, Proposal},
        view::View,
    },
};

/// A new price for each unit of some items.
pub(super) fn unit_price(view: &View, items: &ItemFilter, price: i64, cap: &Cap) -> Proposal {
    Proposal::of(down_to(&pick::units(view, items, cap), price))
}

/// A new price for each of some units.
pub(super) fn down_to(picked: &[Picked], price: i64) -> Vec<Cut> {
    picked.iter().map(|it| it.cut((it.amount - price).max(0) * i64::from(it.count))).collect()
}

/// A new price for each delivery by some methods.
pub(super) fn delivery_price(view: &View, methods: &[DeliveryMethodCode], price: i64) -> Proposal {
    let legs = pick::legs(view, methods).into_iter();
    Proposal::of(legs.map(|(index, it)| Cut { place: Place::Leg(index), off: (it.now - price).max(0) }).collect())
}

//! The rules of carts.

mod access;
mod lines;
mod notices;
mod saved;

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::DateTime;
use uuid::Uuid;

use super::{Cart, NewLine, OnInsufficientStock, Shelf, lines::Check};
use crate::{
    access::SecretHash,
    codes::{ChannelCode, MarketCode},
    ids::{Id, IdSource, VariantId},
    language::Language,
    money::Currency,
};

pub(super) struct Counter(AtomicU64);

impl IdSource for Counter {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
}

pub(super) fn ids() -> Counter {
    Counter(AtomicU64::new(100))
}

pub(super) fn variant(n: u128) -> VariantId {
    VariantId::from_uuid(Uuid::from_u128(n))
}

/// An empty cart in euros.
pub(super) fn cart() -> Cart {
    let empty = Cart::empty(
        ChannelCode::web(),
        MarketCode::anywhere(),
        Currency::EUR,
        Language::english(),
        DateTime::UNIX_EPOCH,
    );
    Cart { version: 1, secret_hash: SecretHash("hash".to_owned()), ..empty }
}

/// A line with an engraving, or without for an empty one.
pub(super) fn new_line(v: u128, quantity: i64, engraving: &str) -> NewLine {
    let pairs = if engraving.is_empty() { vec![] } else { vec![("engraving".to_owned(), engraving.to_owned())] };
    NewLine { attributes: super::LineAttributes::parse(pairs).unwrap(), ..NewLine::of(variant(v), quantity) }
}

/// Whatever `shelf` has, with ids from `ids`.
pub(super) fn check<'a>(shelf: &'a Shelf, on_shortage: OnInsufficientStock, ids: &'a Counter) -> Check<'a> {
    Check { shelf, on_shortage, ids }
}

/// Each line's variant, engraving and quantity.
pub(super) fn held(cart: &Cart) -> Vec<(VariantId, String, u32)> {
    let engraving = |it: &super::CartLine| it.attributes.iter().map(|it| it.1).collect::<String>();
    cart.lines.iter().map(|it| (it.variant_id, engraving(it), it.quantity.get())).collect()
}

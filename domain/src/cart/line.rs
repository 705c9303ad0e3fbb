//! One line of a cart.

use serde::{Deserialize, Serialize};

use super::{CartAuthor, LineAttributes, LineError, LineRef, Note};
use crate::{
    ids::{CartLineId, PriceListId, VariantId},
    money::Money,
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

    /// Both together, at most [`Quantity::MAX`].
    #[must_use]
    pub fn saturating_add(self, other: Self) -> Self {
        Self((self.0 + other.0).min(Self::MAX))
    }
}

/// One line: a variant with its attributes, and how many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// Its id.
    pub id: CartLineId,
    /// What.
    pub variant_id: VariantId,
    /// How many.
    pub quantity: Quantity,
    /// What the shopper wants of it; with the variant, this is what the line is.
    #[serde(default, skip_serializing_if = "LineAttributes::is_empty")]
    pub attributes: LineAttributes,
    /// What the shopper writes of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// What one cost when the shopper last said how many, or put it aside; none where it had no price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_price: Option<Money>,
    /// The price list that this price was of; none: it was a base price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_list_id: Option<PriceListId>,
    /// How many were wanted when there were fewer, until the shopper says anew how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<u32>,
    /// Who put it into the cart; none: nobody noted that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_by: Option<CartAuthor>,
    /// Who changed it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<CartAuthor>,
}

impl CartLine {
    /// A line without attributes or notes.
    #[must_use]
    pub fn new(id: CartLineId, variant_id: VariantId, quantity: Quantity) -> Self {
        let (attributes, note, seen_price, wanted) = (LineAttributes::default(), None, None, None);
        let (seen_list_id, added_by, changed_by) = (None, None, None);
        Self { id, variant_id, quantity, attributes, note, seen_price, seen_list_id, wanted, added_by, changed_by }
    }

    /// Whether it is a line of this variant with these attributes; a cart has one at most.
    #[must_use]
    pub fn is(&self, variant: VariantId, attributes: &LineAttributes) -> bool {
        self.variant_id == variant && self.attributes == *attributes
    }

    /// Whether it is the one that is meant.
    pub(super) fn is_what(&self, line: &LineRef) -> bool {
        match line {
            LineRef::Id(id) => self.id == *id,
            LineRef::Item { variant_id, attributes } => self.is(*variant_id, attributes),
        }
    }

    /// Whether it is the same as `other` but for how many, in whatever cart.
    #[must_use]
    pub fn is_as(&self, other: &Self) -> bool {
        self.is(other.variant_id, &other.attributes)
    }

    /// Says how many; what they cost then has not been seen yet.
    pub(super) fn set_quantity(&mut self, quantity: Quantity, wanted: Option<u32>) {
        (self.quantity, self.wanted) = (quantity, wanted);
        (self.seen_price, self.seen_list_id) = (None, None);
    }
}

//! Stock levels and the one formula of availability.

use crate::ids::{LocationId, VariantId};

/// How much of a variant there is at a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockLevel {
    /// What.
    pub variant_id: VariantId,
    /// Where.
    pub location_id: LocationId,
    /// What stands there, promised or not.
    pub on_hand: i64,
    /// What of it belongs to orders that have not left.
    pub allocated: i64,
    /// What of it is set aside for carts now; holds that have expired do not count.
    pub reserved: i64,
    /// What is kept back, so that a miscount disappoints nobody.
    pub safety_stock: i64,
}

impl StockLevel {
    /// What can be promised here: `on_hand − allocated − reserved − safety_stock`, never below zero.
    #[must_use]
    pub fn available(&self) -> i64 {
        let promised = self.allocated.saturating_add(self.reserved).saturating_add(self.safety_stock);
        self.on_hand.saturating_sub(promised).max(0)
    }
}

/// What can be promised of one variant over all these locations; one location's deficit takes nothing from another.
#[must_use]
pub fn available<'a>(levels: impl IntoIterator<Item = &'a StockLevel>) -> i64 {
    levels.into_iter().map(StockLevel::available).fold(0, i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::Id;

    fn level(on_hand: i64, allocated: i64, reserved: i64, safety_stock: i64) -> StockLevel {
        StockLevel {
            variant_id: VariantId::from_uuid(Uuid::nil()),
            location_id: LocationId::from_uuid(Uuid::nil()),
            on_hand,
            allocated,
            reserved,
            safety_stock,
        }
    }

    #[test]
    fn what_is_allocated_set_aside_or_kept_back_cannot_be_promised() {
        assert_eq!(level(10, 3, 1, 2).available(), 4);
        assert_eq!(level(2, 3, 0, 0).available(), 0);
        assert_eq!(level(i64::MIN, i64::MAX, i64::MAX, 1).available(), 0);
        assert_eq!(available(&[level(10, 3, 1, 2), level(-4, 0, 0, 0), level(1, 0, 0, 0)]), 5);
    }
}

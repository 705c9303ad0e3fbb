//! Discounts that a member of staff gives by hand.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{CartLineId, ManualDiscountId, StaffId},
    money::{Money, Percentage, Rounding},
};

/// A discount given by hand. It is reckoned after the promotions of its step, on what they left, and none stands in its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManualDiscount {
    /// Its id.
    pub id: ManualDiscountId,
    /// Off what.
    pub target: ManualTarget,
    /// How much.
    pub value: ManualValue,
    /// Why.
    pub reason: String,
    /// Who gave it.
    pub staff_id: StaffId,
}

/// What a discount by hand is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ManualTarget {
    /// One line.
    Line(CartLineId),
    /// The sum of all lines.
    Order,
    /// All deliveries.
    Delivery,
}

/// How much is taken off by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ManualValue {
    /// A percentage.
    Percentage(Percentage),
    /// An amount, once, never more than there is.
    Amount(Money),
    /// So much that a unit of the line, or the whole of the others, costs this.
    Price(Money),
}

/// How far a member of staff may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManualLimit {
    /// The most, as a share of what it is taken off.
    pub percent: Percentage,
}

/// Why a discount by hand cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ManualDiscountError {
    /// Nobody said why.
    #[error("a discount by hand needs a reason of 1 to {max} characters")]
    Reason {
        /// The most characters.
        max: usize,
    },
    /// More than all of it, below zero, or in another currency.
    #[error("a discount by hand is from nothing to all of it, in the cart's currency")]
    Value,
    /// More than this member of staff may give.
    #[error("{requested} is more than the {limit} that you may give")]
    Limit {
        /// How much was to be given.
        requested: Money,
        /// How much may be.
        limit: Money,
    },
}

impl ManualDiscount {
    /// The most characters of a reason.
    pub const REASON_LENGTH_MAX: usize = 500;

    /// Checks what staff entered; `base` is what it is taken off, of a line or of all.
    ///
    /// # Errors
    /// [`ManualDiscountError`].
    pub fn check(&self, base: Money, quantity: u32, limit: Option<ManualLimit>) -> Result<(), ManualDiscountError> {
        let max = Self::REASON_LENGTH_MAX;
        if !(1..=max).contains(&self.reason.trim().chars().count()) {
            return Err(ManualDiscountError::Reason { max });
        }
        let is_good = |it: Money| it.currency() == base.currency() && 0 <= it.minor();
        let error = ManualDiscountError::Value;
        let requested = match self.value {
            ManualValue::Percentage(it) if it <= Percentage::HUNDRED => {
                it.of(base.minor(), Rounding::HalfUp).map_err(|_| error)?
            }
            ManualValue::Amount(it) if is_good(it) => it.minor(),
            ManualValue::Price(it) if is_good(it) => {
                let left = it.checked_mul(quantity).map_err(|_| error)?;
                base.minor().saturating_sub(left.minor()).max(0)
            }
            _ => return Err(error),
        };
        if base.minor() < requested {
            return Err(error);
        }
        let money = |minor| Money::new(minor, base.currency());
        let Some(limit) = limit else { return Ok(()) };
        let most = limit.percent.of(base.minor(), Rounding::HalfUp).map_err(|_| error)?;
        if most < requested {
            return Err(ManualDiscountError::Limit { requested: money(requested), limit: money(most) });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promotion::tests::{eur, id, percent};

    fn check(value: ManualValue, limit: Option<&str>) -> Result<(), ManualDiscountError> {
        let limit = limit.map(|it| ManualLimit { percent: percent(it) });
        let discount = ManualDiscount {
            id: id(1),
            target: ManualTarget::Line(id(1)),
            value,
            reason: "scratched".to_owned(),
            staff_id: id(1),
        };
        // Two at 50.00.
        discount.check(eur(10_000), 2, limit)
    }

    #[test]
    fn staff_gives_from_nothing_to_all_and_no_more_than_it_may() {
        let error = |requested, limit| Err(ManualDiscountError::Limit { requested: eur(requested), limit: eur(limit) });
        for (value, res) in [
            (ManualValue::Percentage(percent("10")), Ok(())),
            (ManualValue::Percentage(percent("10.01")), error(1_001, 1_000)),
            (ManualValue::Amount(eur(1_000)), Ok(())),
            (ManualValue::Amount(eur(1_001)), error(1_001, 1_000)),
            (ManualValue::Price(eur(4_500)), Ok(())),
            (ManualValue::Price(eur(4_499)), error(1_002, 1_000)),
            (ManualValue::Price(eur(9_999)), Ok(())),
            (ManualValue::Percentage(percent("100.01")), Err(ManualDiscountError::Value)),
            (ManualValue::Amount(eur(10_001)), Err(ManualDiscountError::Value)),
            (ManualValue::Amount(eur(-1)), Err(ManualDiscountError::Value)),
        ] {
            assert_eq!(check(value, Some("10")), res, "{value:?}");
        }
        assert_eq!(check(ManualValue::Percentage(percent("100")), None), Ok(()));
    }

    #[test]
    fn staff_says_why() {
        for reason in ["", "  ", &"x".repeat(501)] {
            let discount = ManualDiscount {
                id: id(1),
                target: ManualTarget::Order,
                value: ManualValue::Amount(eur(1)),
                reason: reason.to_owned(),
                staff_id: id(1),
            };
            let error = ManualDiscountError::Reason { max: ManualDiscount::REASON_LENGTH_MAX };
            assert_eq!(discount.check(eur(100), 1, None), Err(error));
        }
    }
}

//! Discounts that a member of staff gives by hand.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{CartLineId, ManualDiscountId, StaffId},
    money::{Amounts, Currency, Money, MoneyError, Percentage, Rounding},
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
    /// It takes off no more than this, whatever is put into the cart afterwards; none: as much as it says.
    #[serde(default)]
    pub most: Option<Money>,
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

/// How far a member of staff may go, with one discount and with all that they give to a cart together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ManualLimit {
    /// The most, as a share of what it is taken off before any discount; none: all of it.
    pub percent: Option<Percentage>,
    /// The most in money, in each currency, and nothing in others; none: any amount.
    pub amounts: Option<Amounts>,
}

impl ManualLimit {
    /// The most that may be taken off `base`.
    ///
    /// # Errors
    /// [`MoneyError`] where that is more than any money there is.
    pub fn most(&self, base: Money) -> Result<Money, MoneyError> {
        let share = self.percent.map(|it| it.of(base.minor(), Rounding::HalfUp)).transpose()?;
        let amount = self.amount_in(base.currency()).map(|it| it.minor());
        let most = share.unwrap_or(base.minor()).min(amount.unwrap_or(base.minor()));
        Ok(Money::new(most, base.currency()))
    }

    /// Whether it limits something, to something between nothing and all.
    #[must_use]
    pub fn is_meaningful(&self) -> bool {
        let is_share = self.percent.is_none_or(|it| it <= Percentage::HUNDRED);
        let are_amounts = self.amounts.iter().flat_map(Amounts::iter).all(|it| 0 <= it.minor());
        is_share && are_amounts && (self.percent.is_some() || self.amounts.is_some())
    }

    /// The most in a currency; none: any amount.
    #[must_use]
    pub fn amount_in(&self, currency: Currency) -> Option<Money> {
        let amounts = self.amounts.as_ref()?;
        Some(amounts.get(currency).unwrap_or_else(|| Money::zero(currency)))
    }

    /// Whether who may go so far may let another go as far as `other`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let is_less = |percent: Percentage| other.percent.is_some_and(|it| it <= percent);
        let is_within = |it: Money| self.amount_in(it.currency()).is_none_or(|most| it.minor() <= most.minor());
        let amounts = match (&self.amounts, &other.amounts) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(_), Some(other)) => other.iter().all(is_within),
        };
        self.percent.is_none_or(is_less) && amounts
    }
}

/// Why a discount by hand cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
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

    /// Checks what staff entered, as far as it stands by itself, for a cart in `currency`.
    ///
    /// # Errors
    /// [`ManualDiscountError`]: no reason, or a value that cannot be.
    pub fn check_value(&self, currency: Currency) -> Result<(), ManualDiscountError> {
        let max = Self::REASON_LENGTH_MAX;
        if !(1..=max).contains(&self.reason.trim().chars().count()) {
            return Err(ManualDiscountError::Reason { max });
        }
        let is_good = match self.value {
            ManualValue::Percentage(it) => it <= Percentage::HUNDRED,
            ManualValue::Amount(it) | ManualValue::Price(it) => it.currency() == currency && 0 <= it.minor(),
        };
        if is_good { Ok(()) } else { Err(ManualDiscountError::Value) }
    }

    /// Checks what staff entered; `base` is what it is taken off, of a line or of all.
    ///
    /// # Errors
    /// [`ManualDiscountError`].
    pub fn check(&self, base: Money, quantity: u32, limit: Option<&ManualLimit>) -> Result<(), ManualDiscountError> {
        self.check_value(base.currency())?;
        let error = ManualDiscountError::Value;
        let requested = match self.value {
            ManualValue::Percentage(it) => it.of(base.minor(), Rounding::HalfUp).map_err(|_| error)?,
            ManualValue::Amount(it) => it.minor(),
            ManualValue::Price(it) => {
                let left = it.checked_mul(quantity).map_err(|_| error)?;
                base.minor().saturating_sub(left.minor()).max(0)
            }
        };
        if base.minor() < requested {
            return Err(error);
        }
        match limit {
            Some(limit) => check_limit(Money::new(requested, base.currency()), base, limit),
            None => Ok(()),
        }
    }
}

/// Insists that what is taken off `base` is within a limit.
///
/// # Errors
/// [`ManualDiscountError::Limit`] with the figures.
pub(crate) fn check_limit(requested: Money, base: Money, limit: &ManualLimit) -> Result<(), ManualDiscountError> {
    let most = limit.most(base).map_err(|_| ManualDiscountError::Value)?;
    if most.minor() < requested.minor() {
        return Err(ManualDiscountError::Limit { requested, limit: most });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promotion::tests::{eur, id, percent};

    fn check(value: ManualValue, limit: Option<&str>) -> Result<(), ManualDiscountError> {
        let limit = limit.map(|it| ManualLimit { percent: Some(percent(it)), amounts: None });
        let discount = ManualDiscount {
            id: id(1),
            target: ManualTarget::Line(id(1)),
            value,
            reason: "scratched".to_owned(),
            staff_id: id(1),
            most: None,
        };
        // Two at 50.00.
        discount.check(eur(10_000), 2, limit.as_ref())
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
    fn a_limit_is_the_lower_of_a_share_and_an_amount() {
        let limit = |text: Option<&str>, amount: Option<i64>| ManualLimit {
            percent: text.map(percent),
            amounts: amount.map(|it| Amounts::one(eur(it))),
        };
        let most = |limit: &ManualLimit, base| limit.most(base).unwrap().minor();
        for (limit, expected) in [
            (limit(None, None), 10_000),
            (limit(Some("10"), None), 1_000),
            (limit(Some("10"), Some(999)), 999),
            (limit(Some("10"), Some(1_001)), 1_000),
            (limit(None, Some(20_000)), 10_000),
        ] {
            assert_eq!(most(&limit, eur(10_000)), expected, "{limit:?}");
        }
        assert_eq!(most(&limit(None, Some(1)), Money::new(500, Currency::JPY)), 0, "nothing in another currency");
        let own = limit(Some("10"), Some(1_000));
        assert!(own.covers(&own) && own.covers(&limit(Some("9.99"), Some(1))));
        let beyond =
            [limit(None, None), limit(Some("10.01"), Some(1)), limit(Some("5"), None), limit(Some("5"), Some(1_001))];
        assert!(beyond.iter().all(|it| !own.covers(it) && limit(None, None).covers(it)));
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
                most: None,
            };
            let error = ManualDiscountError::Reason { max: ManualDiscount::REASON_LENGTH_MAX };
            assert_eq!(discount.check(eur(100), 1, None), Err(error));
        }
    }
}

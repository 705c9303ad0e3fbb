//! How something is taxed, and what that comes to.

use serde::{Deserialize, Serialize};

use super::{TaxedMoney, VatNumber};
use crate::{
    codes::TaxCategory,
    money::{Money, MoneyError, Percentage, Rounding},
};

/// How something is taxed: at what rate, and what the entered price already contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxTreatment {
    /// What it was decided for.
    pub category: TaxCategory,
    /// The rate that is due.
    pub rate: Percentage,
    /// The rate that the entered price contains; none: prices are entered without tax. Where it is not the rate that is
    /// due, the amount without tax is kept, and the amount with tax changes.
    pub included: Option<Percentage>,
    /// Why the rate is what it is.
    pub reason: TaxReason,
}

/// Why a rate is what it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaxReason {
    /// It is the rate on file.
    Rate,
    /// The buyer is exempt, by this certificate.
    Exempt(String),
    /// The buyer owes the tax, under this number (article 138 of Directive 2006/112/EC for goods, 196 for services).
    ReverseCharge(VatNumber),
    /// No rate is on file for where it goes.
    OutOfScope,
}

impl TaxTreatment {
    /// What an entered amount is without tax, with tax, and the tax. Only the tax is rounded.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn apply(&self, amount: Money, rounding: Rounding) -> Result<TaxedMoney, MoneyError> {
        let money = |minor| Money::new(minor, amount.currency());
        let included = self.included.map_or(0, |it| it.included_in(amount.minor(), rounding));
        let net = amount.minor().checked_sub(included).ok_or(MoneyError::Overflow)?;
        let tax = if self.included == Some(self.rate) { included } else { self.rate.of(net, rounding)? };
        TaxedMoney::new(money(net), money(tax))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::Currency;

    fn treatment(rate: &str, included: Option<&str>) -> TaxTreatment {
        TaxTreatment {
            category: "standard".parse().unwrap(),
            rate: rate.parse().unwrap(),
            included: included.map(|it| it.parse().unwrap()),
            reason: TaxReason::Rate,
        }
    }

    fn apply(amount: i64, rate: &str, included: Option<&str>) -> (i64, i64, i64) {
        let res = treatment(rate, included).apply(Money::new(amount, Currency::EUR), Rounding::HalfUp).unwrap();
        (res.net().minor(), res.tax().minor(), res.gross().minor())
    }

    /// The first three are Medusa #14818 and Vendure's `order-taxes`; the wrong figures there are 166 and 199.
    #[test]
    fn the_tax_is_rounded_and_the_rest_is_the_difference() {
        assert_eq!(apply(2499, "10.75", None), (2499, 269, 2768));
        assert_eq!(apply(200, "20", Some("20")), (167, 33, 200));
        assert_eq!(apply(200, "0", Some("20")), (167, 0, 167));
        assert_eq!(apply(200, "0", None), (200, 0, 200));
        // 3 at 20 % contain exactly half a cent of tax.
        assert_eq!(apply(3, "20", Some("20")), (2, 1, 3));
        // Entered with 20 %, due at 25.5 %: the net amount stays.
        assert_eq!(apply(12_000, "25.5", Some("20")), (10_000, 2_550, 12_550));
    }

    proptest! {
        #[test]
        fn net_and_tax_are_gross(amount in 0i64..1_000_000_000_000, rate in 0u32..30, included in prop::option::of(0u32..30)) {
            let included = included.map(|it| it.to_string());
            let (net, tax, gross) = apply(amount, &rate.to_string(), included.as_deref());
            prop_assert_eq!(net + tax, gross);
            prop_assert!(0 <= net && 0 <= tax);
            if included.as_deref() == Some(rate.to_string().as_str()) {
                prop_assert_eq!(gross, amount);
            }
            if included.is_none() {
                prop_assert_eq!(net, amount);
            }
        }
    }
}

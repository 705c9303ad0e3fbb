//! Amounts with their taxes.

use async_graphql::{Enum, SimpleObject};
use comptoir_domain::{
    channel::PriceDisplay,
    money::{self, RoundingLevel},
    pricing::{
        quote::{self, RoundingRules},
        tax::{self, TaxReason},
    },
};

use super::super::{
    eager::Eager,
    money::Money,
    scalar::{CurrencyCode, Decimal},
};

/// An amount without tax, with tax, and the tax: `net` and `tax` are `gross`.
pub(in crate::graphql) type TaxedMoney = Eager<TaxedMoneyFields>;

/// An amount without tax, with tax, and the tax: `net` and `tax` are `gross`.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "TaxedMoney")]
pub(in crate::graphql) struct TaxedMoneyFields {
    /// What is shown: `gross`, or `net` where the market shows prices without tax. What is to be paid is always `gross`.
    amount: Decimal,
    /// The currency.
    currency: CurrencyCode,
    /// Without tax.
    net: Money,
    /// The tax.
    tax: Money,
    /// With tax.
    gross: Money,
}

impl TaxedMoney {
    /// An amount as a market shows it.
    pub(in crate::graphql) fn shown(it: tax::TaxedMoney, display: PriceDisplay) -> Self {
        let shown: Money = match display {
            PriceDisplay::Gross => it.gross(),
            PriceDisplay::Net => it.net(),
        }
        .into();
        Self(TaxedMoneyFields {
            amount: shown.0.amount,
            currency: shown.0.currency,
            net: it.net().into(),
            tax: it.tax().into(),
            gross: it.gross().into(),
        })
    }

    /// An amount that is to be paid.
    pub(in crate::graphql) fn paid(it: tax::TaxedMoney) -> Self {
        Self::shown(it, PriceDisplay::Gross)
    }

    /// An amount of which nobody recorded a tax.
    pub(in crate::graphql) fn untaxed(it: money::Money) -> Self {
        let (shown, tax) = (Money::from(it), money::Money::zero(it.currency()));
        Self(TaxedMoneyFields {
            amount: shown.amount.clone(),
            currency: shown.currency.clone(),
            net: shown.clone(),
            tax: tax.into(),
            gross: shown,
        })
    }
}

/// Why a rate is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum TaxRateReason {
    /// It is the rate on file.
    Rate,
    /// The buyer has a certificate.
    Exempt,
    /// The buyer owes the tax.
    ReverseCharge,
    /// No tax is on file where the goods go.
    OutOfScope,
}

/// What of a total is taxed at one rate.
#[derive(Debug, Clone, SimpleObject)]
pub(in crate::graphql) struct TaxSummary {
    /// The rate in percent, such as `"5.5"`.
    rate: Decimal,
    /// Why it is that.
    reason: TaxRateReason,
    /// How much is taxed so.
    amount: TaxedMoney,
    /// The number under which the buyer owes the tax.
    vat_number: Option<String>,
    /// What the certificate that frees the buyer is known by.
    certificate: Option<String>,
}

impl TaxSummary {
    pub(in crate::graphql) fn of(it: &quote::TaxSummary) -> Self {
        let reason = match it.reason {
            TaxReason::Rate => TaxRateReason::Rate,
            TaxReason::Exempt(_) => TaxRateReason::Exempt,
            TaxReason::ReverseCharge(_) => TaxRateReason::ReverseCharge,
            TaxReason::OutOfScope => TaxRateReason::OutOfScope,
        };
        let vat_number = if let TaxReason::ReverseCharge(it) = &it.reason { Some(it.to_string()) } else { None };
        let certificate = if let TaxReason::Exempt(it) = &it.reason { Some(it.clone()) } else { None };
        Self {
            vat_number,
            certificate,
            rate: Decimal(it.rate.to_decimal().normalize().to_string()),
            reason,
            amount: TaxedMoney::paid(it.amount),
        }
    }
}

/// Where percentages and taxes are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "RoundingLevel")]
pub(in crate::graphql) enum TaxRoundingLevel {
    /// Once for each line.
    Line,
    /// For each unit; a line is the sum of its units.
    Unit,
}

/// What becomes of an exact half of the smallest unit of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "money::Rounding")]
#[expect(clippy::enum_variant_names, reason = "they are called so everywhere")]
pub(in crate::graphql) enum RoundingMode {
    /// It goes away from zero.
    HalfUp,
    /// It goes to the even neighbour.
    HalfEven,
    /// It goes towards zero.
    HalfDown,
}

/// How percentages and taxes are rounded.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(in crate::graphql) struct Rounding {
    /// Where.
    level: TaxRoundingLevel,
    /// How.
    mode: RoundingMode,
}

impl From<RoundingRules> for Rounding {
    fn from(rules: RoundingRules) -> Self {
        Self { level: rules.level.into(), mode: rules.mode.into() }
    }
}

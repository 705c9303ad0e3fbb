//! An amount without tax, with tax, and the tax.

use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money, MoneyError};

/// An amount without tax, with tax, and the tax: `net + tax = gross`, whatever is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxedMoney {
    net: Money,
    tax: Money,
    gross: Money,
}

impl TaxedMoney {
    /// `net`, and the tax on it.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn new(net: Money, tax: Money) -> Result<Self, MoneyError> {
        Ok(Self { net, tax, gross: net.checked_add(tax)? })
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { net: zero, tax: zero, gross: zero }
    }

    /// Without tax.
    #[must_use]
    pub fn net(self) -> Money {
        self.net
    }

    /// The tax.
    #[must_use]
    pub fn tax(self) -> Money {
        self.tax
    }

    /// With tax.
    #[must_use]
    pub fn gross(self) -> Money {
        self.gross
    }

    /// `self + other`, each part by itself.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        Self::new(self.net.checked_add(other.net)?, self.tax.checked_add(other.tax)?)
    }

    /// `self - other`, each part by itself.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        Self::new(self.net.checked_sub(other.net)?, self.tax.checked_sub(other.tax)?)
    }

    /// The sum of `amounts`, all in `currency`.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn sum(amounts: impl IntoIterator<Item = Self>, currency: Currency) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }
}

//! Money on the wire.

use async_graphql::{InputObject, SimpleObject};
use comptoir_domain::money::{self, Currency, parse_currency};

use super::{
    error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
    scalar::{CurrencyCode, Decimal},
};

/// An amount of money.
#[derive(Debug, Clone, SimpleObject)]
pub(super) struct Money {
    /// The amount in currency units, with all of the currency's decimals: `"29.90"`.
    amount: Decimal,
    /// The currency.
    currency: CurrencyCode,
}

impl From<money::Money> for Money {
    fn from(money: money::Money) -> Self {
        Self {
            amount: Decimal(money.to_decimal().to_string()),
            currency: CurrencyCode(money.currency().code().to_owned()),
        }
    }
}

/// An amount of money.
#[derive(Debug, Clone, InputObject)]
pub(super) struct MoneyInput {
    /// The amount in currency units, as a string: `"29.90"`.
    amount: Decimal,
    /// The currency.
    currency: CurrencyCode,
}

impl MoneyInput {
    /// The money, or what is wrong with it.
    pub(super) fn parse(&self, at: Path) -> Result<money::Money, Refusal> {
        let currency = self.currency.parse(at.clone().field("currency"))?;
        let at = at.field("amount");
        self.amount.parse_money(currency, at)
    }
}

impl Decimal {
    /// The money of so many units of `currency`, or what is wrong with it.
    pub(super) fn parse_money(&self, currency: Currency, at: Path) -> Result<money::Money, Refusal> {
        let is_plain = self.0.len() <= 32 && self.0.bytes().all(|it| it.is_ascii_digit() || it == b'.' || it == b'-');
        let amount = self.0.parse().ok().filter(|_| is_plain);
        let invalid = || UserError::input(ErrorCode::InvalidInput, "this is not a decimal number", at.clone());
        money::Money::from_decimal(amount.ok_or_else(invalid)?, currency).map_err(|it| it.refuse(at))
    }
}

impl CurrencyCode {
    /// The currency, or what is wrong with it.
    pub(super) fn parse(&self, at: Path) -> Result<Currency, Refusal> {
        parse_currency(&self.0).map_err(|it| it.refuse(at))
    }
}

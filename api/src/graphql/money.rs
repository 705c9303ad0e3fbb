//! Money on the wire.

use async_graphql::{InputObject, SimpleObject};
use comptoir_domain::money::{self, Currency, parse_currency};

use super::{
    eager::Eager,
    error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
    scalar::{CurrencyCode, Decimal},
};

/// An amount of money.
pub(super) type Money = Eager<MoneyFields>;

/// An amount of money.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Money")]
pub(super) struct MoneyFields {
    /// The amount in currency units, with all of the currency's decimals: `"29.90"`.
    pub(super) amount: Decimal,
    /// The currency.
    pub(super) currency: CurrencyCode,
}

impl From<money::Money> for Money {
    fn from(money: money::Money) -> Self {
        Self(MoneyFields {
            amount: Decimal(money.to_decimal().to_string()),
            currency: CurrencyCode(money.currency().code().to_owned()),
        })
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
        self.amount.parse(currency, at.field("amount"))
    }
}

impl Decimal {
    /// So much money in `currency`, or what is wrong with it.
    pub(super) fn parse(&self, currency: Currency, at: Path) -> Result<money::Money, Refusal> {
        let is_plain = self.0.len() <= 32 && self.0.chars().all(|it| it.is_ascii_digit() || it == '.' || it == '-');
        let amount = self.0.parse::<rust_decimal::Decimal>().ok().filter(|_| is_plain);
        let amount = amount
            .ok_or_else(|| UserError::input(ErrorCode::InvalidInput, "this is not a decimal number", at.clone()))?;
        money::Money::from_decimal(amount, currency).map_err(|it| it.refuse(at))
    }
}

impl CurrencyCode {
    /// The currency, or what is wrong with it.
    pub(super) fn parse(&self, at: Path) -> Result<Currency, Refusal> {
        parse_currency(&self.0).map_err(|it| it.refuse(at))
    }
}

//! Amounts by currency, percentages and factors.

use comptoir_domain::money::{Amounts, Percentage};

use super::super::{
    error::{ErrorCode, Path, Refusal, UserError},
    money::{Money, MoneyInput},
    scalar::Decimal,
};

/// Amounts, one for each currency.
pub(super) fn parse_amounts(amounts: &[MoneyInput], at: &Path) -> Result<Amounts, Refusal> {
    let amount = |(index, it): (usize, &MoneyInput)| it.parse(at.clone().index(index));
    let amounts = amounts.iter().enumerate().map(amount).collect::<Result<Vec<_>, _>>()?;
    Amounts::parse(amounts).map_err(|it| invalid(it.to_string(), at.clone()))
}

/// Amounts, one for each currency.
pub(super) fn to_amounts(amounts: &Amounts) -> Vec<Money> {
    amounts.iter().map(Money::from).collect()
}

/// A percentage: `"20"` for 20 %.
pub(super) fn parse_percent(percent: &Decimal, at: Path) -> Result<Percentage, Refusal> {
    percent.0.parse::<Percentage>().map_err(|it| invalid(it.to_string(), at))
}

/// A percentage: `"20"` for 20 %.
pub(super) fn to_percent(percent: Percentage) -> Decimal {
    Decimal(percent.to_decimal().to_string())
}

/// A number such as `"2.5"`.
pub(super) fn parse_factor(factor: &Decimal, at: Path) -> Result<rust_decimal::Decimal, Refusal> {
    let parsed = rust_decimal::Decimal::from_str_exact(&factor.0);
    parsed.map_err(|_| invalid("this is not a decimal number".to_owned(), at))
}

/// A value that cannot be as it is.
pub(super) fn invalid(message: String, at: Path) -> Refusal {
    UserError::input(ErrorCode::InvalidInput, message, at).into()
}

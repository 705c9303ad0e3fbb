//! Scalars. Those of texts take any text: what is wrong with it, the domain says as a typed error.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, Utc};

macro_rules! text_scalars {
    ($($(#[$doc:meta])* $name:ident = $graphql:literal,)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub(super) struct $name(pub(super) String);

        $(#[$doc])*
        #[Scalar(name = $graphql)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                match value {
                    Value::String(text) => Ok(Self(text)),
                    other => Err(InputValueError::expected_type(other)),
                }
            }

            // What is refused before it is parsed is told with its place.
            fn is_valid(value: &Value) -> bool {
                matches!(value, Value::String(_))
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }
        }
    )+};
}

text_scalars! {
    /// An ISO 3166-1 alpha-2 country code, such as `FR`.
    CountryCode = "CountryCode",
    /// An ISO 4217 currency code, such as `EUR`.
    CurrencyCode = "CurrencyCode",
    /// A decimal number as a string, such as `"29.90"`: never a float.
    Decimal = "Decimal",
    /// A BCP 47 language tag, such as `fr`. Its region and script do not count: `fr-CA` is `fr`.
    LanguageTag = "LanguageTag",
    /// A time of day by the clocks of a place, such as `18:30` or `18:30:15`.
    LocalTime = "LocalTime",
    /// A UUID in its usual form.
    Uuid = "UUID",
}

/// A moment in UTC, as RFC 3339 has it: `2026-11-22T10:30:00.123456Z`.
#[derive(Debug, Clone, Copy)]
pub(super) struct DateTime(pub(super) chrono::DateTime<Utc>);

/// A moment in UTC, as RFC 3339 has it: `2026-11-22T10:30:00.123456Z`.
#[Scalar(name = "DateTime", specified_by_url = "https://scalars.graphql.org/andimarek/date-time")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        Ok(Self(chrono::DateTime::parse_from_rfc3339(text)?.with_timezone(&Utc)))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A day, as ISO 8601 has it: `2026-11-22`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Date(pub(super) chrono::NaiveDate);

/// A day, as ISO 8601 has it: `2026-11-22`.
#[Scalar(name = "Date", specified_by_url = "https://scalars.graphql.org/andimarek/local-date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        Ok(Self(text.parse()?))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

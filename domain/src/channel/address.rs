//! Postal addresses.

use serde::{Deserialize, Serialize};

use super::{Country, CountryError};

/// An address as it was typed.
#[derive(Debug, Clone, Default)]
pub struct AddressFields {
    /// Who receives.
    pub name: String,
    /// Street and number.
    pub line1: String,
    /// Floor, building, care of.
    pub line2: Option<String>,
    /// Postcode, where the country has them.
    pub postal_code: Option<String>,
    /// Town.
    pub city: String,
    /// State or province, where it is part of an address.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// For the carrier.
    pub phone: Option<String>,
}

/// An address that can be delivered to, as far as its form tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Who receives.
    pub name: String,
    /// Street and number.
    pub line1: String,
    /// Floor, building, care of.
    pub line2: Option<String>,
    /// Postcode, where the country has them.
    pub postal_code: Option<String>,
    /// Town.
    pub city: String,
    /// State or province, where it is part of an address.
    pub region: Option<String>,
    /// Country.
    pub country: Country,
    /// For the carrier.
    pub phone: Option<String>,
}

/// What is wrong with an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// A field that must be there is not.
    #[error("`{field}` is missing")]
    Missing {
        /// Which, by its name in [`AddressFields`].
        field: &'static str,
    },
    /// A field is too long, or has line breaks or other control characters.
    #[error("`{field}` has more than {max} characters, or control characters")]
    Text {
        /// Which, by its name in [`AddressFields`].
        field: &'static str,
        /// The most characters.
        max: usize,
    },
    /// No country of that code.
    #[error(transparent)]
    Country(#[from] CountryError),
}

impl AddressError {
    /// The field at fault, by its name in [`AddressFields`].
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Missing { field } | Self::Text { field, .. } => field,
            Self::Country(_) => "country",
        }
    }
}

impl Address {
    /// The most characters of a field.
    pub const FIELD_LENGTH_MAX: usize = 120;

    /// Checks an address; white space around its fields is dropped.
    ///
    /// # Errors
    /// [`AddressError`] for the first field at fault.
    pub fn parse(fields: AddressFields) -> Result<Self, AddressError> {
        Ok(Self {
            name: required("name", &fields.name)?,
            line1: required("line1", &fields.line1)?,
            line2: optional("line2", fields.line2)?,
            postal_code: optional("postalCode", fields.postal_code)?,
            city: required("city", &fields.city)?,
            region: optional("region", fields.region)?,
            country: fields.country.parse()?,
            phone: optional("phone", fields.phone)?,
        })
    }
}

fn required(field: &'static str, text: &str) -> Result<String, AddressError> {
    let text = text.trim();
    let max = Address::FIELD_LENGTH_MAX;
    if text.is_empty() {
        return Err(AddressError::Missing { field });
    }
    if max < text.chars().count() || text.chars().any(char::is_control) {
        return Err(AddressError::Text { field, max });
    }
    Ok(text.to_owned())
}

fn optional(field: &'static str, text: Option<String>) -> Result<Option<String>, AddressError> {
    text.filter(|it| !it.trim().is_empty()).map(|it| required(field, &it)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> AddressFields {
        AddressFields {
            name: " Ada Lovelace ".to_owned(),
            line1: "12 rue de la République".to_owned(),
            line2: Some("  ".to_owned()),
            city: "Lyon".to_owned(),
            country: "FR".to_owned(),
            ..AddressFields::default()
        }
    }

    #[test]
    fn fields_are_trimmed_and_empty_ones_are_absent() {
        let address = Address::parse(fields()).unwrap();
        assert_eq!((address.name.as_str(), address.line2), ("Ada Lovelace", None));
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let missing = AddressFields { city: " ".to_owned(), ..fields() };
        let long = AddressFields { line1: "x".repeat(121), ..fields() };
        let broken = AddressFields { phone: Some("1\n2".to_owned()), ..fields() };
        let nowhere = AddressFields { country: "Atlantis".to_owned(), ..fields() };
        for (fields, field) in [(missing, "city"), (long, "line1"), (broken, "phone"), (nowhere, "country")] {
            assert_eq!(Address::parse(fields).unwrap_err().field(), field);
        }
    }
}

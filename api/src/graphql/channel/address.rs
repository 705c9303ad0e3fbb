//! Postal addresses on the wire.

use async_graphql::{InputObject, SimpleObject};
use comptoir_domain::channel::{self, AddressError, AddressFields};

use super::super::scalar::CountryCode;

/// A postal address.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Address {
    /// Who receives.
    name: String,
    /// Street and number.
    line1: String,
    /// Floor, building, care of.
    line2: Option<String>,
    /// Postcode, where the country has them.
    postal_code: Option<String>,
    /// Town.
    city: String,
    /// State or province, where it is part of an address.
    region: Option<String>,
    /// Country.
    country: CountryCode,
    /// For the carrier.
    phone: Option<String>,
}

impl From<&channel::Address> for Address {
    fn from(address: &channel::Address) -> Self {
        let address = address.clone();
        Self {
            name: address.name,
            line1: address.line1,
            line2: address.line2,
            postal_code: address.postal_code,
            city: address.city,
            region: address.region,
            country: CountryCode(address.country.code().to_owned()),
            phone: address.phone,
        }
    }
}

/// A postal address. Each field has at most 120 characters.
#[derive(InputObject)]
pub(in crate::graphql) struct AddressInput {
    /// Who receives.
    name: String,
    /// Street and number.
    line1: String,
    /// Floor, building, care of.
    line2: Option<String>,
    /// Postcode, where the country has them.
    postal_code: Option<String>,
    /// Town.
    city: String,
    /// State or province, where it is part of an address.
    region: Option<String>,
    /// Country.
    country: CountryCode,
    /// For the carrier.
    phone: Option<String>,
}

impl AddressInput {
    /// The address, or what is wrong with it.
    pub(in crate::graphql) fn parse(self) -> Result<channel::Address, AddressError> {
        channel::Address::parse(AddressFields {
            name: self.name,
            line1: self.line1,
            line2: self.line2,
            postal_code: self.postal_code,
            city: self.city,
            region: self.region,
            country: self.country.0,
            phone: self.phone,
        })
    }
}

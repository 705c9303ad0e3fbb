//! The delivery a shopper chose.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::CartRefusal;
use crate::{channel::DeliveryMethodCode, ids::LocationId};

/// The delivery a shopper chose: a method, and for a pickup the store. Its text form is the option's handle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryChoice {
    /// The method.
    pub method: DeliveryMethodCode,
    /// The store of a pickup.
    pub location_id: Option<LocationId>,
}

impl fmt::Display for DeliveryChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.location_id {
            Some(location) => write!(f, "{}:{location}", self.method),
            None => write!(f, "{}", self.method),
        }
    }
}

impl FromStr for DeliveryChoice {
    type Err = CartRefusal;

    fn from_str(handle: &str) -> Result<Self, CartRefusal> {
        let (method, location) = match handle.split_once(':') {
            Some((method, location)) => (method, Some(location)),
            None => (handle, None),
        };
        let method = method.parse().map_err(|_| CartRefusal::DeliveryUnavailable)?;
        let location_id = location.map(str::parse).transpose().map_err(|_| CartRefusal::DeliveryUnavailable)?;
        Ok(Self { method, location_id })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::Id;

    #[test]
    fn a_handle_is_a_method_and_perhaps_a_store() {
        let location = LocationId::from_uuid(Uuid::from_u128(7));
        for handle in ["standard".to_owned(), format!("pickup:{location}")] {
            assert_eq!(handle.parse::<DeliveryChoice>().unwrap().to_string(), handle);
        }
        for handle in ["", "Standard", "pickup:", "pickup:nowhere", ":"] {
            assert!(handle.parse::<DeliveryChoice>().is_err(), "{handle}");
        }
    }
}

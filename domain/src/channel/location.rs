//! Locations: the places that hold stock.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Address, ChannelError, Coordinates};
use crate::{codes::is_code, ids::LocationId};

/// A name for the merchant's own use, in configuration and files: lower case, digits, hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocationCode(String);

impl LocationCode {
    /// The most characters.
    pub const LENGTH_MAX: usize = 64;

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LocationCode {
    type Err = ChannelError;

    fn from_str(text: &str) -> Result<Self, ChannelError> {
        if is_code(text, Self::LENGTH_MAX) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ChannelError::InvalidCode { field: "code" })
        }
    }
}

impl fmt::Display for LocationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The most characters of a name.
pub(super) const NAME_LENGTH_MAX: usize = 120;

/// Checks what shoppers call something.
pub(super) fn check_name(name: &str) -> Result<(), ChannelError> {
    let is_good =
        !name.trim().is_empty() && name.chars().count() <= NAME_LENGTH_MAX && !name.chars().any(char::is_control);
    if is_good { Ok(()) } else { Err(ChannelError::InvalidName { max: NAME_LENGTH_MAX }) }
}

/// What a location is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LocationKind {
    /// Ships, and nobody walks in.
    Warehouse,
    /// Sells over the counter, hands over pickups, and ships when the warehouses cannot.
    Store,
}

/// A place that holds stock.
#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// What it is and where.
    pub draft: LocationDraft,
}

impl Location {
    /// How many kilometers a shopper at `place` is from it; `None` for one where nobody walks in, or whose place is not known.
    #[must_use]
    pub fn store_distance_km(&self, place: Coordinates) -> Option<f64> {
        let coordinates = self.draft.coordinates.filter(|_| self.draft.kind == LocationKind::Store)?;
        // To the meter.
        Some(coordinates.meters_to(place).round() / 1_000.0)
    }
}

/// A location without its id.
#[derive(Debug, Clone, PartialEq)]
pub struct LocationDraft {
    /// The merchant's own name for it.
    pub code: LocationCode,
    /// What it is.
    pub kind: LocationKind,
    /// What shoppers call it.
    pub name: String,
    /// Where it is; a warehouse may keep that to itself.
    pub address: Option<Address>,
    /// Where on the earth it is; shoppers find it by what is near them.
    pub coordinates: Option<Coordinates>,
}

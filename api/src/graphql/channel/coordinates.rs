//! Places on the earth on the wire.

use async_graphql::{InputObject, SimpleObject};
use comptoir_domain::channel;

use super::super::error::{ErrorCode, Path, Refusal, UserError};

/// A place on the earth, in degrees (WGS 84).
#[derive(SimpleObject)]
pub(in crate::graphql) struct Coordinates {
    /// Degrees north.
    latitude: f64,
    /// Degrees east.
    longitude: f64,
}

impl From<channel::Coordinates> for Coordinates {
    fn from(place: channel::Coordinates) -> Self {
        Self { latitude: place.latitude(), longitude: place.longitude() }
    }
}

/// A place on the earth, in degrees (WGS 84).
#[derive(InputObject)]
pub(in crate::graphql) struct CoordinatesInput {
    /// Degrees north, from -90 to 90.
    latitude: f64,
    /// Degrees east, from -180 to 180.
    longitude: f64,
}

impl CoordinatesInput {
    /// The place, or what is wrong with it.
    pub(in crate::graphql) fn parse(&self, at: Path) -> Result<channel::Coordinates, Refusal> {
        let place = channel::Coordinates::from_degrees(self.latitude, self.longitude);
        let wrong = || UserError::input(ErrorCode::InvalidInput, "there is no such place on the earth", at);
        place.ok_or_else(|| wrong().into())
    }
}

//! Places on the earth, and how far they are from each other.

use serde::{Deserialize, Serialize};

/// The mean radius of the earth in meters (IUGG, R₁).
const EARTH_RADIUS_METERS: f64 = 6_371_008.8;
/// How many units there are to a degree: the sixth decimal is about 11 cm.
const UNITS_PER_DEGREE: f64 = 1_000_000.0;

/// A place, in millionths of a degree (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Coordinates {
    latitude: i32,
    longitude: i32,
}

impl Coordinates {
    /// A place by its degrees north and east; `None` where there is no such place.
    #[must_use]
    pub fn from_degrees(latitude: f64, longitude: f64) -> Option<Self> {
        let is_on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        // Within the range of 32 bits by far.
        let units = |degrees: f64| (degrees * UNITS_PER_DEGREE).round() as i32;
        is_on_earth.then(|| Self { latitude: units(latitude), longitude: units(longitude) })
    }

    /// A place as it is stored; `None` where there is no such place.
    #[must_use]
    pub fn from_units(latitude: i32, longitude: i32) -> Option<Self> {
        let is_on_earth = latitude.unsigned_abs() <= 90_000_000 && longitude.unsigned_abs() <= 180_000_000;
        is_on_earth.then_some(Self { latitude, longitude })
    }

    /// Millionths of a degree north and east.
    #[must_use]
    pub fn units(self) -> (i32, i32) {
        (self.latitude, self.longitude)
    }

    /// Degrees north.
    #[must_use]
    pub fn latitude(self) -> f64 {
        f64::from(self.latitude) / UNITS_PER_DEGREE
    }

    /// Degrees east.
    #[must_use]
    pub fn longitude(self) -> f64 {
        f64::from(self.longitude) / UNITS_PER_DEGREE
    }

    /// How far `other` is as the crow flies, in meters: the haversine formula on a sphere, which is right to half a percent.
    #[must_use]
    pub fn meters_to(self, other: Self) -> f64 {
        let [from, to] = [self, other].map(|it| it.latitude().to_radians());
        let north = (to - from) / 2.0;
        let east = (other.longitude() - self.longitude()).to_radians() / 2.0;
        let chord = north.sin().powi(2) + from.cos() * to.cos() * east.sin().powi(2);
        2.0 * EARTH_RADIUS_METERS * chord.clamp(0.0, 1.0).sqrt().asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(latitude: f64, longitude: f64) -> Coordinates {
        Coordinates::from_degrees(latitude, longitude).unwrap()
    }

    #[test]
    fn distances_are_those_of_the_sphere() {
        // A degree of a great circle is a 360th of its circumference.
        let degree = std::f64::consts::TAU * EARTH_RADIUS_METERS / 360.0;
        for (from, to, degrees) in [
            (place(0.0, 0.0), place(1.0, 0.0), 1.0),
            (place(0.0, 179.5), place(0.0, -179.5), 1.0),
            (place(90.0, 0.0), place(-90.0, 77.0), 180.0),
            (place(45.0, 4.0), place(45.0, 4.0), 0.0),
        ] {
            assert!((from.meters_to(to) - degrees * degree).abs() < 1.0, "{from:?} {to:?}");
            assert!((from.meters_to(to) - to.meters_to(from)).abs() < 1e-6);
        }
        // Paris and Lyon, some 392 km apart.
        let kilometers = place(48.8566, 2.3522).meters_to(place(45.7640, 4.8357)) / 1_000.0;
        assert!((390.0..394.0).contains(&kilometers), "{kilometers}");
    }

    #[test]
    fn there_are_no_places_beyond_the_poles() {
        for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(Coordinates::from_degrees(latitude, longitude), None);
        }
        assert_eq!(Coordinates::from_units(90_000_001, 0), None);
        assert_eq!(Coordinates::from_units(48_857_200, 2_364_700), Some(place(48.8572, 2.3647)));
    }
}

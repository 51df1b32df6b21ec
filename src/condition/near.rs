//! Great-circle distance on a sphere of the mean Earth radius (IUGG R₁ = 6371.0088 km).
//!
//! Two points are compared by the straight line between them through the Earth: its square grows with
//! the distance along the surface, needs no inverse function, and stays exact for small circles. The
//! sines come from `libm`, so every surface gets the same bits.

use serde::{Deserialize, Serialize};

/// Kilometres.
const EARTH_RADIUS: f64 = 6371.0088;

/// A circle on the globe.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Area {
    center: [f64; 3],
    max_chord_squared: f64,
    /// As authored, for explanations: degrees north, degrees east, kilometres.
    pub authored: [f64; 3],
}

impl Area {
    /// The circle of `kilometres` around a point given in degrees.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64, kilometres: f64) -> Self {
        // Half the circumference away is everywhere.
        let half_angle = (kilometres / EARTH_RADIUS / 2.0).clamp(0.0, std::f64::consts::FRAC_PI_2);
        let half_chord = libm::sin(half_angle);
        Self {
            center: unit_vector(latitude, longitude),
            max_chord_squared: 4.0 * half_chord * half_chord,
            authored: [latitude, longitude, kilometres],
        }
    }

    /// Whether a point lies inside or on the edge. What is no place on Earth never does.
    #[must_use]
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        if !(latitude.abs() <= 90.0 && longitude.abs() <= 180.0) {
            return false;
        }
        let [ax, ay, az] = self.center;
        let [bx, by, bz] = unit_vector(latitude, longitude);
        let (dx, dy, dz) = (ax - bx, ay - by, az - bz);
        dx * dx + dy * dy + dz * dz <= self.max_chord_squared
    }
}

fn unit_vector(latitude: f64, longitude: f64) -> [f64; 3] {
    let (latitude, longitude) = (latitude.to_radians(), longitude.to_radians());
    let parallel = libm::cos(latitude);
    [parallel * libm::cos(longitude), parallel * libm::sin(longitude), libm::sin(latitude)]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kraków main square to Warsaw's Palace of Culture: 252 km (measured on a map, ±1 km).
    #[test]
    fn known_distance() {
        let warsaw = (52.2319, 21.0067);
        assert!(Area::new(50.0617, 19.9373, 254.0).contains(warsaw.0, warsaw.1));
        assert!(!Area::new(50.0617, 19.9373, 250.0).contains(warsaw.0, warsaw.1));
    }

    #[test]
    fn across_the_date_line_and_the_poles() {
        // One degree of longitude on the equator is 2πR/360 = 111.195 km.
        assert!(Area::new(0.0, 179.5, 111.3).contains(0.0, -179.5));
        assert!(!Area::new(0.0, 179.5, 111.1).contains(0.0, -179.5));
        assert!(Area::new(90.0, 0.0, 0.001).contains(90.0, 123.0));
    }

    #[test]
    fn no_place_is_never_near() {
        let everywhere = Area::new(0.0, 0.0, 30_000.0);
        assert!(everywhere.contains(0.0, 180.0));
        for (latitude, longitude) in [(f64::NAN, 0.0), (0.0, f64::INFINITY), (91.0, 0.0), (0.0, -181.0)] {
            assert!(!everywhere.contains(latitude, longitude));
        }
    }
}

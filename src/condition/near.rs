//! Great-circle distance on a sphere of the mean Earth radius (IUGG R₁ = 6371.0088 km).
//!
//! Two points are compared by the straight line between them through the Earth: its square grows with
//! the distance along the surface, needs no inverse function, and stays exact for small circles.
//!
//! Sine and cosine are worked out here, by addition and multiplication alone, so that every surface gets
//! the same bits: the host's own differ, and in those of the `libm` crate 3 KB serve only angles of any size.

use crate::binary::binary;

/// Kilometres.
const EARTH_RADIUS: f64 = 6371.0088;

/// A circle on the globe.
#[derive(Clone, Copy, Debug, PartialEq)]
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
        let (half_chord, _) = sin_cos(half_angle);
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

binary!(struct Area { center, max_chord_squared, authored });

fn unit_vector(latitude: f64, longitude: f64) -> [f64; 3] {
    let (north, parallel) = sin_cos(latitude.to_radians());
    let (east, ahead) = sin_cos(longitude.to_radians());
    [parallel * ahead, parallel * east, north]
}

/// Sine and cosine of an angle of at most half a turn: the Taylor series (DLMF 4.19) of a quarter of it,
/// where twenty terms leave nothing to add in a double, and the double-angle formulas twice.
fn sin_cos(angle: f64) -> (f64, f64) {
    let quarter = angle / 4.0;
    let (mut sin, mut cos, mut term) = (0.0, 0.0, 1.0);
    for order in (1..=20).step_by(2).map(f64::from) {
        cos += term;
        term *= quarter / order;
        sin += term;
        term *= -quarter / (order + 1.0);
    }
    for _ in 0..2 {
        (sin, cos) = (2.0 * sin * cos, 1.0 - 2.0 * sin * sin);
    }
    (sin, cos)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kraków's main square to Warsaw's Palace of Culture: 252.6 km by the haversine formula, worked out apart.
    #[test]
    fn known_distance() {
        let warsaw = (52.2319, 21.0067);
        assert!(Area::new(50.0617, 19.9373, 252.7).contains(warsaw.0, warsaw.1));
        assert!(!Area::new(50.0617, 19.9373, 252.5).contains(warsaw.0, warsaw.1));
    }

    /// 1e-14 of the Earth's radius is 64 nanometres.
    #[test]
    fn sine_and_cosine() {
        for tenths in -1800..=1800 {
            let angle = (f64::from(tenths) / 10.0).to_radians();
            let (sin, cos) = sin_cos(angle);
            assert!((sin - angle.sin()).abs() < 1e-14 && (cos - angle.cos()).abs() < 1e-14, "{angle}");
        }
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

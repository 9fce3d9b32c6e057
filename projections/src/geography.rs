//! Where things are, in whole millionths of a degree, and how far they are from one another.

use geo::{Distance as _, Haversine};

/// The mean radius of the earth in metres.
const EARTH_M: f64 = 6_371_008.8;

/// A point on the globe, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Degrees north in millionths.
    pub latitude: i64,
    /// Degrees east in millionths.
    pub longitude: i64,
}

/// The corners of an area that contains every point within a distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The south-western corner.
    pub from: Point,
    /// The north-eastern corner.
    pub to: Point,
}

/// Degrees as they are stored.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    reason = "degrees are at most 180, so millionths fit"
)]
pub fn millionths(degrees: f64) -> i64 {
    (degrees * 1e6).round() as i64
}

/// Degrees as people and libraries write them.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "millionths of at most 180 degrees are exact in a float"
)]
pub fn degrees(millionths: i64) -> f64 {
    millionths as f64 / 1e6
}

impl From<Point> for geo::Point {
    fn from(point: Point) -> Self {
        Self::new(degrees(point.longitude), degrees(point.latitude))
    }
}

impl Point {
    /// The distance over ground in whole metres.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no two points on earth are farther apart than 20,100 km"
    )]
    pub fn metres_to(self, other: Self) -> i64 {
        Haversine.distance(self.into(), other.into()).round() as i64
    }

    /// A frame around everything within so many metres. It may be too large, never too small;
    /// beyond 180 degrees east or west nothing is found.
    #[must_use]
    pub fn within(self, metres: u32) -> Frame {
        let north = f64::from(metres) / EARTH_M;
        let narrowest = (degrees(self.latitude).to_radians().abs() + north).cos();
        let east = if narrowest > 0.01 {
            north / narrowest
        } else {
            std::f64::consts::PI
        };
        let (north, east) = (
            millionths(north.to_degrees()) + 1,
            millionths(east.to_degrees()) + 1,
        );
        let corner = |sign: i64| Self {
            latitude: self.latitude + sign * north,
            longitude: self.longitude + sign * east,
        };
        Frame {
            from: corner(-1),
            to: corner(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn from_prague_castle_to_the_old_town_square_it_is_one_and_a_half_kilometres() {
        let castle = Point {
            latitude: 50_090_900,
            longitude: 14_400_500,
        };
        let square = Point {
            latitude: 50_087_500,
            longitude: 14_421_300,
        };
        assert!((1_500..1_560).contains(&castle.metres_to(square)));
    }

    proptest! {
        #[test]
        fn whatever_is_near_enough_lies_in_the_frame(
            latitude in -70_000_000i64..70_000_000, longitude in -170_000_000i64..170_000_000,
            north in -90_000i64..90_000, east in -90_000i64..90_000, metres in 1u32..10_000,
        ) {
            let here = Point { latitude, longitude };
            let there = Point { latitude: latitude + north, longitude: longitude + east };
            let frame = here.within(metres);
            if here.metres_to(there) <= i64::from(metres) {
                prop_assert!((frame.from.latitude..=frame.to.latitude).contains(&there.latitude));
                prop_assert!((frame.from.longitude..=frame.to.longitude).contains(&there.longitude));
            }
        }
    }
}

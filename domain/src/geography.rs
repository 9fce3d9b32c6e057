//! Where something is: degrees in WGS 84, and boundaries as GeoJSON writes them.

use serde::{Deserialize, Serialize};

/// The most points of one boundary, over all its rings.
pub const MAX_POINTS: usize = 2000;
/// The most rings of one boundary: the outer one and the holes.
pub const MAX_RINGS: usize = 20;

/// A coordinate that is not on the globe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a latitude is -90 to 90 and a longitude -180 to 180 degrees")]
pub struct OffTheGlobe;

macro_rules! degrees {
    ($($(#[$meta:meta])* $name:ident up to $most:literal)+) => {$(
        $(#[$meta])*
        ///
        /// Kept in whole millionths of a degree (at most 11 cm), so that what is read is exactly
        /// what was written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[derive(utoipa::ToSchema)]
        #[serde(try_from = "f64", into = "f64")]
        #[schema(value_type = f64)]
        pub struct $name(i32);

        impl $name {
            /// Decimal degrees.
            #[must_use]
            pub fn degrees(self) -> f64 { f64::from(self.0) / 1e6 }
        }
        impl TryFrom<f64> for $name {
            type Error = OffTheGlobe;
            fn try_from(degrees: f64) -> Result<Self, OffTheGlobe> {
                millionths(degrees, $most).map(Self)
            }
        }
        impl From<$name> for f64 { fn from(degrees: $name) -> Self { degrees.degrees() } }
    )+};
}

degrees! {
    /// North of the equator; south is negative.
    Latitude up to 90.0
    /// East of Greenwich; west is negative.
    Longitude up to 180.0
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the range was checked: at most 180 million fit"
)]
fn millionths(degrees: f64, most: f64) -> Result<i32, OffTheGlobe> {
    if degrees.abs() <= most {
        Ok((degrees * 1e6).round() as i32)
    } else {
        Err(OffTheGlobe)
    }
}

/// A boundary as a GeoJSON geometry: longitude before latitude, each ring closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type")]
pub enum Boundary {
    /// One outer ring, then its holes.
    Polygon {
        /// The rings.
        #[schema(value_type = Vec<Vec<Vec<f64>>>)]
        coordinates: Vec<Vec<(Longitude, Latitude)>>,
    },
}

impl Boundary {
    /// Whether it is a polygon of bounded size whose rings are closed.
    #[must_use]
    pub fn is_closed_and_bounded(&self) -> bool {
        let Self::Polygon { coordinates } = self;
        let points: usize = coordinates.iter().map(Vec::len).sum();
        let is_closed = |ring: &Vec<_>| ring.len() >= 4 && ring.first() == ring.last();
        (1..=MAX_RINGS).contains(&coordinates.len())
            && points <= MAX_POINTS
            && coordinates.iter().all(is_closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_on_the_globe_is_not_taken() {
        for bad in [90.1, -91.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Latitude::try_from(bad), Err(OffTheGlobe), "{bad}");
        }
        assert!(Longitude::try_from(-180.0).is_ok());
    }

    #[test]
    fn a_boundary_is_read_as_geojson_writes_it() {
        let text = r#"{"type":"Polygon","coordinates":[[[14.4,50.1],[14.5,50.1],[14.5,50.0],[14.4,50.1]]]}"#;
        let boundary: Boundary = serde_json::from_str(text).expect("a polygon");
        assert!(boundary.is_closed_and_bounded());
        assert_eq!(serde_json::to_string(&boundary).expect("JSON"), text);
    }

    #[test]
    fn an_open_ring_or_none_is_no_boundary() {
        for text in ["[]", "[[[1,2],[3,4],[5,6],[7,8]]]", "[[[1,2],[1,2]]]"] {
            let text = format!(r#"{{"type":"Polygon","coordinates":{text}}}"#);
            let boundary: Boundary = serde_json::from_str(&text).expect("a polygon");
            assert!(!boundary.is_closed_and_bounded(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn degrees_come_back_exactly(millionths in -180_000_000i32..=180_000_000) {
            let written = serde_json::to_string(&Longitude(millionths)).expect("JSON");
            let read: Longitude = serde_json::from_str(&written).expect("degrees");
            prop_assert_eq!(read, Longitude(millionths));
        }
    }
}

//! The same answer as a map: a feature collection of RFC 7946.

use domain::geography::{Boundary, Latitude, Longitude};
use geo::orient::{Direction, Orient as _};
use geojson::{Feature, FeatureCollection, Geometry, JsonObject, feature::Id};
use serde::Serialize;
use serde_json::Value;

use super::query::{DistrictCoverageAnswer, DistrictReport};

/// The districts of an answer as features; the rest of the answer stands beside them.
#[must_use]
pub fn feature_collection(answer: &DistrictCoverageAnswer) -> FeatureCollection {
    let mut beside = members(answer);
    beside.remove("districts");
    FeatureCollection {
        bbox: None,
        features: answer.districts.iter().map(feature).collect(),
        foreign_members: Some(beside),
    }
}

fn feature(district: &DistrictReport) -> Feature {
    let mut properties = members(district);
    properties.remove("boundary");
    Feature {
        bbox: None,
        geometry: district.boundary.as_ref().map(geometry),
        id: Some(Id::String(district.code.clone())),
        properties: Some(properties),
        foreign_members: None,
    }
}

/// The boundary with its outer ring counter-clockwise and its holes clockwise, as the standard
/// wants it and as nobody draws it.
fn geometry(boundary: &Boundary) -> Geometry {
    let Boundary::Polygon { coordinates } = boundary;
    let ring = |ring: &Vec<(Longitude, Latitude)>| -> geo::LineString {
        let points = ring
            .iter()
            .map(|(east, north)| (east.degrees(), north.degrees()));
        points.collect()
    };
    let mut rings = coordinates.iter().map(ring);
    let outer = rings
        .next()
        .unwrap_or_else(|| geo::LineString::new(Vec::new()));
    let polygon = geo::Polygon::new(outer, rings.collect());
    Geometry::new((&polygon.orient(Direction::Default)).into())
}

fn members(of: &impl Serialize) -> JsonObject {
    match serde_json::to_value(of) {
        Ok(Value::Object(members)) => members,
        Ok(_) | Err(_) => JsonObject::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_that_was_drawn_clockwise_is_turned_round() {
        let clockwise = r#"{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[1,0],[0,0]]]}"#;
        let boundary: Boundary = serde_json::from_str(clockwise).expect("a boundary");
        let written = serde_json::to_value(geometry(&boundary)).expect("JSON");
        let turned =
            serde_json::json!([[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]]);
        assert_eq!(written["type"], "Polygon");
        assert_eq!(written["coordinates"], turned);
    }
}

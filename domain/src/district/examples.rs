//! Districts and commands that the tests of this folder start from.

use super::draw::{Draw, Drawn};
use super::{District, DistrictCommand};
use crate::geography::Boundary;

pub fn boundary(coordinates: &str) -> Boundary {
    let text = format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#);
    serde_json::from_str(&text).expect("a polygon")
}

pub fn draw() -> Draw {
    Draw {
        drawn: Drawn {
            network: "praha".parse().expect("a slug"),
            code: "500089".parse().expect("a code"),
            name: "Praha 2".parse().expect("a name"),
            population: 51_000,
            boundary: boundary("[[[14.4,50.08],[14.45,50.08],[14.45,50.06],[14.4,50.08]]]"),
        },
    }
}

pub fn drawn() -> District {
    let mut district = District::Unknown;
    district.evolve(draw().drawn.into());
    district
}

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<DistrictCommand>> {
    vec![vec![draw().into()]]
}

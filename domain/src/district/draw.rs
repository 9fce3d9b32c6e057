//! An operator draws a district on the map, or draws it anew.

use serde::{Deserialize, Serialize};

use super::{District, DistrictEvent};
use crate::geography::{Boundary, MAX_POINTS};
use crate::text::{Label, Name, Slug};

/// The most people in one district.
pub const MAX_POPULATION: u32 = 100_000_000;

/// Draw a district.
#[derive(Clone, Debug)]
pub struct Draw {
    /// What will be recorded.
    pub drawn: Drawn,
}

/// A district was drawn. The last drawing counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// The network.
    pub network: Slug,
    /// Its official code, from which its id follows.
    pub code: Label,
    /// Its public name.
    pub name: Name,
    /// How many people live there.
    pub population: u32,
    /// Its boundary.
    pub boundary: Boundary,
}

refusals! {
    /// Why a district is not drawn.
    pub enum Refusal {
        /// The id belongs to a district with another code.
        #[error("the district with this id has another code")]
        OtherCode,
        /// The boundary is no polygon, or too detailed.
        #[error("a boundary is a polygon of closed rings with at most {MAX_POINTS} points")]
        BadBoundary,
        /// More people than live in any district.
        #[error("a district has at most {MAX_POPULATION} people")]
        BadPopulation,
    }
}

/// Whether the district is drawn.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(district: &District, command: &Draw) -> Result<Vec<DistrictEvent>, Refusal> {
    let drawn = &command.drawn;
    if let Some(known) = district.drawn() {
        if known == drawn {
            return Ok(vec![]);
        }
        if (&known.network, &known.code) != (&drawn.network, &drawn.code) {
            return Err(Refusal::OtherCode);
        }
    }
    if !drawn.boundary.is_closed_and_bounded() {
        return Err(Refusal::BadBoundary);
    }
    if drawn.population > MAX_POPULATION {
        return Err(Refusal::BadPopulation);
    }
    Ok(vec![drawn.clone().into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::district::examples;

    #[test]
    fn a_district_is_drawn_and_drawn_anew() {
        let mut command = examples::draw();
        assert!(decide(&District::Unknown, &command).is_ok());
        command.drawn.population += 1;
        assert_eq!(
            decide(&examples::drawn(), &command),
            Ok(vec![command.drawn.into()])
        );
    }

    #[test]
    fn an_open_ring_is_no_boundary() {
        let mut command = examples::draw();
        command.drawn.boundary = examples::boundary("[[[1,2],[3,4],[5,6],[7,8]]]");
        assert_eq!(
            decide(&District::Unknown, &command),
            Err(Refusal::BadBoundary)
        );
    }

    #[test]
    fn so_many_people_live_nowhere() {
        let mut command = examples::draw();
        command.drawn.population = MAX_POPULATION;
        assert!(decide(&District::Unknown, &command).is_ok());
        command.drawn.population += 1;
        let more = decide(&District::Unknown, &command);
        assert_eq!(more, Err(Refusal::BadPopulation));
    }

    #[test]
    fn the_same_drawing_again_changes_nothing() {
        assert_eq!(decide(&examples::drawn(), &examples::draw()), Ok(vec![]));
    }
}

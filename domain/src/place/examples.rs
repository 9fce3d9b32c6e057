//! Places and commands that the tests of this folder start from.

use super::add::{Add, Added};
use super::change::{Change, Changed};
use super::close::Close;
use super::{Description, Place, PlaceCommand, PlaceKind, Wheelchair};
use crate::Entity;
use crate::geography::{Latitude, Longitude};

fn description() -> Description {
    Description {
        kind: PlaceKind::Venue,
        name: "Na Rohu".parse().expect("a name"),
        address: "Korunní 1, Praha 2".parse().expect("an address"),
        district_code: "500089".parse().expect("a code"),
        latitude: Latitude::try_from(50.0755).expect("a latitude"),
        longitude: Longitude::try_from(14.4378).expect("a longitude"),
        wheelchair: Wheelchair::Limited,
    }
}

pub fn add() -> Add {
    Add {
        added: Added {
            network: "praha".parse().expect("a slug"),
            description: description(),
        },
        district_is_drawn: true,
    }
}

pub fn change() -> Change {
    Change {
        changed: Changed {
            description: Description {
                wheelchair: Wheelchair::Yes,
                ..description()
            },
        },
        district_is_drawn: true,
    }
}

/// The place after these commands, one after the other; each must be allowed.
pub fn after(commands: impl IntoIterator<Item = PlaceCommand>) -> Place {
    commands
        .into_iter()
        .fold(Place::Unknown, |mut place, command| {
            for event in place.decide(&command).expect("allowed") {
                place.evolve(event);
            }
            place
        })
}

pub fn added() -> Place {
    after([add().into()])
}

pub fn closed() -> Place {
    after([add().into(), Close {}.into()])
}

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<PlaceCommand>> {
    vec![vec![add().into(), change().into(), Close {}.into()]]
}

//! Services and commands that the tests of this folder start from.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::change::{Change, Changed};
use super::offer::{Offer, Offered};
use super::pause::{Pause, Paused};
use super::provide::{Method, Provide, Provided};
use super::resume::Resume;
use super::withdraw::{Withdraw, Withdrawn};
use super::{Details, Provider, Service, ServiceCommand, ServiceKind};
use crate::Entity;
use crate::ids::{PlaceId, VenueId};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

pub fn offer() -> Offer {
    Offer {
        offered: Offered {
            network: "praha".parse().expect("a slug"),
            provider: Provider::Venue {
                venue_id: VenueId(Uuid::from_u128(1)),
            },
            place_id: PlaceId(Uuid::from_u128(9)),
            kind: ServiceKind::WarmUp,
            details: Details {
                name: None,
                hours: Some("Mo-Fr 08:00-18:00".parse().expect("hours")),
                capacity: Some(6),
            },
        },
        provider_takes_part: true,
        place_is_open: true,
    }
}

pub fn change() -> Change {
    Change {
        changed: Changed {
            details: Details::default(),
        },
    }
}

pub fn pause() -> Pause {
    Pause {
        at: at("2026-11-05T09:00:00Z"),
        paused: Paused {
            until: Some(at("2026-11-12T09:00:00Z")),
        },
    }
}

pub fn provide() -> Provide {
    Provide {
        provided: Provided {
            count: 14,
            from: at("2026-11-03T08:00:00Z"),
            to: at("2026-11-03T18:00:00Z"),
            method: Method::Estimated,
        },
    }
}

pub fn withdraw() -> Withdraw {
    Withdraw {
        withdrawn: Withdrawn {
            at: at("2026-11-30T18:00:00Z"),
        },
    }
}

/// The service after these commands, one after the other; each must be allowed.
pub fn after(commands: impl IntoIterator<Item = ServiceCommand>) -> Service {
    commands
        .into_iter()
        .fold(Service::Unknown, |mut service, command| {
            for event in service.decide(&command).expect("allowed") {
                service.evolve(event);
            }
            service
        })
}

pub fn offered() -> Service {
    after([offer().into()])
}

pub fn paused() -> Service {
    after([offer().into(), pause().into()])
}

pub fn withdrawn() -> Service {
    after([offer().into(), withdraw().into()])
}

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<ServiceCommand>> {
    vec![vec![
        offer().into(),
        change().into(),
        provide().into(),
        pause().into(),
        Resume {}.into(),
        withdraw().into(),
    ]]
}

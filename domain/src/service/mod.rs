//! A service: something free, at a place, by a venue or an organisation.

pub mod change;
pub mod offer;
pub mod pause;
pub mod provide;
pub mod resume;
pub mod withdraw;

#[cfg(test)]
pub(crate) mod examples;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::hours::Hours;
use crate::ids::{OrganisationId, VenueId};
use crate::text::{Name, Slug};

/// The most people for whom a service has room at a time.
pub const MAX_CAPACITY: u32 = 100_000;

aggregate! {
    Service "service", ServiceCommand, ServiceEvent {
        offer: Offer => Offered "offered" "1",
        change: Change => Changed "changed" "1",
        pause: Pause => Paused "paused" "1",
        resume: Resume => Resumed "resumed" "1",
        withdraw: Withdraw => Withdrawn "withdrawn" "1",
        provide: Provide => Provided "provided" "1",
    }
}

/// The life of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
#[allow(
    clippy::large_enum_variant,
    reason = "every service but the unknown one has an offer"
)]
pub enum Service {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// Anybody may ask for it.
    Offered(Standing),
    /// It is not there for a while.
    Paused {
        /// What is known of it.
        standing: Standing,
        /// When it is there again; `None` = until it is resumed.
        until: Option<DateTime<Utc>>,
    },
    /// It is no longer there.
    Withdrawn {
        /// What is known of it.
        standing: Standing,
        /// Since when.
        at: DateTime<Utc>,
    },
}

/// What is known of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// As offered.
    pub offered: offer::Offered,
    /// Its details as they are now.
    pub details: Details,
    /// The last count of people.
    pub last_provided: Option<provide::Provided>,
}

/// What may change about a service. A change replaces it as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Details {
    /// Its public name, where its kind does not say enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// When it is there; absent = whenever its venue is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// For how many people it has room at a time, 1 to [`MAX_CAPACITY`]; absent = nobody counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
}

/// The kinds of free services.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ServiceKind {
    /// A glass of water.
    Water,
    /// A toilet.
    Toilet,
    /// A socket for a phone.
    PhoneCharging,
    /// The internet.
    Wifi,
    /// A warm place to sit.
    WarmUp,
    /// Somebody to talk to.
    Chat,
    /// A shower.
    Shower,
    /// A washing machine.
    Laundry,
    /// Clothes.
    Clothes,
    /// A free meal.
    Meal,
    /// Anything else.
    Other,
}

/// Who provides a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Provider {
    /// A venue.
    Venue {
        /// The venue.
        venue_id: VenueId,
    },
    /// An organisation.
    Organisation {
        /// The organisation.
        organisation_id: OrganisationId,
    },
}

/// Why an act that needs a standing service finds none. Each act names these in its own list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NotStanding {
    Unknown,
    Withdrawn,
}

/// Lets an act's `decide` say `service.require_standing()?`: its list has both answers.
macro_rules! refused_when_not_standing {
    ($refusal:ident) => {
        impl From<super::NotStanding> for $refusal {
            fn from(why: super::NotStanding) -> Self {
                match why {
                    super::NotStanding::Unknown => Self::UnknownService,
                    super::NotStanding::Withdrawn => Self::Withdrawn,
                }
            }
        }
    };
}
use refused_when_not_standing;

impl Details {
    fn are_within_bounds(&self) -> bool {
        self.hours.as_ref().is_none_or(Hours::is_understood)
            && self
                .capacity
                .is_none_or(|capacity| (1..=MAX_CAPACITY).contains(&capacity))
    }
}

impl Service {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        self.standing().map(|standing| &standing.offered.network)
    }

    /// What is known of it, in whatever stage.
    #[must_use]
    pub fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Unknown => None,
            Self::Offered(standing)
            | Self::Paused { standing, .. }
            | Self::Withdrawn { standing, .. } => Some(standing),
        }
    }

    fn require_standing(&self) -> Result<&Standing, NotStanding> {
        match self {
            Self::Unknown => Err(NotStanding::Unknown),
            Self::Withdrawn { .. } => Err(NotStanding::Withdrawn),
            Self::Offered(standing) | Self::Paused { standing, .. } => Ok(standing),
        }
    }

    fn evolve(&mut self, event: ServiceEvent) {
        match event {
            ServiceEvent::Offered(e) => *self = Self::Offered(Standing::new(e)),
            ServiceEvent::Changed(e) => self.amend(|standing| standing.details = e.details),
            ServiceEvent::Provided(e) => self.amend(|standing| standing.last_provided = Some(e)),
            ServiceEvent::Paused(e) => self.turn(|standing| Self::Paused {
                standing,
                until: e.until,
            }),
            ServiceEvent::Resumed(_) => self.turn(Self::Offered),
            ServiceEvent::Withdrawn(e) => {
                self.turn(|standing| Self::Withdrawn { standing, at: e.at });
            }
        }
    }

    fn amend(&mut self, change: impl FnOnce(&mut Standing)) {
        match self {
            Self::Unknown => {}
            Self::Offered(standing)
            | Self::Paused { standing, .. }
            | Self::Withdrawn { standing, .. } => change(standing),
        }
    }

    fn turn(&mut self, stage: impl FnOnce(Standing) -> Self) {
        *self = match std::mem::take(self) {
            Self::Unknown => Self::Unknown,
            Self::Offered(standing)
            | Self::Paused { standing, .. }
            | Self::Withdrawn { standing, .. } => stage(standing),
        };
    }
}

impl Standing {
    fn new(offered: offer::Offered) -> Self {
        Self {
            details: offered.details.clone(),
            offered,
            last_provided: None,
        }
    }
}

//! Access: a token's grant of a role in a scope. The token itself is stored nowhere.

pub mod grant;
pub mod revoke;

#[cfg(test)]
pub(crate) mod examples;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{DistrictId, DonorId, FundId, MemberId, OrganisationId, SubjectId, VenueId};
use crate::text::Slug;

aggregate! {
    Access "access", AccessCommand, AccessEvent {
        grant: Grant => Granted "granted" "1",
        revoke: Revoke => Revoked "revoked" "1",
    }
}

/// The life of an access.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
pub enum Access {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// Its token opens.
    Granted(grant::Granted),
    /// Its token opens nothing any more.
    Revoked(grant::Granted),
}

/// A role with what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Scope {
    /// Runs the network.
    Operator {
        /// May date acts back without a bound, as imports of old records must.
        import: bool,
    },
    /// Looks after these districts; none = all.
    Coordinator {
        /// The districts.
        district_ids: Vec<DistrictId>,
    },
    /// Staff of one venue.
    Venue {
        /// The venue.
        venue_id: VenueId,
    },
    /// A worker of one organisation.
    Organisation {
        /// The organisation.
        organisation_id: OrganisationId,
    },
    /// A neighbour or volunteer.
    Member {
        /// The member.
        member_id: MemberId,
    },
    /// Holds a donor's private link.
    Donor {
        /// The donor.
        donor_id: DonorId,
    },
    /// Holds the private link of a person about whom something is held: to see it, to have it
    /// erased, and to look after what was asked for in the person's name.
    Subject {
        /// The person.
        subject_id: SubjectId,
    },
    /// Reads the whole log of the network, or what concerns one fund.
    Auditor {
        /// The fund; absent = everything.
        fund_id: Option<FundId>,
    },
    /// Reads the read models.
    Analyst {},
}

impl Access {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        match self {
            Self::Unknown => None,
            Self::Granted(granted) | Self::Revoked(granted) => Some(&granted.network),
        }
    }

    /// What its token opens at that time.
    #[must_use]
    pub fn valid_at(&self, at: DateTime<Utc>) -> Option<&grant::Granted> {
        match self {
            Self::Granted(granted) if granted.until.is_none_or(|until| at < until) => Some(granted),
            Self::Unknown | Self::Granted(_) | Self::Revoked(_) => None,
        }
    }

    fn evolve(&mut self, event: AccessEvent) {
        *self = match (event, std::mem::take(self)) {
            (AccessEvent::Granted(granted), _) => Self::Granted(granted),
            (AccessEvent::Revoked(_), Self::Granted(granted) | Self::Revoked(granted)) => {
                Self::Revoked(granted)
            }
            (AccessEvent::Revoked(_), Self::Unknown) => Self::Unknown,
        };
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::examples::grant;
    use super::*;

    #[test]
    fn a_token_opens_something_until_its_end_or_until_it_is_revoked() {
        let until = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let (before, after) = (until - TimeDelta::seconds(1), until + TimeDelta::seconds(1));
        let granted = grant::Granted {
            until: Some(until),
            ..grant().granted
        };
        let access = Access::Granted(granted.clone());
        assert_eq!(access.valid_at(before), Some(&granted));
        assert_eq!(access.valid_at(until), None);
        assert_eq!(access.valid_at(after), None);
        assert_eq!(Access::Revoked(granted).valid_at(before), None);
        let endless = grant().granted;
        let access = Access::Granted(endless.clone());
        assert_eq!(access.valid_at(after), Some(&endless));
    }
}

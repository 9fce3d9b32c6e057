//! Where a story happens: districts, places, organisations and what is free there.

use domain::district::draw::Drawn;
use domain::district::{District, DistrictEvent};
use domain::geography::{Boundary, Latitude, Longitude};
use domain::ids::{DistrictId, OrganisationId, PlaceId, ServiceId, VenueId};
use domain::organisation::join::{Joined, OrganisationKind};
use domain::organisation::{Organisation, OrganisationEvent};
use domain::place::add::Added;
use domain::place::{Description, Place, PlaceEvent, PlaceKind, Wheelchair};
use domain::service::offer::Offered;
use domain::service::{Details, Provider, Service, ServiceEvent, ServiceKind};
use domain::venue::set_hours::HoursSet;
use domain::venue::{Venue, VenueEvent};

use super::Story;

impl Story {
    /// A district; its boundary is a square of a tenth of a degree around Prague.
    pub fn district(&mut self, code: &str, name: &str, population: u32) -> &mut Self {
        let network = self.network();
        let id = DistrictId::of(&network, code);
        let point = |east: f64, north: f64| (longitude(east), latitude(north));
        let (south_west, north_east) = (point(14.4, 50.0), point(14.5, 50.1));
        let ring = vec![
            south_west,
            point(14.5, 50.0),
            north_east,
            point(14.4, 50.1),
            south_west,
        ];
        let drawn = Drawn {
            network,
            code: code.parse().expect("a code"),
            name: name.parse().expect("a name"),
            population,
            boundary: Boundary::Polygon {
                coordinates: vec![ring],
            },
        };
        self.act::<District>(id, DistrictEvent::from(drawn))
    }

    /// A place in this district.
    pub fn place(&mut self, name: &str, district_code: &str, north: f64, east: f64) -> PlaceId {
        let id = self.id();
        let added = Added {
            network: self.network(),
            description: Description {
                kind: PlaceKind::Venue,
                name: name.parse().expect("a name"),
                address: format!("{name} 1").parse().expect("an address"),
                district_code: district_code.parse().expect("a code"),
                latitude: latitude(north),
                longitude: longitude(east),
                wheelchair: Wheelchair::Yes,
            },
        };
        self.act::<Place>(id, PlaceEvent::from(added));
        id
    }

    /// The usual hours of a venue.
    pub fn hours(&mut self, venue: VenueId, hours: &str) -> &mut Self {
        let opening_hours = hours.parse().expect("hours");
        self.act::<Venue>(venue, VenueEvent::from(HoursSet { opening_hours }))
    }

    /// An organisation.
    pub fn organisation(&mut self, name: &str) -> OrganisationId {
        let id = self.id();
        let joined = Joined {
            network: self.network(),
            name: name.parse().expect("a name"),
            kind: OrganisationKind::Ngo,
            agreement: None,
        };
        self.act::<Organisation>(id, OrganisationEvent::from(joined));
        id
    }

    /// Something free of a venue, whenever it is open.
    pub fn free_at(
        &mut self,
        venue_id: VenueId,
        place_id: PlaceId,
        kind: ServiceKind,
    ) -> ServiceId {
        self.free(Provider::Venue { venue_id }, place_id, kind, None)
    }

    /// Something free of a venue or an organisation.
    pub fn free(
        &mut self,
        provider: Provider,
        place_id: PlaceId,
        kind: ServiceKind,
        hours: Option<&str>,
    ) -> ServiceId {
        let id = self.id();
        let offered = Offered {
            network: self.network(),
            provider,
            place_id,
            kind,
            details: Details {
                name: None,
                hours: hours.map(|hours| hours.parse().expect("hours")),
                capacity: None,
            },
        };
        self.act::<Service>(id, ServiceEvent::from(offered));
        id
    }
}

fn latitude(degrees: f64) -> Latitude {
    degrees.try_into().expect("a latitude")
}

fn longitude(degrees: f64) -> Longitude {
    degrees.try_into().expect("a longitude")
}
